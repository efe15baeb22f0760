"""The pull request that an owner works with: the answer and why it waits, in a minute's reading; then everything, folded. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sovereign.desk.comment_marks import DraftMark, draft_mark
from sovereign.desk.naming import folder_for
from sovereign.desk.shield import fence, link, shield
from sovereign.exports import account, answers, changes, glossary, links, untex
from sovereign.exports.answers import Line, Said, Told
from sovereign.model import Action, Claim, Grade, JudgeRole, Passage, Report, Stance
from sovereign.text import counted

# https://docs.github.com/rest/pulls/pulls: 65,536 characters; a title has 256.
MAX_BODY_CHARS = 65_000
_MAX_TITLE_CHARS = 250
_MAX_LINKS = 20
MAX_UNFOLDED_WORDS = 350
"""What can be read in about a minute and a half, at 240 words a minute."""
_MAX_SHOWN_WORDS = 60
_MAX_HEADLINE_WORDS = 150
"""The answer is what the owner decides upon: it is folded only where it would crowd out everything else."""
_MAX_QUOTES = 3
_MAX_NAMED = 8
_LOOK_AT = frozenset({Grade.DISPUTED, Grade.UNCONFIRMED, Grade.REFUTED, Grade.UNCHECKED})

_CHECKLIST = """## Before you merge

- [ ] The answer answers the question, and no more than that.
- [ ] Each claim above is right, or is not in Findings.
- [ ] The quotes say what the claims say.
- [ ] The papers are ones that you would cite."""

_ANSWERS = """## How to answer

- **Approve**: merge this pull request. The site is built anew and says that you approved it.
- **Refuse**: close it without merging. The goal is not researched again until its file changes.
- **Ask for a revision**: write `/revise` and what should be different (1,000 characters at most) at the beginning of a line, in a comment
  or a review; it is made again with your words. `/help` says what else can be asked.
- **Edit**: push to this branch. The desk never overwrites your commits."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the draft can be looked at: the repository's page, the branch, and the run that made it."""

    repository_url: str
    branch: str
    run_url: str

    def file(self, slug: str, version: int, anchor: str = "") -> str:
        """Give the address of the draft's page on its branch."""
        return f"{self.repository_url}/blob/{self.branch}/{folder_for(slug)}/v{version}/index.md" + (f"#{anchor}" if anchor else "")


def title(report: Report) -> str:
    """Give the question as a title; one that is too long for GitHub ends at a word with an ellipsis (the body has it whole)."""
    whole = f"Report: {report.goal.question}"
    if len(whole) <= _MAX_TITLE_CHARS:
        return whole
    return whole[:_MAX_TITLE_CHARS].rsplit(" ", 1)[0][: _MAX_TITLE_CHARS - 1] + "…"


def body(
    report: Report, mark: DraftMark, place: Place, *, earlier: Report | None = None, held: Sequence[str] = (), unfound: Sequence[str] = ()
) -> str:
    """Give the body: what an owner needs for a decision within a minute, then everything else, folded.

    Claims that do not fit are counted and found on the page, the rest is always whole.

    Args:
        held: Why the desk itself holds it, for its floor or since one like it was taken off the main branch.
        unfound: Which quotes were not found again in their papers, or could not be looked for.
    """
    page = place.file(mark.slug, mark.version)
    head = [draft_mark(mark), *_first(report, mark, place, held, unfound)]
    folded = [
        _folded("Why it waits, rule by rule", "\n\n".join(_decision(report, held, unfound))),
        _folded("What the reviewers said", "\n\n".join(_scores(report, page))),
    ]
    tail = [
        *_changes(report, mark, earlier),
        _folded("Before you merge, and how to answer", f"{_CHECKLIST}\n\n{_ANSWERS}"),
        *_origin(place),
    ]
    room = MAX_BODY_CHARS - sum(len(part) + 2 for part in (*head, *folded, *tail)) - 200
    eyes = _folded("The claims to look at", "\n\n".join(_eyes(report, mark, place, room)))
    return "\n\n".join((*head, *folded, eyes, *tail)) + "\n"


