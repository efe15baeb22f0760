"""Count how often a word is used as a verb: `python -m training.verbs --data ../shared/data > sovereign/data/verbs.txt`.

A word is a verb where it follows "to", a modal, an auxiliary, "we" or "they". The counts are of abstracts and articles of many fields; a
count is no text, and none of the texts is kept.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from training.cases import lines

_WORD = re.compile(r"[A-Za-z][a-z]+|[.,;:?!()–-]")
_BEFORE = frozenset("to can could may might will would should must cannot does do did not we they".split())
_TOWARDS = frozenset(
    "access addition applied assigned attributed according compared contrast due exposed exposure lead leading leads led prior related "
    "relative respect response similar".split()
)
"""A noun follows their "to"."""
LEAST_COUNT, LEAST_SHARE = 12, 0.08


def texts(data: Path) -> Iterator[str]:
    """Yield the abstracts of arXiv, PubMedQA and SciFact, and the articles of trials."""
    yield from (r["abstract"] for r in lines(data / "arxiv/arxiv-15k.jsonl.gz"))
    yield from (r["text"] for r in lines(data / "answers/rct-train-articles.jsonl.gz"))
    yield from (part["text"] for r in lines(data / "answers/pubmedqa-dev.jsonl.gz") for part in r["sections"])
    yield from (sentence for r in lines(data / "claims/scifact/corpus.jsonl") for sentence in r["abstract"])


def counted(data: Path) -> Iterator[tuple[str, int]]:
    """Yield words that are verbs at least now and then, with the share of their uses in percent."""
    met, as_verb = Counter[str](), Counter[str]()
    for text in texts(data):
        before = last = ""
        for word in _WORD.findall(text):
            lower = word.lower()
            met[lower] += 1
            as_verb[lower] += last in _BEFORE and not (last == "to" and before in _TOWARDS)
            before, last = last, lower
    for word, count in sorted(met.items()):
        if word.isalpha() and count >= LEAST_COUNT and as_verb[word] >= LEAST_SHARE * count:
            yield word, round(100 * as_verb[word] / count)


def main() -> None:
    """Print the list."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of data sets")
    sys.stdout.write("# Of a hundred uses of a word, how many follow “to”, a modal or “we”; counted in texts of many fields\n")
    for word, share in counted(read.parse_args().data):
        sys.stdout.write(f"{word} {share}\n")


if __name__ == "__main__":
    main()
