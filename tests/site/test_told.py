"""What the site tells of a report beyond its committed page: what was found later, what to do next, what need not be said twice."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sovereign.errors import PublishError
from sovereign.site import facts, feed, report
from sovereign.site.desk import Desk
from sovereign.site.pages import Pages
from sovereign.site.view import head, views
from standins import desk

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a desk of two reports, without Git."""
    return desk.write_many(tmp_path / "lab", 2, claims_each=3)


def read(root: Path, *, url: str = "", repository: str = "") -> Desk:
    """Give the desk as its site sees it."""
    return Desk(root, "Lab", url=url, repository=repository, reports=facts.read(root / "site", None))


def link(target: str) -> str:
    """Give an address that says its target."""
    return f"/{target}"


def test_what_was_found_later_stands_on_the_version_that_it_concerns(root: Path) -> None:
    """A finding of the weekly check is on its version's page, as words, and on no other report's."""
    findings = [{"slug": "report-00000", "version": 1, "kind": "retracted", "subject": "x", "detail": "The paper <b>fell</b>."}]
    (root / "site/reports/report-00000/notices.json").write_text(json.dumps(findings), encoding="utf-8")
    seen = read(root)
    pages = Pages(seen)

    told = {uri: pages.state(view, link) for uri, view in views(seen).items() if not view.is_landing}

    marked = told["reports/report-00000/v1/index.md"]
    assert "Checked again: read with care" in marked
    assert "retracted. The paper &lt;b&gt;fell&lt;/b&gt;." in marked
    assert "Checked again" not in told["reports/report-00001/v1/index.md"]


def test_findings_that_cannot_be_read_stop_the_build(root: Path) -> None:
    """A report whose findings are broken is not shown as if there were none."""
    (root / "site/reports/report-00000/notices.json").write_text('[{"kind": "retracted"}]', encoding="utf-8")
    with pytest.raises(PublishError, match=r"notices\.json: expected a list of findings, KeyError: 'version'"):
        read(root)


def test_a_draft_says_what_to_do_next(root: Path) -> None:
    """The status page leads to the draft, its landing page and its pull request, and names claims as the page does."""
    path = root / "site/reports/report-00000/v1/record.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    claim = record["report"]["draft"]["evidence"][1]["claim"]
    record["report"]["decision"]["rulings"] = [{"rule": "no-contradiction", "passed": False, "detail": f"1 claim: {claim}"}]
    path.write_text(json.dumps(record), encoding="utf-8")

    there = Pages(read(root, repository="https://github.com/example/lab")).render("status.md", link)
    here = Pages(read(root)).render("status.md", link)

    assert "Another paper says otherwise about a finding: 1 claim: C2 (no-contradiction)" in there
    assert 'href="/reports/report-00000/v1/index.md"' in there
    assert 'href="/reports/report-00000/index.md"' in there
    assert 'href="https://github.com/example/lab/pulls?q=is%3Apr+head%3Areport%2Freport-00000"' in there
    assert "comment <code>/revise</code>" in there
    assert "commit its folder <code>site/reports/report-00000</code>" in here


def test_a_banner_is_not_repeated_by_the_page() -> None:
    """What the committed page says for readers elsewhere goes where the site's banner says it."""
    page = '<p class="sv-decision">Held. <span class="sv-alone">Not approved.</span> <strong class="sv-alone">Example.</strong></p>'

    shown = report.decorate(page, folder=Path(), state="<aside>Draft</aside>", figure=str)

    assert shown == '<aside>Draft</aside><p class="sv-decision">Held.</p>'


@pytest.mark.parametrize("classes", ["sv-headline", "sv-headline sv-longer"])
def test_the_contents_stand_below_the_answer(classes: str) -> None:
    """On a small screen the table of contents comes after the answer and its line of state, however long the answer is."""
    page = f'<h1>Why?</h1><p class="{classes}">Because.</p><p class="sv-decision">Held.</p><p>More.</p>'

    shown = report.decorate(page, folder=Path(), state="", figure=str, status=("Draft.", "Versions"))

    assert shown.endswith(f'<p class="{classes}">Because.</p><p class="sv-decision">Held.</p>{report.CONTENTS}<p>More.</p>')


def test_a_feed_without_an_address_keeps_its_ids(root: Path) -> None:
    """Ids are UUIDs that stay the same, links lead to files, and no address is made up."""
    first, again = (ET.fromstring(feed.atom(read(root))) for _ in range(2))  # noqa: S314 - our own

    ids = [first.findtext(f"{ATOM}id"), *(entry.findtext(f"{ATOM}id") for entry in first.iter(f"{ATOM}entry"))]
    assert ids == [again.findtext(f"{ATOM}id"), *(entry.findtext(f"{ATOM}id") for entry in again.iter(f"{ATOM}entry"))]
    assert len(set(ids)) == 3
    assert all((name or "").startswith("urn:uuid:") for name in ids)
    assert [entry.attrib["href"] for entry in first.iter(f"{ATOM}link")] == [
        "./",
        "reports/report-00000/v1/index.html",
        "reports/report-00001/v1/index.html",
    ]


def test_versions_without_a_pdf_name_none(root: Path) -> None:
    """A report that was published without its PDF gives citation managers no address of one."""
    (root / "site/reports/report-00000/v1/report.pdf").unlink()
    seen = read(root, url="https://desk.example/")

    names = {report.slug: _head(seen, root, f"{report.folder}/v1/index.md") for report in seen.reports}

    assert "citation_pdf_url" not in names["report-00000"]
    assert names["report-00001"]["citation_pdf_url"] == "https://desk.example/reports/report-00001/v1/report.pdf"


def _head(seen: Desk, root: Path, uri: str) -> dict[str, str]:
    return {name: content for _, name, content in head(views(seen)[uri], root / "site", seen).tags}
