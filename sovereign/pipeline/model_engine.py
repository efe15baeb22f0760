"""The engine with a language model beside the rules; every one of its answers can be refused, and each refusal falls back on a rule.

A model that becomes unusable midway (no key, retired, over budget, too weak) is named in a Gap, and the rules take over from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sovereign.errors import ModelError
from sovereign.model import (
    Answer,
    AnswerKind,
    Ask,
    Case,
    CitedSentence,
    Claim,
    Cost,
    Draft,
    Engine,
    Event,
    Evidence,
    Finding,
    Gap,
    GapKind,
    Goal,
    Hearing,
    KeyFinding,
    Objection,
    Origin,
    Paper,
    Passage,
    Query,
    Review,
    Stance,
    Strength,
    Witness,
)
from sovereign.pipeline.cost import foreseen
from sovereign.pipeline.engines import LocalEngine, Shelved
from sovereign.pipeline.shelf import Shelf
from sovereign.ports import ChatModel, Tell, World
from sovereign.steps import answer as answer_step
from sovereign.steps import ask_bearing, ask_claims, ask_draft, ask_plan, ask_tribunal, ask_verify
from sovereign.steps import claims as claims_step
from sovereign.steps import draft as draft_step
from sovereign.steps.draft import Sources

T = TypeVar("T")
KEY_FINDINGS = 7
_REDRAFTED = {Ask.SENTENCE, Ask.REWORD, Ask.DROP}
"""Objections that a redraft must heed; what concerns a claim's evidence is met before it, and a note asks for nothing."""
Before = tuple[Draft, Hearing]


