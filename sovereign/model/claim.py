"""What is claimed and what speaks for it: Claim, Evidence with its Verdict, the Verifier's card."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sovereign.model.goal import digest
from sovereign.model.paper import Passage

CONTEXT_CHARS = 400
"""The longest sentence, in characters, that is kept beside a quote; a longer one is left out, never cut."""


class Origin(StrEnum):
    """Who worded a claim."""

    EXTRACTED = "extracted"
    MODEL = "model"
    REVISED = "revised"


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that a paper makes, with the words in which it makes it.

    Attributes:
        id: "c" and 10 hex digits of paper, text and quote; so reruns agree.
        text: The whole statement, self-contained.
        quote: Verbatim: Document.text[quote.start:quote.end] of the document whose hash is document_sha256.
        relevance: How surely it answers the goal's question, 0..1.
        score: How much it does for the answer beside the other statements that were read, 0..1; 0 where it was not weighed against them.
        also_in: Papers whose near-identical sentence was merged into this one.
        before, after: The sentence of the same paragraph before the quote and the one after it, verbatim, for a reader who asks in
            which context the words stand; empty where there is none, or it is longer than CONTEXT_CHARS. Of a table's row: the rows
            that name its columns, each on its own line, and the table's caption.
    """

    text: str
    quote: Passage
    document_sha256: str
    origin: Origin = Origin.EXTRACTED
    relevance: float = 0.0
    also_in: tuple[str, ...] = ()
    score: float = 0.0
    before: str = ""
    after: str = ""

    def __post_init__(self) -> None:
        # A record that is published holds quotes and what one sentence on either side adds, not a paper.
        for name, text in (("before", self.before), ("after", self.after)):
            if len(text) > CONTEXT_CHARS:
                raise ValueError(f"{name}: expected at most {CONTEXT_CHARS} characters beside a quote, got {len(text)}")

    @property
    def id(self) -> str:
        """The claim's name everywhere."""
        return "c" + digest(self.quote.paper, self.text, self.quote.text, str(self.quote.start), chars=10)

    @property
    def paper(self) -> str:
        """The id of the paper that makes it."""
        return self.quote.paper


class Verdict(StrEnum):
    """What the evidence says of a claim; "verified" means SUPPORTED and nothing else."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    INSUFFICIENT = "insufficient"
    UNCHECKED = "unchecked"


class Grade(StrEnum):
    """What a claim has earned, in plain words; a Verdict says what follows from it.

    QUOTED: the words stand in the paper, and no second passage has borne them out. VERIFIED: a passage other than the quote bears
    it out, or, for a claim in other words than the paper's, its own passage does. CORROBORATED: a passage of another paper does.
    CONFIRMED: a language model says that its own passage bears it out, where the verifier did not.
    DISPUTED: another paper contradicts it. REFUTED: its own paper, or more papers than agree, contradict it. UNCONFIRMED: a
    claim in other words than its quote's, which nothing has borne out. UNCHECKED: nothing could check it.
    """

    CORROBORATED = "corroborated"
    VERIFIED = "verified"
    CONFIRMED = "confirmed by the language model"
    QUOTED = "quoted"
    DISPUTED = "disputed"
    UNCONFIRMED = "unconfirmed"
    REFUTED = "refuted"
    UNCHECKED = "unchecked"


class Stance(StrEnum):
    """What one passage says of a claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Calibrated, each 0..1, together 1."""

    supported: float
    insufficient: float
    refuted: float

    def __post_init__(self) -> None:
        if min(self.supported, self.insufficient, self.refuted) < 0 or not 0.999 < self.total < 1.001:
            raise ValueError(f"expected three probabilities that sum to 1, got {self}")

    @property
    def total(self) -> float:
        """Their sum."""
        return self.supported + self.insufficient + self.refuted


@dataclass(frozen=True, slots=True)
class Witness:
    """One passage heard about a claim; own says whether it is from the claim's own paper."""

    passage: Passage
    stance: Stance
    probabilities: Probabilities | None
    own: bool


class CheckName(StrEnum):
    """The cascade's checks, in order."""

    QUOTE = "quote"
    NUMBERS = "numbers"
    UNITS = "units"
    NAMES = "names"
    DIRECTION = "direction"
    LEXICAL = "lexical"
    ENTAILMENT = "entailment"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the cascade. passed is None where it had nothing to check; a veto can only lower a verdict."""

    name: CheckName
    passed: bool | None
    detail: str
    is_veto: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was heard about one claim and what follows.

    Attributes:
        grade: What the claim has earned.
        confidence: Calibrated probability (0..1) that the claim is supported by its evidence; None where no verifier decided: a
            claim that is merely quoted has none.
        witnesses: The claim's own paper first, then the other papers; best passage first.
        lexical: The prototype's rule: highest TF-IDF cosine (word 1- and 2-grams), 0..1.
    """

    claim: str
    verdict: Verdict
    confidence: float | None
    probabilities: Probabilities | None = None
    witnesses: tuple[Witness, ...] = ()
    checks: tuple[Check, ...] = ()
    lexical: float | None = None
    method: str = ""
    grade: Grade = Grade.UNCHECKED

    @property
    def is_verified(self) -> bool:
        """Whether the page may print "verified ✓"; what only a language model confirmed is told apart."""
        return self.verdict is Verdict.SUPPORTED and self.grade is not Grade.CONFIRMED

    @property
    def is_confirmed(self) -> bool:
        """Whether a language model's second look bore it out, where the verifier did not."""
        return self.verdict is Verdict.SUPPORTED and self.grade is Grade.CONFIRMED

    def papers(self, stance: Stance, *, own: bool) -> tuple[str, ...]:
        """Give the ids of the papers whose passages take this stance, in order, each once."""
        found = (w.passage.paper for w in self.witnesses if w.stance is stance and w.own is own)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class VerifierCard:
    """What a verifier is and how far it can be trusted.

    Attributes:
        threshold: Smallest probability of "supported" that is accepted.
        false_acceptance: Share (0..1) of wrong claims that pass at the threshold on the calibration set.
        calibration_error: Expected calibration error (0..1) there.
        calibrated_on: The calibration set, in words; empty when it was never calibrated.
    """

    name: str
    version: str
    threshold: float
    false_acceptance: float | None = None
    recall: float | None = None
    calibration_error: float | None = None
    calibrated_on: str = ""
