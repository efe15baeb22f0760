"""The revision round: what the tribunal's objections change, and that every touched claim is weighed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sovereign.model import Amendment, Ask, Claim, Draft, Event, Evidence, Grade, Hearing, Paper
from sovereign.pipeline.run import Run
from sovereign.steps import plan, search, tribunal
from sovereign.steps.tribunal import Wish

FURTHER_PAPERS = 3
"""How many papers more one revision reads, for all claims together."""
NOTHING_FOUND = "a further search found no evidence for it"


def revise(run: Run, draft: Draft, hearing: Hearing) -> tuple[Draft, tuple[Amendment, ...]]:
    """Give the revised draft and what became of every objection that asked for something.

    Claims are dropped, re-worded (by a model alone), or weighed again after a further search has read up to three papers
    more; a claim for which even that found no evidence is dropped. Dropped claims stay in the record.
    """
    wishes = tribunal.wishes(draft, hearing)
    lacking = _asked(wishes, Ask.REEVIDENCE)
    if lacking:
        _read_further(run, lacking)
    rewordable = [(wish.objection, wish.claim) for wish in wishes if wish.objection.ask is Ask.REWORD]
    changed = {claim.id: claim for claim in lacking} | (run.engine.reword(rewordable, run.shelf.passages) if rewordable else {})
    amended, amendments = tribunal.amend(draft, wishes, changed)
    weighed = {item.claim: item for item in run.weigh(list(changed.values()))}
    bare = {claim.id for claim in lacking if _is_bare(weighed[claim.id])}
    dropped = dict(amended.dropped) | dict.fromkeys(sorted(bare), NOTHING_FOUND)
    told = tuple(_told(item, changed, weighed, bare) for item in amendments)
    renewed = (changed.get(claim.id, claim) for claim in draft.claims)
    claims = list({claim.id: claim for claim in renewed}.values())
    evidence = [weighed.get(claim.id) or draft.evidence_of(claim.id) for claim in claims]
    return run.compose(claims, evidence, tuple(dropped.items())), told


def _asked(wishes: Sequence[Wish], ask: Ask) -> list[Claim]:
    return [wish.claim for wish in wishes if wish.objection.ask is ask]


def _is_bare(evidence: Evidence) -> bool:
    """Whether nothing stands behind a claim, not even its own paper's words; a disputed one stays, and both sides are shown."""
    return evidence.grade in {Grade.UNCONFIRMED, Grade.UNCHECKED}


def _read_further(run: Run, claims: Sequence[Claim]) -> None:
    """Search for these claims' own words, and read the nearest papers that were not read before."""
    known = {paper.id for paper in run.shelf.papers}
    words = " ".join(claim.text for claim in claims)
    found = search.fuse(run.gather(plan.further(run.goal, [claim.text for claim in claims]), 2 * FURTHER_PAPERS)).papers
    candidates: dict[str, Paper] = {paper.id: paper for paper in (*found, *run.spare) if paper.id not in known}
    ranked = search.rank(words, tuple(candidates.values()), run.world.embedder)
    chosen = search.screen(replace(run.goal, max_papers=FURTHER_PAPERS), ranked).chosen
    run.tell(Event("revise", f"{len(claims)} claims need evidence; {len(chosen)} papers more to read", 0, len(chosen)))
    run.read(chosen)


def _told(item: Amendment, changed: Mapping[str, Claim], weighed: Mapping[str, Evidence], bare: set[str]) -> Amendment:
    """Say in the record what the second weighing of a touched claim gave."""
    new = changed.get(item.objection.claim)
    if new is None or item.action in {"dropped", "noted"}:
        return item
    action = "dropped" if item.objection.claim in bare else item.action
    return replace(item, action=action, after=f"{new.text} ({weighed[new.id].verdict})")