class ModelEngine(LocalEngine):
    """A language model beside the rules.

    Args:
        shelf: What the run has read; it grows while the engine lives.
    """

    def __init__(self, goal: Goal, world: World, tell: Tell, shelf: Shelf) -> None:
        super().__init__(goal, world, tell)
        self._chat = world.chat
        self._used = world.chat
        self._shelf = shelf
        self._sought = ask_bearing.Sought()
        self._notes: dict[str, ask_claims.Note] = {}
        self._refused: tuple[str, ...] = ()
        self._looked: dict[CitedSentence, str] = {}
        self._is_cost_told = False

    @property
    def kind(self) -> Engine:
        """MODEL for as long as the model is usable."""
        return Engine.MODEL if self._chat else Engine.LOCAL

    @property
    def name(self) -> str:
        """The judges' name."""
        return ask_tribunal.ModelBench(self._chat, self.world.judges).name if self._chat else super().name

    @property
    def cost(self) -> Cost | None:
        """What the model used, also where it was given up midway."""
        return self._used.cost if self._used else None

    @property
    def second_model(self) -> str:
        """Who has the second look: another model than the one that worded, where one is configured; empty is the service's own."""
        return self.world.second_look or next(iter(self.world.judges.values()), "")

    def plan(self) -> tuple[Query, ...]:
        """Ask for searches; those of the rules stand where the model gives none, where papers were fetched before, and for a folder."""
        if self.world.is_replay or set(self.goal.sources) <= {"folder"}:
            return super().plan()
        self._tell_cost(self.goal.max_papers)
        made = self._try("plan", lambda chat: ask_plan.plan(self.goal, chat, tell=self.tell), ask_plan.Plan())
        self.gaps.extend(made.gaps)
        self._sought = ask_bearing.Sought(made.kind, ask_bearing.facets(self.goal, made.facets))
        return made.queries if any(query.all_of for query in made.queries) else super().plan()

    def draw(self, shelf: Shelved) -> tuple[Claim, ...]:
        """Ask which papers bear on the question, then for claims; the extracted ones stay beside the proposed (see `_chosen`)."""
        documents, passages = shelf
        self._tell_cost(len(documents))
        nothing = ask_bearing.Sorted(sought=self._sought)
        made = self._try("bearing", lambda chat: ask_bearing.sort(self.goal, documents, self._sought, chat, tell=self.tell), nothing)
        self.gaps.extend(made.gaps)
        self._sought = made.sought
        papers = [
            (ask_claims.Asked(self.goal, self._sought.facets, self._called(document.paper)), document)
            for document in documents
            if document.paper not in made.aside
        ]
        proposed = self._try(
            "claims",
            lambda chat: ask_claims.propose(papers, passages, chat, reader=self.world.reader, tell=self.tell),
            ask_claims.Proposed(),
        )
        self.gaps.extend(proposed.gaps)
        self._notes |= proposed.notes
        extracted = super().draw(shelf)
        twins = [claim for claim in extracted if any(_same_place(claim, other) for other in proposed.claims)]
        others = [claim for claim in extracted if claim not in twins]
        return (*proposed.claims, *twins, *others[: max(0, claims_step.MAX_CLAIMS - len(proposed.claims))])

    def settle(self, claims: Sequence[Claim], evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """Have a second look at what the model worded and the verifier did not bear out."""
        if self._chat is None:
            return tuple(evidence)
        return self._look_again(claims, ask_verify.guarded(claims, evidence, self._library()), {})

    def reconsider(self, claims: Sequence[Claim], evidence: Sequence[Evidence], objections: Mapping[str, str]) -> tuple[Evidence, ...]:
        """Have another look at claims of which a judge says that their verdict is wrong."""
        return self._look_again(claims, evidence, objections)

    def _look_again(self, claims: Sequence[Claim], evidence: Sequence[Evidence], objections: Mapping[str, str]) -> tuple[Evidence, ...]:
        beside = {name: note.beside for name, note in self._notes.items() if note.beside is not None}
        matters = ask_verify.doubtful(claims, evidence, beside, objections)
        nothing: ask_verify.Said = {}
        said = self._try("verify", lambda chat: self._ask_again(chat, matters), nothing)
        settled, gaps = ask_verify.settle(matters, evidence, said)
        self.gaps.extend(gaps)
        return settled

    def _ask_again(self, chat: ChatModel, matters: Sequence[ask_verify.Matter], *, is_joined: bool = False) -> ask_verify.Said:
        return ask_verify.ask(matters, self._library(), chat, model=self.second_model, is_joined=is_joined, tell=self.tell)

    def compose(
        self,
        claims: Sequence[Claim],
        evidence: Sequence[Evidence],
        sources: Sources,
        dropped: Sequence[tuple[str, str]],
        before: Before | None = None,
    ) -> Draft:
        """Ask for the answer, the abstract and the findings; refuted and disputed claims are still told by the rules.

        What is not confirmed is no finding: it stays among the extracted claims, and the Abstract's last sentence counts it.
        """
        chosen = self._chosen(claims, evidence)
        draft = super().compose([claim for claim, _ in chosen], [item for _, item in chosen], sources, dropped)
        brief = self._brief(draft, sources, before)
        made = self._try(
            "draft",
            lambda chat: ask_draft.compose(brief, chat, self.world.verifier, lambda asked: self._look_at(draft, asked), tell=self.tell),
            ask_draft.Composed(),
        )
        self.gaps.extend(made.gaps)
        self._refused = tuple(gap.why for gap in made.gaps if gap.kind is GapKind.REJECTED)
        made = _heeded(made, before)
        if made.headline is None or made.kind is None or not made.findings:
            return draft
        answer = self._answer(draft, made, made.kind, made.headline)
        apart = tuple(finding for finding in draft.findings if finding.heading in draft_step.ASIDE - {draft_step.UNCONFIRMED})
        behind = draft.abstract[-1:] if draft.abstract and not draft.abstract[-1].claims else ()
        return replace(draft, answer=answer, abstract=(*made.abstract, *behind), findings=(*made.findings, *apart))

    def _answer(self, draft: Draft, made: ask_draft.Composed, kind: AnswerKind, headline: CitedSentence) -> Answer:
        """Give the answer in the model's words; what stands behind it is counted by the rules."""
        turns = [finding.sentences[at] for at in range(KEY_FINDINGS) for finding in made.findings if at < len(finding.sentences)]
        chosen = tuple({sentence.text: sentence for sentence in (headline, *turns)}.values())[:KEY_FINDINGS]
        keys = tuple(KeyFinding(sentence.text, sentence.claims, self._stance(kind, sentence)) for sentence in chosen)
        return replace(
            draft.answer,
            kind=kind,
            headline=headline.text,
            claims=headline.claims,
            findings=keys,
            facets=made.facets or draft.answer.facets,
            strength=_strength(keys, draft, self._shelf.by_id),
            by_model=True,
        )

    def _stance(self, kind: AnswerKind, sentence: CitedSentence) -> str:
        """Give "yes" or "no" where the question is of that kind and all claims of the sentence were noted to speak that way."""
        said = {self._notes[claim].direction if claim in self._notes else "" for claim in sentence.claims}
        is_asked = kind in {AnswerKind.YES, AnswerKind.NO, AnswerKind.MIXED} and answer_step.takes_sides(self.goal.question)
        return {"for": "yes", "against": "no"}.get(said.pop(), "") if is_asked and len(said) == 1 else ""

    def _chosen(self, claims: Sequence[Claim], evidence: Sequence[Evidence]) -> list[tuple[Claim, Evidence]]:
        """Give the claims without one of each two that rest on the same words: the model's where it stands, else the paper's own."""
        pairs = list(zip(claims, evidence, strict=True))
        worded = [(claim, item) for claim, item in pairs if claim.origin is not Origin.EXTRACTED]
        own = [claim for claim in claims if claim.origin is Origin.EXTRACTED]
        gone: set[str] = set()
        for claim, item in worded:
            twins = [other for other in own if _same_place(claim, other)]
            if ask_draft.stands(item):
                gone |= {twin.id for twin in twins}
            elif twins:
                gone.add(claim.id)
                why = f"a model's wording was not borne out, and the paper's own stands in its place: “{claim.text}”"
                self.gaps.append(Gap("claims", claim.paper, why, GapKind.REJECTED))
        return [(claim, item) for claim, item in pairs if claim.id not in gone]

    def _brief(self, draft: Draft, sources: Sources, before: Before | None) -> ask_draft.Brief:
        evidence = {item.claim: item for item in draft.evidence}
        sound = [claim for claim in draft.standing if claim.paper not in sources.suspect]
        standing = [claim for claim in sound if ask_draft.stands(evidence[claim.id])]
        ranked = sorted(standing, key=lambda claim: -self._notes.get(claim.id, ask_claims.Note()).weight)
        beside = {claim.id: note.beside.text for claim in ranked if (note := self._notes.get(claim.id)) and note.beside}
        return ask_draft.Brief(
            goal=self.goal,
            claims=tuple(ranked),
            evidence=evidence,
            notes={
                claim.id: ask_draft.Told(note.facet, note.direction, note.setting)
                for claim in ranked
                if (note := self._notes.get(claim.id))
            },
            beside=beside,
            facets=self._sought.facets,
            names={paper: self._called(paper) for paper in sources.papers},
            unconfirmed=tuple(claim for claim in sound if claim not in standing),
            earlier=_earlier(before, self._refused) if before else None,
        )

    def _look_at(self, draft: Draft, asked: Sequence[tuple[str, CitedSentence]]) -> Mapping[str, str]:
        """Give for each drafted sentence what a second look holds against it, or nothing; no answer leaves it as it was.

        A redraft keeps many sentences; one that was looked at with the same claims is not asked about again.
        """
        claims = {claim.id: claim for claim in draft.claims}
        before = {name: self._looked[sentence] for name, sentence in asked if sentence in self._looked}
        asked = [(name, sentence) for name, sentence in asked if name not in before]
        matters = [
            ask_verify.Matter(
                name,
                sentence.text,
                tuple(p for c in sentence.claims for p in (claims[c].quote, *self._also(c))),
                tuple(w.passage for c in sentence.claims for w in draft.evidence_of(c).witnesses if _speaks(w)),
                near=ask_verify.NEAR_DRAFTED,
            )
            for name, sentence in asked
        ]
        nothing: ask_verify.Said = {}
        said = self._try("draft", lambda chat: self._ask_again(chat, matters, is_joined=True), nothing)
        heard = {name: word for name, word in said.items() if isinstance(word, ask_verify.Word)}
        by_id = {matter.id: matter for matter in matters}
        found = {
            name: "" if word.bears_out(by_id[name]) else f"its sources do not bear it out ({word.lacking or word.reason})"
            for name, word in heard.items()
        }
        self._looked |= {sentence: found[name] for name, sentence in asked if name in found}
        return before | found

    def _also(self, claim: str) -> tuple[Passage, ...]:
        note = self._notes.get(claim)
        return (note.beside,) if note and note.beside else ()

    def hear(self, case: Case) -> tuple[Review, ...]:
        """Ask three blind judges; where the model is unusable the rubric judges, and the policy knows."""
        answers = self._try("tribunal", lambda chat: ask_tribunal.ModelBench(chat, self.world.judges, tell=self.tell).hear(case), None)
        return super().hear(case) if answers is None else answers

    def reword(self, wishes: Sequence[tuple[Objection, Claim]], passages: Mapping[str, Sequence[Passage]]) -> dict[str, Claim]:
        """Ask for other words; a refused wording leaves the claim as it was."""
        answers: tuple[Claim | Gap, ...] = self._try(
            "revise", lambda chat: ask_tribunal.reword_all(wishes, passages, chat, tell=self.tell), ()
        )
        self.gaps.extend(answer for answer in answers if isinstance(answer, Gap))
        new = {claim.id: made for (_, claim), made in zip(wishes, answers, strict=False) if isinstance(made, Claim)}
        self._notes |= {made.id: self._notes[old] for old, made in new.items() if old in self._notes}
        return new

    def _library(self) -> ask_verify.Library:
        called = {paper.id: f"{self._called(paper.id)}: {paper.title}" for paper in self._shelf.papers}
        return ask_verify.Library(self._shelf.passages, called)

    def _called(self, paper: str) -> str:
        return draft_step.called(self._shelf.papers).get(paper, "")

    def _tell_cost(self, papers: int) -> None:
        """Say once, before the first paid call, what the run may cost at most."""
        if self._chat is not None and not self._is_cost_told:
            self._is_cost_told = True
            self.tell(foreseen(papers, self.goal.policy.max_revisions, self.world.tariff, self._chat.name))

    def _try(self, step: str, ask: Callable[[ChatModel], T], otherwise: T) -> T:
        """Ask the model where it is usable; one that fails for the whole run is not asked again, and the Gap says so.

        Raises:
            ModelError: It failed, and the run was asked not to go on without it.
        """
        if self._chat is None:
            return otherwise
        try:
            return ask(self._chat)
        except ModelError as error:
            if self.world.needs_chat:
                raise
            self.gaps.append(Gap(step, self._chat.name, f"{error.message}; the run went on with the local engine", GapKind.REFUSED))
            self.tell(Event(step, f"{error.message}; going on with the local engine"))
            self._chat = None
            return otherwise


def _speaks(witness: Witness) -> bool:
    return witness.own and witness.stance is not Stance.SILENT


def _same_place(one: Claim, other: Claim) -> bool:
    return one.paper == other.paper and one.quote.start < other.quote.end and other.quote.start < one.quote.end


def _earlier(before: Before, refused: tuple[str, ...]) -> ask_draft.Earlier:
    draft, hearing = before
    lines = [("answer", draft.answer.headline), *(("abstract", sentence.text) for sentence in draft.abstract)]
    for finding in draft.findings:
        if finding.heading not in draft_step.ASIDE:
            lines += [("heading", finding.heading), *(("finding", sentence.text) for sentence in finding.sentences)]
    claims = {claim.id: claim.text for claim in draft.claims}
    reasons: dict[str, list[str]] = {}
    for review in hearing.reviews:
        for item in review.objections:
            if item.ask in _REDRAFTED:
                reasons.setdefault(item.sentence or claims.get(item.claim, ""), []).append(f"{item.ask}: {item.reason}")
    told = [f"{' '.join(dict.fromkeys(said))}{f' (about: “{about}”)' if about else ''}" for about, said in reasons.items()]
    return ask_draft.Earlier(tuple(lines), tuple(told), refused)


def _heeded(made: ask_draft.Composed, before: Before | None) -> ask_draft.Composed:
    """Give a redraft without the sentences that a judge asked to be changed and that came back as they were."""
    if before is None:
        return made
    objected = {item.sentence for review in before[1].reviews for item in review.objections if item.asks_for_change} - {""}
    abstract = tuple(sentence for sentence in made.abstract if sentence.text not in objected)
    findings = tuple(
        Finding(finding.heading, kept)
        for finding in made.findings
        if (kept := tuple(s for s in finding.sentences if s.text not in objected))
    )
    return replace(made, abstract=abstract, findings=findings, headline=abstract[0] if abstract else None)


def _strength(keys: Sequence[KeyFinding], draft: Draft, papers: Mapping[str, Paper]) -> Strength:
    """Count what stands behind the key findings: their papers, independent ones, those against, and what the verifier bears out."""
    claims = {claim.id: claim for claim in draft.claims}
    cited = [claims[claim] for key in keys for claim in key.claims]
    own = tuple(dict.fromkeys(claim.paper for claim in cited))
    evidence = {item.claim: item for item in draft.evidence}
    against = {paper for claim in cited for paper in evidence[claim.id].papers(Stance.REFUTES, own=False)}
    return Strength(
        papers=len(own),
        independent=answer_step.independent(own, papers),
        against=len(against),
        verified=sum(all(evidence[claim].is_verified for claim in key.claims) for key in keys),
        findings=len(keys),
        relevance=max((claim.relevance for claim in cited), default=0.0),
    )
