"""BibTeX as people keep it, and what a withdrawal sounds like."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.citing.bibliography import MAX_NESTING, entries, plain, withdrawal_note

LIBRARY = r"""
% Exported by hand
@string{nips = "Advances in Nothing"}
@comment{ignored, @article{inside}}
@preamble{"\newcommand{\x}{}"}

@InProceedings { gears2024 ,
  TITLE     = "{Invented {G}ears} and \emph{How} They Mesh---Again",
  Author    = {Example, Ada and {\'E}clair, Zo\"e and van der Nobody, Jr, Bo and others},
  booktitle = nips # " 37",
  year = 2024,
  month = {3},
  pages = {1--9},
  note = {50\% off, caf\'{e} \& more}
}
@article(parens, title = {In parentheses}, year = "1999", journal = {J. Nothing})
@misc{torn, title = {Never closed, year = 2020,
@misc{after, title = {Read all the same}, date = {2021-05-06}}
"""


def test_a_library_is_read() -> None:
    """Strings, joins, nesting, both quotings, parentheses; a torn entry costs itself alone."""
    found = {entry.key: entry for entry in entries(LIBRARY)}
    gears = found["gears2024"]

    assert (gears.kind, gears.fields["title"]) == ("inproceedings", "Invented Gears and How They Mesh—Again")
    assert gears.authors == ("Ada Example", "Zoë Éclair", "Bo van der Nobody Jr")
    assert (gears.venue, gears.published) == ("Advances in Nothing 37", date(2024, 3, 1))
    assert (gears.fields["note"], gears.fields["pages"]) == ("50% off, café & more", "1–9")
    assert (found["parens"].venue, found["parens"].published) == ("J. Nothing", date(1999, 1, 1))
    assert found["after"].published == date(2021, 5, 6)


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"G{\"o}del", "Gödel"),
        (r"G\"odel", "Gödel"),
        (r"{\'E}cole", "École"),
        (r"Ant\'{\i}nez", "Antínez"),
        (r"Erd\H{o}s", "Erdős"),
        (r"\v{S}koda, \c{C}elik", "Škoda, Çelik"),
        (r"Stra{\ss}e {\AA}ngstr{\o}m", "Straße Ångstrøm"),
        (r"A~B  C", "A B C"),
        (r"\textbf{bold} and {\em stressed}", "bold and stressed"),
        ("plain", "plain"),
    ],
)
def test_tex_becomes_text(tex: str, text: str) -> None:
    """Accents are composed; commands and braces go."""
    assert plain(tex) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "@article",
        "@article{",
        "@article{a",
        "@article{a,",
        "@article{a, title",
        "@article{a, title =",
        "@article{a, title = {",
        "no entries",
        "{" * 999,
    ],
)
def test_fragments_give_nothing(text: str) -> None:
    """Half an entry is no error."""
    assert all(not entry.fields.get("title") for entry in entries(text))


@given(st.text(alphabet='@{}"=,#\\ \n abcxyz1()%', max_size=300))
@settings(max_examples=200, deadline=None)
def test_anything_is_survived(text: str) -> None:
    """No exception, no endless loop."""
    entries(text)


def test_a_thousand_braces_cost_little() -> None:
    """Nesting is counted, not recursed into."""
    deep = "@misc{a, title = " + "{" * (MAX_NESTING * 50) + "x" + "}" * (MAX_NESTING * 50) + "}"

    assert len(entries(deep)) <= 1


@pytest.mark.parametrize("unit", ["@a{b,c={", '@a{b,c="', "@a{", "@string{a=", "@a(b,c=d#"])
def test_hostile_libraries_cost_little(unit: str) -> None:
    """Entries that never close are not followed to the end of the file one by one."""
    entries(unit * 5_000)


@pytest.mark.parametrize(
    ("text", "is_struck"),
    [
        ("This paper has been withdrawn by the author", True),
        ("This article was retracted.", True),
        ("Retracted article", True),
        ("Withdrawn due to a crucial sign error in equation 1", True),
        ("12 pages. This submission has now been withdrawn by arXiv administrators", True),
        ("We withdraw this paper since Lemma 2 is wrong", True),
        ("The authors have retracted this preprint", True),
        ("paper withdrawn", True),
        ("Participants withdrawn from the study were counted", False),
        ("The troops were withdrawn. This paper studies why.", False),
        ("We study retracted papers", False),
        ("This paper has been accepted", False),
        ("We retract the claim of our earlier paper", False),
        ("Withdrawal symptoms", False),
        ("", False),
    ],
)
def test_withdrawals(text: str, *, is_struck: bool) -> None:
    """The words must speak of the paper itself."""
    assert bool(withdrawal_note(text)) is is_struck
