"""Foreign text: shown as it is, never acted upon, in Markdown, HTML and attributes alike."""

from __future__ import annotations

import html

import markdown
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml.html import fragment_fromstring
from markdown_it import MarkdownIt

from sovereign.exports.markup import escape, maths, visible
from sovereign.exports.untex import escape_shown
from standins.reports import HOSTILE

# What MkDocs Material users switch on; the site itself needs fewer.
EXTENSIONS = ["attr_list", "md_in_html", "tables", "toc", "footnotes", "def_list", "admonition", "abbr", "sane_lists"]

SHOWN = [
    pytest.param("plain words, 99.5% of (them) - here: 1/2", id="plain"),
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param("**bold** _em_ ~~gone~~ `code`", id="emphasis"),
    pytest.param("[x](javascript:alert(1)) ![i](x.png)", id="link"),
    pytest.param("# Heading", id="heading"),
    pytest.param("1. item", id="ordered list"),
    pytest.param("- item", id="list"),
    pytest.param("+ item", id="plus list"),
    pytest.param("> quote", id="quote"),
    pytest.param("!!! danger", id="admonition"),
    pytest.param("??? note", id="details"),
    pytest.param('=== "Tab"', id="tab"),
    pytest.param("---", id="rule"),
    pytest.param(": definition", id="definition"),
    pytest.param("[TOC]", id="contents"),
    pytest.param("*[HTML]: HyperText", id="abbreviation"),
    pytest.param("[^1]: note", id="footnote"),
    pytest.param("a | b", id="table"),
    pytest.param("x { .class #id onclick=x }", id="attribute list"),
    pytest.param("{{ 7*7 }} {% raw %}", id="template"),
    pytest.param("&amp; &lt; &#60;", id="character reference"),
    pytest.param("https://evil.example www.evil.example a@b.example", id="bare link"),
    pytest.param(":smile: ::: x", id="emoji"),
    pytest.param("==mark== ++key++ ^^ins^^ H~2~O", id="marks"),
    pytest.param('--8<-- "secret.md"', id="snippet"),
    pytest.param("/// note", id="block"),
    pytest.param("$$x$$ \\(x\\)", id="maths"),
    pytest.param("back\\slash \\* end\\", id="backslash"),
    pytest.param("محمد שלום 李小龍 Ψηλός", id="scripts"),
    pytest.param(HOSTILE, id="all together"),
]


@pytest.mark.parametrize("text", SHOWN)
@pytest.mark.parametrize("renderer", ["python-markdown", "commonmark"])
def test_is_shown_as_it_is(text: str, renderer: str) -> None:
    """Both Markdown dialects print the text itself, in one paragraph, with no element in it."""
    paragraph = fragment_fromstring(_render(escape(text), renderer), create_parent=True)

    assert [child.tag for child in paragraph] == ["p"]
    assert not list(paragraph[0])
    assert " ".join(paragraph.text_content().split()) == visible(text)


@given(st.text(max_size=80) | st.text(" -+*#=:!?/%;|>`~_[](){}.0123abc\"'<&$^@\\\n\t", max_size=30))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    """The same for whatever hypothesis thinks of, at the start of a line too."""
    assume(visible(text))
    for renderer in ("python-markdown", "commonmark"):
        made = fragment_fromstring(_render(escape(text), renderer), create_parent=True)

        assert [child.tag for child in made.iter()][1:] == ["p"]
        assert html.unescape(escape(text)) == visible(text)


@given(st.text(max_size=80))
def test_stays_inside_an_attribute(text: str) -> None:
    """In a double-quoted attribute the text ends nothing."""
    made = fragment_fromstring(f'<a title="{escape(text)}">x</a>')

    assert dict(made.attrib) == {"title": visible(text)}


@given(st.text(st.characters(codec=None), max_size=40))
def test_visible_is_one_printable_line(text: str) -> None:
    """No control sign, half character or direction override is left, and saying it twice changes nothing."""
    shown = visible(text)

    assert "\n" not in shown
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert visible(shown) == shown


def test_visible_names_hidden_signs() -> None:
    """What would turn or hide words is written out; what Persian or emoji need is kept."""
    assert visible("a\u202eb\x07c\U000e0041") == "a⟨U+202E⟩b⟨U+0007⟩c⟨U+E0041⟩"
    assert visible("می\u200cخواهم") == "می\u200cخواهم"


MATHS = [
    pytest.param("of $32 \\times 4d$ experts", ["$32 \\times 4d$"], id="a formula"),
    pytest.param("$k=2$ and $n$", ["$k=2$", "$n$"], id="two"),
    pytest.param("from $5 to $10 a token", [], id="money"),
    pytest.param("it cost $5_000 and US$7_000", [], id="money with marks"),
    pytest.param("$ x^2 $", [], id="spaces inside"),
    pytest.param("$$x^2$$", [], id="display"),
    pytest.param("$x<script>^2$", [], id="markup inside"),
]


@pytest.mark.parametrize(("text", "found"), MATHS)
def test_maths(text: str, found: list[str]) -> None:
    """Only what is safely delimited is a formula, and it is escaped like the rest."""
    assert [text[start:end] for start, end in maths(text)] == found
    made = fragment_fromstring(escape_shown(text), create_parent=True)
    assert [span.text for span in made] == found
    assert made.text_content() == text


def _render(text: str, renderer: str) -> str:
    if renderer == "commonmark":
        return str(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text))
    return markdown.markdown(text, extensions=EXTENSIONS)
