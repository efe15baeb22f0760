"""The pull request that an owner works with: decision and reasons first, then what needs eyes, then how to answer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sovereign.desk.comment_marks import DraftMark, draft_mark
from sovereign.desk.naming import folder_for
from sovereign.desk.shield import fence, link, shield
from sovereign.exports import account, changes, links
from sovereign.model import Action, Claim, Passage, Report, Stance, Verdict

# https://docs.github.com/rest/pulls/pulls: 65,536 characters; a title has 256.
MAX_BODY_CHARS = 65_000
_MAX_TITLE_CHARS = 250
_MAX_LINKS = 20
_KEY_QUOTES = 3

_CHECKLIST = """## Before you merge

- [ ] The abstract answers the question, and no more than that.
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


def body(report: Report, mark: DraftMark, place: Place, *, earlier: Report | None = None, held: Sequence[str] = ()) -> str:
    """Give the body; claims that do not fit are counted and found on the page, the rest is always whole. held: why the floor holds it."""
    head = [
        draft_mark(mark),
        *_question(report, mark, place),
        *_answer(report, mark, place),
        *_decision(report, held),
        *_scores(report, place.file(mark.slug, mark.version)),
    ]
    tail = [*_changes(report, mark, earlier), _CHECKLIST, _ANSWERS, *_origin(place)]
    room = MAX_BODY_CHARS - sum(len(part) + 2 for part in (*head, *tail))
    return "\n\n".join((*head, *_eyes(report, mark, place, room), *tail)) + "\n"


def _question(report: Report, mark: DraftMark, place: Place) -> Iterator[str]:
    yield f"**{shield(report.goal.question)}**"
    if report.goal.guidance:
        yield f"Revised as asked: {shield(report.goal.guidance)}"
    built = link("the built page", f"{place.run_url}#artifacts")
    read = link(f"Read version {mark.version} of the report", place.file(mark.slug, mark.version))
    yield f"{read}, or {built} (`preview-{mark.slug}`) · {account.counts(report)}"


