"""The PDF: the whole report, page by page, the same bytes each time, nothing evaluated."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.errors import PublishError
from sovereign.exports import pdf
from sovereign.exports.teller import tell
from sovereign.model import AnswerKind, Ask, CitedSentence, Draft, Finding, Objection, Report
from standins import answers
from standins import reports as fakes


def _made(report: Report) -> bytes:
    return pdf.pdf(report, tell(report, version=1))


def _text(data: bytes) -> str:
    """Give the PDF's words without white space, hyphens and invisible signs, which typesetting moves."""
    with pypdfium2.PdfDocument(data) as document:
        pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return "".join(sign for sign in "".join(pages) if not sign.isspace() and sign not in "\u200b\u2068\u2069\ufffe\x02-")


@pytest.fixture(scope="module")
def approved() -> bytes:
    """Give the PDF of the approved report, which needs no font of the machine but for one Chinese quote."""
    return _made(fakes.approved_report())


def test_same_bytes(approved: bytes) -> None:
    """No clock and no chance take part."""
    assert _made(fakes.approved_report()) == approved


def test_holds_every_section(approved: bytes) -> None:
    """Title, sections, counts line, claims and references are all there."""
    text = _text(approved)
    story = tell(fakes.approved_report(), version=1)

    for words in (story.title, story.counts, "5 Extracted Claims", *(paper.authors for paper in story.references[:1])):
        assert "".join(words.split()).replace("-", "") in text
    assert "".join(story.rows[0].text.split()).replace("-", "") in text


def test_links_lead_out_and_in(approved: bytes) -> None:
    """Citations lead to rows of the same file, references to arXiv and DOI."""
    assert b"https://arxiv.org/abs/2401.00001v2" in approved
    assert b"/Dest" in approved or b"/GoTo" in approved


def test_the_date_is_the_report_s(approved: bytes) -> None:
    """The moment of making is the day the report speaks of."""
    with pypdfium2.PdfDocument(approved) as document:
        told = document.get_metadata_dict()

    assert told["CreationDate"].startswith("D:20260115")
    assert told["Title"] == fakes.approved_report().goal.question


def test_hostile_words_are_words() -> None:
    """Typst markup in a paper's words is printed, not run."""
    words = '#read("x") #import "@preview/x" *b* $ x $ = h @ref <label> \\ #sys.inputs'
    report = fakes.bare_report()
    draft = Draft((CitedSentence(words),), (Finding(words, (CitedSentence(words),)),), (), ())

    text = _text(_made(replace(report, draft=draft)))

    assert text.count("".join(words.split())) == 3


def test_formulas_are_readable(approved: bytes) -> None:
    """TeX between dollars is shown as a line of letters and signs."""
    assert "whenk=2of32×4dexpertsareactive" in _text(approved)


def test_a_report_of_every_script_is_typeset() -> None:
    """Greek, Chinese, Hebrew, Arabic and hostile text in one report; where no font has a sign, the PDF says so."""
    data = _made(fakes.rich_report())

    assert data.startswith(b"%PDF-")
    assert "Ψηλός" in _text(data)


def test_a_sign_without_any_font_is_admitted() -> None:
    """A sign that no font at hand can draw does not stop the report."""
    report = fakes.bare_report()
    draft = Draft((CitedSentence("A sign: \U0001fbff\U0010fffd."),), (), (), ())

    assert "nofontonthemachine" in _text(_made(replace(report, draft=draft)))


def test_a_failing_typesetter_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the template is an error with a way round it, and never half a PDF."""
    monkeypatch.setattr(pdf, "_TEMPLATE", "report/version.md.j2")

    with pytest.raises(PublishError, match="expected a PDF") as caught:
        _made(fakes.bare_report())

    assert "--no-pdf" in caught.value.tip


@pytest.mark.slow
@given(st.text(st.characters(codec=None), max_size=60) | st.text('#*_$[]{}<>@\\"`=-+/ \tאמת字€𝔸\u202e\u2068\u200b', max_size=60))
@settings(max_examples=30, deadline=None)
def test_any_text_is_typeset(text: str) -> None:
    """Whatever papers, models and people write, there is a PDF."""
    assert _made(fakes.filled_report("x" + text)).startswith(b"%PDF-")


def test_a_long_table_goes_over_pages() -> None:
    """A hundred claims are all there, with the table's head on every page."""
    report = fakes.approved_report()
    claims = tuple(
        fakes.claim(fakes.ONE, 10_000 + 100 * number, f"Claim number {number} holds in all {number} cases.") for number in range(100)
    )
    evidence = tuple(replace(report.draft.evidence[1], claim=claim.id, witnesses=()) for claim in claims)

    text = _text(_made(replace(report, draft=Draft((), (), claims, evidence))))

    assert all(f"C{number + 1}Claimnumber{number}holdsinall{number}cases." in text for number in range(100))
    assert text.count("ClaimGradeConfidence") >= 3


