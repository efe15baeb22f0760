"""One run's growing state; each method is one arrow of the pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sovereign.abreast import abreast
from sovereign.model import (
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
    Query,
    Report,
    Source,
    Stage,
    Tribunal,
)
from sovereign.pipeline.engines import LocalEngine
from sovereign.pipeline.model_engine import ModelEngine
from sovereign.pipeline.shelf import Shelf
from sovereign.ports import Fetched, Found, Tell, World
from sovereign.steps import claims as claims_step
from sovereign.steps import policy, read, search, tribunal, weigh
from sovereign.steps.draft import Sources
from sovereign.text import counted

FOUND_PER_QUERY = 50
NOTHING_SAID = "no sentence of it bears on the question"


class Research:
    """The state of one run.

    Attributes:
        spare: Papers that only the goal's limit kept out; a revision may read some of them.
        judged_by: Who sat in the last hearing.
    """

    def __init__(self, goal: Goal, world: World, tell: Tell) -> None:
        self.goal, self.world, self.tell = goal, world, tell
        self.shelf = Shelf()
        self.engine: LocalEngine = ModelEngine(goal, world, tell, self.shelf) if world.chat else LocalEngine(goal, world, tell)
        self.spare: tuple[Paper, ...] = ()
        self.fates: list[Fate] = []
        self.gaps: list[Gap] = list(world.gaps)
        self.judged_by = Engine.LOCAL

    def plan(self) -> tuple[Query, ...]:
        """Goal -> Query*."""
        queries = self.engine.plan()
        self.tell(Event("plan", f"{counted(len(queries), 'search', 'searches')} planned", len(queries), len(queries)))
        return queries

    def find(self, queries: Sequence[Query]) -> tuple[Paper, ...]:
        """Query* -> Paper*: the papers to read, best first."""
        fused = search.fuse(self.gather(queries, FOUND_PER_QUERY))
        ranked = search.rank(" ".join((self.goal.question, *self.goal.keywords)), fused.papers, self.world.embedder)
        screened = search.screen(self.goal, ranked)
        self.spare = screened.spare
        self.fates.extend((*fused.fates, *screened.fates))
        said = f"{counted(len(fused.papers), 'paper')} found, {len(screened.chosen)} to read"
        self.tell(Event("search", said, len(fused.papers), len(fused.papers)))
        return screened.chosen

    def gather(self, queries: Sequence[Query], limit: int) -> tuple[Found, ...]:
        """Ask every source of the goal; what it could not give is a Gap."""
        sources = {name: self.world.sources[name] for name in self.goal.sources if name in self.world.sources}
        found = search.gather(queries, sources, limit=limit, tell=self.tell)
        self.gaps.extend(gap for answer in found for gap in answer.gaps)
        return found

    def read(self, papers: Sequence[Paper]) -> None:
        """Paper -> Document -> Passage*: each as soon as its text is there, while the next one is waited for."""
        texts = self.world.fulltext.fetch(papers, tell=self.tell)
        for number, (paper, document, gaps) in enumerate(abreast(self._opened, texts, self.world.read_at_once), start=1):
            self.gaps.extend((*gaps, *document.gaps))
            self._shelve(paper, document)
            facts = (("chars", len(document.text)), ("form", document.form.value))
            self.tell(Event("read", paper.title, number, len(papers), facts))

    def _opened(self, text: tuple[Paper, tuple[Fetched, ...], tuple[Gap, ...]]) -> tuple[Paper, Document, tuple[Gap, ...]]:
        paper, fetched, gaps = text
        return paper, read.read(paper, fetched, self.world.readers, self.world.detectors), gaps

    def _shelve(self, paper: Paper, document: Document) -> None:
        if not document.text.strip():
            self.fates.append(Fate(paper.id, paper.title, Stage.NOT_RETRIEVED, "neither its full text nor an abstract could be had"))
            return
        is_abstract = document.form is Form.ABSTRACT
        stage = Stage.ABSTRACT_ONLY if is_abstract else Stage.READ
        reason = "only its abstract could be had" if is_abstract else f"read in full, from its {document.form}"
        self.fates.append(Fate(paper.id, paper.title, stage, reason))
        sentences = read.cut(document)
        passages = sorted((*sentences, *read.rows(document), *read.notes(document)), key=lambda passage: passage.start)
        self.shelf.put(paper, document, tuple(passages))
        # Vectors are kept by content: made here, while the next text is on its way, they cost nothing later.
        self.world.embedder.embed([passage.text for passage in sentences], kind="passage")

    def draw(self) -> tuple[Claim, ...]:
        """Passage* -> Claim*, through the gate."""
        documents = [self.shelf.documents[paper.id] for paper in self.shelf.papers]
        claims = claims_step.gate(self.engine.draw((documents, self.shelf.passages)), self.shelf.documents, self._refuse)
        self.tell(Event("claims", f"{counted(len(claims), 'claim')} drawn", len(claims), len(claims)))
        spoke = {claim.paper for claim in claims}
        silent = (paper.id for paper in self.shelf.papers if paper.id not in spoke)
        self.gaps.extend(Gap("claims", paper, NOTHING_SAID, GapKind.MISSING) for paper in silent)
        return claims

    def _refuse(self, claim: Claim) -> None:
        why = f"a claim was refused; its quote was not found in the paper, or speaks to the reviewer: “{claim.quote.text}”"
        self.gaps.append(Gap("claims", claim.paper, why, GapKind.REJECTED))

    def weigh(self, claims: Sequence[Claim]) -> tuple[Evidence, ...]:
        """Claim + Passage* -> Evidence, over the claim's own paper and all the others."""
        evidence = weigh.weigh(
            claims,
            self.shelf.passages,
            self.shelf.documents,
            embedder=self.world.embedder,
            verifier=self.world.verifier,
            titles={paper.id: paper.title for paper in self.shelf.papers},
            tell=self.tell,
        )
        return self.engine.settle(claims, evidence)

    def compose(
        self,
        claims: Sequence[Claim],
        evidence: Sequence[Evidence],
        dropped: Sequence[tuple[str, str]] = (),
        before: tuple[Draft, Hearing] | None = None,
    ) -> Draft:
        """Evidence -> Draft; `before` is the draft that a revision replaces, and its hearing."""
        sources = Sources(self.shelf.by_id, frozenset(sign.paper for sign in self.shelf.signs if sign.is_sure))
        return self.engine.compose(claims, evidence, sources, dropped, before)

    def hear(self, draft: Draft, round_: int) -> Hearing:
        """Draft -> Review*."""
        case = Case(self.goal, draft, round_, tuple(self.shelf.papers), self.shelf.signs, tuple(self.gaps))
        hearing = tribunal.hear(case, self.engine)
        self.judged_by = self.engine.kind
        score = "no score" if hearing.consensus is None else f"{hearing.consensus:.1f}/10"
        self.tell(Event("tribunal", f"round {round_}: {score}", round_ + 1, self.goal.policy.max_revisions + 1))
        return hearing

    def report(self, queries: Sequence[Query], draft: Draft, heard: Tribunal) -> Report:
        """Tribunal -> Decision -> Report."""
        card = self.world.verifier.card if self.world.verifier else None
        report = Report(
            goal=self.goal,
            date=self.world.today,
            engine=self.judged_by,
            queries=tuple(queries),
            papers=_in_order_of_citation(draft, self.shelf.papers),
            fates=tuple(fate if fate.paper in self.shelf.documents else read.withheld(fate) for fate in _last_fates(self.fates)),
            sources=(),
            draft=draft,
            tribunal=heard,
            decision=policy.decide(self._docket(draft, heard)),
            gaps=self._all_gaps(),
            signs=self.shelf.signs,
            parts=self.world.parts,
            verifier=card,
            cost=self.engine.cost,
            is_example=self.world.is_example,
        )
        self.tell(Event("policy", report.decision.action, 1, 1))
        return replace(report, sources=tuple(_source(self.shelf.documents[paper.id]) for paper in report.papers))

    def _docket(self, draft: Draft, heard: Tribunal) -> policy.Docket:
        return policy.Docket(
            goal=self.goal,
            draft=draft,
            tribunal=heard,
            judged_by=self.judged_by,
            papers=tuple(self.shelf.papers),
            signs=self.shelf.signs,
            gaps=self._all_gaps(),
            verifier=self.world.verifier.card if self.world.verifier else None,
            is_example=self.world.is_example,
        )

    def _all_gaps(self) -> tuple[Gap, ...]:
        return tuple(dict.fromkeys((*self.gaps, *self.engine.gaps)))


def _in_order_of_citation(draft: Draft, papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """Give the papers as the text first cites them, then those it does not cite, in reading order."""
    by_claim = {claim.id: claim.paper for claim in draft.claims}
    sentences = [*draft.abstract, *(s for finding in draft.findings for s in finding.sentences)]
    cited = [by_claim[claim] for sentence in sentences for claim in sentence.claims]
    order = {paper: place for place, paper in enumerate(dict.fromkeys(cited))}
    return tuple(sorted(papers, key=lambda paper: order.get(paper.id, len(order))))


def _last_fates(fates: Sequence[Fate]) -> tuple[Fate, ...]:
    """Give each paper's last fate, with its relevance; every duplicate counts by itself."""
    duplicates = [fate for fate in fates if fate.stage is Stage.DUPLICATE]
    last: dict[str, Fate] = {}
    for fate in fates:
        if fate.stage is not Stage.DUPLICATE:
            earlier = last.get(fate.paper)
            last[fate.paper] = replace(fate, score=earlier.score) if earlier and fate.score is None else fate
    return (*last.values(), *duplicates)


def _source(document: Document) -> Source:
    return Source(document.paper, document.form, document.sha256, document.source_sha256, len(document.text))