def _folded(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


# --- What is read first ------------------------------------------------------------------------------------------


def _first(report: Report, mark: DraftMark, place: Place, held: Sequence[str], unfound: Sequence[str]) -> list[str]:
    """Give answer, why it waits, key quotes, what is doubtful and what to do, in at most MAX_UNFOLDED_WORDS words."""
    told, page = answers.tell(report), place.file(mark.slug, mark.version)
    is_open = f" **Nothing was found on: {shield('; '.join(told.open))}.**" if told.open else ""
    parts = [_short("**", report.goal.question, "**", "The question"), *_headline(told)]
    parts += [f"{told.sure}{is_open}".strip()] if told.sure or is_open else []
    parts += [_short("Revised as asked: ", report.goal.guidance, "", "Revised as asked")] if report.goal.guidance else []
    parts.append(_waits(report, held, unfound))
    doubts = _doubtful(report, told, page)
    ends = [
        f"{link('Read the report', page)} · {link('the built page', f'{place.run_url}#artifacts')} (`preview-{mark.slug}`)",
        "**Merge** to approve, **close** to refuse, comment `/revise` and what should be different, or push your own edits.",
    ]
    room = MAX_UNFOLDED_WORDS - sum(_words(part) for part in (*parts, *doubts, *ends) if not part.startswith("<details>"))
    return [*parts, *_key_quotes(told, page, room), *doubts, *ends]


def _headline(told: Told) -> list[str]:
    """Give the answer in a few words as a heading, and below it what papers say; long words of papers make no heading."""
    lead = f"### {shield(told.lead)}" if told.lead and _words(told.lead) <= _MAX_SHOWN_WORDS else "### The answer"
    rest = told.voices if lead != "### The answer" else told.headline
    return [lead, *([_short("", rest, "", "The answer in full", _MAX_HEADLINE_WORDS)] if rest else [])]


def _short(before: str, text: str, after: str, summary: str, limit_words: int = _MAX_SHOWN_WORDS) -> str:
    """Give foreign words as they are where they are few, else whole and folded: nothing is cut."""
    return f"{before}{shield(text)}{after}" if _words(text) <= limit_words else _folded(summary, shield(text))


def _waits(report: Report, held: Sequence[str], unfound: Sequence[str]) -> str:
    if unfound and report.decision.action is Action.AUTO_APPROVE:
        return f"It waits for you: every rule held, but its quotes could not all be found again in the papers themselves. {_again(unfound)}"
    if unfound:
        return f"{glossary.waits(report)} {glossary.judged(report)} Not all quotes were found again in the papers. {_again(unfound)}"
    if held:
        return f"It waits for you: the rules would publish it, and the desk holds it for you. {_again(held)}"
    if report.decision.action is Action.AUTO_APPROVE:
        return "Every rule held. It comes to you because a pull request was open for it, or the main branch is protected."
    return f"{glossary.waits(report)} {glossary.judged(report)}"


def _again(reasons: Sequence[str]) -> str:
    """Give the first reason in a sentence of its own; the others are folded."""
    first = shield(reasons[0])
    return f"{first[0].upper()}{first[1:]}{'' if first.endswith(('.', '”')) else '.'}"


def _key_quotes(told: Told, page: str, room: int) -> list[str]:
    """Give up to three quotes, of as many papers as there are, each with a link that lands on it.

    One that the answer gives whole, or that is too long, is named alone.
    """
    rows: list[str] = []
    found = [(line, said, at) for line in told.lines for at, said in enumerate(line.said)]
    for line, said, _ in sorted(found, key=lambda item: min(item[2], 1)):  # one a paper before a second of any
        row = f"1. “{shield(untex.shown(said.quote))}” {_source(line, said, page)}"
        if any(words in told.headline for words in (said.quote, said.text, said.words)):
            row = f"1. As quoted above {_source(line, said, page)}"
        elif _words(row) > room:
            row = f"1. {_source(line, said, page)}"
        if len(rows) < _MAX_QUOTES and _words(row) <= room:
            room -= _words(row)
            rows.append(row)
    return ["\n".join(rows)] if rows else []


def _source(line: Line, said: Said, page: str) -> str:
    label = f"{link(said.label, f'{page}#{said.claim}')}, " if said.claim else ""
    sign = f" {said.sign}" if said.sign == "✓" else ""
    return f"({label}{link(f'{line.name}, {said.place}', said.link)}: {said.grade}{sign})"


def _doubtful(report: Report, told: Told, page: str) -> list[str]:
    labels = {claim.id: f"C{number}" for number, claim in enumerate(report.draft.claims, 1)}
    found = [(labels[claim.id], claim.id) for claim in report.draft.claims if doubt(report, claim)]
    shown = ", ".join(link(label, f"{page}#{claim}") for label, claim in found[:_MAX_NAMED])
    more = f" and {len(found) - _MAX_NAMED} more" if len(found) > _MAX_NAMED else ""
    rows = [f"- {shield(text)}" for text in told.doubts if _words(text) <= _MAX_SHOWN_WORDS]
    rows += [f"- {counted(len(found), 'claim')} to look at: {shown}{more}."] if found else []
    return ["**What is doubtful**\n\n" + "\n".join(rows)] if rows else []


def _words(text: str) -> int:
    """Count the words that a reader sees, an address not among them."""
    return len(re.sub(r"\]\([^)]*\)", "]", text).split())


# --- What is folded ----------------------------------------------------------------------------------------------


def _decision(report: Report, held: Sequence[str], unfound: Sequence[str]) -> Iterator[str]:
    yield f"## Decision: {glossary.DECIDED[report.decision.action]} ({report.decision.action})"
    if unfound:
        yield "A job that did not make this draft fetched the papers anew and looked for its quotes. Not all of them stand:"
        yield "\n".join(f"- {shield(why)}" for why in unfound)
    if held:
        yield "The policy would publish it, and the desk holds it for you:"
        yield "\n".join(f"- {shield(why)}" for why in held)
        return
    if report.decision.action is Action.AUTO_APPROVE:
        yield "Every rule of the policy held."
        return
    yield "\n".join(
        f"- {reason.plain[0].upper()}{reason.plain[1:]}{': ' * bool(reason.seen)}{shield(reason.seen)} (rule {shield(reason.rule)})"
        for reason in answers.tell(report).reasons
    )
    kept = sum(1 for ruling in report.decision.rulings if ruling.passed)
    yield f"{kept} of {len(report.decision.rulings)} rules held. {glossary.counts_in_words(report)}"


def _scores(report: Report, page: str) -> Iterator[str]:
    yield "## Tribunal"
    rounds = report.tribunal.revision_rounds
    yield f"{glossary.judged(report)} Revisions: {rounds}. Judged by: {shield(report.tribunal.judges)}."
    rows = ["| Reviewer | Score | Would | In short |", "|---|---|---|---|"]
    for review in report.tribunal.last.reviews:
        score = "no answer" if review.score is None else f"{review.score:.1f}"
        would = glossary.RECOMMENDATIONS[review.recommendation.value if review.recommendation else "–"]
        rows.append(f"| {glossary.ROLES[review.role]} | {score} | {would} | {shield(review.summary)} |")
    yield "\n".join(rows)
    objections = [(review.role, item.reason, item.claim) for review in report.tribunal.last.reviews for item in review.objections]
    if objections:
        labels = {claim.id: f"C{number}" for number, claim in enumerate(report.draft.claims, 1)}
        about: dict[tuple[JudgeRole, str], list[tuple[str, str]]] = {}
        for role, reason, claim in objections:
            about.setdefault((role, reason), []).extend([(labels.get(claim, claim), claim)] if claim else [])
        lines = (f"- {glossary.WHO[role]}: {shield(reason)}{_listed(claims, page)}" for (role, reason), claims in about.items())
        yield f"{counted(len(objections), 'objection')}:\n\n" + "\n".join(_within(lines, MAX_BODY_CHARS // 3))


def _listed(claims: Sequence[tuple[str, str]], page: str) -> str:
    """Give the claims that an objection names by their labels, each with a link to its row."""
    shown = [link(label, f"{page}#{claim}") for label, claim in claims[:_MAX_LINKS]]
    more = [f"{len(claims) - len(shown)} more"] if len(claims) > len(shown) else []
    return f" ({', '.join((*shown, *more))})" if claims else ""


def _eyes(report: Report, mark: DraftMark, place: Place, room: int) -> Iterator[str]:
    labels = {claim.id: f"C{number}" for number, claim in enumerate(report.draft.claims, 1)}
    found = [(why, claim) for claim in report.draft.claims if (why := doubt(report, claim))]
    quoted = sum(1 for item in report.draft.evidence if glossary.grade(item) is Grade.QUOTED)
    yield "## Claims that need your eyes"
    if not report.draft.claims:
        yield "The report has no claim at all."
        return
    alone = f" {counted(quoted, 'claim')} merely quoted: no second passage confirms {'it' if quoted == 1 else 'them'}." if quoted else ""
    if not found:
        yield f"None is disputed, refuted or unconfirmed.{alone}"
        return
    yield f"{len(found)} of {counted(len(report.draft.claims), 'claim')}.{alone}"
    shown = 0
    for why, claim in found:
        text = _claim(report, claim, f"{labels[claim.id]}: {why}", place.file(mark.slug, mark.version, claim.id))
        room -= len(text) + 2
        if room < 500:  # the sentence below, with its link
            break
        shown += 1
        yield text
    if shown < len(found):
        yield f"{len(found) - shown} more need eyes: {link('see Extracted Claims on the page', place.file(mark.slug, mark.version))}."


def doubt(report: Report, claim: Claim) -> str:
    """Give why a person should look at a claim; empty where nothing speaks against it."""
    evidence = report.draft.evidence_of(claim.id)
    grade = glossary.grade(evidence)
    against = evidence.papers(Stance.REFUTES, own=False)
    threshold = report.verifier.threshold if report.verifier else None
    is_weak = threshold is not None and evidence.confidence is not None and evidence.confidence < threshold
    reasons = [
        str(grade) if grade in _LOOK_AT else "",
        f"{counted(len(against), 'other paper')} {'says' if len(against) == 1 else 'say'} otherwise" if against else "",
        f"confidence {evidence.confidence:.2f} is below {threshold:.2f}" if is_weak and evidence.is_verified else "",
    ]
    return ", ".join(reason for reason in reasons if reason)


def _claim(report: Report, claim: Claim, why: str, row: str) -> str:
    evidence = report.draft.evidence_of(claim.id)
    is_cited = "in Findings" if claim.id in report.draft.cited else "not in Findings"
    parts = [f"### {link(why, row)} ({is_cited})", shield(claim.text), _quote(report, "It rests on", claim.quote)]
    failed = [f"- {account.check_told(check, '')[0]}: {shield(check.detail)}" for check in evidence.checks if check.passed is False]
    parts += ["\n".join(failed)] if failed else []
    against = (witness for witness in evidence.witnesses if witness.stance is Stance.REFUTES)
    parts += [_quote(report, f"Against it, in {'the same' if item.own else 'another'} paper", item.passage) for item in against]
    return "\n\n".join(parts)


def _quote(report: Report, words: str, passage: Passage) -> str:
    paper = next((item for item in report.papers if item.id == passage.paper), None)
    form = next((item.form for item in report.sources if item.paper == passage.paper), None)
    name = paper.title if paper else passage.paper
    url = links.quote_url(paper, form, passage) if paper else ""
    section = f", {shield(passage.section)}" if passage.section else ""
    return f"{words}: {link(name, url)}{section}\n\n{fence(passage.text)}"


def _changes(report: Report, mark: DraftMark, earlier: Report | None) -> Iterator[str]:
    if earlier is None:
        return
    found = changes.compare(earlier, report)
    rows = [f"- {name}: {shield(before)} → {shield(after)}" for name, before, after in found.figures]
    rows += [f"- **{change.kind}** ({shield(change.what)}): {_worded(change)}" for change in found.claims]
    told = "\n".join(_within(rows, MAX_BODY_CHARS // 3)) or "Nothing but the date."
    title = f"What changed since version {mark.version - 1}"
    yield _folded(title, f"## {title}\n\n{told}\n\n{counted(found.unchanged, 'claim')} as before.")


def _worded(change: changes.Change) -> str:
    if change.before and change.after and change.before.text != change.after.text:
        return f"{shield(change.before.text)} → {shield(change.after.text)}"
    claim = change.after or change.before
    return shield(claim.text) if claim else ""


def _within(rows: Iterable[str], room: int) -> Iterator[str]:
    for row in rows:
        room -= len(row) + 1
        if room < 0:
            yield "- and more: see the report's own page"
            return
        yield row


def _origin(place: Place) -> Iterator[str]:
    yield _folded("Where it comes from", f"{link('The run that made it', place.run_url)} has the built page as an artifact (`preview-…`).")
