"""The order: research(goal, world) -> Report.

    Goal -plan-> Query* -gather-> Paper* -fuse, rank, screen-> chosen -read-> Document* -cut-> Passage* -extract-> Claim*
         -verify-> Evidence* -compose-> Draft -judge (hear, revise, hear)-> Tribunal -decide-> Decision => Report

The world is asked through ports alone. Reading overlaps with the waiting for the next full text. What could not be done is a Gap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sovereign.model import (
    Amendment,
    Ask,
    Case,
    Claim,
    Document,
    Draft,
    Engine,
    Event,
    Evidence,
    Fate,
    Form,
    Gap,
    GapKind,
    Goal,
    Hearing,
    Paper,
    Passage,
    Query,
    Report,
    Sign,
    Source,
    Stage,
    Tribunal,
    Verdict,
)
from sovereign.ports import Bench, Tell, World, tell_nobody
from sovereign.steps import claims as claims_step
from sovereign.steps import draft as draft_step
from sovereign.steps import plan as plan_step
from sovereign.steps import policy, read, rubric, search, tribunal, verify

FURTHER_PAPERS = 3
"""How many papers more a revision may read for all claims together."""


@dataclass(slots=True)
class Shelf:
    """What was read so far: papers in reading order, their documents and sentences by paper id."""

    papers: list[Paper] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    passages: dict[str, tuple[Passage, ...]] = field(default_factory=dict)
    fates: dict[str, Fate] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def signs(self) -> tuple[Sign, ...]:
        """Every suspicious sign of every document, in reading order."""
        return tuple(sign for paper in self.papers for sign in self.documents[paper.id].signs)


def research(goal: Goal, world: World, tell: Tell = tell_nobody) -> Report:
    """Give the report on one goal; deterministic for the same world.

    Raises:
        SourceError: No paper source could be used at all.
    """
    run = _Run(goal, world, tell)
    queries = run.plan()
    chosen, spare = run.find(queries)
    run.read(chosen)
    claims = run.draw()
    draft = run.compose(claims, run.weigh(claims))
    draft, heard = tribunal.judge(draft, run.hear, run.revise(spare), goal.policy, run.bench.name)
    return run.report(queries, draft, heard)


class _Run:
    """One run's growing state; each method is one arrow of the pipeline."""

    def __init__(self, goal: Goal, world: World, tell: Tell) -> None:
        self.goal = goal
        self.world = world
        self.tell = tell
        self.shelf = Shelf()
        self.gaps: list[Gap] = []
        self.fates: list[Fate] = []
        self.bench: Bench = rubric.Rubric()

    def plan(self) -> tuple[Query, ...]:
        """Goal -> Query*."""
        queries = plan_step.plan(self.goal)
        self.tell(Event("plan", f"{len(queries)} searches planned", len(queries), len(queries)))
        return queries

    def find(self, queries: Sequence[Query]) -> tuple[tuple[Paper, ...], tuple[Paper, ...]]:
        """Query* -> Paper*: the papers to read, best first, and the ones that screening left out but a revision may read."""
        sources = {name: self.world.sources[name] for name in self.goal.sources if name in self.world.sources}
        found = search.gather(queries, sources, limit=search.LIMIT, tell=self.tell)
        self.gaps.extend(gap for answer in found for gap in answer.gaps)
        fused = search.fuse(found)
        ranked = search.rank(_topic(self.goal), fused.papers, self.world.embedder)
        screened = search.screen(self.goal, ranked)
        self.fates.extend((*fused.fates, *screened.fates))
        self.tell(Event("search", f"{len(fused.papers)} papers found, {len(screened.chosen)} to read", len(screened.chosen), len(fused.papers)))
        return screened.chosen, screened.spare

    def read(self, papers: Sequence[Paper]) -> None:
        """Paper -> Document -> Passage*: each as soon as its text is there, while the next one is waited for."""
        for number, (paper, fetched, gaps) in enumerate(self.world.fulltext.fetch(papers, tell=self.tell), start=1):
            document = read.read(paper, fetched, self.world.readers)
            self.shelf.gaps.extend((*gaps, *document.gaps))
            self.tell(Event("read", paper.title, number, len(papers), (("chars", len(document.text)), ("form", document.form))))
            if not document.text.strip():
                self.fates.append(Fate(paper.id, paper.title, Stage.NOT_RETRIEVED, "neither full text nor abstract could be had"))
                continue
            self._put(paper, document)

    def _put(self, paper: Paper, document: Document) -> None:
        stage, reason = (
            (Stage.ABSTRACT_ONLY, "only its abstract could be had")
            if document.form is Form.ABSTRACT
            else (Stage.READ, f"read in full ({document.form})")
        )
        self.shelf.papers.append(paper)
        self.shelf.documents[paper.id] = document
        sentences = read.cut(document)
        self.shelf.passages[paper.id] = (*sentences, *read.rows(document))
        self.fates.append(Fate(paper.id, paper.title, stage, reason))
        # Vectors are kept by content: asked for here, while the next text is on its way, they cost nothing later.
        self.world.embedder.embed([passage.text for passage in sentences], kind="passage")

    def draw(self) -> tuple[Claim, ...]:
        """Passage* -> Claim*, through the gate."""
        documents = [self.shelf.documents[paper.id] for paper in self.shelf.papers]
        drawn = claims_step.extract(self.goal, documents, self.shelf.passages, embedder=self.world.embedder, roles=self.world.roles)
        claims = claims_step.gate(drawn, self.shelf.documents, self._refuse)
        self.tell(Event("claims", f"{len(claims)} claims drawn", len(claims), len(claims)))
        return claims

    def _refuse(self, claim: Claim) -> None:
        self.gaps.append(Gap("claims", claim.paper, f"its quote was not found in the paper: “{claim.quote.text}”", GapKind.REJECTED))

    def weigh(self, claims: Sequence[Claim]) -> tuple[Evidence, ...]:
        """Claim + Passage* -> Evidence: over the claim's own paper and all the others."""
        return verify.verify(
            claims,
            self.shelf.passages,
            self.shelf.documents,
            embedder=self.world.embedder,
            verifier=self.world.verifier,
            tell=self.tell,
        )

    def compose(self, claims: Sequence[Claim], evidence: Sequence[Evidence], dropped: Sequence[tuple[str, str]] = ()) -> Draft:
        """Evidence -> Draft."""
        papers = {paper.id: paper for paper in self.shelf.papers}
        return draft_step.compose(self.goal, claims, evidence, papers, dropped)

    def hear(self, draft: Draft, round_: int) -> Hearing:
        """Draft -> Review*."""
        case = Case(self.goal, draft, round_, tuple(self.shelf.papers), self.shelf.signs, (*self.gaps, *self.shelf.gaps))
        hearing = tribunal.hear(case, self.bench)
        score = "no score" if hearing.consensus is None else f"{hearing.consensus:.1f}/10"
        self.tell(Event("tribunal", f"round {round_}: {score}", round_, self.goal.policy.max_revisions))
        return hearing

    def revise(self, spare: Sequence[Paper]) -> Callable[[Draft, Hearing], tuple[Draft, tuple[Amendment, ...]]]:
        """Give the revision: drop what is to be dropped, read further papers for what lacks evidence, weigh it again."""

        def revision(draft: Draft, hearing: Hearing) -> tuple[Draft, tuple[Amendment, ...]]:
            wishes = tribunal.wishes(draft, hearing)
            again = {wish.claim.id for wish in wishes if wish.objection.ask is Ask.REEVIDENCE}
            if again:
                self._read_further([claim for claim in draft.standing if claim.id in again], spare)
            amended, amendments = tribunal.amend(draft, wishes, {claim.id: claim for claim in draft.claims if claim.id in again})
            touched = [claim for claim in draft.claims if claim.id in again]
            fresh = {item.claim: item for item in self.weigh(touched)}
            evidence = [fresh.get(item.claim, item) for item in draft.evidence]
            still_bare = {c: "a further search found no evidence for it" for c, e in fresh.items() if e.verdict is Verdict.INSUFFICIENT}
            dropped = {**dict(amended.dropped), **still_bare}
            noted = tuple(_tell_outcome(item, fresh, still_bare) for item in amendments)
            return self.compose(amended.claims, evidence, tuple(dropped.items())), noted

        return revision

    def _read_further(self, claims: Sequence[Claim], spare: Sequence[Paper]) -> None:
        """Search for these claims' own words, and read the few nearest papers that were not read before."""
        known = {paper.id for paper in self.shelf.papers}
        sources = {name: self.world.sources[name] for name in self.goal.sources if name in self.world.sources}
        queries = plan_step.further(self.goal, [claim.text for claim in claims])
        found = search.gather(queries, sources, limit=FURTHER_PAPERS * 2, tell=self.tell)
        self.gaps.extend(gap for answer in found for gap in answer.gaps)
        fresh = [paper for paper in search.fuse(found).papers if paper.id not in known and paper.id not in {p.id for p in spare}]
        topic = " ".join(claim.text for claim in claims)
        ranked = search.rank(topic, [*fresh, *(p for p in spare if p.id not in known)], self.world.embedder)
        chosen = search.screen(replace(self.goal, max_papers=FURTHER_PAPERS), ranked).chosen
        self.tell(Event("revise", f"{len(claims)} claims need evidence; reading {len(chosen)} papers more", 0, len(chosen)))
        self.read(chosen)

    def report(self, queries: Sequence[Query], draft: Draft, heard: Tribunal) -> Report:
        """Decision -> Report."""
        papers = _in_order_of_citation(draft, self.shelf.papers)
        gaps = tuple(dict.fromkeys((*self.gaps, *self.shelf.gaps)))
        docket = policy.Docket(
            goal=self.goal,
            draft=draft,
            tribunal=heard,
            judged_by=Engine.LOCAL,
            papers=papers,
            signs=self.shelf.signs,
            gaps=gaps,
            verifier=self.world.verifier.card if self.world.verifier else None,
            is_example=self.world.is_example,
        )
        decision = policy.decide(docket)
        self.tell(Event("policy", decision.action, 1, 1))
        return Report(
            goal=self.goal,
            date=self.world.today,
            engine=docket.judged_by,
            queries=tuple(queries),
            papers=papers,
            fates=_last_fates(self.fates),
            sources=tuple(_source(self.shelf.documents[paper.id]) for paper in papers),
            draft=draft,
            tribunal=heard,
            decision=decision,
            gaps=gaps,
            signs=self.shelf.signs,
            parts=self.world.parts,
            verifier=docket.verifier,
            is_example=self.world.is_example,
        )


