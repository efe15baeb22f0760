"""`sovereign site`: what it prints, where it writes, and a site that needs no server."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from sovereign.cli import main
from sovereign.desk import site_build
from tests.site import desk


def test_build_prints_the_folder_and_brings_schemas_up_to_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The result on stdout is the site's folder and nothing else; progress is on stderr; the schemas stand in the sources."""
    root = desk.write_many(tmp_path / "lab", 1, claims_each=3)

    code = main(["site", "build", "--root", str(root), "--out", str(tmp_path / "out")])

    said = capsys.readouterr()
    assert code == 0
    assert said.out == f"{tmp_path / 'out'}\n"
    assert said.err.startswith("* Building Test desk")
    assert (root / "site/schemas/goal.schema.json").is_file()
    assert site_build.prepare(root) == ()


def test_build_of_no_desk_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without mkdocs.yml: exit code 2, and the next step."""
    assert main(["site", "build", "--root", str(tmp_path)]) == 2
    assert "TIP   run `sovereign init`" in capsys.readouterr().err


def test_a_failed_build_is_a_publishing_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A record that cannot be read: exit code 4, no trace."""
    root = desk.write_many(tmp_path / "lab", 1, claims_each=3)
    (root / "site/reports/report-00000/v1/record.json").write_bytes(b"\xff\xfe")
    assert main(["site", "build", "--root", str(root), "--out", str(tmp_path / "out")]) == 4
    said = capsys.readouterr().err
    assert "record.json: expected the record of a report" in said
    assert "Traceback" not in said


def test_a_site_on_the_disk_can_be_searched(chromium: Browser, tmp_path: Path) -> None:
    """Opened from the disk, without a server, reports are reached and claims are found."""
    root = desk.write_many(tmp_path / "lab", 3, claims_each=8)
    out = site_build.build(root, tmp_path / "out", file_links=True)
    page = chromium.new_page()
    try:
        page.goto((out / "index.html").as_uri())
        page.get_by_label("Search every claim").fill("bridge fatigue")
        page.get_by_role("button", name="Search", exact=True).last.click()
        expect(page.locator(".desk-claim mark").first).to_have_text("bridge")
        page.locator(".desk-claim a").first.click()
        expect(page.locator("tr.is-shown blockquote.sv-quote")).to_be_visible()
        page.goto((out / "reports" / "index.html").as_uri())
        page.get_by_label("Order").select_option("oldest")
        expect(page.get_by_role("status")).to_have_text("3 of 3 reports.")
    finally:
        page.close()
