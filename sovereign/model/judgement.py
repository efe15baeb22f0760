"""What is drafted and decided: Draft, Case, Review, Hearing, Tribunal, Decision."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sovereign.model.answer import NO_ANSWER, Answer
from sovereign.model.claim import Claim, Evidence, Witness
from sovereign.model.goal import Gap, Goal
from sovereign.model.paper import Paper, Sign


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of the report and the claims that bear it; a sentence about the run itself cites none."""

    text: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A headed group of cited sentences."""

    heading: str
    sentences: tuple[CitedSentence, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A claim and the passage of another paper that speaks against it."""

    claim: str
    witness: Witness


@dataclass(frozen=True, slots=True)
class Draft:
    """The report's text before judgement.

    Attributes:
        answer: What the reader came for; the Abstract begins with it.
        abstract: Tells the answer and what stands behind it; each sentence cites its claims or speaks of the run.
        claims: Every claim that was drawn, best first; those dropped in a revision stay in the record.
        dropped: Ids of claims taken out of Findings in a revision, with the reason.
    """

    abstract: tuple[CitedSentence, ...]
    findings: tuple[Finding, ...]
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]
    contradictions: tuple[Contradiction, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    answer: Answer = NO_ANSWER

    def __post_init__(self) -> None:
        known = {claim.id for claim in self.claims}
        cited = self.rests_on.union(*(facet.claims for facet in self.answer.facets))
        if cited - known:
            raise ValueError(f"cited claims that do not exist: {sorted(cited - known)}")
        if [e.claim for e in self.evidence] != [claim.id for claim in self.claims]:
            raise ValueError("expected one evidence for each claim, in the same order")

    @property
    def rests_on(self) -> frozenset[str]:
        """Ids of the claims that answer, abstract and findings cite; what merely speaks of a part of the question is not among them."""
        told = [s.claims for s in (*self.abstract, *(x for f in self.findings for x in f.sentences))]
        told += [self.answer.claims, *(key.claims for key in self.answer.findings)]
        return frozenset(claim for claims in told for claim in claims)

    @property
    def cited(self) -> tuple[str, ...]:
        """Ids of the claims that Findings cite, in order, each once."""
        return tuple(dict.fromkeys(c for f in self.findings for s in f.sentences for c in s.claims))

    @property
    def standing(self) -> tuple[Claim, ...]:
        """The claims that no revision dropped, in order."""
        gone = {claim for claim, _ in self.dropped}
        return tuple(claim for claim in self.claims if claim.id not in gone)

    def evidence_of(self, claim: str) -> Evidence:
        """Give the evidence of one claim; KeyError where there is none."""
        for item in self.evidence:
            if item.claim == claim:
                return item
        raise KeyError(claim)


@dataclass(frozen=True, slots=True)
class Case:
    """What the tribunal is shown: the same for every role.

    Attributes:
        round: 0 for the first draft.
        papers: The papers that were read.
    """

    goal: Goal
    draft: Draft
    round: int
    papers: tuple[Paper, ...]
    signs: tuple[Sign, ...] = ()
    gaps: tuple[Gap, ...] = ()


class JudgeRole(StrEnum):
    """The tribunal's three roles."""

    SKEPTIC = "SKEPTIC"
    VALIDATOR = "VALIDATOR"
    SYNTHESIZER = "SYNTHESIZER"


class Recommendation(StrEnum):
    """What a role asks for."""

    APPROVE = "approve"
    REVISE = "revise"
    REJECT = "reject"


class Ask(StrEnum):
    """What an objection wants done about its claim."""

    DROP = "drop"
    REWORD = "reword"
    REEVIDENCE = "re-evidence"
    VERDICT = "verdict"
    SENTENCE = "sentence"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Objection:
    """What a role holds against the draft.

    Attributes:
        claim: The id of the claim that it is about; empty where it is about a sentence or the whole.
        sentence: The words of the draft's sentence that it is about; empty where it is about none.
    """

    reason: str
    ask: Ask = Ask.NOTE
    claim: str = ""
    sentence: str = ""

    @property
    def asks_for_change(self) -> bool:
        """Whether words of the report, or a verdict, are said to be wrong: then it must be met, or the owner decides."""
        return self.ask in {Ask.REWORD, Ask.VERDICT, Ask.SENTENCE}


@dataclass(frozen=True, slots=True)
class Review:
    """One role's answer; an abstention has neither score nor recommendation, and never counts as approval."""

    role: JudgeRole
    score: float | None
    recommendation: Recommendation | None
    objections: tuple[Objection, ...] = ()
    summary: str = ""
    judge: str = ""

    def __post_init__(self) -> None:
        if (self.score is None) != (self.recommendation is None):
            raise ValueError("expected a score and a recommendation, or neither")
        if self.score is not None and not 0 <= self.score <= 10:
            raise ValueError(f"score: expected 0..10, got {self.score}")

    @property
    def is_abstention(self) -> bool:
        """Whether the role gave no usable answer."""
        return self.score is None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a revision did about one objection."""

    role: JudgeRole
    objection: Objection
    action: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Hearing:
    """One round: round 0 hears the first draft; amendments are what was done after it."""

    round: int
    reviews: tuple[Review, ...]
    consensus: float | None
    spread: float | None
    amendments: tuple[Amendment, ...] = ()


class Outcome(StrEnum):
    """The tribunal's last word."""

    APPROVE = "APPROVE"
    REJECT = "REJECT"


@dataclass(frozen=True, slots=True)
class Tribunal:
    """All hearings in order; at least one."""

    hearings: tuple[Hearing, ...]
    outcome: Outcome
    judges: str

    @property
    def last(self) -> Hearing:
        """The hearing that counts."""
        return self.hearings[-1]

    @property
    def revision_rounds(self) -> int:
        """How many revisions were made."""
        return len(self.hearings) - 1


class Action(StrEnum):
    """What the policy orders."""

    AUTO_APPROVE = "AUTO_APPROVE"
    ESCALATE_TO_OWNER = "ESCALATE_TO_OWNER"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One rule of the policy applied: its name, whether it held, and what it saw."""

    rule: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The rulings, and the action that follows: AUTO_APPROVE only where every rule held."""

    rulings: tuple[Ruling, ...]

    @property
    def action(self) -> Action:
        """Fails closed: no rulings, or one that failed, goes to the owner."""
        passed = bool(self.rulings) and all(ruling.passed for ruling in self.rulings)
        return Action.AUTO_APPROVE if passed else Action.ESCALATE_TO_OWNER

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the owner is asked; empty for AUTO_APPROVE."""
        return tuple(f"{r.rule}: {r.detail}" for r in self.rulings if not r.passed)
