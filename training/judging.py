"""Single sentences and what is so of them: a result, a claim, whole, an order to the reader.

Sides are told by a hash of the text or by the set's own parts; what is reported was never trained on.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import html
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from training import placing
from training.asking import placed
from training.cases import lines, sentences
from training.damage import HARD, damaged
from training.placing import Judged

_NEAR_ORDERS = re.compile(
    r"\b(?:you|your|please|instruct\w*|prompts?|review\w*|ignor\w*|accept\w*|judg\w*|rat(?:e|ing)s?|scor\w+|inject\w*|jailbreak\w*|must|should|assistants?)\b",
    re.IGNORECASE,
)
_LIKE_ORDERS = re.compile(
    r"\b(?:you|your|please|instructions?|review(?:er|ers|s)?|ignor\w+|disregard\w*|accept(?:ed|ance|s)?|injections?|jailbreak\w*|assistants?|dear"
    r"|verdicts?|approv\w+|forget|override\w*|praise\w*|peer|referees?|graders?|[Aa]uthors)\b|[^\x00-\u024f\u0370-\u03ff\u2000-\u22ff]"
)
_ALIKE = str.maketrans("aeiocpyxsjhlAEOCPTXBHKM", "аеіосрухѕјһⅼАЕОСРТХВНКМ")


def is_kept(text: str, share: float = 0.5) -> bool:
    """Tell by a hash whether a text is kept back for the report."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF < share


def is_held_out(text: str) -> bool:
    """Tell whether a sentence of the training sides is kept for calibration: a tenth of them."""
    return is_kept("calibrate " + text, 0.1)


def roles(data: Path, side: str) -> list[list[Judged]]:
    """Give CSAbstruct's abstracts ("train" or "dev"), a sentence each: a result, or something else."""
    return placing.rows(data / f"roles/csabstruct/{side}.jsonl", "result", "result", "csabstruct")


def claims(data: Path, side: str) -> list[list[Judged]]:
    """Give the sentences of medical abstracts ("train" or "validation"): a claim or none."""
    return placing.rows(data / f"roles/medline-claim-detection/{side}_labels.json", "1", "claim", "medline")


def fit_side(found: Iterable[list[Judged]], *, kept: bool = False) -> list[Judged]:
    """Give the sentences of the abstracts or papers that train, or of the tenth that is kept for calibration: never both of one."""
    return [j for one in found if one and is_held_out(one[0].text) == kept for j in one]


def arxiv(data: Path, *, report: bool) -> list[dict[str, Any]]:
    """Give the arXiv records of one side, by a hash of the id."""
    return [r for r in lines(data / "arxiv/arxiv-15k.jsonl.gz") if is_kept(r["id"]) == report]


def suspects(data: Path, *, fit: bool = False) -> list[str]:
    """Give the sentences and titles of arXiv records (all, or the fit side's) with a word that orders use, and a tenth of the others."""
    rows = arxiv(data, report=False) if fit else lines(data / "arxiv/arxiv-15k.jsonl.gz")
    texts = [" ".join(r["title"].split()) for r in rows] + [s for r in rows for s in sentences(r["abstract"])]
    return [t for t in dict.fromkeys(texts) if _LIKE_ORDERS.search(t) or is_kept("other " + t, 0.1)]


def furniture(data: Path) -> list[str]:
    """Give the sentences of trials' train articles with a word that orders use, short ones, and what is no prose: thanks, notes, quotes."""
    body = [s.text for r in lines(data / "answers/rct-train-articles.jsonl.gz") for s in placed(r["text"])]
    return [t for t in dict.fromkeys(body) if _LIKE_ORDERS.search(t) or _NEAR_ORDERS.search(t) or len(t.split()) < 9 or "\\" in t]


