"""Report -> Story: looks up numbers, labels, places and links, and puts what happened into rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from textwrap import shorten

from sovereign.citing.quotation import is_quotation, quotation
from sovereign.exports import account, answers, changes, effects, glossary, limits, links, markup, untex
from sovereign.exports.answers import Told
from sovereign.exports.effects import Effect
from sovereign.exports.story import Cited, Complaint, Heard, Mark, Reference, Round, Row, Side, Step, Story, Titles, Voice
from sovereign.language import inquiry
from sovereign.language.quantities import agree, quantities
from sovereign.model import (
    Amendment,
    AnswerKind,
    CheckName,
    CitedSentence,
    Claim,
    Contradiction,
    Evidence,
    Hearing,
    JudgeRole,
    Objection,
    Paper,
    Passage,
    Report,
    Ruling,
    Stage,
    Stance,
    Witness,
)
from sovereign.text import counted, fold

_SENTENCE_CHARS = 90
"""How much of a sentence names it."""


def tell(report: Report, *, version: int, earlier: Report | None = None) -> Story:
    """Give the report's story; `earlier` is the version before, to say what changed."""
    teller = _Teller(report)
    last = report.tribunal.last
    rows = tuple(teller.row(claim, item) for claim, item in zip(report.draft.claims, report.draft.evidence, strict=True))
    answer = answers.tell(report)
    is_measured = report.draft.answer.kind in {AnswerKind.AMOUNT, AnswerKind.EFFECT} or inquiry.asks_amount(report.goal.question)
    measured = effects.effects(answer) if is_measured else ()
    return Story(
        title=report.goal.question,
        slug=report.goal.slug,
        version=version,
        date=report.date.isoformat(),
        facts=account.facts(report, version),
        counts=account.counts(report),
        counts_in_words=glossary.counts_in_words(report),
        decision=report.decision.action.value,
        outcome=report.tribunal.outcome.value,
        score="" if last.consensus is None else f"{last.consensus:.1f}",
        failed=tuple(ruling.rule for ruling in report.decision.rulings if not ruling.passed),
        is_example=report.is_example,
        answer=answer,
        abstract=tuple(teller.cited(sentence) for sentence in report.draft.abstract if not _is_told(sentence, report, answer)),
        introduction=account.introduction(report),
        methodology=account.methodology(report),
        findings=tuple((f.heading, tuple(teller.cited(s) for s in f.sentences)) for f in report.draft.findings),
        voices=tuple(_voice(number, rows) for number in range(1, len(report.papers) + 1)),
        agreements=_agreements(rows),
        contradictions=teller.sides({row.id: row for row in rows}, answers.disagreements(report)),
        flow=flow(report),
        rounds=tuple(teller.round(hearing) for hearing in report.tribunal.hearings),
        rulings=tuple(teller.ruling(ruling) for ruling in report.decision.rulings),
        uncertainties=limits.uncertainties(report),
        rows=rows,
        references=tuple(teller.reference(number, paper) for number, paper in enumerate(report.papers, 1)),
        changes=changes.compare(earlier, report) if earlier else None,
        earlier_version=version - 1 if earlier else None,
        threshold=report.verifier.threshold if report.verifier else None,
        has_confidence=any(row.value is not None for row in rows),
        is_echoed=_echoed(report, rows) > 0,
        titles=_titles(report, rows, answer, measured),
        effects=measured,
        tags=report.goal.tags,
    )


def _titles(report: Report, rows: Sequence[Row], answer: Told, measured: Sequence[Effect]) -> Titles:
    """Say what each figure shows; a figure whose every row says the same is not drawn."""
    stances = {said.stance for line in answer.lines for said in line.said}
    agreed = sum(1 for row in rows if _others(row))
    against = sum(1 for row in rows if any(stance == Stance.REFUTES and number != row.number for number, stance in row.stances))
    alone = len(rows) - sum(1 for row in rows if any(number != row.number and stance != Stance.SILENT for number, stance in row.stances))
    told = (
        f"{counted(agreed, 'claim') if agreed else 'No claim'} {'is' if agreed <= 1 else 'are'} borne out by a second paper",
        f"{against or 'none'} {'is' if against <= 1 else 'are'} contradicted by one",
        f"{alone or 'none'} {'rests' if alone <= 1 else 'rest'} on one paper alone",
    )
    rated = [row.value for row in rows if row.value is not None]
    limit = report.verifier.threshold if report.verifier else None
    high = sum(1 for value in rated if limit is not None and value >= limit)
    reach = f"{high} of {counted(len(rated), 'claim')} reach the {limit or 0:.2f} from which the checker accepts one"
    echoed = _echoed(report, rows)
    more = f", and {echoed} more {'is' if echoed == 1 else 'are'} said in nearly the same words by a second passage" if echoed else ""
    return Titles(
        answer=_measured(measured) if measured else answer.sides if {"yes", "no"} <= stances else "",
        claims=f"{told[0]}, {told[1]}, {told[2]}." if agreed or against else "",
        flow=_flow_told(report),
        confidence=f"{reach}{more}." if limit is not None and len(set(rated)) > 1 else "",
    )


