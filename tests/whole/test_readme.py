"""The README: its commands exist, and the output it shows is the output that comes."""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import dataclass

import pytest

from sovereign import record
from sovereign.cli import main
from sovereign.model import Report
from tests.conftest import ROOT

README = ROOT / "README.md"
EXAMPLES = ROOT / "sovereign" / "demo"
BLOCK = re.compile(r"(ends by naming the page to open:\n\n```\n)(.*?)(\n```)", re.DOTALL)


@dataclass(frozen=True)
class Demo:
    """What the demo said on the terminal, and its report."""

    said: str
    report: Report


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Run the demo once."""
    place, out = tmp_path_factory.mktemp("demo").resolve(), io.StringIO()
    with contextlib.chdir(place), contextlib.redirect_stdout(out):
        assert main(["demo", "--quiet"]) == 0
    kept = place / "demo-desk" / "site" / "reports" / "paper-boats" / "v1" / "record.json"
    return Demo(out.getvalue().strip().replace(f"{place}/", ""), record.from_json(kept.read_text("utf-8")))


def test_the_demo_says_what_the_readme_shows(demo: Demo, request: pytest.FixtureRequest) -> None:
    """Same papers, same day, same words; `pytest --golden` writes them anew."""
    text = README.read_text("utf-8")
    if request.config.getoption("--golden"):
        README.write_text(BLOCK.sub(lambda found: found[1] + demo.said + found[3], text), "utf-8")
        text = README.read_text("utf-8")
    shown = BLOCK.search(text)

    assert shown is not None
    assert shown[2] == demo.said


def _source(location: str) -> str:
    """Give the words of an example paper as its author typed them: the sources' own, read without any of our readers."""
    path = EXAMPLES / "papers" / location
    if path.suffix == ".pdf":
        typed = (EXAMPLES / path.name).with_suffix(".typ").read_text("utf-8")
        return _words(re.sub(r"^#(?:set|place).*$", "", typed, flags=re.MULTILINE))
    if path.suffix == ".html":
        return _words(re.sub(r"<[^<>]*>", " ", path.read_text("utf-8")))
    parts = sorted(path.glob("*.tex")) if path.is_dir() else [path]
    typed = " ".join(re.sub(r"^%.*$", "", part.read_text("utf-8"), flags=re.MULTILINE) for part in parts)
    return _words(re.sub(r"\\minutes\{([\d.]+)\}", r"\1 min", typed))


def _words(text: str) -> str:
    return f" {' '.join(re.findall(r'[a-z0-9]+(?:[.-][a-z0-9]+)*', text.lower()))} "


def test_every_quote_of_the_demo_stands_in_its_papers_source(demo: Demo) -> None:
    """Each claim's quote, each passage that was heard, and each quote on the terminal is what the author of the example typed."""
    papers = {paper.id: paper for paper in demo.report.papers}
    heard = [witness.passage for evidence in demo.report.draft.evidence for witness in evidence.witnesses]
    passages = [*(claim.quote for claim in demo.report.draft.claims), *heard]
    sources = {paper: _source(papers[paper].location) for paper in {passage.paper for passage in passages}}
    every = "".join(sources.values())

    # LaTeX itself prints the number of a table; its author typed the words behind it.
    texts = [(passage.paper, re.sub(r"^Table \d+: ", "", passage.text)) for passage in passages]
    assert [text for paper, text in texts if _words(text) not in sources[paper]] == []
    shown = re.findall(r"“([^”]+)”", demo.said)
    assert len(shown) > 9
    assert [quote for quote in shown if _words(quote) not in every] == []
    assert {papers[paper].location for paper in sources} >= {"double-bottom.pdf", "windy-pond.tex", "basin-trial"}


def test_every_command_of_the_readme_exists(capsys: pytest.CaptureFixture[str]) -> None:
    """What the table names can be typed."""
    named = set(re.findall(r"`sovereign ([a-z]+)", README.read_text("utf-8")))
    assert main(["--help"]) == 0
    known = set(re.findall(r"^  ([a-z]+) ", capsys.readouterr().out, re.MULTILINE))

    assert named
    assert named <= known


def test_every_file_of_the_readme_is_there() -> None:
    """No dead pointers."""
    for name in re.findall(r"`([A-Z]+\.md)`", README.read_text("utf-8")):
        assert (ROOT / name).is_file(), name