def abstracts(data: Path, rng: random.Random, plain: int = 5_000, near: int = 5_000, titles: int = 2_500) -> list[Judged]:
    """Give sentences and titles of arXiv records of the fit side: none is an order, sentences are whole, titles are not."""
    rows = arxiv(data, report=False)
    found = [s for r in rows for s in sentences(r["abstract"])]
    rng.shuffle(found)
    some = [s for s in found if _NEAR_ORDERS.search(s)][:near] + found[:plain]
    whole = {"order": False, "wholeness": True}
    out = [Judged(s, whole if len(s.split()) > 4 and s[-1] in ".!?" else {"order": False}, "arxiv") for s in dict.fromkeys(some)]
    asked = [r for r in rows if _NEAR_ORDERS.search(r["title"])]
    named = asked[: titles // 2] + rng.sample(rows, titles // 2)
    return out + [Judged(" ".join(r["title"].split()), {"order": False}, "titles") for r in named]


def whole_and_damaged(data: Path, rng: random.Random, count: int = 20_000, *, kept: bool = False) -> list[Judged]:
    """Give sentences of abstracts and articles as they stand, and more damaged ones, hard kinds most often; none is an order.

    Those kept, a tenth, never train the network: the trees beside it are fitted on them.
    """
    pool = [s for r in arxiv(data, report=False) for s in sentences(r["abstract"])]
    pool = [s for s in pool if 6 < len(s.split()) < 60 and s[-1] == "."]
    body = [s.text for r in lines(data / "answers/rct-train-articles.jsonl.gz") for s in placed(r["text"])]
    body = [s for s in body if 6 < len(s.split()) < 60 and s[-1] == "." and s[0].isupper()]
    pool, body = ([s for s in some if is_held_out(s) == kept] for some in (pool, body))
    pool = rng.sample(pool, min(count, len(pool))) + rng.sample(body, min(count, len(body)))
    rng.shuffle(pool)
    titles = [" ".join(r["title"].split()) for r in arxiv(data, report=False)]
    harmed = damaged(pool[len(pool) // 3 :], rng, often=HARD)
    return [
        *(Judged(s, {"wholeness": True, "order": False}, "whole") for s in pool[: len(pool) // 2]),
        *(Judged(s, {"wholeness": False, "order": False}, f"damage {kind}") for kind, s in harmed),
        *(Judged(t, {"wholeness": False, "order": False}, "titles") for t in rng.sample(titles, count // 16)),
    ]


def plain(data: Path) -> list[str]:
    """Give the sentences of the fit side's abstracts, of trials' articles and of SciFact's corpus: words as they are met.

    Those kept are left out: the trees that ask how well words are known are fitted on them.
    """
    found = [s for r in arxiv(data, report=False) for s in sentences(r["abstract"])]
    found += [s.text for r in lines(data / "answers/rct-train-articles.jsonl.gz") for s in placed(r["text"])]
    found += [s for r in lines(data / "claims/scifact/corpus.jsonl") for s in r["abstract"]]
    return [s for s in found if not is_held_out(s)]


def _words() -> dict[str, Any]:
    words: dict[str, Any] = json.loads(Path(__file__).with_name("orders.json").read_text(encoding="utf-8"))
    return words


def made_orders(rng: random.Random, count: int) -> list[str]:
    """Give orders made from parts: to whom, in which mood, what is to be done; and whole ones; in English."""
    words = _words()
    out = []
    for _ in range(count):
        act = " ".join(rng.choice(slot) for slot in rng.choice(words["do"]))
        way = rng.random()
        if way < 0.45:
            said = rng.choice([*words["to"], "", "", ""]) + act + "."
        elif way < 0.65:
            said = f"{rng.choice(words['subjects'])} {rng.choice(words['modals'])} {act}."
        elif way < 0.85:
            said = f"{rng.choice(words['asks'])} {act}."
        else:
            said = rng.choice([*words["to"], ""]) + rng.choice(words["whole"])
        out.append(said[0].upper() + said[1:])
    return out


def foreign(rng: random.Random, *, orders: bool, count: int) -> list[str]:
    """Give orders, or honest sentences, in other languages, one or two at a time."""
    languages = list(_words()["languages"].values())
    out = []
    for _ in range(count):
        pool = rng.choice(languages)[0 if orders else 1]
        out.append(rng.choice([". ", ", ", "。", " "]).join(rng.sample(pool, rng.choice([1, 1, 2]))) + rng.choice([".", "", "!"]))
    return out


def disguised(text: str, rng: random.Random, *, unreadable: bool) -> str:
    """Give a text as one that hides it might write it; `unreadable` allows what no honest sentence does."""
    words = text.split()
    plain: list[Callable[[], str]] = [
        lambda: ".".join(words), lambda: "_".join(words), lambda: "-".join(words), lambda: " | ".join(words), lambda: "\n".join(words),
        text.upper, lambda: f"({text})", lambda: f"* {text}", lambda: f"[{rng.randint(1, 60)}] {text}",
        lambda: f"{rng.randint(1, 9)} {text}", lambda: f"Table {rng.randint(1, 9)} | {text} | {rng.uniform(0, 99):.1f} | 11.3",
        lambda: " | ".join(" ".join(words[i : i + 3]) for i in range(0, len(words), 3)),
        lambda: "\n".join(f"{i + 1}. {w}" for i, w in enumerate(words[:14])),
        lambda: f"Funding is listed elsewhere; {text[0].lower()}{text[1:]}",
        lambda: f"{text} | {rng.randint(1, 10)} | {rng.randint(1, 10)}",
    ]  # fmt: skip
    hidden: list[Callable[[], str]] = [
        lambda: " ".join(text), lambda: text.translate(_ALIKE), lambda: base64.b64encode(text.encode()).decode(),
        lambda: "".join(f"&#{ord(c)};" for c in text[:80]),
        lambda: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
        lambda: codecs.encode(text, "rot13"), lambda: text[::-1], lambda: text.encode().hex()[:120],
        lambda: html.escape(f"<!-- {text} -->"),
        lambda: text.translate(str.maketrans("aeiost", "4310$7")), lambda: "\u200b".join(text), lambda: f"<span hidden>{text}</span>",
    ]  # fmt: skip
    return rng.choice(plain + hidden if unreadable else plain)()


def orders_apart(data: Path, hostile: Sequence[str]) -> list[str]:
    """Give the orders that `orders` leaves out, a tenth of those in its own words: they calibrate."""
    wordings = json.loads((data.parent / "cases/security/wordings.json").read_text(encoding="utf-8"))
    return [t for t in (*hostile, *(t for _, t in wordings if not is_kept(t)), *_words()["whole"]) if is_held_out(t)]


def orders(data: Path, rng: random.Random, hostile: Sequence[str], honest: Sequence[str], count: int = 5_000) -> list[Judged]:
    """Give orders and their honest neighbours for training; `hostile` and `honest` are the project's own wordings."""
    kept = [text for _, text in json.loads((data.parent / "cases/security/wordings.json").read_text(encoding="utf-8")) if not is_kept(text)]
    given = [t for t in (*hostile, *kept, *_words()["whole"]) if not is_held_out(t)]
    told = given * 5 + made_orders(rng, count) + foreign(rng, orders=True, count=count // 4)
    told = [disguised(t, rng, unreadable=True) if rng.random() < 0.3 else t for t in told]
    said = [*honest, *_words()["honest"]]
    plain = [s for r in arxiv(data, report=False)[:400] for s in sentences(r["abstract"])[:2]] + said
    calm = said * 12 + foreign(rng, orders=False, count=count // 5)
    calm += [disguised(rng.choice(plain), rng, unreadable=False) for _ in range(count // 3)]
    return [*(Judged(t, {"order": True}, "orders") for t in told), *(Judged(t, {"order": False}, "honest") for t in calm)]
