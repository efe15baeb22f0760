"""Sentences about the run itself: what was asked, what ran, and everything that limits what the report can claim.

Each sentence is generated from the record; none is a fixed disclaimer that would stand there whatever happened.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sovereign.citing import names
from sovereign.exports import glossary
from sovereign.model import (
    Check,
    CheckName,
    Engine,
    Evidence,
    Fate,
    Form,
    Origin,
    Paper,
    PaperStatus,
    Query,
    Report,
)
from sovereign.text import counted

SOURCE_NAMES = {"arxiv": "arXiv", "openalex": "OpenAlex", "crossref": "Crossref", "folder": "a folder of papers"}
# What each check found, in words: where it held, and where it did not.
CHECKS = {
    CheckName.QUOTE: ("the quote stands there word for word", "the quote does not stand there"),
    CheckName.NUMBERS: ("its numbers agree with the quote", "its numbers differ from the quote's"),
    CheckName.UNITS: ("its units agree", "its units differ"),
    CheckName.NAMES: ("its names agree", "its names differ"),
    CheckName.DIRECTION: ("it points the same way", "it points the other way"),
    CheckName.LEXICAL: ("enough words are shared", "too few words are shared"),
    CheckName.ENTAILMENT: ("The checker finds it borne out", "Not borne out"),
    CheckName.MODEL: ("The language model finds it borne out", "The language model does not find it borne out"),
}
AGREE = (CheckName.NUMBERS, CheckName.UNITS, CheckName.NAMES, CheckName.DIRECTION)
"""The checks that hold a claim's words against its quote, each by its own name."""
_MAX_REASONS = 6
_DIME = 0.1


@dataclass(frozen=True, slots=True)
class Topic:
    """A headed part: paragraphs, then list items, then a table (its first row is the head)."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


def facts(report: Report, version: int) -> tuple[tuple[str, str], ...]:
    """Give the header's (name, value) pairs."""
    engine = "language model and rules" if report.engine is Engine.MODEL else "local, no language model"
    consensus = report.tribunal.last.consensus
    return (
        ("Date", report.date.isoformat()),
        ("Version", str(version)),
        ("Engine", engine),
        ("Reviewers (tribunal)", f"{_score(consensus)} → {report.tribunal.outcome}"),
        ("Decision (policy)", f"{glossary.DECIDED[report.decision.action]} ({report.decision.action})"),
        ("Claims", f"{report.verified} of {len(report.draft.claims)} verified"),
    )


def counts(report: Report) -> str:
    """Give the numbers line that stands first under Results."""
    tribunal = report.tribunal
    return (
        f"{counted(report.retrieved, 'paper')} retrieved. {counted(len(report.draft.claims), 'claim')} extracted, "
        f"{report.verified} verified. "
        f"Tribunal: {_score(tribunal.last.consensus)} → {tribunal.outcome} (revision_round={tribunal.revision_rounds}). "
        f"Policy: {report.decision.action}."
    )


def introduction(report: Report) -> tuple[str, ...]:
    """Say what was asked and why these papers were read."""
    sources = listed(SOURCE_NAMES.get(name, name) for name in report.goal.sources)
    found = f"{counted(len(report.queries), 'query', 'queries')} to {sources} found {counted(report.retrieved, 'paper')}"
    if not report.papers:
        return (f"This report asks: {report.goal.question}", f"{found}; none could be read, so nothing is claimed.")
    has_more = len(report.fates) > len(report.papers)
    why = "those nearest to the question among them" if report.retrieved > len(report.papers) else "all that were found"
    others = " Figure 2 shows what became of the others." if has_more else ""
    bounds = [f"published from {report.goal.since}"] if report.goal.since else []
    bounds += [f"published up to {report.goal.until}"] if report.goal.until else []
    limit = f" Only papers {' and '.join(bounds)} were asked for." if bounds else ""
    return (
        f"This report asks: {report.goal.question}",
        f"{found}; {counted(len(report.papers), 'was', 'were')} read: {why}.{others}{limit}",
    )


def methodology(report: Report) -> tuple[Topic, ...]:
    """Say what really ran: searches, reading, claims, verification, tribunal, programs."""
    return (
        Topic("Search", (_search(report),), table=(("Query", "Looks for", "Why"), *(_query(query) for query in report.queries))),
        Topic("Reading and claims", (_reading(report), _claims(report))),
        Topic("Verification", _verification(report)),
        Topic("Tribunal and policy", (_tribunal(report),)),
        Topic("What took part", _cost(report), table=_parts(report)),
    )


