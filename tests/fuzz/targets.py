"""What is fuzzed: each target takes bytes and may refuse them in the way it promises; any other exception is a finding."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from sovereign import text
from sovereign.adapters import arxiv, crossref, fulltext, goal_file, http, openalex, settings, web
from sovereign.citing import bibliography
from sovereign.errors import GoalError, OutsideError, UsageError, WebError
from sovereign.exports import links, untex
from sovereign.exports.markup import visible
from sovereign.language import cells, quantities, question
from sovereign.model import Goal, Paper
from sovereign.ports import Reader
from sovereign.readers import archive
from sovereign.readers.html import read_html
from sovereign.readers.pdf import read_pdf
from sovereign.readers.tex import read_latex
from sovereign.screening import entry, record, signs
from sovereign.site import maths
from sovereign.steps import plan
from sovereign.steps.read import cut, rows
from standins import shelf
from standins.arxiv import _feed, _index
from tests.conftest import ROOT
from tests.fuzz.answers import ANSWERS
from tests.fuzz.target import Target, as_text, folder, search

SHELF = ROOT / "sovereign" / "demo" / "papers"
CASES = Path(__file__).parent / "cases"


_ADDRESSES = (b"https://ada:secret@[::1]:8080/p%20q.pdf?x=1#y", "https://b\u00fccher.example/x".encode())
_PROFILE = b"""[tool.sovereign.models.own]
base_url = "http://127.0.0.1/v1"
chat_model = "m"
price_in_usd = 0.5
timeout_s = 60
judges = { SKEPTIC = "s" }
"""
_ARTICLE = b"""<?xml version="1.0"?><!DOCTYPE article [<!ENTITY b "boat">]><article article-type="x" xmlns:mml="http://www.w3.org/1998/Math/MathML">
<front><article-meta><article-id pub-id-type="doi">10.1/b</article-id><title-group><article-title>Boats</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Quill</surname><given-names>A.</given-names></name></contrib></contrib-group>
<pub-date><day>1</day><month>2</month><year>2021</year></pub-date><abstract><sec><title>Aim</title><p>Wax &alpha;.</p></sec></abstract>
</article-meta></front><body><sec><title>Results</title><p>A &b; floats<sup><xref ref-type="bibr">1</xref></sup> <inline-formula>
<alternatives><tex-math>$$x^2$$</tex-math><mml:math><mml:mi>x</mml:mi></mml:math></alternatives></inline-formula>.<fn><p>Note.</p></fn></p><table-wrap>
<label>Table 1</label><caption><title>Times</title></caption><table><tr><th rowspan="2">Boat</th><th colspan="2">Wax</th></tr><tr>
<td>4.2</td><td>1</td></tr></table></table-wrap></sec></body><back><ref-list><ref><element-citation><year>2010</year></element-citation></ref></ref-list>
</back></article>"""
_RECORD = record.as_files(Paper("arxiv:2401.00001v1", "Boats", ("Example Author",), "Wax helps boats float."))[record.NAME]


def _read(reader: Reader, name: str) -> Callable[[bytes], object]:
    def run(data: bytes) -> object:
        document = reader("fuzz", {PurePosixPath(name): data})
        passages = (*cut(document), *rows(document))
        assert all(document.text[each.start : each.end] == each.text for each in passages)
        return passages

    return run


def _words(data: str) -> None:
    """Everything that looks at running text."""
    spans = text.sentences(data)
    assert all(0 <= start < end <= len(data) for start, end in spans)
    stripped, _ = signs.strip_invisible(data, "p", "here")
    entry.screen("p", [entry.Text("here", stripped), entry.Text("there", data, is_joined=True)])
    half = len(data) // 2
    quantities.disagree(data[:half], data[half:])
    cells.torn_apart(data[:half], data[half:])
    table = [line.split("|") for line in data.split("\n")]
    cells.says_the_cells(data[:half], table[0], table[1:], data[half:])
    bibliography.plain(data)
    bibliography.withdrawal_note(data)
    text.escape_markdown(data)


def _feed_of(count: int) -> bytes:
    params = {"search_query": "all:boat", "start": "0", "max_results": "5"}
    return _feed(params, count, 0, 5, [(_index(shelf.record(at)), 1) for at in range(count)])


def _shelf(name: str) -> bytes:
    return (SHELF / name).read_bytes()


def _packages() -> tuple[bytes, ...]:
    import gzip
    import io
    import tarfile
    import zipfile

    tar, packed = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as made:
        made.add(SHELF / "basin-trial" / "main.tex", "main.tex")
    with zipfile.ZipFile(packed, "w") as zipped:
        zipped.writestr("main.tex", _shelf("windy-pond.tex"))
    return (tar.getvalue(), packed.getvalue(), gzip.compress(_shelf("paper-planes.tex"), mtime=0))


def _settings(data: str) -> object:
    """A desk's settings, down to the model profiles."""
    (folder() / "pyproject.toml").write_text(data, encoding="utf-8", errors="replace", newline="")
    return settings.profiles(settings.load(folder()))


