"""BibTeX as people keep it, and what a withdrawal sounds like."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.citing import names
from sovereign.citing.bibliography import MAX_EXPANDED_CHARS, MAX_FIELDS, MAX_NESTING, entries, plain, withdrawal_note
from sovereign.citing.withdrawal import struck_title

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
        (r"Drift of $\sim 5\%$ and {$\alpha$}-decay", "Drift of ∼5% and α-decay"),
        (r"CO$_2$ at 10$^{-3}$ of $\Lambda_{\rm QCD}$", "CO_2 at 10^-3 of Λ_QCD"),
        (r"The $\alpha$~particle and $\beta$ decay", "The α particle and β decay"),
        (r"Nguy\~{\^e}n", "Nguyễn"),
        (r"\SUSY{} in {\LaTeX}", "SUSY in LaTeX"),
        ("It costs $5", "It costs $5"),
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


PEOPLE = r"""
@article{doi:10.1061/(ASCE)0733, author = {{Barnes and Noble, Inc.} and Quill, Ana}, title = {One}}
@article{b, author = {{LIGO Scientific Collaboration} and Garc{\'\i}a M{\'a}rquez, Gabriel and Van Gogh, Vincent and others}, title = {Two}}
@article{c, author = {Nguy\~{\^e}n, V. and de la Cruz, J. AND {\'E}clair, Zo\"e}, title = {Three}, crossref = {proc}}
@inproceedings{d, author = {{M{\'e}decins Sans Fronti{\`e}res}}, title = {Four}, crossref = {PROC}, year = 2021}
@proceedings{proc, title = {Proc. of Ponds}, editor = {Reed, B.}, year = 2020}
"""


def test_names_are_parted_as_bibtex_parts_them() -> None:
    """Braces keep an organisation whole, and a family name of two words is found again; a key may hold brackets."""
    found = {entry.key: entry for entry in entries(PEOPLE)}
    split = {key: [names.split(name) for name in entry.authors] for key, entry in found.items()}

    assert split["doi:10.1061/(ASCE)0733"] == [("Barnes and Noble, Inc.", ""), ("Quill", "Ana")]
    assert split["b"] == [("LIGO Scientific Collaboration", ""), ("García Márquez", "Gabriel"), ("Van Gogh", "Vincent")]
    assert split["c"] == [("Nguyễn", "V."), ("de la Cruz", "J."), ("Éclair", "Zoë")]
    assert split["d"] == [("Médecins Sans Frontières", "")]


def test_an_entry_takes_over_what_its_crossref_says() -> None:
    """Year and book come from the proceedings, unless the entry says otherwise."""
    found = {entry.key: entry for entry in entries(PEOPLE)}

    assert (found["c"].venue, found["c"].published) == ("Proc. of Ponds", date(2020, 1, 1))
    assert (found["d"].venue, found["d"].published) == ("Proc. of Ponds", date(2021, 1, 1))
    assert (found["c"].fields["title"], found["proc"].authors) == ("Three", ())


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
        ("This paper was withdrawn from NeurIPS 2023 and resubmitted to ICLR", False),
        ("Withdrawn from ICML; 10 pages", False),
        ("Our submission was withdrawn from consideration at ICLR", False),
        ("This paper has been withdrawn from arXiv by the authors", True),
        ("Troops were withdrawn by the authors of the plan.", False),
        ("This article was removed by arXiv admins", True),
        ("arXiv admin note: this version has been removed by arXiv administrators", True),
        ("arXiv admin note: text overlap with arXiv:1706.03762", False),
        ("The tumour was removed by the editors' surgeon", False),
        ("", False),
    ],
)
def test_withdrawals(text: str, *, is_struck: bool) -> None:
    """The words must speak of the paper itself."""
    assert bool(withdrawal_note(text)) is is_struck


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("WITHDRAWN: On boats", "withdrawn"),
        ("[Retracted] On boats", "retracted"),
        ("RETRACTED ARTICLE: On boats", "retracted"),
        ("Retraction Note to: On boats", "retracted"),
        ("Retraction: On boats", "retracted"),
        ("Notice of Retraction: On boats", "retracted"),
        ("Retraction notice to “On boats”", "retracted"),
        ("On boats (Retracted article. See vol. 3, 2009)", "retracted"),
        ("On boats [WITHDRAWN]", "withdrawn"),
        ("REMOVED: On boats", "withdrawn"),
        ("On boats (retracted or not)", ""),
        ("Withdrawal notice: On boats", "withdrawn"),
        ("Withdrawal: a study of alcohol", ""),
        ("Retraction of the nipple", ""),
        ("Retracted papers and their citations", ""),
        ("On boats", ""),
    ],
)
def test_struck_titles(title: str, word: str) -> None:
    """Publishers say it before the title, in a few ways; a paper about retractions is none."""
    assert struck_title(title) == word


def test_abbreviations_do_not_unfold_without_end() -> None:
    """An abbreviation that names another twice doubles it: forty lines would be a terabyte. What is too much keeps its name."""
    doubled = '@string{a = "wax "}\n' + "@string{a = a # a}\n" * 40 + "@article{k, title = a, note = {boats}}"
    chained = '@string{a = "' + "x" * 20_000 + '"}\n@article{k, title = ' + " # ".join(["a"] * 20_000) + "}"
    spread = '@string{a = "' + "x" * 20_000 + '"}\n' + "".join(f"@article{{k{n}, title = a}}\n" for n in range(5_000))
    for text in (doubled, chained, spread):
        begun = time.process_time()
        found = entries(text)

        assert sum(len(value) for entry in found for value in entry.fields.values()) < 2 * MAX_EXPANDED_CHARS + len(text)
        assert time.process_time() - begun < 20.0
    assert entries(doubled)[0].fields["note"] == "boats"


def test_an_entry_has_a_bounded_number_of_fields() -> None:
    """A parent of countless fields would be copied into each of its countless children."""
    parent = "@book{p, title = {Boats}, " + ", ".join(f"f{n} = 1" for n in range(5_000)) + "}\n"
    (first, *_) = entries('@article{k, crossref = "p"}\n' + parent)

    assert len(first.fields) <= 2 * MAX_FIELDS
    assert first.fields["booktitle"] == "Boats"
