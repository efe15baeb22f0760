"""Stand-ins for the world: small values and hand-written ports; no patching anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sovereign.errors import WebError
from sovereign.language.findings import is_whole, outcome
from sovereign.language.lexical import content_stems
from sovereign.model import (
    Answer,
    AnswerKind,
    Block,
    BlockKind,
    Case,
    CheckName,
    Claim,
    Document,
    Draft,
    Evidence,
    Facet,
    Form,
    GapKind,
    Goal,
    Grade,
    JudgeRole,
    KeyFinding,
    Paper,
    Passage,
    Probabilities,
    Recommendation,
    Review,
    Role,
    Section,
    Strength,
    Verdict,
    VerifierCard,
    digest,
)
from sovereign.ports import Around, Judged, Response, Tell, Vectors, tell_nobody
from sovereign.steps.verify import Weighing

TODAY = date(2026, 1, 2)


def goal(**changes: object) -> Goal:
    """Give a goal about paper boats."""
    values: dict[str, object] = {
        "slug": "paper-boats",
        "question": "Does a wax coating lengthen the floating time of a paper boat?",
        "keywords": ("floating time", "wax coating"),
        "sources": ("folder",),
    }
    return Goal(**{**values, **changes})  # type: ignore[arg-type]  # a table of cases changes any field


def paper(name: str = "one", **changes: object) -> Paper:
    """Give a paper by a placeholder author."""
    values: dict[str, object] = {
        "id": f"file:{digest(name)}",
        "title": f"Paper boats, part {name}",
        "authors": ("Example Author",),
        "published": date(2024, 5, 6),
    }
    return Paper(**{**values, **changes})  # type: ignore[arg-type]  # as above


def document(of: Paper, *sentences: str, role: Role = Role.RESULTS) -> Document:
    """Give a document of one section whose sentences are its paragraphs."""
    text, blocks = "", []
    for sentence in sentences:
        blocks.append(Block(BlockKind.PROSE, len(text), len(text) + len(sentence)))
        text += sentence + "\n\n"
    return Document(of.id, Form.HTML, text, (Section("Results", role, 0, len(text)),), tuple(blocks), source_sha256="0" * 64)


def cut(of: Document) -> tuple[Passage, ...]:
    """Give one passage a block."""
    section = of.sections[0]
    return tuple(Passage(of.paper, b.start, b.end, of.text[b.start : b.end], section.heading, section.role, b.kind) for b in of.blocks)


def claim(
    text: str = "A wax coating lengthens the floating time of a paper boat by 23 minutes.", of: str = "file:one", relevance: float = 0.9
) -> Claim:
    """Give a claim that quotes itself."""
    return Claim(text, Passage(of, 0, len(text), text, "Results", Role.RESULTS), "0" * 64, relevance=relevance)


GRADES = {
    Verdict.SUPPORTED: Grade.VERIFIED,
    Verdict.INSUFFICIENT: Grade.QUOTED,
    Verdict.REFUTED: Grade.REFUTED,
    Verdict.UNCHECKED: Grade.UNCHECKED,
}


def evidence(of: Claim, verdict: Verdict = Verdict.SUPPORTED, confidence: float | None = 0.95, **more: object) -> Evidence:
    """Give evidence with a verdict, and the grade of a claim in its paper's own words that goes with it unless another is given."""
    stated = {"grade": GRADES[verdict], **more}
    return Evidence(of.id, verdict, None if verdict is Verdict.UNCHECKED else confidence, **stated)  # type: ignore[arg-type]  # as above


def answered(*claims: Claim, **changes: object) -> Answer:
    """Give a yes that rests on these claims, all of them verified, one paper each, and leaves nothing open."""
    ids = tuple(claim.id for claim in claims)
    papers = len({claim.paper for claim in claims})
    values: dict[str, object] = {
        "kind": AnswerKind.YES,
        "headline": f"Yes: “{claims[0].text}”",
        "claims": ids[:1],
        "findings": tuple(KeyFinding(claim.text, (claim.id,), "yes") for claim in claims),
        "facets": (Facet("wax coating", ids, 0.5), Facet("floating time", ids, 0.5)),
        "strength": Strength(papers, papers, 0, len(claims), len(claims), max(claim.relevance for claim in claims)),
    }
    return Answer(**{**values, **changes})  # type: ignore[arg-type]  # as above


def review(role: JudgeRole, score: float | None = 8.0, recommendation: Recommendation | None = None, **more: object) -> Review:
    """Give a review; without a score it is an abstention."""
    said = None if score is None else recommendation or Recommendation.APPROVE
    return Review(role, score, said, **more)  # type: ignore[arg-type]  # as above


