"""The embedded sentence reader: one small encoder that says how well a sentence answers a question, and what kind of sentence it is.

It reads (question, sentence) for relevance, and a sentence by itself for the rest, both with the section's heading before the
sentence. How it was made: `training/reader.py`; what it is good for: `weights/MODEL_CARD.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sovereign.adapters.local_embedder import LocalEmbedder
from sovereign.adapters.weights import WEIGHTS, weights
from sovereign.ports import Judged

OUTPUTS = ("relevance", "result", "claim", "wholeness", "order")
HEADS: Mapping[str, tuple[str, ...]] = {
    "relevance": ("relevance",),
    "finding": ("result", "claim"),
    "wholeness": ("wholeness",),
    "order": ("order",),
}
"""Each head, and the network's outputs that its probability is made from."""
HEADING_WORDS, QUESTION_TOKENS = 12, 64
"""Where a heading and a question are cut before they are read; the longest question of the training sets has 55 tokens."""
WINDOWS = 32
"""How many windows of a long text are read (some 4,500 tokens), three of four from its beginning and the others from its end."""
_START, _END, _OVERLAP = 101, 102, 16
"""The tokens [CLS] and [SEP], and how many tokens two windows of a long text share."""

Table: TypeAlias = NDArray[np.float64]
Ids: TypeAlias = tuple[tuple[int, ...], int]
"""Token ids, and where the second side begins."""
Cut: TypeAlias = Callable[[tuple[int, ...]], list[Ids]]


class OnnxReader:
    """Conforms to `ports.SentenceReader`. Nothing is loaded before the first sentence is read."""

    def __init__(self, folder: Path = WEIGHTS, *, threads: int | None = None) -> None:
        self._weights = weights("reader", folder, (("outputs", OUTPUTS),), threads)
        self._words = LocalEmbedder(folder)

    def relevance(self, question: str, sentences: Sequence[tuple[str, str]]) -> Table:
        """Say how surely each (heading, sentence) answers the question, 0..1, calibrated, rounded to six decimals.

        A sentence's answer does not depend on the others: eight-bit arithmetic scales a run by its largest value, so each is a
        run of its own on one thread, and several go side by side. Of a text that is too long each window is read, and the best
        counts. No words in the question or the sentence: 0.

        Raises:
            UsageError: The weights are missing or are not those their description names.
        """
        if not _says_something(question) or not any(_says_something(sentence) for _, sentence in sentences):
            return np.zeros(len(sentences))
        asked = self._tokens([" ".join(question.split())])[0][:QUESTION_TOKENS]
        scores = self._answers(sentences, lambda tokens: self._windows(tokens, asked))
        return np.array([0.0 if rows is None else self._probability("relevance", rows).max() for rows in scores])

    def judge(self, sentences: Sequence[tuple[str, str]]) -> tuple[Judged, ...]:
        """Say of each (heading, sentence) whether it is a finding, whole, and an order; without words it is nothing.

        A text that is too long is judged by its first window, except that an order is looked for in all of them. Determinism and
        errors as for `relevance`.
        """
        out = []
        for rows in self._answers(sentences, lambda tokens: self._windows(tokens, ())):
            if rows is None:
                out.append(Judged(finding=0.0, wholeness=0.0, order=0.0))
                continue
            first = {name: float(self._probability(name, rows[:1])[0]) for name in ("finding", "wholeness")}
            out.append(Judged(finding=first["finding"], wholeness=first["wholeness"], order=float(self._probability("order", rows).max())))
        return tuple(out)

    def likeness(self, words: Sequence[str], others: Sequence[str]) -> list[list[float]]:
        """Say how near each word is in meaning to each other one: cosines of the embedded vectors, a row a word.

        Raises:
            UsageError: As for `relevance`.
        """
        rows, columns = (self._words.embed(some, kind="passage").astype(np.float64) for some in (words, others))
        return (rows @ columns.T).tolist()  # type: ignore[no-any-return]  # numpy gives floats

    def threshold(self, head: str) -> float:
        """Give the probability from which a head's answer is taken as yes; the description says how it was chosen."""
        return float(self._weights.description["thresholds"][head])

    def logits(self, question: str, sentences: Sequence[tuple[str, str]]) -> Table:
        """Give the network's raw outputs, shape (sentences, 5), in the order of OUTPUTS; training calibrates on them.

        The first window alone; without a question the sentences are read by themselves.
        """
        asked = self._tokens([" ".join(question.split())])[0][:QUESTION_TOKENS] if question else ()
        rows = self._answers(sentences, lambda tokens: self._windows(tokens, asked)[:1])
        return np.array([np.full(len(OUTPUTS), -20.0) if row is None else row[0] for row in rows])

    def _answers(self, sentences: Sequence[tuple[str, str]], cut: Cut) -> list[Table | None]:
        """Give each sentence's outputs, one row a window; None for one without words. What comes twice is read once."""
        texts = [_shown(heading, sentence) if _says_something(sentence) else "" for heading, sentence in sentences]
        known = list(dict.fromkeys(text for text in texts if text))
        if not known:
            return [None] * len(texts)
        windows = [cut(tokens) for tokens in self._tokens(known)]
        rows = self._read([ids for some in windows for ids in some])
        answers: dict[str, Table | None] = {"": None}
        at = 0
        for text, some in zip(known, windows, strict=True):
            answers[text] = np.array(rows[at : at + len(some)])
            at += len(some)
        return [answers[text] for text in texts]

    def _tokens(self, texts: Sequence[str]) -> list[tuple[int, ...]]:
        """Give each text's tokens without the two that frame it."""
        return [tuple(found.ids) for found in self._weights.tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def _windows(self, tokens: tuple[int, ...], asked: tuple[int, ...]) -> list[Ids]:
        """Cut tokens into runs that fit beside the question, each framed as the network knows it."""
        lead = (_START, *asked, _END) if asked else (_START,)
        room = int(self._weights.description["max_tokens"]) - len(lead) - 1
        starts = list(range(0, max(1, len(tokens) - _OVERLAP), room - _OVERLAP))
        if len(starts) > WINDOWS:
            starts = [*starts[: WINDOWS * 3 // 4], *starts[-(WINDOWS // 4) :]]
        parts = [tokens[start : start + room] for start in starts]
        return [((*lead, *part, _END), len(lead) if asked else len(lead) + len(part) + 1) for part in parts]

    def _read(self, windows: Sequence[Ids]) -> list[NDArray[np.float64]]:
        return self._weights.logits([(ids, [0] * split + [1] * (len(ids) - split)) for ids, split in windows])

    def _probability(self, head: str, rows: Table) -> Table:
        """Give a head's calibrated probability for each row of outputs."""
        said = self._weights.description["heads"][head]
        places = [OUTPUTS.index(name) for name in HEADS[head]]
        scores = rows[:, places] @ np.array(said["weights"]) + said["bias"]
        return np.asarray(np.round(1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0))), 6))


def _says_something(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _shown(heading: str, sentence: str) -> str:
    """Give a sentence as it was put in when the network learnt: with its heading before it."""
    words = heading.split()[:HEADING_WORDS]
    return f"{' '.join(words)}: {sentence}" if words else sentence