def _answer(report: Report, mark: DraftMark, place: Place) -> Iterator[str]:
    """Give what the report says first, and the words of the papers that it rests on most."""
    said = [sentence for sentence in report.draft.abstract if sentence.claims]
    answer = report.draft.answer
    if answer.is_answered:
        yield f"## {shield(answer.headline)}"
    if not said:
        return
    yield "## What it says"
    yield "\n".join(_within((f"> {shield(sentence.text)}" for sentence in said), MAX_BODY_CHARS // 6))
    known = {claim.id: claim for claim in report.draft.claims}
    named = dict.fromkeys(claim for sentence in said for claim in sentence.claims)
    kept = [known[name] for name in named if name in known and not doubt(report, known[name])][:_KEY_QUOTES]
    if kept:
        yield f"{len(kept)} key quote(s):"
    for claim in kept:
        yield _quote(report, link(claim.id, place.file(mark.slug, mark.version, claim.id)), claim.quote)


def _decision(report: Report, held: Sequence[str]) -> Iterator[str]:
    yield f"## Decision: {report.decision.action}"
    if held:
        yield "The policy would publish it, and the desk's own floor (`[tool.sovereign.floor]`) holds it for you:"
        yield "\n".join(f"- {shield(why)}" for why in held)
        return
    if report.decision.action is Action.AUTO_APPROVE:
        yield "Every rule of the policy held. It comes to you because a pull request was open for it, or the main branch is protected."
        return
    yield "The policy does not publish this by itself, because:"
    yield "\n".join(f"- **{ruling.rule}**: {shield(ruling.detail)}" for ruling in report.decision.rulings if not ruling.passed)
    passed = sum(1 for ruling in report.decision.rulings if ruling.passed)
    yield f"{passed} of {len(report.decision.rulings)} rules held."


def _scores(report: Report, page: str) -> Iterator[str]:
    yield "## Tribunal"
    last = report.tribunal.last
    consensus = "no consensus" if last.consensus is None else f"{last.consensus:.1f}/10"
    rounds = report.tribunal.revision_rounds
    yield f"{consensus} → **{report.tribunal.outcome}** after {rounds} revision round(s), judged by {shield(report.tribunal.judges)}."
    rows = ["| Role | Score | Asks to | In short |", "|---|---|---|---|"]
    for review in last.reviews:
        score = "abstains" if review.score is None else f"{review.score:.1f}"
        rows.append(f"| {review.role} | {score} | {review.recommendation or 'abstains'} | {shield(review.summary)} |")
    yield "\n".join(rows)
    objections = [(review.role, item.reason, item.claim) for review in last.reviews for item in review.objections]
    if objections:
        about: dict[tuple[str, str], list[str]] = {}
        for role, reason, claim in objections:
            about.setdefault((role, reason), []).extend([claim] if claim else [])
        lines = (f"- {role}: {shield(reason)}{_listed(claims, page)}" for (role, reason), claims in about.items())
        yield (
            f"<details><summary>{len(objections)} objection(s)</summary>\n\n"
            + "\n".join(_within(lines, MAX_BODY_CHARS // 3))
            + "\n\n</details>"
        )


def _listed(claims: Sequence[str], page: str) -> str:
    """Give the claims that an objection names, each with a link to its row."""
    shown = [link(claim, f"{page}#{claim}") for claim in claims[:_MAX_LINKS]]
    more = [f"{len(claims) - len(shown)} more"] if len(claims) > len(shown) else []
    return f" ({', '.join((*shown, *more))})" if claims else ""


def _eyes(report: Report, mark: DraftMark, place: Place, room: int) -> Iterator[str]:
    found = [(why, claim) for claim in report.draft.claims if (why := doubt(report, claim))]
    yield "## Claims that need your eyes"
    if not found:
        fine = "None: every claim is supported by its own paper, none is contradicted, none is below the verifier's threshold."
        yield fine if report.draft.claims else "The report has no claim at all."
        return
    yield f"{len(found)} of {len(report.draft.claims)} claims."
    shown = 0
    for why, claim in found:
        text = _claim(report, claim, why, place.file(mark.slug, mark.version, claim.id))
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
    against = evidence.papers(Stance.REFUTES, own=False)
    threshold = report.verifier.threshold if report.verifier else None
    is_weak = threshold is not None and evidence.confidence is not None and evidence.confidence < threshold
    reasons = [
        str(evidence.verdict) if evidence.verdict is not Verdict.SUPPORTED else "",
        f"contradicted by {len(against)} other paper(s)" if against else "",
        f"confidence {evidence.confidence:.2f} is below {threshold:.2f}" if is_weak and evidence.verdict is Verdict.SUPPORTED else "",
    ]
    return ", ".join(reason for reason in reasons if reason)


def _claim(report: Report, claim: Claim, why: str, row: str) -> str:
    evidence = report.draft.evidence_of(claim.id)
    confidence = "" if evidence.confidence is None else f", confidence {evidence.confidence:.2f}"
    is_cited = "in Findings" if claim.id in report.draft.cited else "not in Findings"
    parts = [f"### {link(claim.id, row)}: {why}{confidence} ({is_cited})", shield(claim.text), _quote(report, "It rests on", claim.quote)]
    failed = [f"- {check.name}: {shield(check.detail)}" for check in evidence.checks if check.passed is False]
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
    yield f"## What changed since version {mark.version - 1}"
    rows = [f"- {name}: {shield(before)} → {shield(after)}" for name, before, after in found.figures]
    rows += [f"- **{change.kind}** ({shield(change.what)}): {_worded(change)}" for change in found.claims]
    yield "\n".join(_within(rows, MAX_BODY_CHARS // 3)) or "Nothing but the date."
    yield f"{found.unchanged} claim(s) as before."


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
    yield f"---\n{link('The run that made it', place.run_url)} has the built page as an artifact (`preview-…`)."