def _topic(goal: Goal) -> str:
    return " ".join((goal.question, *goal.keywords))


def _tell_outcome(item: Amendment, fresh: dict[str, Evidence], still_bare: dict[str, str]) -> Amendment:
    """Say in the record what the second weighing of a claim gave."""
    evidence = fresh.get(item.objection.claim)
    if evidence is None or item.action == "dropped":
        return item
    action = "dropped" if item.objection.claim in still_bare else "weighed again"
    return replace(item, action=action, after=f"{item.after} ({evidence.verdict})" if item.after else str(evidence.verdict))


def _in_order_of_citation(draft: Draft, papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """Give the papers as the text first cites them, then those it does not cite, in reading order."""
    by_claim = {claim.id: claim.paper for claim in draft.claims}
    sentences = [*draft.abstract, *(s for finding in draft.findings for s in finding.sentences)]
    cited = [by_claim[claim] for sentence in sentences for claim in sentence.claims]
    order = {paper: place for place, paper in enumerate(dict.fromkeys(cited))}
    return tuple(sorted(papers, key=lambda paper: order.get(paper.id, len(order))))


def _last_fates(fates: Sequence[Fate]) -> tuple[Fate, ...]:
    """Give each paper's furthest fate; every duplicate counts by itself."""
    kept: dict[tuple[str, bool, int], Fate] = {}
    for number, fate in enumerate(fates):
        is_duplicate = fate.stage is Stage.DUPLICATE
        key = (fate.paper, is_duplicate, number if is_duplicate else 0)
        earlier = kept.get(key)
        score = fate.score if fate.score is not None or earlier is None else earlier.score
        kept[key] = replace(fate, score=score)
    return tuple(kept.values())


def _source(document: Document) -> Source:
    return Source(document.paper, document.form, document.sha256, document.source_sha256, len(document.text))
