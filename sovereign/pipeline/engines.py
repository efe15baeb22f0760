"""Two engines, one pipeline: what differs between published rules alone and a language model beside them.

The verifier, the gate for quotes, the tribunal's count and the policy are the same for both and stand in the pipeline. A
model that becomes unusable midway (no key, retired, over budget) is named in a Gap, and the rules take over from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sovereign.errors import ModelError
from sovereign.model import (
    Case,
    Claim,
    Cost,
    Document,
    Draft,
    Engine,
    Event,
    Evidence,
    Gap,
    GapKind,
    Goal,
    Objection,
    Passage,
    Query,
    Review,
)
from sovereign.ports import Bench, ChatModel, Tell, World
from sovereign.steps import answer as answer_step
from sovereign.steps import ask_claims, ask_draft, ask_plan, ask_tribunal, ask_verify, rubric
from sovereign.steps import claims as claims_step
from sovereign.steps import draft as draft_step
from sovereign.steps import plan as plan_step
from sovereign.steps.draft import Sources

T = TypeVar("T")
Shelved = tuple[Sequence[Document], Mapping[str, Sequence[Passage]]]


class LocalEngine:
    """No key, no network, no wording of its own; the same papers give the same bytes.

    Attributes:
        gaps: What this engine could not do.
    """

    def __init__(self, goal: Goal, world: World, tell: Tell) -> None:
        self.goal, self.world, self.tell = goal, world, tell
        self.gaps: list[Gap] = []
        self._rubric: Bench = rubric.Rubric()

    @property
    def kind(self) -> Engine:
        """Who judges now."""
        return Engine.LOCAL

    @property
    def name(self) -> str:
        """The judges' name."""
        return self._rubric.name

    @property
    def cost(self) -> Cost | None:
        """What a language model used; None where none took part."""
        return None

    def plan(self) -> tuple[Query, ...]:
        """Goal -> Query*."""
        return plan_step.plan(self.goal)

    def draw(self, shelf: Shelved) -> tuple[Claim, ...]:
        """Passage* -> Claim*, before the gate."""
        documents, passages = shelf
        return claims_step.extract(self.goal, documents, passages, embedder=self.world.embedder, reader=self.world.reader)

    def settle(self, claims: Sequence[Claim], evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:  # noqa: ARG002  # the model's engine asks about them
        """Settle what the verifier left uncertain: without a model it stays uncertain."""
        return tuple(evidence)

    def compose(self, claims: Sequence[Claim], evidence: Sequence[Evidence], sources: Sources, dropped: Sequence[tuple[str, str]]) -> Draft:
        """Evidence -> Answer -> Draft."""
        gone = {claim for claim, _ in dropped}
        sound = [claim for claim in claims if claim.id not in gone and claim.paper not in sources.suspect]
        ground = answer_step.Ground(self.goal, sound, {item.claim: item for item in evidence}, sources.papers)
        return draft_step.compose(self.goal, claims, evidence, sources, answer_step.compose(ground), dropped)

    def hear(self, case: Case) -> tuple[Review, ...]:
        """Draft -> Review*; conforms to ports.Bench."""
        return self._rubric.hear(case)

    def reword(self, wishes: Sequence[tuple[Objection, Claim]], passages: Mapping[str, Sequence[Passage]]) -> dict[str, Claim]:  # noqa: ARG002  # as above
        """Give re-worded claims by the id of the old one; the rules word nothing."""
        return {}


class ModelEngine(LocalEngine):
    """A language model beside the rules; every one of its answers can be refused, and each refusal falls back on a rule."""

    def __init__(self, goal: Goal, world: World, tell: Tell) -> None:
        super().__init__(goal, world, tell)
        self._chat = world.chat
        self._used = world.chat

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

    def plan(self) -> tuple[Query, ...]:
        """Ask for searches; the planned ones of the rules stand where the model gives none, and where papers were fetched before."""
        if self.world.is_replay:
            return super().plan()
        nothing: tuple[tuple[Query, ...], tuple[Gap, ...]] = ((), ())
        queries, gaps = self._try("plan", lambda chat: ask_plan.plan(self.goal, chat, tell=self.tell), nothing)
        self.gaps.extend(gaps)
        return queries if any(query.all_of for query in queries) else super().plan()

    def draw(self, shelf: Shelved) -> tuple[Claim, ...]:
        """Ask for claims, and add the extracted ones whose words no proposed claim quotes."""
        documents, passages = shelf
        nothing: tuple[tuple[Claim, ...], tuple[Gap, ...]] = ((), ())
        proposed, gaps = self._try(
            "claims", lambda chat: ask_claims.propose_all(self.goal, documents, passages, chat, tell=self.tell), nothing
        )
        self.gaps.extend(gaps)
        taken = [(claim.paper, claim.quote.start, claim.quote.end) for claim in proposed]
        extracted = [
            claim
            for claim in super().draw(shelf)
            if not any(paper == claim.paper and start < claim.quote.end and claim.quote.start < end for paper, start, end in taken)
        ]
        return (*proposed, *extracted)[: max(claims_step.MAX_CLAIMS, len(proposed))]

    def settle(self, claims: Sequence[Claim], evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """Ask about the verifier's uncertain band."""
        unsettled: tuple[tuple[Evidence, ...], tuple[Gap, ...]] = (tuple(evidence), ())
        settled, gaps = self._try("verify", lambda chat: ask_verify.settle(claims, evidence, chat, tell=self.tell), unsettled)
        self.gaps.extend(gaps)
        return settled

    def compose(self, claims: Sequence[Claim], evidence: Sequence[Evidence], sources: Sources, dropped: Sequence[tuple[str, str]]) -> Draft:
        """Ask for the abstract and the findings; claims that are not supported are still listed by the rules."""
        draft = super().compose(claims, evidence, sources, dropped)
        verifier = self.world.verifier
        sound = [claim for claim in draft.standing if claim.paper not in sources.suspect]
        made = self._try(
            "draft",
            lambda chat: ask_draft.compose(self.goal, sound, evidence, chat, verifier=verifier, tell=self.tell),
            ask_draft.Composed(),
        )
        self.gaps.extend(made.gaps)
        if not (made.abstract and made.findings):
            return draft
        doubtful = tuple(finding for finding in draft.findings if finding.heading in draft_step.ASIDE)
        return replace(draft, abstract=made.abstract, findings=(*made.findings, *doubtful))

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
        return {claim.id: new for (_, claim), new in zip(wishes, answers, strict=False) if isinstance(new, Claim)}

    def _try(self, step: str, ask: Callable[[ChatModel], T], otherwise: T) -> T:
        """Ask the model where it is usable; one that fails for the whole run is not asked again, and the Gap says so."""
        if self._chat is None:
            return otherwise
        try:
            return ask(self._chat)
        except ModelError as error:
            self.gaps.append(Gap(step, self._chat.name, f"{error.message}; the run went on with the local engine", GapKind.REFUSED))
            self.tell(Event(step, f"{error.message}; going on with the local engine"))
            self._chat = None
            return otherwise


def engine_for(goal: Goal, world: World, tell: Tell) -> LocalEngine:
    """Give the engine that this world allows: the model's where there is a model to ask."""
    return ModelEngine(goal, world, tell) if world.chat else LocalEngine(goal, world, tell)