def reasons(fates: Sequence[Fate]) -> tuple[tuple[str, int], ...]:
    """Count why papers left, numbers aside; nothing where the reasons are too many to read."""
    found = Counter(re.sub(r"\d+(?:\.\d+)?", "…", fate.reason) for fate in fates)
    only = {fate.reason for fate in fates}
    if len(only) == 1:
        return ((only.pop(), len(fates)),)
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0]))) if len(found) <= _MAX_REASONS else ()


def short_name(paper: names.Work) -> str:
    """Give a paper's short name: "Quill et al. 2024", or its title, shortened, where no author is known."""
    if not paper.authors:
        return names.titled(paper.title)
    name = names.together(paper.authors)
    return f"{name} {paper.year}" if paper.year else name


def short_names(papers: Iterable[Paper]) -> dict[str, str]:
    """Give the short name of each paper, by id; its title where others share it."""
    return names.called(papers, short_name)


def status_note(paper: Paper) -> str:
    """Say that a paper was withdrawn or retracted, in its own words where there are some; empty for a current one."""
    if paper.status is PaperStatus.CURRENT:
        return ""
    return f"{paper.status.value}: {paper.status_note}" if paper.status_note else paper.status.value


def read_as(form: Form | None, paper: Paper) -> str:
    """Say what a paper was read from."""
    words = {Form.LATEX: "LaTeX source", Form.HTML: "HTML", Form.PDF: "PDF", Form.ABSTRACT: "abstract only"}
    where = f", {paper.location}" if paper.location else ""
    return (words[form] if form else "not read") + where


def check_told(check: Check, detail: str) -> tuple[str, str, str]:
    """Say what came out of a check: in words, what was seen, and the check's name with its result."""
    held, broken = CHECKS[check.name]
    return held if check.passed else broken, detail, f"{check.name}: {check_result(check)}"


def is_plain(check: Check) -> bool:
    """Whether a check's name and outcome say all of it; a failure needs its detail, and a score is worth a line."""
    return check.passed is None or (check.passed and check.name not in {CheckName.ENTAILMENT, CheckName.MODEL})


def what_held(item: Evidence) -> tuple[str, ...]:
    """Say what held, what agrees in one phrase; of the lexical check its highest TF-IDF cosine too."""
    names = [c.name for c in item.checks if c.passed and is_plain(c)]
    same = [name.value for name in names if name in AGREE]
    told = [CHECKS[name][0] for name in names if name not in AGREE]
    if CheckName.LEXICAL in names and item.lexical is not None:
        told[-1] = f"{told[-1]} ({item.lexical:.2f})"
    if same:
        agree = f"its {listed(same)} {'agree' if len(same) > 1 or same[0].endswith('s') else 'agrees'} with the quote"
        told.insert(CheckName.QUOTE in names, agree)
    return tuple(told)


def check_result(check: Check) -> str:
    """Say how a check went."""
    if check.passed is None:
        return "nothing to check"
    return "passed" if check.passed else "failed, veto" if check.is_veto else "failed"


def _score(consensus: float | None) -> str:
    return "no score" if consensus is None else f"{consensus:.1f}/10"


def listed(words: Iterable[str]) -> str:
    """Join words for people: "a", "a and b", "a, b and c"."""
    given = list(words)
    return " and ".join([", ".join(given[:-1]), given[-1]] if len(given) > 1 else given) or "no source"


def percent(share: float) -> str:
    """Give a share as people write it, to a tenth."""
    return f"{100 * share:.1f} %"


def _search(report: Report) -> str:
    sources = listed(SOURCE_NAMES.get(name, name) for name in report.goal.sources)
    planned = sum(1 for query in report.queries if not query.raw)
    given = len(report.queries) - planned
    added = f" and {given} given with the goal" if given else ""
    if report.goal.sources == ("folder",):
        return (
            "A folder of papers was given, and every paper in it was taken, whatever the queries; the same work found twice was merged, "
            f"and the papers were ranked against the question; at most {report.goal.max_papers} were to be read."
        )
    return (
        f"{counted(planned, 'planned query', 'planned queries')}{added} went to {sources}, each answer in the source's own order of "
        f"relevance. The answers were fused by reciprocal rank, the same work found twice was merged, and the papers were ranked "
        f"against the question; at most {report.goal.max_papers} were to be read."
    )


