"""Report -> Told: the answer retold for people, the same for page, PDF, pull request and terminal, so that they cannot differ.

Everything in a Told is text, not yet escaped for any format. What is doubtful is told beside what was found, never after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sovereign.citing import names
from sovereign.citing.quotation import is_quotation, quotation
from sovereign.exports import account, glossary, links
from sovereign.exports.glossary import Reason
from sovereign.language.lexical import content_stems
from sovereign.language.quantities import quantities
from sovereign.model import (
    Answer,
    AnswerKind,
    Claim,
    Contradiction,
    Form,
    GapKind,
    Paper,
    PaperStatus,
    Passage,
    Report,
    Strength,
)
from sovereign.text import counted

# Two contradictions between the same papers are one disagreement where their claims share this share of the shorter one's words.
_SAME_SUBJECT = 0.5
# How many words two contradictions about quantities of one kind must share to be about one thing.
_SAME_THING = 2
_CLAIM_ID = re.compile(r"\bc[0-9a-f]{10}\b")
_LABELS = re.compile(r"\bC\d+(?:, C\d+)+\b")
_PAIR = 2
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass(frozen=True, slots=True)
class Said:
    """One finding of one paper: the claim's label, its words and those of its quote, where they stand, and the grade in words.

    Attributes:
        claim: The claim's id; empty for a passage of a paper that speaks against a finding and is no claim of this report.
        words: The claim's words as a quotation: in marks what stands in the paper, with […] for what was left out.
        setting: The parts of the question that it speaks to.
        stance: "yes", "no", or nothing where the question is no such question.
    """

    claim: str
    label: str
    text: str
    quote: str
    words: str
    place: str
    link: str
    grade: str
    sign: str
    setting: str = ""
    stance: str = ""

    @property
    def is_quoted(self) -> bool:
        """Whether its words are its paper's."""
        return is_quotation(self.words)


@dataclass(frozen=True, slots=True)
class Line:
    """One paper of the answer's table, by its reference number (0 where it is not listed) and short name; `parts` are the question's."""

    number: int
    name: str
    said: tuple[Said, ...]
    is_against: bool = False
    parts: tuple[str, ...] = ()

    @property
    def stance(self) -> str:
        """Give what it says to a question that asks for yes or no: "yes", "no", "yes, no", "otherwise", or nothing."""
        return "otherwise" if self.is_against else ", ".join(dict.fromkeys(said.stance for said in self.said if said.stance))

    @property
    def setting(self) -> str:
        """Give the parts of the question that its findings speak to, in the question's order."""
        told = {part for said in self.said for part in said.setting.split(", ")}
        return ", ".join(part for part in self.parts if part in told)


@dataclass(frozen=True, slots=True)
class Told:
    """The answer, and what a person needs to know of it at first sight.

    Attributes:
        kind: "Yes", "No", "Not answered" and so on.
        lead, voices: The headline in two: the answer in a few words, and who says what; one of them is empty where there is only the other.
        claims: (id, label) of the claims that the headline rests on.
        sides: How many papers say yes and how many no, in one sentence; empty where the question is no such question, or all say the same.
        sure: How sure, and by how many papers, in one or two sentences.
        lines: One a paper, those that bear the answer first.
        left_open: The parts of the question for which nothing was found; open: those of them that the headline does not name.
        doubts: What else is doubtful, a sentence each.
        waits: Why it waits for its owner, in one sentence, or that every rule held; left: the same in words that stay true afterwards.
        judged: The reviewers' score and what follows from it, in one sentence.
    """

    kind: str
    is_answered: bool
    headline: str
    lead: str
    voices: str
    claims: tuple[tuple[str, str], ...]
    sides: str
    sure: str
    lines: tuple[Line, ...]
    open: tuple[str, ...]
    left_open: tuple[str, ...]
    doubts: tuple[str, ...]
    waits: str
    left: str
    judged: str
    reasons: tuple[Reason, ...]
    has_settings: bool
    has_stances: bool