def _pages(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        return [document[number].get_textpage().get_text_bounded() for number in range(len(document))]


def _many(number: int) -> Report:
    """Give the answered report with so many claims, each with a witness for and against it and its context."""
    base = answers.report()
    words = "Waxed hulls of series {0} floated {0} minutes longer than the plain ones in the basin, and none of them sank within the hour."
    claims = tuple(
        replace(fakes.claim(fakes.ONE, 900 * at + 11, words.format(at + 2)), before="", after="It was so.") for at in range(number)
    )
    first = base.draft.evidence[0]
    evidence = tuple(replace(first, claim=claim.id) for claim in claims)
    objections = tuple(Objection("only its own paper bears it out", Ask.NOTE, claim.id) for claim in claims)
    last = base.tribunal.last
    hearing = replace(last, reviews=tuple(replace(review, objections=objections) for review in last.reviews))
    findings = (Finding("Wax", tuple(CitedSentence(claim.text, (claim.id,)) for claim in claims[:12])),)
    keys = tuple(replace(base.draft.answer.findings[0], claims=(claim.id,)) for claim in claims[:7])
    answer = replace(base.draft.answer, claims=(claims[0].id,), facets=(), findings=keys)
    draft = Draft((), findings, claims, evidence, answer=answer)
    papers = (fakes.PAPERS[0], *base.papers)
    return replace(base, papers=papers, draft=draft, tribunal=replace(base.tribunal, hearings=(hearing,)))


def test_the_answer_stands_on_page_one() -> None:
    """Answer, strength, the table of papers and why it waits are on the first page; its header says that it is a draft."""
    first = " ".join(_pages(_made(answers.report()))[0].split())

    for words in (
        "It lengthens it: by 31 minutes",
        "It rests on three papers",
        "Nothing was found on varnish.",
        "Ostrow et al. 2024",
        "The rules left it to its owner",
    ):
        assert words in first
    assert "Draft unless its owner approved it" in first


def test_twenty_four_claims_take_eight_pages_and_an_annex() -> None:
    """Before the annex there are at most eight pages; the annex has every claim's evidence."""
    pages = _pages(_made(_many(24)))

    body = next(at for at, text in enumerate(pages) if "Annex A: methodology in full" in text)
    assert body < 8
    annex = "".join("".join(pages[body:]).split())
    assert all(f"C{number}✓corroborated" in annex for number in range(1, 25))


def test_nothing_leaves_the_page_or_its_column() -> None:
    """An objection to many claims breaks within its column: no letter stands outside the margins, none upon another's place."""
    with pypdfium2.PdfDocument(_made(_many(60))) as document:
        for page in document:
            text = page.get_textpage()
            boxes = [text.get_charbox(at) for at in range(text.count_chars()) if text.get_text_range(at, 1).strip()]
            width, _ = page.get_size()
            assert all(left > 60 and right < width - 60 for left, _, right, _ in boxes)
            centres = [(round((left + right) / 2, 1), round((bottom + top) / 2, 1)) for left, bottom, right, top in boxes]
            # The letters of a ligature share its place.
            alone = [one for at, one in enumerate(centres) if at == 0 or one != centres[at - 1]]
            assert len(alone) == len(set(alone))


@pytest.mark.parametrize("words", [90, 110, 130, 150])
def test_no_finding_is_cut_between_pages(words: int) -> None:
    """The table of findings goes over pages between two findings: each stands whole on one of them, its grade with it."""
    base = answers.report(AnswerKind.MIXED)
    texts = [f"Finding {at} holds: " + " ".join(f"w{at}x{word}" for word in range(words)) + "." for at in range(len(base.draft.claims))]
    claims = tuple(
        replace(claim, text=text, quote=replace(claim.quote, text=text, end=claim.quote.start + len(text)), before="", after="")
        for claim, text in zip(base.draft.claims, texts, strict=True)
    )
    keys = tuple(replace(base.draft.answer.findings[0], text=claim.text, claims=(claim.id,)) for claim in claims)
    evidence = tuple(replace(item, claim=claim.id, witnesses=()) for claim, item in zip(claims, base.draft.evidence, strict=True))
    answer = replace(base.draft.answer, claims=(), facets=(), findings=keys)
    draft = replace(base.draft, abstract=(), findings=(), contradictions=(), claims=claims, evidence=evidence, answer=answer)

    with pypdfium2.PdfDocument(_made(replace(base, draft=draft))) as document:
        pages = ["".join(document[at].get_textpage().get_text_bounded().split()).replace("\ufffe", "") for at in range(len(document))]

    table = pages[: next(at for at, page in enumerate(pages) if "1Introduction" in page) + 1]
    starts = ["".join(f"“{text}".split()) for text in texts]
    assert all(any(start in page for page in table) for start in starts)
    assert not all(start in table[0] for start in starts)