def _echoed(report: Report, rows: Sequence[Row]) -> int:
    """Count the claims that a second passage bears out by nearly the same words, not by the checker's probability."""
    limit = report.verifier.threshold if report.verifier else 0.0
    return sum(1 for row in rows if row.sign == "✓" and row.value is not None and row.value < limit)


def _flow_told(report: Report) -> str:
    """Say in a sentence how many of the papers that were found were read."""
    found, read = len(report.fates), len(report.papers)
    if not found:
        return "No paper was found."
    if found == read:
        return f"All {counted(found, 'paper')} that were found were read." if found > 1 else "The one paper that was found was read."
    return f"Of {counted(found, 'record')} that were found, {counted(read, 'paper')} {'was' if read == 1 else 'were'} read."


def _measured(found: Sequence[Effect]) -> str:
    """Say the range of what the papers measured, in the unit of the first."""
    values = sorted(effect.value for effect in found)
    span = f"{values[0]:g}" if values[0] == values[-1] else f"{values[0]:g} to {values[-1]:g}"
    count = len({effect.name for effect in found})
    return f"{span} {effects.unit(found)}: the difference that {count} papers report."


def flow(report: Report) -> tuple[Step, ...]:
    """Give the flow of papers from search to reading, after PRISMA 2020 (doi:10.1136/bmj.n71)."""
    at = {stage: [fate for fate in report.fates if fate.stage is stage] for stage in Stage}
    leaving = (
        ("Records found", Stage.DUPLICATE, "Duplicates merged"),
        ("Papers screened", Stage.SCREENED_OUT, "Screened out"),
        ("Papers sought", Stage.NOT_RETRIEVED, "Not retrieved"),
        ("Papers assessed", Stage.EXCLUDED, "Excluded"),
    )
    count, steps = len(report.fates), []
    for label, stage, why in leaving:
        steps.append(Step(label, count, why, len(at[stage]), account.reasons(at[stage])))
        count -= len(at[stage])
    only = len(at[Stage.ABSTRACT_ONLY])
    steps.append(Step("Papers read", count, "Of these, as the abstract only", only, ()))
    return tuple(steps)


def runs(text: str, claim: str) -> tuple[tuple[str, bool], ...]:
    """Cut a quote into (text, whether it is a quantity that agrees with one of the claim's); together they are the quote.

    A number inside a formula is not marked: the formula stays in one piece.
    """
    wanted = quantities(claim)
    formulas = markup.maths(text)
    # A number in \textbf{…} is marked with its command, so that both are shown as one piece.
    groups = untex.groups(text)
    marked = [
        next(((start, end) for start, end in groups if start <= q.start and q.end <= end), (q.start, q.end))
        for q in quantities(text)
        if any(agree(w, q) for w in wanted) and not any(q.start < end and start < q.end for start, end in formulas)
    ]
    cuts = sorted({0, len(text), *(at for span in marked for at in span)})
    return tuple((text[a:b], any(start <= a and b <= end for start, end in marked)) for a, b in pairwise(cuts))


def _others(row: Row) -> tuple[int, ...]:
    """Give the reference numbers of the other papers that support a claim."""
    return tuple(number for number, stance in row.stances if stance == Stance.SUPPORTS and number != row.number)


def _is_told(sentence: CitedSentence, report: Report, answer: Told) -> bool:
    """Whether the headline, the table of papers or what stands under it on their disagreement says what a sentence of the abstract says."""
    shown = {said.claim for line in answer.lines for said in line.said} | {item.claim for item in report.draft.contradictions}
    return sentence.text == report.draft.answer.headline or (bool(sentence.claims) and shown.issuperset(sentence.claims))


def _agreements(rows: Sequence[Row]) -> tuple[tuple[tuple[Row, ...], tuple[int, ...]], ...]:
    """Give the claims that other papers support, those of one paper with the same supporters together."""
    together: dict[tuple[str, tuple[int, ...]], list[Row]] = {}
    for row in rows:
        if others := _others(row):
            together.setdefault((row.paper, others), []).append(row)
    return tuple((tuple(found), others) for (_, others), found in together.items())