def tell(report: Report) -> Told:
    """Give the answer of a report, retold."""
    answer, looked = report.draft.answer, Lookup(report)
    lead, voices = _parted(report, looked)
    lines = _distinct(_lines(report, looked))
    settings = {line.setting for line in lines}
    stances = {line.stance for line in lines}
    return Told(
        kind=glossary.ANSWERS[answer.kind],
        is_answered=answer.is_answered,
        headline=answer.headline,
        lead=lead,
        voices=voices,
        claims=tuple((claim, looked.labels[claim]) for claim in answer.claims),
        sides=_sides(report),
        sure=sure(report),
        lines=lines,
        # Where the headline says it, it is not said again beside it.
        open=tuple(name for name in answer.left_open if name not in answer.headline),
        left_open=answer.left_open,
        doubts=tuple(_doubts(report)),
        waits=glossary.waits(report),
        left=glossary.left(report),
        judged=glossary.judged(report),
        reasons=tuple(replace(reason, seen=looked.labelled(reason.seen)) for reason in glossary.reasons(report.decision)),
        # A column that says the same in every row says nothing.
        has_settings=len(settings) > 1,
        has_stances=len(stances) > 1 and bool(stances - {"", "otherwise"}),
    )


def _parted(report: Report, looked: Lookup) -> tuple[str, str]:
    """Give the headline's own words, and what it quotes: from the first paper on that it names as speaking."""
    answer = report.draft.answer
    called = names.references(report.papers)
    speakers = [called[paper] for claim in answer.claims if (paper := looked.claims[claim].paper) in called]
    at = [answer.headline.find(f"{name}: ") for name in speakers]
    start = min((place for place in at if place >= 0), default=len(answer.headline))
    return answer.headline[:start].strip(), answer.headline[start:]


def sure(report: Report) -> str:
    """Say how sure the answer is, and by how many papers."""
    answer = report.draft.answer
    if not answer.is_answered:
        return "What the papers say that comes nearest stands below." if answer.findings else ""
    if not answer.strength.papers:
        return ""
    return f"{_sides(report) or _agreement(answer.strength)} {_borne_out(answer)}".strip()


def _sides(report: Report) -> str:
    """Count the papers that say yes, those that say no and those that say both; nothing where the question is no such question."""
    papers = {claim.id: claim.paper for claim in report.draft.claims}
    sides: dict[str, dict[str, None]] = {"yes": {}, "no": {}}
    for key in report.draft.answer.findings:
        if key.stance in sides:
            sides[key.stance] |= dict.fromkeys(papers[claim] for claim in key.claims)
    both = sides["yes"].keys() & sides["no"].keys()
    parted = {**{side: found.keys() - both for side, found in sides.items()}, "both": both}
    told = [f"{_papers(len(found))} {'says' if len(found) == 1 else 'say'} {side}" for side, found in parted.items() if found]
    if len(told) == 1 and report.draft.answer.kind is AnswerKind.MIXED and not both:
        side, count = next((side, len(found)) for side, found in parted.items() if found)
        return f"Only {_papers(count).lower()} {'takes' if count == 1 else 'take'} a side: {side}."
    return f"{', '.join([told[0], *(words.lower() for words in told[1:])])}." if told else ""


def _papers(number: int) -> str:
    return f"{_number(number)} {'paper' if number == 1 else 'papers'}"


def _agreement(strength: Strength) -> str:
    papers, against = strength.papers, strength.against
    other = f", and {_papers(against).lower()} {'says' if against == 1 else 'say'} otherwise" if against else ""
    shared = ""
    if papers > 1 and strength.independent < papers:
        shared = f" Some share authors: they count as {_number(strength.independent).lower()} independent ones."
        if strength.independent == 1:
            shared = " They share authors, so they are no independent ones."
    return f"It rests on {_papers(papers).lower()}{other}.{shared}"