def _question(data: str) -> None:
    """A question in a researcher's own words: read into terms, planned for each index, and held against a text."""
    if not data[:500].strip():
        return
    goal = Goal(slug="fuzz", question=data[:500])
    plan.further(goal, (data,))
    for query in plan.plan(goal):
        arxiv.as_arxiv(query)
        openalex.as_openalex(query)
        crossref.words(query)
    question.Interest(goal.question).subjects(question.told(data))


def _shown(data: str) -> None:
    """Words of a paper as pages show them: formulas, TeX's marks, what must be seen to be believed."""
    maths.mathml(data)
    untex.shown(data)
    untex.escape_shown(data)
    visible(data)


def _address(data: str) -> None:
    """An address out of somebody's metadata: written on a page, looked over before it is asked, and taken apart to be asked."""
    links.web_url(data)
    fulltext.is_public(data)
    web._address(data)
    http.host_of(data)
    http.is_global(data)
    http.spelt_out(data)


PAPERS: dict[str, Target] = {
    "goal": Target(
        lambda data: goal_file.parse("goals/boats.yaml", data), (shelf.goal().encode(), b"question: Does wax help?\n"), (GoalError,)
    ),
    "latex": Target(_read(read_latex, "main.tex"), (_shelf("windy-pond.tex"), _shelf("basin-trial/main.tex")), (ValueError,)),
    "html": Target(_read(read_html, "paper.html"), (_shelf("beeswax-replication.html"), _shelf("miracle-varnish.html")), (ValueError,)),
    "article": Target(_read(read_html, "paper.xml"), (_ARTICLE,), (ValueError,)),
    "pdf": Target(_read(read_pdf, "paper.pdf"), (_shelf("double-bottom.pdf"),), (ValueError,)),
    "archive": Target(archive.unpack, _packages(), (ValueError,)),
    "atom": Target(search(arxiv.ArxivSource), (_feed_of(2),), (OutsideError,)),
    "bibtex": Target(as_text(bibliography.entries), (_shelf("shelf.bib"),)),
    "words": Target(as_text(_words), (_shelf("windy-pond.tex"), shelf.text(0).encode())),
    "record": Target(_read(record.read_record, "record.json"), (_RECORD,), (ValueError,), is_json=True),
    "settings": Target(as_text(_settings), (_PROFILE,), (UsageError,)),
    "address": Target(as_text(_address), _ADDRESSES, (WebError,)),
    "question": Target(as_text(_question), (b"Does beeswax on paper boats (PB) raise load by 20 % compared with varnish?",)),
    "shown": Target(as_text(_shown), (rb"We find $\frac{a}{b} \leq 25.45\%$ in \emph{all} boats \& \'etudes [1].",)),
}
TARGETS = PAPERS | ANSWERS
