"""The revision round: what the tribunal's objections change, and that every touched claim is weighed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sovereign.errors import SourceError
from sovereign.model import Amendment, Ask, Claim, Draft, Event, Evidence, Gap, GapKind, Grade, Hearing, Paper, Verdict
from sovereign.pipeline.run import Research
from sovereign.steps import plan, search, tribunal
from sovereign.steps.tribunal import Demand
from sovereign.text import counted

FURTHER_PAPERS = 3
"""How many papers more one revision reads, for all claims together."""
NOTHING_FOUND = "a further search found no evidence for it"


def revise(run: Research, draft: Draft, hearing: Hearing) -> tuple[Draft, tuple[Amendment, ...]]:
    """Give the revised draft and what became of every objection that asked for something.

    Claims are dropped, re-worded (by a model alone), judged again, or weighed again after a further search has read up to three
    papers more; a claim for which even that found no evidence is dropped, but not where there was nothing further to read. A new
    wording that is borne out less than the old one is not taken. Dropped claims stay in the record.
    """
    demands = tribunal.demands(draft, hearing)
    lacking = _asked(demands, Ask.REEVIDENCE)
    has_read = bool(lacking) and _read_further(run, lacking)
    rewordable = [(demand.objection, demand.claim) for demand in demands if demand.objection.ask is Ask.REWORD]
    again = _judged_again(run, draft, demands)
    changed = {claim.id: claim for claim in lacking} | (run.engine.reword(rewordable, run.shelf.passages) if rewordable else {})
    weighed = {item.claim: item for item in run.weigh(list(changed.values()))} | again
    worse = {old for old, new in changed.items() if _is_worse(draft.evidence_of(old), weighed[new.id])} - {c.id for c in lacking}
    changed = {old: new for old, new in changed.items() if old not in worse} | {c.id: c for c in _asked(demands, Ask.VERDICT)}
    amended, amendments = tribunal.amend(draft, demands, changed)
    bare = {claim.id for claim in lacking if has_read and _is_bare(weighed[claim.id])}
    dropped = dict(amended.dropped) | dict.fromkeys(sorted(bare), NOTHING_FOUND)
    told = tuple(_told(item, changed, weighed, bare) for item in amendments)
    renewed = (changed.get(claim.id, claim) for claim in draft.claims)
    claims = list({claim.id: claim for claim in renewed}.values())
    evidence = [weighed.get(claim.id) or draft.evidence_of(claim.id) for claim in claims]
    revised = run.compose(claims, evidence, tuple(dropped.items()), (draft, hearing))
    return revised, (*told, *_of_sentences(hearing, revised))


def _judged_again(run: Research, draft: Draft, demands: Sequence[Demand]) -> dict[str, Evidence]:
    """Give new evidence for the claims of which a role says that their verdict is wrong."""
    doubted = {demand.claim.id: demand.objection.reason for demand in demands if demand.objection.ask is Ask.VERDICT}
    claims = [claim for claim in draft.claims if claim.id in doubted]
    evidence = [draft.evidence_of(claim.id) for claim in claims]
    return {item.claim: item for item in run.engine.reconsider(claims, evidence, doubted)} if claims else {}


def _is_worse(old: Evidence, new: Evidence) -> bool:
    return old.verdict is Verdict.SUPPORTED and new.verdict is not Verdict.SUPPORTED


def _of_sentences(hearing: Hearing, revised: Draft) -> tuple[Amendment, ...]:
    """Say of each sentence that a role wanted changed whether it still stands as it was."""
    now = {s.text for s in (*revised.abstract, *(s for finding in revised.findings for s in finding.sentences))}
    return tuple(
        Amendment(review.role, item, "noted" if item.sentence in now else "taken out or worded anew", before=item.sentence)
        for review in hearing.reviews
        for item in review.objections
        if item.sentence and item.asks_for_change
    )


def _asked(demands: Sequence[Demand], ask: Ask) -> list[Claim]:
    return [demand.claim for demand in demands if demand.objection.ask is ask]


def _is_bare(evidence: Evidence) -> bool:
    """Whether nothing stands behind a claim, not even its own paper's words; a disputed one stays, and both sides are shown."""
    return evidence.grade in {Grade.UNCONFIRMED, Grade.UNCHECKED}


def _read_further(run: Research, claims: Sequence[Claim]) -> bool:
    """Search for these claims' own words, and read the nearest papers that were not read before; say whether there were any."""
    known = {paper.id for paper in run.shelf.papers}
    words = " ".join(claim.text for claim in claims)
    candidates: dict[str, Paper] = {paper.id: paper for paper in _candidates(run, claims) if paper.id not in known}
    ranked = search.rank(words, tuple(candidates.values()), run.world.embedder)
    chosen = search.screen(replace(run.goal, max_papers=FURTHER_PAPERS), ranked).chosen
    run.tell(
        Event(
            "revise",
            f"evidence is wanted for {counted(len(claims), 'claim')}; {counted(len(chosen), 'more paper')} to read",
            0,
            len(chosen),
        )
    )
    run.read(chosen)
    return bool(chosen)


def _candidates(run: Research, claims: Sequence[Claim]) -> tuple[Paper, ...]:
    """Give what a further search finds, and the papers that only the goal's limit kept out.

    A run that has read its papers does not end because nobody answers now. Where papers were fetched before, nobody can be asked: then
    those are left that `pipeline.fetch` laid ready.
    """
    if run.world.is_replay:
        return run.spare[:FURTHER_PAPERS]
    try:
        found = search.fuse(run.gather(plan.further(run.goal, [claim.text for claim in claims]), 2 * FURTHER_PAPERS)).papers
    except SourceError as error:
        run.gaps.append(Gap("search", "a further search", error.message, GapKind.REFUSED))
        found = ()
    return (*found, *run.spare)


def _told(item: Amendment, changed: Mapping[str, Claim], weighed: Mapping[str, Evidence], bare: set[str]) -> Amendment:
    """Say in the record what the second weighing of a touched claim gave."""
    new = changed.get(item.objection.claim)
    if new is None or item.action in {"dropped", "noted"}:
        return item
    action = "dropped" if item.objection.claim in bare else item.action
    return replace(item, action=action, after=f"{new.text} ({weighed[new.id].verdict})")