def _borne_out(answer: Answer) -> str:
    """Count the findings that the checker bears out: the papers' own words by a second passage, a model's words by their quotes too."""
    strength, how = answer.strength, "borne out by the checker" if answer.by_model else "confirmed by a second passage"
    if not strength.findings:
        return ""
    if strength.findings == 1:
        return f"Its one finding is {'' if strength.verified else 'not '}{how}."
    share = f"{strength.verified or 'None'} of {strength.findings}"
    if strength.verified == strength.findings:
        share = "Both" if strength.findings == _PAIR else f"All {strength.findings}"
    return f"{share} findings {'is' if strength.verified <= 1 else 'are'} {how}."


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def disagreements(report: Report) -> tuple[tuple[Contradiction, tuple[Contradiction, ...]], ...]:
    """Give each disagreement once: a contradiction, and those that restate it."""
    claims = {claim.id: claim for claim in report.draft.claims}
    found: list[tuple[Contradiction, list[Contradiction]]] = []
    for item in report.draft.contradictions:
        first = next((known for known in found if any(_is_same(one, item, claims) for one in (known[0], *known[1]))), None)
        if first is None:
            found.append((item, []))
        else:
            first[1].append(item)
    return tuple((first, tuple(others)) for first, others in found)


def _is_same(one: Contradiction, other: Contradiction, claims: dict[str, Claim]) -> bool:
    """Whether two contradictions are one disagreement: over the same passage, or of the same two papers on the same subject.

    The subject is the same where most words are, or where both sides of both measure the same kind of quantity of one thing.
    """
    mine, theirs = (claims[one.claim].quote, one.witness.passage), (claims[other.claim].quote, other.witness.passage)
    if {passage.span for passage in mine} & {passage.span for passage in theirs}:
        return True
    if {passage.paper for passage in mine} != {passage.paper for passage in theirs}:
        return False
    words, others = ({stem for passage in pair for stem in content_stems(passage.text)} for pair in (mine, theirs))
    if len(words & others) >= _SAME_SUBJECT * min(len(words), len(others)):
        return True
    measured = set.intersection(*({q.dimension for q in quantities(passage.text) if q.dimension} for passage in (*mine, *theirs)))
    return bool(measured) and len(words & others) >= _SAME_THING


# --- Lines -------------------------------------------------------------------------------------------------------


class Lookup:
    """Labels, numbers, names and places of one report."""

    def __init__(self, report: Report) -> None:
        self.papers: dict[str, Paper] = {paper.id: paper for paper in report.papers}
        self._names = account.short_names(report.papers)
        self.numbers = {paper.id: number for number, paper in enumerate(report.papers, 1)}
        self.forms: dict[str, Form] = {source.paper: source.form for source in report.sources}
        self.labels = {claim.id: f"C{number}" for number, claim in enumerate(report.draft.claims, 1)}
        self.claims = {claim.id: claim for claim in report.draft.claims}
        self.facets = report.draft.answer.facets

    def name(self, paper: str) -> str:
        """Give a paper's short name; of one that is not in the list (merged into another), its id."""
        return self._names.get(paper, paper)

    def link(self, passage: Passage) -> str:
        """Give the address at which a passage can be read in its place; empty where there is none."""
        paper = self.papers.get(passage.paper)
        return links.quote_url(paper, self.forms.get(passage.paper), passage) if paper else ""

    def labelled(self, words: str) -> str:
        """Give the words with each claim by its label, as the page has it."""
        told = _CLAIM_ID.sub(lambda found: self.labels.get(found[0], found[0]), words)
        return _LABELS.sub(lambda found: ", ".join(sorted(found[0].split(", "), key=lambda label: int(label[1:]))), told)

    def setting(self, claim: str) -> str:
        """Give the facets of the question that a claim speaks of."""
        return ", ".join(facet.name for facet in self.facets if claim in facet.claims)


