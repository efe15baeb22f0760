"""Markup in every foreign field, from a folder of papers and a model's answers to the built site, BibTeX, the log and the record."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sovereign.citing.bibliography import entries
from sovereign.cli import main
from standins import shelf
from standins.chat import serve
from standins.chat_player import Character, play
from tests.faults.desk import KEY, Desk

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "<svg/onload=alert(3)>",
    "[click](javascript:alert(4))",
    "![x](https://evil.example/x.png)",
    "<iframe src=https://evil.example></iframe>",
    "{{ config.site_name }} {% raw %}",
    "$\\href{javascript:alert(5)}{x}$ $$\\unicode{60}$$",
    "</title></head><body onload=alert(6)>",
    "`${{ secrets.GITHUB_TOKEN }}` ::error::pwned",
    "--8<-- 'goals/boats.yaml'",
    "{: onclick=alert(7) } <a href='data:text/html,x'>y</a>",
)
PAYLOAD = " ".join(PAYLOADS)
_HTML = PAYLOAD.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def hostile_shelf(folder: Path) -> Path:
    """Write papers whose title, authors, abstract, headings, text, references and metadata hold every payload."""
    folder.mkdir()
    for at in range(2):
        page = shelf.text(at).replace("in a still basin, part", f"in {_HTML} a still basin, part")
        page = page.replace("<h2>2 Results</h2>", f"<h2>2 Results {_HTML}</h2>").replace("and plain boats", f"and {_HTML} plain boats")
        (folder / f"paper-{at}.html").write_text(
            page.replace("<h2>Abstract", f'<div class="ltx_authors">{_HTML}</div><h2>Abstract'), "utf-8"
        )
    bare = PAYLOAD.replace("{", "").replace("}", "")
    (folder / "shelf.bib").write_text(
        f"@article{{evil, title={{Paper boats with paraffin}} # {{{bare}}}, author={{<b>Eve</b> and M}}}}\n", "utf-8"
    )
    return folder


_RUNS = re.compile(r"\s*(javascript|data:text|vbscript)", re.IGNORECASE)


class _Watch(HTMLParser):
    """Collects what a browser would run or fetch from elsewhere."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            if name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")
            if name in {"href", "src", "action", "data", "srcset"} and re.match(
                r"\s*(javascript|data:text|vbscript)", value, re.IGNORECASE
            ):
                self.found.append(f"{tag} {name}={value}")
            if "evil.example" in value and name in {"src", "href", "srcset", "data"}:
                self.found.append(f"{tag} {name}={value}")
        if tag in {"iframe", "object", "embed", "base"}:
            self.found.append(tag)
        if tag == "script" and "src" not in values and "json" not in values.get("type", ""):
            self._in_script = True

    def handle_data(self, data: str) -> None:
        """Look at an inline script's text."""
        if self._in_script and "alert(" in data:
            self.found.append(f"script: {data[:60]}")

    def handle_endtag(self, tag: str) -> None:
        """Leave a script."""
        self._in_script = self._in_script and tag != "script"


def dangers(page: str) -> list[str]:
    """Give what in a page would run, or be fetched from a stranger."""
    watch = _Watch()
    watch.feed(page)
    return watch.found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give a desk whose goal holds the payloads too."""
    made = Desk(tmp_path / "desk", monkeypatch)
    question = json.dumps(f"Does wax help paper boats? {PAYLOAD}"[:900], ensure_ascii=False)
    goal = shelf.goal(sources="folder").replace(f"question: {shelf.QUESTION}", f"question: {question}")
    made.ask(goal)
    return made


def test_the_watch_sees() -> None:
    """The look-out is no blind one: each payload that a browser would run is seen when it stands in a page bare."""
    assert len(dangers(PAYLOAD)) >= 5


def speaks_markup(name: str, body: dict[str, object]) -> object:
    """Answer as an honest model would, and wrap every summary, heading and reason of it in markup."""
    said = play(Character.HONEST)(name, body)
    text = json.dumps(said)
    for key in ("summary", "heading", "reason", "why"):
        text = text.replace(f'"{key}": "', f'"{key}": {json.dumps(PAYLOAD)[:-1]} ')
    return json.loads(text)


@pytest.mark.parametrize("engine", ["local", pytest.param("model", marks=pytest.mark.slow)])
def test_nothing_runs_on_the_site(engine: str, desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A run over the hostile shelf, and a strict build: no script, no handler, no foreign address in any page; BibTeX stays readable.

    With a model, its own words are hostile as well.
    """
    with serve(speaks_markup) as service:
        desk.use(service.base_url)
        ran = desk.run("--papers", str(hostile_shelf(desk.folder / "papers")), "--engine", engine)
    assert ran.code == 0, ran.said
    assert ran.report
    assert len(ran.report.papers) >= 2
    (desk.folder / "mkdocs.yml").write_text(
        "site_name: Boats\ndocs_dir: site\nsite_dir: _site\ntheme: {name: material}\nplugins: [sovereign]\n", "utf-8"
    )
    monkeypatch.chdir(desk.folder)
    (desk.folder / "site" / "index.md").write_text("# Boats\n", "utf-8")

    assert main(["site", "build"]) == 0, capsys.readouterr().err
    pages = sorted((desk.folder / "_site").rglob("*.html"))
    assert len(pages) >= 3
    assert {
        str(page.relative_to(desk.folder)): dangers(page.read_text("utf-8")) for page in pages if dangers(page.read_text("utf-8"))
    } == {}

    bib = (desk.folder / "site/reports/boats/v1/references.bib").read_text("utf-8")
    assert len(entries(bib)) == len(ran.report.papers)
    for drawing in (desk.folder / "site").rglob("*.svg"):
        assert dangers(drawing.read_text("utf-8")) == []


def test_secrets_are_nowhere(desk: Desk) -> None:
    """The key of the model's service is in no file that a run leaves, and in nothing that it says, even where the service repeats it."""
    from standins.chat import refusal

    with serve(lambda *_: refusal(401, f"Incorrect API key provided: {KEY}. Bearer {KEY}")) as service:
        desk.use(service.base_url)
        ran = desk.run("--papers", str(hostile_shelf(desk.folder / "papers")), "--engine", "model", "--verbose")

    assert ran.code == 0, ran.said
    assert "401" in " ".join(ran.whys)
    assert KEY not in ran.said + ran.out
    assert KEY.encode() not in desk.everything_kept()


def test_the_log_gives_the_runner_no_command(desk: Desk) -> None:
    """No line of a run's output is a command to a CI runner, whatever the papers are called."""
    ran = desk.run("--papers", str(hostile_shelf(desk.folder / "papers")), "--verbose")

    assert not [line for line in (ran.said + ran.out).splitlines() if line.lstrip().startswith("::") or "::error::" in line]


def test_no_cassette_holds_a_key() -> None:
    """Recorded exchanges hold no header of authorisation, no cookie and nothing that looks like a key."""
    from tests.conftest import ROOT

    for path in (ROOT / "tests" / "cassettes").rglob("*.yaml"):
        text = path.read_text("utf-8")
        assert not re.search(r"(?i)^\s+(authorization|cookie|set-cookie|x-api-key):", text, re.MULTILINE), path
        assert not re.search(r"\b(?:sk|nvapi|ghp|ghs)[-_][A-Za-z0-9]{12,}", text), path
