"""The built site as files: links that lead somewhere, a policy that holds, state that Git decides, builds that fail whole."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import html5lib
import jsonschema
import pytest

from sovereign.errors import PublishError, UsageError
from sovereign.site import approvals, build, facts
from standins import desk

HOME = "https://desk.example/lab/"


class Links(HTMLParser):
    """Collects what a page names, what it asks for, and what its policy would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: set[str] = set()
        self.twins: list[str] = []
        self.refused: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take one element."""
        values = dict(attrs)
        if name := values.get("id"):
            if name in self.ids:
                self.twins.append(name)
            self.ids.add(name)
        self.hrefs += [value for key in ("href", "src", "action") if (value := values.get(key))]
        if "style" in values or any(key.startswith("on") for key in values):
            self.refused.append(self.get_starttag_text() or tag)
        if tag == "style" or (tag == "script" and "src" not in values and "json" not in (values.get("type") or "")):
            self.refused.append(self.get_starttag_text() or tag)


def pages(site: Path) -> dict[str, Links]:
    """Give every page's links by its address below the site."""
    return {path.relative_to(site).as_posix(): Links(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def test_every_link_leads_somewhere(demo_site: Path) -> None:
    """Each address of the site that a page names is there, and so is the place in it."""
    held = pages(demo_site)
    dead = []
    for name, page in held.items():
        place = HOME + name.removesuffix("index.html")
        for href in page.hrefs:
            target = urlsplit(urljoin(place, href))
            if not target.geturl().startswith(HOME):
                continue
            path = unquote(target.path.removeprefix("/lab/"))
            file = f"{path}index.html" if path.endswith("/") or not path else path
            if not (demo_site / file).is_file():
                dead.append(f"{name}: {href}")
            elif target.fragment and file in held and target.fragment not in held[file].ids | {"__codelineno"}:
                dead.append(f"{name}: {href} names no place there")
    assert dead == []
    assert len(held) > 40


def test_no_page_holds_what_its_policy_refuses(demo_site: Path) -> None:
    """Every page has the policy, no inline script or style, and no two places of one name."""
    for name, page in pages(demo_site).items():
        assert page.refused == [], name
        assert page.twins == [], name
        text = (demo_site / name).read_text(encoding="utf-8")
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
        assert policy, name
        assert "unsafe" not in policy[1]
        assert "script-src 'self';" in policy[1]


def test_nothing_is_fetched_from_elsewhere(demo_site: Path) -> None:
    """Scripts, styles, fonts and images all come from the site itself."""
    for path in demo_site.rglob("*.html"):
        asked = re.findall(
            r'<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)="(https?:)?//[^"]*"[^>]*>', path.read_text(encoding="utf-8")
        )
        kept = [found for found in asked if found]
        canonical = path.read_text(encoding="utf-8").count('rel="canonical"')
        assert len(kept) <= canonical, path
    for path in demo_site.rglob("assets/desk/*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", path.read_text(encoding="utf-8"))


def test_html_is_well_formed(demo_site: Path) -> None:
    """A strict HTML5 parser takes every generated page of ours and every report."""
    parser = html5lib.HTMLParser()
    for path in sorted(demo_site.rglob("*.html")):
        parser.parse(path.read_text(encoding="utf-8"))
        known = {("unexpected-end-tag", "p")}
        faults = [(place, code, data) for place, code, data in parser.errors if (code, data.get("name")) not in known]
        assert faults == [], path


def test_hostile_words_stay_words(demo_site: Path) -> None:
    """No page holds an element that a report's text asked for."""
    for path in demo_site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<script>" not in text
        assert not re.search(r'href="javascript:', text)
        assert "\u202e" not in text, path


def test_feed_is_atom_and_without_drafts(demo_site: Path) -> None:
    """The feed parses, names what was published, newest first, and nothing that is a draft or withdrawn."""
    feed = ET.fromstring((demo_site / "feed.xml").read_bytes())  # noqa: S314 - our own file
    atom = "{http://www.w3.org/2005/Atom}"
    days = [entry.findtext(f"{atom}updated") or "" for entry in feed.iter(f"{atom}entry")]
    ids = [entry.findtext(f"{atom}id") or "" for entry in feed.iter(f"{atom}entry")]
    assert len(ids) == 10
    assert days == sorted(days, reverse=True)
    assert not [name for name in ids if "sparse-experts" in name or "hostile" in name or "one-claim" in name]
    assert all(name.startswith(HOME) for name in ids)


def test_schemas_are_published_and_records_satisfy_theirs(demo_site: Path) -> None:
    """The record schema at its address accepts the records beside it; the goal schema is one, too."""
    schema = json.loads((demo_site / "schemas/record.schema.json").read_text(encoding="utf-8"))
    record = json.loads((demo_site / "reports/sparse-experts/v1/record.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(record)
    claims = json.loads((demo_site / "reports/sparse-experts/v1/claims.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(json.loads((demo_site / "schemas/claims.schema.json").read_text(encoding="utf-8"))).validate(claims)
    jsonschema.Draft202012Validator.check_schema(json.loads((demo_site / "schemas/goal.schema.json").read_text(encoding="utf-8")))


def test_versions_stay_out_of_the_search(demo_site: Path) -> None:
    """The search knows landing pages, not versions; evidence is in neither."""
    index = json.loads((demo_site / "search/search_index.json").read_text(encoding="utf-8"))
    places = {entry["location"].split("#")[0] for entry in index["docs"]}
    assert "reports/sleep-and-memory/" in places
    assert not [place for place in places if re.search(r"/v\d+/$", place)]


def test_committed_words_are_not_changed_by_a_build(demo_desk: Path, demo_site: Path) -> None:
    """A build writes nothing into the sources."""
    assert demo_site.is_dir()
    assert not (demo_desk / "_site").exists()
    assert not (demo_desk / "site" / "claims.md").exists()
    tracked = approvals.approvals(demo_desk, demo_desk / "site")
    assert tracked is not None
    assert len(tracked) == 12


def test_git_decides_what_is_a_draft(demo_desk: Path) -> None:
    """A committed version is approved by its merge; an uncommitted one is a draft, whatever the policy said."""
    approved = approvals.approvals(demo_desk, demo_desk / "site", desk.forge(demo_desk))
    reports = {report.slug: report for report in facts.read(demo_desk / "site", approved)}

    assert reports["sparse-experts"].latest.is_draft
    assert not reports["routing-accuracy"].latest.is_draft
    merged = reports["routing-accuracy"].latest.approval
    assert merged is not None
    assert (merged.by, merged.request) == ("Ada Owner", "18")


def test_nobody_asked_is_unknown_and_never_the_policy(demo_desk: Path) -> None:
    """Where the forge is not asked, what the policy let through is the policy's, and what it did not is approved by somebody unknown."""
    folders = [f"reports/{path.parent.parent.name}/{path.parent.name}" for path in (demo_desk / "site" / "reports").rglob("record.json")]
    reports = facts.read(demo_desk / "site", dict.fromkeys(folders, facts.Approval(facts.Way.UNKNOWN)))

    ways = {version.action.value: version.approval.way for item in reports for version in item.versions if version.approval}

    assert ways == {"AUTO_APPROVE": facts.Way.POLICY, "ESCALATE_TO_OWNER": facts.Way.UNKNOWN}


def test_without_git_the_policy_decides(demo_desk: Path) -> None:
    """Outside a repository AUTO_APPROVE is approval and everything else a draft: fail closed."""
    for report in facts.read(demo_desk / "site", None):
        assert report.latest.is_draft == (report.latest.action.value != "AUTO_APPROVE")


def test_a_broken_record_fails_the_build_and_leaves_the_old_site(tmp_path: Path) -> None:
    """The message names the file; what stood before still stands."""
    root = desk.write_many(tmp_path / "lab", 1, claims_each=3)
    out = build.build(root, tmp_path / "out")
    before = (out / "index.html").read_bytes()
    (root / "site/reports/report-00000/v1/record.json").write_text("{}", encoding="utf-8")

    with pytest.raises(PublishError, match=r"report-00000/v1/record\.json: expected the record of a report"):
        build.build(root, out)

    assert (out / "index.html").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def test_a_dead_link_fails_the_build(tmp_path: Path) -> None:
    """Strict: a page of the desk's own that links nowhere is a problem with its name."""
    root = desk.write_many(tmp_path / "lab", 1, claims_each=3)
    (root / "site/about.md").write_text("# About\n\n[gone](nowhere.md)\n", encoding="utf-8")

    with pytest.raises(PublishError, match=r"nowhere\.md"):
        build.build(root, tmp_path / "out")


@pytest.mark.parametrize("out", ["lab/site", "lab/site/deep", "."], ids=["sources", "inside-sources", "above"])
def test_the_sources_are_never_overwritten(tmp_path: Path, out: str) -> None:
    """A build that would replace its own sources, or a folder with other files in it, is refused."""
    root = desk.write_many(tmp_path / "lab", 1, claims_each=3)
    with pytest.raises(UsageError, match="expected"):
        build.build(root, tmp_path / out)


def test_a_desk_without_settings_is_told_so(tmp_path: Path) -> None:
    """No mkdocs.yml: the message says what was expected."""
    with pytest.raises(UsageError, match=r"mkdocs\.yml: expected the site's settings"):
        build.build(tmp_path)


def test_an_empty_desk_builds(tmp_path: Path) -> None:
    """A desk without a report has all its pages, and they say so."""
    (tmp_path / "site").mkdir()
    (tmp_path / "mkdocs.yml").write_text(desk.MKDOCS, encoding="utf-8")
    out = build.build(tmp_path, tmp_path / "out")
    assert "No report has been published yet" in (out / "index.html").read_text(encoding="utf-8")
    assert "no claim" in (out / "claims" / "index.html").read_text(encoding="utf-8")


def test_links_can_name_files(tmp_path: Path) -> None:
    """A site for the disk links to index.html, in pages and in what scripts write."""
    root = desk.write_many(tmp_path / "lab", 2, claims_each=3)
    out = build.build(root, tmp_path / "out", file_links=True)
    home = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="reports/report-00000/v1/index.html"' in home
    assert 'href="reports/report-00000/v1/"' not in home


def test_the_same_desk_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two builds of one desk differ in no byte but the day that MkDocs notes in the sitemap."""
    root = desk.write_many(tmp_path / "lab", 3, claims_each=5)
    one, two = build.build(root, tmp_path / "one"), build.build(root, tmp_path / "two")
    names = [path.relative_to(one) for path in one.rglob("*") if path.is_file() and not path.name.startswith("sitemap")]
    assert [name for name in names if (one / name).read_bytes() != (two / name).read_bytes()] == []