def _lines(report: Report, looked: Lookup) -> list[Line]:
    by_paper: dict[str, list[Said]] = {}
    told: set[str] = set()
    for key in report.draft.answer.findings:
        for claim_id in key.claims:
            claim = looked.claims[claim_id]
            if claim_id not in told:
                by_paper.setdefault(claim.paper, []).append(_said(report, looked, claim, key.stance))
            told.add(claim_id)
    against = _against(report, looked, told)
    papers = {paper: (*said, *against.pop(paper, ())) for paper, said in by_paper.items()}
    parts = tuple(part for facet in looked.facets for part in facet.name.split(", "))

    def line(paper: str, said: tuple[Said, ...], *, is_against: bool) -> Line:
        return Line(looked.numbers.get(paper, 0), looked.name(paper), said, is_against, parts)

    lines = [line(paper, said, is_against=False) for paper, said in papers.items()]
    return lines + [line(paper, said, is_against=True) for paper, said in against.items()]


def _distinct(lines: list[Line]) -> tuple[Line, ...]:
    """Give the lines without the parts of the question that every finding speaks to: they tell none from another."""
    parts = [said.setting.split(", ") for line in lines for said in line.said if said.setting]
    common = set(parts[0]).intersection(*parts[1:]) if len(parts) > 1 else set()

    def told(said: Said) -> Said:
        return replace(said, setting=", ".join(part for part in said.setting.split(", ") if part not in common))

    return tuple(replace(line, said=tuple(told(said) for said in line.said)) for line in lines)


def _said(report: Report, looked: Lookup, claim: Claim, stance: str) -> Said:
    term = glossary.GRADES[glossary.grade(report.draft.evidence_of(claim.id))]
    return Said(
        claim=claim.id,
        label=looked.labels[claim.id],
        text=claim.text,
        quote=claim.quote.text,
        words=quotation(claim.text, claim.quote.text),
        place=place(claim.quote),
        link=looked.link(claim.quote),
        grade=term.name,
        sign=term.sign,
        setting=looked.setting(claim.id),
        stance=stance,
    )


def _against(report: Report, looked: Lookup, told: set[str]) -> dict[str, tuple[Said, ...]]:
    """Give, by paper, the passages that say otherwise about a key finding and are no key findings themselves."""
    quoted = {claim.quote.span: claim.id for claim in report.draft.claims}
    by_paper: dict[str, tuple[Said, ...]] = {}
    for item, _ in disagreements(report):
        passage = item.witness.passage
        own = quoted.get(passage.span, "")
        if item.claim not in told or own in told:
            continue
        label = looked.labels.get(own, "")
        about = looked.labels[item.claim]
        said = Said(
            own,
            label,
            passage.text,
            passage.text,
            quotation(passage.text, passage.text),
            place(passage),
            looked.link(passage),
            f"against {about}",
            "≠",
        )
        by_paper[passage.paper] = (*by_paper.get(passage.paper, ()), said)
    return by_paper


def place(passage: Passage) -> str:
    """Say where a passage stands, for people: section and page."""
    page = f", page {passage.page}" if passage.page else ""
    return f"{passage.section or passage.role.value}{page}"


# --- Doubts ------------------------------------------------------------------------------------------------------


def _doubts(report: Report) -> list[str]:
    told = [sentence for sentence in _of_papers(report) if sentence]
    failed = sum(1 for gap in report.gaps if gap.step == "search" and gap.kind in {GapKind.TIMED_OUT, GapKind.REFUSED})
    if failed:
        told.append(f"{failed} {'search' if failed == 1 else 'searches'} could not be done as planned, so papers may be missing.")
    if report.draft.answer.by_model:
        told.append("A language model worded the answer; each sentence of it was checked against the papers.")
    return told


def _of_papers(report: Report) -> list[str]:
    used = {claim.paper for claim in report.draft.claims}
    names = account.short_names(report.papers)
    gone = [f"{names[paper.id]} was {paper.status.value}" for paper in report.papers if paper.status is not PaperStatus.CURRENT]
    signed = dict.fromkeys(names.get(sign.paper, sign.paper) for sign in report.signs if sign.is_sure)
    short = sum(1 for source in report.sources if source.form is Form.ABSTRACT and source.paper in used)
    return [
        f"{'; '.join(gone)}." if gone else "",
        f"Text that speaks to the reviewer or is hidden stands in {', '.join(signed)}; it was not obeyed." if signed else "",
        f"{counted(short, 'paper')} could be read as the abstract only." if short else "",
    ]
