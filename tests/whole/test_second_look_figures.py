"""The second look on real claims: 42 faithful rewordings of a real shelf, and the same changed in one respect; what is kept and passes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from sovereign.adapters import goal_file
from sovereign.adapters.folder import FolderSource
from sovereign.adapters.local_embedder import LocalEmbedder
from sovereign.adapters.onnx_verifier import OnnxVerifier
from sovereign.cli.world import readers
from sovereign.model import Claim, Document, Evidence, Origin, Passage, Verdict
from sovereign.readers import archive
from sovereign.steps import plan, read, weigh
from sovereign.steps.ask_verify import Library, Word, doubtful, guarded, lacking, settle
from sovereign.text import locate

OPPOSITES = (
    *(("outperforms", "underperforms"), ("outperform", "underperform"), ("underperforms", "outperforms"), ("better", "worse")),
    *(("underperform", "outperform"), ("best", "worst"), ("worst", "best"), ("lower", "higher"), ("advantage", "disadvantage")),
    *(("disfavours", "favours"), ("above", "below"), ("poorly", "well"), ("improves", "worsens"), ("negatively", "positively")),
    *(("cannot", "can"), ("strong", "weak"), ("unable to", "able to"), ("excels", "fails"), ("does not correlate", "correlates")),
)
HEDGES = (
    *(
        (" perhaps since", " because"),
        ("might lack", "lacks"),
        ("might generalize", "generalize"),
        ("might be", "are"),
        (" can ", " does "),
    ),
    *(("The authors conjecture that ", ""), ("likely because", "because"), ("in some cases, ", ""), ("can improve", "improves")),
    *((" often ", " "), ("There can be", "There is"), ("conjectured reason", "proven reason"), ("indicating", "proving")),
)
SCOPES = (
    *(("in some cases", "in all cases"), ("in general", "always"), ("on certain", "on all"), ("Many approaches", "All approaches")),
    *(("With the exception of SQuAD, ", "Without exception, "), ("In all cases except SQuAD", "In all cases"), ("generally", "always")),
    *(
        ("on all tasks other than FEVER", "on all tasks"),
        ("On average over", "On each of"),
        ("In one example", "In every"),
        ("often", "always"),
    ),
    *(
        ("on average", "on every dataset"),
        ("on specialized domains like", "on all domains, such as"),
        ("On TREC-COVID", "On every dataset"),
    ),
)
NAMES = (("BM25", "SPLADE"), ("DPR", "ColBERT"), ("ANCE", "SPARTA"), ("TAS-B", "DeepCT"), ("BEIR", "KILT"), ("TREC-COVID", "BioASQ"))
NUMBER = re.compile(r"(?<![\w.@-])\d+(?:\.\d+)?")


def changed(text: str) -> Iterator[str]:
    """Yield a claim changed in one respect at a time: a number, two numbers, a name, two names, the direction, the hedge, the scope."""
    numbers = list(NUMBER.finditer(text))
    if numbers:
        last = numbers[-1]
        yield f"{text[: last.end() - 1]}{(int(last[0][-1]) + 3) % 10}{text[last.end() :]}"
    if len(numbers) > 1 and numbers[0][0] != numbers[-1][0]:
        one, other = numbers[0], numbers[-1]
        yield text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]
    if "DPR" in text and "BM25" in text:
        yield text.replace("DPR", "\0").replace("BM25", "DPR").replace("\0", "BM25")
    for swaps in (NAMES, OPPOSITES, HEDGES, SCOPES):
        old, new = next(((old, new) for old, new in swaps if old in text), ("", ""))
        if old:
            yield text.replace(old, new, 1)


def shelf(root: Path) -> tuple[dict[str, Document], dict[str, Sequence[Passage]]]:
    """Give the documents and passages of the shelf's papers."""
    forms = readers()
    folder = FolderSource(root / "papers", archive=archive, readers=forms)
    queries = plan.plan(goal_file.load(root / "retrieval.yaml"))
    documents: dict[str, Document] = {}
    passages: dict[str, Sequence[Passage]] = {}
    for paper, fetched, _ in folder.fetch(folder.search(queries, limit=50)[0].papers):
        document = read.read(paper, fetched, forms)
        documents[paper.id] = document
        passages[paper.id] = sorted((*read.cut(document), *read.rows(document), *read.notes(document)), key=lambda p: p.start)
    return documents, passages


def quoted(words: str, document: Document, passages: Sequence[Passage]) -> Passage:
    """Give the whole passages that hold the quoted words; a row may have empty cells that the quote leaves out."""
    row = re.search(r"\s*\|[\s|]*".join(re.escape(cell.strip()) for cell in words.split("|")), document.text) if "|" in words else None
    span = row.span() if row else locate(words, document.text)
    assert span is not None, words
    touched = [p for p in passages if p.start < span[1] and span[0] < p.end]
    start, end = min(span[0], touched[0].start), max(span[1], touched[-1].end)
    first = touched[0]
    return Passage(document.paper, start, end, document.text[start:end], first.section, first.role, first.kind)


def looked(claims: Sequence[Claim], evidence: Sequence[Evidence], library: Library, true: set[str]) -> tuple[Evidence, ...]:
    """Give the evidence after a second look by somebody who knows which claims are true, with the gates as they are."""
    guarded_ = guarded(claims, evidence, library)
    matters = doubtful(claims, guarded_, {})
    said = {
        m.id: Word(Verdict.SUPPORTED if m.id in true else Verdict.INSUFFICIENT, m.rests_on, "known", "labels", lacking(m, (), library))
        for m in matters
    }
    return settle(matters, guarded_, said)[0]


@pytest.mark.slow
def test_faithful_claims_are_kept_and_changed_ones_do_not_pass(shared_data: Path) -> None:
    """At least 95 % and at most 5 %: 40 of 42 and 2.8 % of 144 on 2026-11-27."""
    rows = [json.loads(line) for line in (shared_data / "model-claims" / "faithful.jsonl").read_text("utf-8").splitlines()]
    documents, passages = shelf(shared_data / "shelves" / "retrieval")
    faithful, spoilt = [], []
    for row in rows:
        document = documents[row["paper"]]
        quote = quoted(row["quote"], document, passages[row["paper"]])
        faithful.append(Claim(row["claim"], quote, document.sha256, Origin.MODEL))
        spoilt += [Claim(text, quote, document.sha256, Origin.MODEL) for text in changed(row["claim"]) if text != row["claim"]]
    claims = [*faithful, *spoilt]
    evidence = weigh.weigh(claims, passages, documents, embedder=LocalEmbedder(), verifier=OnnxVerifier())

    after = looked(claims, evidence, Library(passages, {p: d.title for p, d in documents.items()}), {claim.id for claim in faithful})

    stands = {item.claim for item in after if item.verdict is Verdict.SUPPORTED}
    kept = sum(claim.id in stands for claim in faithful)
    passed = [claim.text for claim in spoilt if claim.id in stands]
    assert len(faithful) == 42
    assert len(spoilt) > 100
    assert kept >= 0.95 * len(faithful), [claim.text for claim in faithful if claim.id not in stands]
    assert len(passed) <= 0.05 * len(spoilt), passed