@dataclass
class FakeBench:
    """Judges that answer from a list of rounds; the last one repeats."""

    rounds: list[tuple[Review, ...]]
    name: str = "scripted bench"
    heard: list[Case] = field(default_factory=list)

    def hear(self, case: Case) -> tuple[Review, ...]:
        """Give the answers of this round."""
        self.heard.append(case)
        return self.rounds[min(len(self.heard), len(self.rounds)) - 1]


class FakeEmbedder:
    """Vectors by hashed word stems: near where words are shared."""

    name = "hashed stems"
    dimension = 256

    def embed(self, texts: Sequence[str], *, kind: Literal["query", "passage"]) -> Vectors:
        """Give unit rows; a text without words is zero."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for stem in content_stems(text):
                row[int(digest(stem, chars=8), 16) % self.dimension] += 1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)


class FakeVerifier:
    """Supports what shares most of the claim's words, is silent on the rest, and refutes where a "not" is added."""

    card = VerifierCard(
        "word counter", "1", threshold=0.8, false_acceptance=0.04, recall=0.7, calibration_error=0.03, calibrated_on="a made-up set"
    )

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> tuple[Probabilities, ...]:
        """Answer each pair by counting words."""
        return tuple(self._weigh(*pair) for pair in pairs)

    def _weigh(self, claim: str, passage: str) -> Probabilities:
        asked, told = set(content_stems(claim)), set(content_stems(passage))
        share = len(asked & told) / max(1, len(asked))
        if share < 0.7:
            return Probabilities(0.04, 0.95, 0.01)
        differs = ("not" in claim.lower().split()) != ("not" in passage.lower().split())
        return Probabilities(0.02, 0.03, 0.95) if differs else Probabilities(0.95, 0.04, 0.01)


@dataclass
class Scripted:
    """A verifier that answers from a table by passage; unknown passages are insufficient: without a table it bears nothing out."""

    answers: Mapping[str, Probabilities] = field(default_factory=dict)
    card: VerifierCard = FakeVerifier.card
    asked: list[tuple[str, str]] = field(default_factory=list)

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> tuple[Probabilities, ...]:
        """Answer each pair."""
        self.asked.extend(pairs)
        return tuple(self.answers.get(passage, Probabilities(0.1, 0.85, 0.05)) for _, passage in pairs)


class FakeReader:
    """Reads by counting and by form: relevance is the share of the question's words; a finding is what the wording says it is."""

    def relevance(self, question: str, sentences: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Give the share (0..1) of the question's word stems that each sentence has."""
        asked = set(content_stems(question))
        return np.array([len(asked & set(content_stems(text))) / max(1, len(asked)) for _, text in sentences], dtype=np.float64)

    def likeness(self, words: Sequence[str], others: Sequence[str]) -> list[list[float]]:
        """Know a word by its spelling alone."""
        return [[float(word == other) for other in others] for word in words]

    def judge(self, sentences: Sequence[tuple[str, str]], around: Sequence[Around] = ()) -> tuple[Judged, ...]:
        """Judge each sentence by its form."""
        return tuple(Judged(finding=outcome(text, heading), wholeness=float(is_whole(text))) for heading, text in sentences)


def passed(of: Evidence | Weighing, name: CheckName) -> bool | None:
    """Give how one check ended."""
    return next(check.passed for check in of.checks if check.name is name)


class Told:
    """A web that answers everything with the same bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        keep_s: float | None = 0,
        check: Callable[[Response], None] | None = None,
        tell: Tell = tell_nobody,
    ) -> Response:
        """Give the bytes, as a kept answer; what the check refuses is refused as the real one would after its last try."""
        answer = Response(url, self._data, "", is_cached=True)
        if check is not None:
            try:
                check(answer)
            except ValueError as error:
                raise WebError(str(error), kind=GapKind.UNREADABLE) from error
        return answer


def draft(*pairs: tuple[Claim, Evidence], **more: object) -> Draft:
    """Give a draft that cites all its claims in one finding."""
    from sovereign.model import CitedSentence, Finding

    sentences = tuple(CitedSentence(c.text, (c.id,)) for c, _ in pairs)
    findings = (Finding("On the question as a whole", sentences),) if sentences else ()
    return Draft(sentences[:1], findings, tuple(c for c, _ in pairs), tuple(e for _, e in pairs), **more)  # type: ignore[arg-type]  # as above