def _query(query: Query) -> tuple[str, str, str]:
    groups = " AND ".join("(" + " OR ".join(f"“{phrase}”" for phrase in group) + ")" for group in query.all_of)
    limits = [f"in {', '.join(query.categories)}"] if query.categories else []
    limits += [f"from {query.since}"] if query.since else []
    limits += [f"until {query.until}"] if query.until else []
    field = "" if query.raw else f" in {query.field} fields" if query.field == "all" else f" in the {query.field}"
    return query.id, f"{query.raw or groups}{field}" + "".join(f"; {limit}" for limit in limits), query.why or "–"


def _reading(report: Report) -> str:
    if not report.sources:
        return "No paper could be read."
    forms = Counter(source.form for source in report.sources)
    words = {Form.LATEX: "from LaTeX source", Form.HTML: "from HTML", Form.PDF: "from PDF", Form.ABSTRACT: "as the abstract only"}
    read = listed(f"{forms[form]} {words[form]}" for form in Form if forms[form])
    where = "Every quote below points into one of these texts by character offsets; the SHA-256 of each text stands in the references."
    return f"Papers read: {read}. {where}"


def _claims(report: Report) -> str:
    if not report.draft.claims:
        return "No claim was drawn."
    origins = Counter(claim.origin for claim in report.draft.claims)
    words = {
        Origin.EXTRACTED: "extracted in the paper's own words",
        Origin.MODEL: "worded by the language model",
        Origin.REVISED: "re-worded in the revision",
    }
    drawn = listed(f"{origins[origin]} {words[origin]}" for origin in Origin if origins[origin])
    return f"Claims: {drawn}. Each carries a verbatim quote; a claim whose quote cannot be found by string match is not taken."


def _verification(report: Report) -> tuple[str, ...]:
    how = (
        "Each claim went through a cascade: its quote is located, numbers, units and names are compared (a difference is a veto, agreement "
        "never a proof), and the best passages of its own and of the other papers are weighed."
    )
    card = report.verifier
    if card is None:
        return (how, "No verifier took part, so no confidence is calibrated.")
    calibrated = f" It was calibrated on {card.calibrated_on}." if card.calibrated_on else " It was never calibrated."
    wrong = (
        f" There, {percent(card.false_acceptance)} of the wrong claims pass at this threshold" if card.false_acceptance is not None else ""
    )
    recall = f", and {percent(card.recall)} of the right ones" if wrong and card.recall is not None else ""
    error = f" Its expected calibration error there is {card.calibration_error:.3f}." if card.calibration_error is not None else ""
    end = "." if wrong else ""
    told = (
        f"The passages were weighed by {card.name} {card.version}: “verified ✓” means that a second passage (for a claim in a model's "
        f"words, also its quote) bears it out with a probability of at least {card.threshold:.2f} and no veto, or says nearly the same "
        "words with the same numbers; “quoted” that the words stand there and no more."
        f"{calibrated}{wrong}{recall}{end}{error}"
    )
    return (how, told)


def _tribunal(report: Report) -> str:
    policy = report.goal.policy
    return (
        f"Three roles read the same draft, blind to each other: SKEPTIC, VALIDATOR and SYNTHESIZER ({report.tribunal.judges}). The "
        f"consensus is the mean of the scores (0–10); below {policy.min_score:.1f} a revision follows, at most {policy.max_revisions}. "
        f"The policy is a table of {counted(len(report.decision.rulings), 'rule')}; one that fails sends the report to its owner."
    )


def _cost(report: Report) -> tuple[str, ...]:
    cost = report.cost
    if cost is None:
        return ("No language model took part." if report.engine is Engine.LOCAL else "The language model's use was not recorded.",)
    money = "" if cost.money_usd is None else f", about {_money(cost.money_usd)}"
    used = f"{cost.tokens_in:,} tokens in, {cost.tokens_out:,} out{money}"
    return (f"The language model answered {counted(cost.calls, 'call')} ({cost.cached_calls} from the cache): {used}.",)


def _money(usd: float) -> str:
    """Give dollars and cents; of less than ten cents, two digits that say something: $0.0017."""
    places = 2 if usd <= 0 or usd >= _DIME else 1 - math.floor(math.log10(usd))
    return f"${usd:.{places}f}"


def _parts(report: Report) -> tuple[tuple[str, ...], ...]:
    """Give what took part as a table; a column that is empty in every row says nothing."""
    is_told = any(part.sha256 for part in report.parts)
    rows = tuple((part.name, part.version, part.use, part.sha256 or "–")[: 3 + is_told] for part in report.parts)
    return (("Part", "Version", "Use", "SHA-256")[: 3 + is_told], *rows) if rows else ()
