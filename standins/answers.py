"""Reports whose draft holds an Answer, one of each kind. Every paper, author and number in here is invented for these tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sovereign.model import (
    NO_ANSWER,
    Answer,
    AnswerKind,
    Check,
    CheckName,
    CitedSentence,
    Claim,
    Contradiction,
    Decision,
    Direction,
    Draft,
    Engine,
    Evidence,
    Facet,
    Fate,
    Finding,
    Form,
    Goal,
    Grade,
    Hit,
    KeyFinding,
    Paper,
    Passage,
    Probabilities,
    Report,
    Role,
    Ruling,
    Source,
    Stage,
    Stance,
    Strength,
    Verdict,
    Witness,
    text_sha256,
)
from standins import reports as fakes

# The texts of papers are as long as they are.
_ROWS = (
    # paper, section, page, grade, before, quote, after
    (
        0,
        "4.2 Lakes in wind",
        5,
        Grade.CORROBORATED,
        "We ran each hull ten times.",
        "In wind of 4 m/s the waxed hulls floated 31 minutes longer than the plain ones (95% CI 24 to 38).",
        "Without wind both floated until we stopped.",
    ),
    (
        1,
        "3 Results",
        None,
        Grade.VERIFIED,
        "The basin held 40 litres of fresh water.",
        "Beeswax lengthened the time afloat by 27.5 minutes on average.",
        "One hull of ten sank at once.",
    ),
    (
        2,
        "Results",
        11,
        Grade.QUOTED,
        "",
        "Waxing extended flotation by 12 minutes in salt water, half of what we had seen in fresh water.",
        "",
    ),
    (
        3,
        "5 Discussion",
        None,
        Grade.DISPUTED,
        "Our hulls were folded by one person.",
        "We found no significant difference between waxed and plain hulls after 20 minutes.",
        "The sample was small.",
    ),
    (0, "4.3 Folds", 6, Grade.QUOTED, "", "Hulls with a double bottom took in 40% less water than those with a single one.", ""),
    (1, "4 Limits", None, Grade.QUOTED, "", "All boats were folded from paper of 80 g/m² by the same two people.", ""),
)
_TITLES = (
    ("Wax and Wind: How Long Do Paper Hulls Stay Afloat?", ("Ada Quill", "Ben Reed", "Cleo Marsh"), 2021),
    ("Beeswax on Folded Hulls", ("Dora Finch",), 2022),
    ("Paper Boats in Salt Water", ("Emil Strand", "Fay Low"), 2023),
    ("A Null Result on Waxed Paper", ("Gil Ostrow", "Hana Weir", "Ivo Kell"), 2024),
)
PAPERS = tuple(
    Paper(
        id=f"arxiv:24{number + 1:02}.0000{number + 1}v1",
        title=title,
        authors=authors,
        published=date(year, 5, 4),
        arxiv_id=f"24{number + 1:02}.0000{number + 1}v1",
        url=f"https://arxiv.org/abs/24{number + 1:02}.0000{number + 1}v1",
        hits=(Hit("arxiv", "q1", number + 1),),
    )
    for number, (title, authors, year) in enumerate(_TITLES)
)
_VERDICTS = {
    Grade.CORROBORATED: (Verdict.SUPPORTED, (0.95, 0.04, 0.01)),
    Grade.VERIFIED: (Verdict.SUPPORTED, (0.88, 0.1, 0.02)),
    Grade.QUOTED: (Verdict.INSUFFICIENT, None),
    Grade.DISPUTED: (Verdict.REFUTED, (0.05, 0.1, 0.85)),
}


def _claim(at: int) -> Claim:
    paper, section, page, _, before, quote, after = _ROWS[at]
    where = Passage(PAPERS[paper].id, 1000 + 700 * at, 1000 + 700 * at + len(quote), quote, section, Role.RESULTS, page=page)
    return Claim(quote, where, text_sha256(PAPERS[paper].id), relevance=0.8, before=before, after=after)


CLAIMS = tuple(_claim(at) for at in range(len(_ROWS)))
IDS = tuple(claim.id for claim in CLAIMS)


def _witness(at: int, stance: Stance, odds: tuple[float, float, float], *, own: bool) -> Witness:
    return Witness(CLAIMS[at].quote, stance, Probabilities(*odds), own)


def _evidence(at: int) -> Evidence:
    grade = _ROWS[at][3]
    verdict, odds = _VERDICTS[grade]
    witnesses: tuple[Witness, ...] = ()
    if at in {0, 1}:
        witnesses = (
            _witness(1 - at, Stance.SUPPORTS, (0.91, 0.07, 0.02), own=False),
            _witness(3, Stance.REFUTES, (0.04, 0.1, 0.86), own=False),
        )
    if at == 3:
        witnesses = (_witness(0, Stance.REFUTES, (0.04, 0.1, 0.86), own=False), _witness(1, Stance.REFUTES, (0.05, 0.12, 0.83), own=False))
    checks = (
        Check(CheckName.QUOTE, passed=True, detail="found"),
        Check(CheckName.NUMBERS, passed=True, detail="31"),
        Check(CheckName.UNITS, passed=None, detail=""),
    )
    return Evidence(
        CLAIMS[at].id,
        verdict,
        odds[0] if odds else None,
        Probabilities(*odds) if odds else None,
        witnesses,
        checks,
        0.3,
        "cascade/1",
        grade,
    )


EVIDENCE = tuple(_evidence(at) for at in range(len(_ROWS)))
_FACETS = (
    Facet("wax on the hull", (IDS[0], IDS[1], IDS[2], IDS[3]), 0.4),
    Facet("wind", (IDS[0],), 0.2),
    Facet("salt water", (IDS[2],), 0.2),
    Facet("varnish", (), 0.2),
)
_KEYS = (
    KeyFinding(CLAIMS[0].text, (IDS[0],), "yes"),
    KeyFinding(CLAIMS[1].text, (IDS[1],), "yes"),
    KeyFinding(CLAIMS[2].text, (IDS[2],), "yes"),
    KeyFinding(CLAIMS[3].text, (IDS[3],), "no"),
)
_STRENGTH = Strength(papers=3, independent=3, against=1, verified=2, findings=4, relevance=0.9)
_HEADLINES = {
    AnswerKind.YES: (
        "Does wax keep paper boats afloat longer?",
        (
            "Yes: 12 minutes in 1 paper, 27.5 to 31 minutes in 2 papers. Quill et al. (2021): “In wind of 4 m/s the waxed hulls floated 31 "
            "minutes longer than the plain ones (95% CI 24 to 38).” Strand and Low (2023): “Waxing extended flotation by 12 minutes in "
            "salt water, half of what we had seen in fresh water.”"
        ),
    ),
    AnswerKind.NO: ("Does wax make paper boats sink sooner?", "No: no paper reports that waxed boats sink sooner."),
    AnswerKind.MIXED: (
        "Does wax matter after 20 minutes?",
        "The papers disagree: three report longer flotation, one finds no significant difference.",
    ),
    AnswerKind.AMOUNT: (
        "By how many minutes does wax lengthen the time afloat of paper boats?",
        "By 12 to 31 minutes, depending on water and wind.",
    ),
    AnswerKind.EFFECT: (
        "How does wax change the time that paper boats stay afloat, in wind and in salt water?",
        "It lengthens it: by 31 minutes in wind of 4 m/s, by 12 minutes in salt water.",
    ),
    AnswerKind.LIST: ("What has been tried to keep paper boats afloat?", "Beeswax on the hull, and a double bottom."),
    AnswerKind.CAUSE: ("Why do paper boats sink?", "They take in water through the folds; a double bottom takes in 40% less."),
    AnswerKind.HOW: ("How can a paper boat be kept afloat?", "Wax its hull and fold it with a double bottom."),
    AnswerKind.NOT_ANSWERED: ("Which varnish keeps a paper boat afloat for a year?", NO_ANSWER.headline),
}
_RULES = (
    Ruling("tribunal-approves", passed=True, detail="7.4/10 → APPROVE; 6.5 is asked"),
    Ruling("no-contradiction", passed=False, detail=f"2 claims in Findings contradicted by another paper: {IDS[0]}, {IDS[1]}"),
    Ruling("enough-verified", passed=False, detail="2 of 6 claims in Findings are verified (33%); 60% is asked"),
    Ruling("rubric-may-approve", passed=False, detail="no language model took part, and allow_rubric_approval is false"),
)


def answer(kind: AnswerKind) -> Answer:
    """Give an answer of this kind; one that answers nothing rests on nothing."""
    headline = _HEADLINES[kind][1]
    if kind is AnswerKind.NOT_ANSWERED:
        return Answer(kind, headline, facets=(*_FACETS[:1], Facet("a year", (), 0.4), _FACETS[3]))
    is_measured = kind in {AnswerKind.AMOUNT, AnswerKind.EFFECT, AnswerKind.YES}
    keys = _KEYS if kind in {AnswerKind.YES, AnswerKind.NO, AnswerKind.MIXED} else tuple(replace(key, stance="") for key in _KEYS)
    return Answer(kind, headline, IDS[:3], keys, _FACETS, _STRENGTH, Direction.INCREASED if is_measured else None)


def report(kind: AnswerKind = AnswerKind.EFFECT, *, slug: str = "waxed-boats") -> Report:
    """Give a report with an answer of this kind; it waits for its owner."""
    base = fakes.approved_report()
    draft = Draft(
        abstract=(CitedSentence(_HEADLINES[kind][1], IDS[:3]), CitedSentence("Four papers were read in full.")),
        findings=(
            Finding("Wax on the hull", tuple(CitedSentence(claim.text, (claim.id,)) for claim in CLAIMS[:4])),
            Finding("On the question as a whole", tuple(CitedSentence(claim.text, (claim.id,)) for claim in CLAIMS[4:])),
        ),
        claims=CLAIMS,
        evidence=EVIDENCE,
        contradictions=tuple(
            Contradiction(item.claim, witness) for item in EVIDENCE for witness in item.witnesses if witness.stance is Stance.REFUTES
        ),
        answer=answer(kind),
    )
    return replace(
        base,
        goal=Goal(slug=slug, question=_HEADLINES[kind][0], tags=("boats",)),
        engine=Engine.LOCAL,
        papers=PAPERS,
        fates=tuple(Fate(paper.id, paper.title, Stage.READ, "read from LaTeX", 0.9) for paper in PAPERS),
        sources=tuple(Source(paper.id, Form.LATEX, text_sha256(paper.id), "a" * 64, 40_000) for paper in PAPERS),
        draft=draft,
        decision=Decision(_RULES),
    )
