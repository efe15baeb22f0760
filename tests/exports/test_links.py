"""Links: only checked identifiers and plain HTTP(S) addresses, and the quote's own place where there is one."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring

from sovereign.exports import links
from sovereign.model import BlockKind, Form, Paper, Passage
from sovereign.readers.html import read_html
from sovereign.readers.tex import read_latex
from sovereign.text import fold, sentences

ARXIV = Paper(id="arxiv:2401.00001v2", title="T", arxiv_id="2401.00001v2", url="https://arxiv.org/abs/2401.00001v2")
FILE = Paper(id="file:0123456789ab", title="T", location="a.pdf")
OPEN = Paper(id="doi:10.1/x", title="T", doi="10.1234/x", pdf_url="https://example.org/x.pdf")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        pytest.param("https://example.org/a?b=c&d=e#f", True, id="plain"),
        pytest.param("http://example.org:8080/ä", True, id="port and accent"),
        pytest.param("javascript:alert(1)", False, id="script"),
        pytest.param("data:text/html,x", False, id="data"),
        pytest.param("//example.org", False, id="no scheme"),
        pytest.param("https://", False, id="no host"),
        pytest.param("https://user:pw@example.org", False, id="password"),
        pytest.param('https://example.org/"onclick=x', False, id="quote"),
        pytest.param("https://example.org/ x", False, id="space"),
        pytest.param("https://[bad", False, id="broken host"),
        pytest.param("https://example.org:99999999/", False, id="broken port"),
        pytest.param("", False, id="empty"),
    ],
)
def test_web_url(url: str, *, kept: bool) -> None:
    """An odd address gives nothing."""
    assert bool(links.web_url(url)) is kept


@given(st.text(max_size=60))
def test_web_url_is_safe(text: str) -> None:
    """Whatever comes, what is given back is ASCII, HTTP(S), without quotes or brackets of HTML."""
    made = links.web_url("https://example.org/" + text)

    assert made.isascii()
    assert not set(made) & set('"<>` \n\\')
    assert made == "" or urlsplit(made).scheme == "https"


def test_doi_url() -> None:
    """A DOI's odd signs are percent-encoded; no DOI, no link."""
    assert links.doi_url("10.1000/xyz_(1)#a<b>") == "https://doi.org/10.1000/xyz_(1)%23a%3Cb%3E"
    assert links.doi_url("x10.1000/1") == ""
    assert links.doi_url("") == ""


LANDINGS = [
    pytest.param(
        ARXIV,
        Form.HTML,
        None,
        "It was 71.3% faster.",
        "https://arxiv.org/html/2401.00001v2#:~:text=It%20was%2071.3%25%20faster",
        id="HTML",
    ),
    pytest.param(ARXIV, Form.PDF, 3, "Words.", "https://arxiv.org/pdf/2401.00001v2#page=3", id="page of a PDF"),
    pytest.param(OPEN, Form.PDF, 2, "Words.", "https://example.org/x.pdf#page=2", id="open PDF"),
    pytest.param(FILE, Form.PDF, 3, "Words.", "", id="a file has no address"),
    pytest.param(OPEN, Form.ABSTRACT, None, "So it is.", "https://doi.org/10.1234/x#:~:text=So%20it%20is", id="abstract"),
    pytest.param(ARXIV, Form.LATEX, None, "$x$", "https://arxiv.org/html/2401.00001v2", id="only maths"),
    pytest.param(
        ARXIV,
        Form.LATEX,
        None,
        "one two three four five six, seven-eight nine ten eleven twelve",
        "https://arxiv.org/html/2401.00001v2#:~:text=one%20two%20three%20four%20five,seven%2Deight%20nine%20ten%20eleven%20twelve",
        id="long quote",
    ),
    pytest.param(
        ARXIV,
        Form.LATEX,
        None,
        "we find that $x^2$ is small [3] in all cases",
        "https://arxiv.org/html/2401.00001v2#:~:text=we%20find%20that,in%20all%20cases",
        id="maths and citation between",
    ),
]


@pytest.mark.parametrize(("paper", "form", "page", "words", "url"), LANDINGS)
def test_quote_url(paper: Paper, form: Form, page: int | None, words: str, url: str) -> None:
    """The link lands on the quote where the source allows it, else on the paper."""
    assert links.quote_url(paper, form, Passage(paper.id, 0, len(words), words, page=page)) == url


@pytest.mark.parametrize(("form", "share"), [pytest.param(Form.LATEX, 0.97, id="LaTeX"), pytest.param(Form.HTML, 0.99, id="HTML")])
def test_fragments_land_in_real_pages(shared_data: Path, form: Form, share: float) -> None:
    """Of the sentences of four real papers, nearly all stand in arXiv's HTML under the words of their fragment."""
    landed = [
        _lands(links.quote_url(ARXIV, form, Passage(ARXIV.id, 0, len(quote), quote)), text)
        for name in ("1706.03762", "2004.14974", "2305.03393", "2501.00089")
        for text in [_shown(shared_data / "papers" / "html" / f"{name}.html")]
        for quote in _quotes(shared_data / "papers", name, form)
    ]

    assert len(landed) > 700
    assert sum(landed) / len(landed) > share


def _quotes(papers: Path, name: str, form: Form) -> list[str]:
    """Give the sentences of a paper's prose, of 40 characters or more."""
    if form is Form.HTML:
        document = read_html(name, {PurePosixPath("page.html"): (papers / "html" / f"{name}.html").read_bytes()})
    else:
        root = papers / "latex" / name
        document = read_latex(name, {PurePosixPath(f.relative_to(root)): f.read_bytes() for f in root.rglob("*") if f.is_file()})
    prose = [document.text[block.start : block.end] for block in document.blocks if block.kind is BlockKind.PROSE]
    return [text[start:end] for text in prose for start, end in sentences(text) if end - start >= 40]


def _shown(path: Path) -> str:
    """Give a page's words as a browser searches them: white space folded, no scripts, no TeX beside the maths."""
    root: HtmlElement = document_fromstring(path.read_bytes())
    for hidden in [*root.iter("script", "style", "annotation")]:
        hidden.drop_tree()
    return fold(str(root.text_content()))


def _lands(url: str, text: str) -> bool:
    """Whether the fragment's first words, and its last ones after them, stand in the text."""
    first, _, last = url.partition("#:~:text=")[2].partition(",")
    at = text.find(unquote(first)) if first else -1
    return at >= 0 and (not last or text.find(unquote(last), at) >= 0)


@given(st.text(min_size=1, max_size=80))
def test_text_fragment_holds_the_quote_s_words(words: str) -> None:
    """Every word of the fragment is a word of the quote, but for a mark at its end."""
    url = links.quote_url(ARXIV, Form.HTML, Passage(ARXIV.id, 0, len(words), words))

    _, _, fragment = url.partition("#:~:text=")
    assert "-" not in fragment
    assert all(word in words for part in fragment.split(",") for word in unquote(part).split())