def _voice(number: int, rows: Sequence[Row]) -> Voice:
    said = {stance: tuple(row.label for row in rows if (number, stance.value) in row.stances) for stance in Stance}
    return Voice(number, said[Stance.SUPPORTS], said[Stance.REFUTES], said[Stance.SILENT])


class _Teller(answers.Lookup):
    """Looks up numbers, labels and forms of one report."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.texts = {source.paper: source.document_sha256 for source in report.sources}
        self.grades = {item.claim: glossary.mark(glossary.grade(item)) for item in report.draft.evidence}
        self.dropped = dict(report.draft.dropped)
        # The threshold is the same for every claim; Methodology and Figure 3 say it.
        self.limit = f" (threshold {report.verifier.threshold:.2f})" if report.verifier else "\n"

    def cited(self, sentence: CitedSentence) -> Cited:
        return Cited(sentence.text, tuple(self.mark(claim, sentence.text) for claim in sentence.claims))

    def mark(self, claim_id: str, said: str) -> Mark:
        """Give a citation; the words that bear it, unless they are quoted in what is `said`."""
        claim = self.claims[claim_id]
        words = quotation(claim.text, claim.quote.text)
        is_said = claim.quote.text in said or (is_quotation(words) and words in said)
        quote = "" if is_said else claim.quote.text
        place = f"{self.name(claim.paper)}, {_section(claim.quote)}"
        return Mark(self.number(claim.paper), claim_id, self.labels[claim_id], self.grades[claim_id], quote, place)

    def number(self, paper: str) -> int:
        """Give a paper's reference number; 0 for one that is not in the list (a paper merged into another)."""
        return self.numbers.get(paper, 0)

    def row(self, claim: Claim, item: Evidence) -> Row:
        witnesses = tuple(self.heard(claim, w) for w in item.witnesses)
        term = glossary.GRADES[glossary.grade(item)]
        is_weighed = any(c.name is CheckName.ENTAILMENT for c in item.checks)
        return Row(
            id=claim.id,
            label=self.labels[claim.id],
            text=claim.text,
            words=quotation(claim.text, claim.quote.text),
            verdict=item.verdict.value,
            grade=term.name,
            sign=term.sign,
            confidence="–" if item.confidence is None else f"{item.confidence:.2f}",
            value=item.confidence,
            number=self.number(claim.paper),
            paper=self.name(claim.paper),
            origin=claim.origin.value,
            runs=runs(claim.quote.text, claim.text),
            is_verbatim=fold(claim.text) == fold(claim.quote.text),
            before=claim.before,
            after=claim.after,
            place=_place(claim.quote),
            where=answers.place(claim.quote),
            offsets=_offsets(claim.quote),
            link=self.link(claim.quote),
            document_sha256=claim.document_sha256,
            checks=tuple(account.check_told(c, c.detail.replace(self.limit, "")) for c in item.checks if not account.is_plain(c)),
            passed=account.what_held(item),
            idle=tuple(c.name.value for c in item.checks if c.passed is None),
            witnesses=witnesses,
            silent=tuple(
                sorted(
                    {(heard.number, heard.paper) for heard in witnesses if heard.stance == Stance.SILENT and not (is_weighed and heard.own)}
                )
            ),
            is_weighed=is_weighed,
            stances=self.stances(item),
            also_in=tuple(sorted(self.number(paper) for paper in claim.also_in)),
            method=item.method,
            dropped=glossary.taken_out(self.dropped.get(claim.id, "")),
        )

    def heard(self, claim: Claim, witness: Witness) -> Heard:
        passage = witness.passage
        odds = witness.probabilities
        by_stance = {Stance.SUPPORTS: "supported", Stance.REFUTES: "refuted", Stance.SILENT: "insufficient"}
        probability = f"{getattr(odds, by_stance[witness.stance]):.2f}" if odds else ""
        place, link = _place(passage), self.link(passage)
        return Heard(
            number=self.number(passage.paper),
            paper=self.name(passage.paper),
            stance=witness.stance.value,
            runs=runs(passage.text, claim.text),
            place=place,
            link=link,
            probability=probability,
            own=witness.own,
            is_quote=passage.span == claim.quote.span,
        )

    def sides(self, rows: dict[str, Row], found: Sequence[tuple[Contradiction, Sequence[Contradiction]]]) -> tuple[Side, ...]:
        """Give each disagreement once, with the claims that restate it."""
        quoted = {claim.quote.span: claim.id for claim in self.claims.values()}
        sides = []
        for item, others in found:
            own = quoted.get(item.witness.passage.span, "")
            against = (self.heard(self.claims[item.claim], item.witness), self.labels.get(own, ""), own)
            named = dict.fromkeys(other.claim for other in others if other.claim not in {item.claim, own})
            sides.append(Side(rows[item.claim], (against,), tuple((claim, self.labels[claim]) for claim in named)))
        return tuple(sides)

    def stances(self, item: Evidence) -> tuple[tuple[int, str], ...]:
        """Give each heard paper's stance, one a paper: refutes outweighs supports, which outweighs silent."""
        heaviest = (Stance.SILENT, Stance.SUPPORTS, Stance.REFUTES)
        found: dict[int, Stance] = {}
        for witness in item.witnesses:
            number = self.number(witness.passage.paper)
            found[number] = max(found.get(number, Stance.SILENT), witness.stance, key=heaviest.index)
        return tuple((number, stance.value) for number, stance in sorted(found.items()) if number)

    def round(self, hearing: Hearing) -> Round:
        roles = tuple(
            (
                glossary.ROLES[review.role],
                "no answer" if review.score is None else f"{review.score:.1f}",
                glossary.RECOMMENDATIONS[review.recommendation.value if review.recommendation else "–"],
                glossary.judge(review.judge),
                review.summary,
            )
            for review in hearing.reviews
        )
        complaints = _joined([self.complaint(review.role.value, o, hearing) for review in hearing.reviews for o in review.objections])
        consensus = "no score" if hearing.consensus is None else f"{hearing.consensus:.1f}"
        return Round(hearing.round, consensus, "–" if hearing.spread is None else f"{hearing.spread:.1f}", roles, complaints)

    def complaint(self, role: str, objection: Objection, hearing: Hearing) -> Complaint:
        """Say what became of an objection; what was done for another role that objected to the same was done for this one too."""
        answers = [a for a in hearing.amendments if a.objection == objection]
        done = next((a for a in answers if a.role.value == role), answers[0] if answers else None)
        known = objection.claim if objection.claim in self.labels else ""
        about = ((known, self.labels.get(objection.claim, objection.claim)),) if objection.claim else ()
        if objection.sentence:
            about = (("", f"“{shorten(objection.sentence, _SENTENCE_CHARS, placeholder=' …')}”"),)
        return Complaint(glossary.WHO[JudgeRole(role)], about, glossary.ASKS[objection.ask], objection.reason, *_done(done))

    def ruling(self, ruling: Ruling) -> tuple[str, str, bool, str, tuple[tuple[str, str], ...]]:
        """Give a ruling in words and by name, with the claims that it names at its end by their ids taken out of its words."""
        words, _, end = ruling.detail.rpartition(": ")
        plain, named = glossary.plain(ruling), end.split(", ")
        if not words or not all(name in self.labels for name in named):
            return plain, ruling.rule, ruling.passed, ruling.detail, ()
        about = tuple((id_, label) for id_, label in self.labels.items() if id_ in named)
        return plain, ruling.rule, ruling.passed, words, about

    def reference(self, number: int, paper: Paper) -> Reference:
        cited = tuple((claim.id, self.labels[claim.id]) for claim in self.claims.values() if claim.paper == paper.id)
        return Reference(
            number=number,
            id=paper.id,
            name=self.name(paper.id),
            authors="; ".join(paper.authors),
            year=str(paper.year or "year not read"),
            title=paper.title,
            venue=paper.venue,
            arxiv_id=paper.arxiv_id,
            arxiv_url=links.arxiv_url(paper.arxiv_id),
            doi=paper.doi,
            doi_url=links.doi_url(paper.doi),
            url=links.web_url(paper.url),
            note=account.status_note(paper),
            read_as=account.read_as(self.forms.get(paper.id), paper),
            document_sha256=self.texts.get(paper.id, ""),
            claims=cited,
        )


def _done(amendment: Amendment | None) -> tuple[str, str, str]:
    """Say what became of an objection: the action, and the words before and after where they differ."""
    if amendment is None or amendment.action == "noted":
        return "noted", "", ""
    changed = amendment.before != amendment.after
    return amendment.action, amendment.before if changed else "", amendment.after if changed else ""


def _joined(complaints: list[Complaint]) -> tuple[Complaint, ...]:
    """Give the complaints in order, those that differ only in their claim as one."""
    together: dict[Complaint, tuple[tuple[str, str], ...]] = {}
    for complaint in complaints:
        same = replace(complaint, claims=())
        together[same] = together.get(same, ()) + complaint.claims
    return tuple(replace(complaint, claims=claims) for complaint, claims in together.items())


def _section(passage: Passage) -> str:
    return passage.section or passage.role.value


def _offsets(passage: Passage) -> str:
    return f"characters {passage.start}–{passage.end}"


def _place(passage: Passage) -> str:
    """Say where a passage stands: section, page, characters."""
    return f"{answers.place(passage)}, {_offsets(passage)}"
