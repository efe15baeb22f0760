"""The data that the site's own search reads, cut into files small enough to fetch on demand.

`data/reports.json` lists every report. `data/claims.json` holds what can be filtered by (grade, confidence, report and
paper of every claim) in columns; `data/claims/N.json` the words of the claims, so many a file, newest report first;
`data/words/N.json` which claims hold which word. A search fetches the columns, the word files of its words and the text
of the first results: three small files, however many claims there are.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from sovereign.exports import untex
from sovereign.model import Grade
from sovereign.site.desk import Desk, tag_folder
from sovereign.site.facts import ClaimFacts, VersionFacts
from sovereign.site.report import with_maths

GRADE_LETTERS = {
    Grade.CORROBORATED: "c",
    Grade.VERIFIED: "v",
    Grade.QUOTED: "q",
    Grade.DISPUTED: "d",
    Grade.UNCONFIRMED: "n",
    Grade.REFUTED: "r",
    Grade.UNCHECKED: "u",
}
CLAIMS_PER_WORD_FILE = 300
MAX_WORD_FILES = 128
_WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+)*")
_MATHS = re.compile(r"(<math .*?</math>)")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")


def as_scripts(files: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield each data file as a script that hands its content over: a browser reads no JSON from the disk, but scripts it does."""
    for uri, content in files:
        yield f"{uri}.js", f"deskData({json.dumps(uri)},{_script_safe(content)});\n"


def shards(desk: Desk, *, per_shard: int) -> Iterator[tuple[str, str]]:
    """Yield the place and the content of each data file."""
    listed = [(version, claim) for version in desk.standing for claim in version.claims]
    files = word_files(len(listed))
    yield (
        "data/reports.json",
        _json({"reports": [_report(version) for version in desk.versions], "tags": {tag: tag_folder(tag) for tag, _ in desk.tags}}),
    )
    yield "data/claims.json", _json(_columns(desk, listed) | {"per_shard": per_shard, "word_files": files})
    for at in range(0, len(listed), per_shard):
        yield f"data/claims/{at // per_shard}.json", _json([_row(claim) for _, claim in listed[at : at + per_shard]])
    for number, held in enumerate(_words([claim.text for _, claim in listed], files)):
        yield f"data/words/{number}.json", _json(held)


def leading(desk: Desk, most: int) -> list[tuple[VersionFacts, ClaimFacts]]:
    """Give the claims that a list of all begins with: the newest reports' first, those of papers not to lean on last."""
    listed = [(version, claim) for version in desk.standing for claim in version.claims]
    return sorted(listed, key=lambda item: bool(item[1].warning))[:most]


def _row(claim: ClaimFacts) -> list[object]:
    """Give a claim's id and words, and where it holds maths its pieces too: words, and MathML in a list of one."""
    set_ = with_maths(untex.escape_shown(claim.text)) if "$" in claim.text else ""
    if "<math" not in set_:
        return [claim.id, claim.text]
    pieces = [part for part in _MATHS.split(set_) if part]
    return [claim.id, claim.text, [[part] if part.startswith("<math") else html.unescape(part) for part in pieces]]


def words(text: str) -> set[str]:
    """Give the words that a text is found by: letters and digits without case and accents; two letters of a script without spaces."""
    # The same steps as in claims.js, in the same order: what is written here must be found there.
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text).lower() if unicodedata.category(letter)[0] != "M")
    found: set[str] = set()
    for word in _WORD.findall(unicodedata.normalize("NFKC", plain)):
        if _WIDE.search(word):
            found.update(word[at : at + 2] for at in range(max(1, len(word) - 1)))
        else:
            found.add(word[:40])
    return found


def word_files(claims: int) -> int:
    """Give how many files the words of so many claims are spread over: a power of two, 1 at least."""
    wanted = max(1, -(-claims // CLAIMS_PER_WORD_FILE))
    return min(MAX_WORD_FILES, 1 << (wanted - 1).bit_length())


def word_file(word: str, files: int) -> int:
    """Give the file that holds a word: by its first two letters alone, so that one file answers a word's beginning."""
    value = 0
    for letter in word[:2]:
        value = (value * 31 + ord(letter)) & 0xFFFF
    return value % files


def _words(texts: list[str], files: int) -> list[dict[str, list[int]]]:
    """Give, for each file, the claims that hold each word: ascending, each as the distance to the one before."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        for word in words(text):
            places[word].append(number)
    held: list[dict[str, list[int]]] = [{} for _ in range(files)]
    for word in sorted(places):
        numbers = places[word]
        held[word_file(word, files)][word] = [number - before for before, number in zip([0, *numbers], numbers, strict=False)]
    return held


def _columns(desk: Desk, listed: list[tuple[VersionFacts, ClaimFacts]]) -> dict[str, object]:
    papers = list(dict.fromkeys(claim.paper for _, claim in listed))
    titles = {paper: title for version in desk.standing for paper, title in version.papers.items()}
    number_of = {paper: number for number, paper in enumerate(papers)}
    return {
        "total": len(listed),
        "reports": [
            [version.question, version.folder, str(version.date), len(version.claims), int(version.is_draft)] for version in desk.versions
        ],
        "papers": [[paper, titles.get(paper, paper)] for paper in papers],
        "grades": "".join(GRADE_LETTERS[claim.grade] for _, claim in listed),
        # What a reader should not lean on comes last, and says why.
        "warnings": {str(number): claim.warning for number, (_, claim) in enumerate(listed) if claim.warning},
        "confidence": [None if claim.confidence is None else round(100 * claim.confidence) for _, claim in listed],
        "paper": [number_of[claim.paper] for _, claim in listed],
    }


def _report(version: VersionFacts) -> list[object]:
    counts = version.counts
    return [
        version.slug,
        version.question,
        str(version.date),
        version.action.value,
        version.score,
        [counts[grade] for grade in Grade],
        list(version.tags),
        2 if version.withdrawn else int(version.is_draft),
        version.number,
        int(version.is_example),
        len(version.papers),
        version.answer,
    ]


def _script_safe(content: str) -> str:
    """Give JSON as JavaScript reads it; in old engines two of its signs end a line (https://tc39.es/proposal-json-superset/)."""
    return content.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
