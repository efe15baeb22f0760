"""The engine of published rules alone; the one with a language model beside them (pipeline/model_engine.py) is built on it.

The verifier, the gate for quotes, the tribunal's count and the policy are the same for both and stand in the pipeline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sovereign.model import (
    Case,
    Claim,
    Cost,
    Document,
    Draft,
    Engine,
    Evidence,
    Gap,
    Goal,
    Hearing,
    Objection,
    Passage,
    Query,
    Review,
)
from sovereign.ports import Bench, Tell, World
from sovereign.steps import answer as answer_step
from sovereign.steps import claims as claims_step
from sovereign.steps import draft as draft_step
from sovereign.steps import plan as plan_step
from sovereign.steps import rubric
from sovereign.steps.draft import Sources

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

    def reconsider(self, claims: Sequence[Claim], evidence: Sequence[Evidence], objections: Mapping[str, str]) -> tuple[Evidence, ...]:  # noqa: ARG002  # as above
        """Give the evidence of claims whose verdict a judge doubts: by the rules it stays."""
        return tuple(evidence)

    def compose(
        self,
        claims: Sequence[Claim],
        evidence: Sequence[Evidence],
        sources: Sources,
        dropped: Sequence[tuple[str, str]],
        before: tuple[Draft, Hearing] | None = None,  # noqa: ARG002  # the model's engine heeds what was said of it
    ) -> Draft:
        """Evidence -> Answer -> Draft; `before` is the draft that a revision replaces, and its hearing."""
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
