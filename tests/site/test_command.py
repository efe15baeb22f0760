"""`sovereign site`: what it prints, where it writes, and a site that needs no server."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from sovereign.cli import main
from sovereign.site import build
from standins import desk


def test_build_prints_the_folder_and_brings_schemas_up_to_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The result on stdout is the site's folder and nothing else; progress is on stderr; the schemas stand in the sources."""
    root = desk.write_many(tmp_path / "lab", 1, claims_each=3)

    code = main(["site", "build", "--root", str(root), "--out", str(tmp_path / "out")])

    said = capsys.readouterr()
    assert code == 0
    assert said.out == f"{tmp_path / 'out'}\n"
    assert said.err.startswith("* Building Test desk")
    assert (root / "site/schemas/goal.schema.json").is_file()
    assert build.prepare(root) == ()


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
    out = build.build(root, tmp_path / "out", file_links=True)
    page = chromium.new_page()
    try:
        page.goto((out / "index.html").as_uri())
        page.get_by_label("Search every claim").fill("bridge fatigue")
        page.get_by_role("button", name="Search", exact=True).last.click()
        expect(page.locator(".desk-claim mark").first).to_have_text("bridge")
        page.locator(".desk-claim a").first.click()
        expect(page.locator("tr.is-shown details > p")).to_be_visible()
        page.goto((out / "reports" / "index.html").as_uri())
        page.get_by_label("Order").select_option("oldest")
        expect(page.get_by_role("status")).to_have_text("3 of 3 reports.")
    finally:
        page.close()


@pytest.mark.slow
def test_serve_shows_the_site_and_reloads_it(tmp_path: Path) -> None:
    """Served for writing, the page has live reload and a policy that lets it run; a new goal shows without a restart."""
    root = desk.write_many(tmp_path / "lab", 1, claims_each=3)
    address = f"127.0.0.1:{free_port()}"
    words = [sys.executable, "-m", "sovereign", "site", "serve", "--root", str(root), "--address", address]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
        try:
            home = eventually(f"http://{address}/lab/", "livereload")
            assert "script-src 'self' 'unsafe-inline'" in home
            (root / "goals" / "another.yaml").write_text("question: Is this shown at once?\n", encoding="utf-8")
            assert eventually(f"http://{address}/lab/", "Is this shown at once?")
        finally:
            running.terminate()
            running.wait(timeout=30)


def free_port() -> int:
    """Give a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(url: str, words: str) -> str:
    """Ask until the answer holds the words; a server that never says them ends the test."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                page = str(answer.read().decode("utf-8"))
            if words in page:
                return page
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} never said {words!r}")
