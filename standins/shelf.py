"""An invented shelf at a loopback arXiv and OpenAlex: papers on paper boats, each with a text of its own; any number of them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from standins.arxiv import ArxivStandIn, Record
from standins.openalex import Work

QUESTION = "Does coating a paper boat with wax lengthen the time it stays afloat, and by how many minutes?"
KEYWORDS = ("floating time", "wax coating", "leak rate")
WAXES = ("paraffin", "beeswax", "carnauba", "soy wax", "candle ends", "crayon")
PLACES = ("a still basin", "a windy pond", "a bathtub", "a slow brook", "a rain barrel", "a fountain")


def number(at: int) -> str:
    """Give the arXiv number of paper `at`."""
    return f"2401.{at + 1:05d}"


def _facts(at: int) -> dict[str, object]:
    plain = 12.1 + at % 7
    return {
        "wax": WAXES[at % len(WAXES)],
        "place": PLACES[at // len(WAXES) % len(PLACES)],
        "plain": round(plain, 1),
        "waxed": round(plain + 21.3 + at % 4, 1),
        "more": round(21.3 + at % 4, 1),
        "coins": 9 + at % 5,
        "part": at + 1,
    }


def record(at: int) -> Record:
    """Give what the search knows of paper `at`."""
    facts = _facts(at)
    abstract = (
        "Does wax lengthen the time that a boat stays afloat, in {place}? Wax coating with {wax} lengthened the floating time of a "
        "paper boat by {more} minutes on average. The wax coating also lowered the leak rate of the hull."
    ).format(**facts)
    title = "Paper boats with {wax} in {place}, part {part}".format(**facts)
    return Record(number(at), title, abstract, (f"Exemplar-{at + 1}",), ("physics.flu-dyn",), published="2024-01-02", updated="2024-01-02")


def text(at: int, *, rounds: int = 1) -> str:
    """Give the HTML of paper `at`; rounds make it longer."""
    facts = _facts(at)
    found = record(at)
    method = "Thirty boats were folded from office paper, and fifteen of them were coated with {wax}. They were set afloat in {place}."
    results = (
        "Boats with a wax coating stayed afloat for {waxed} minutes on average, and plain boats for {plain} minutes. "
        "The wax coating of {wax} lengthened the mean floating time of a paper boat by {more} minutes in {place}. "
        "Waxed boats carried {coins} coins on average before they sank. "
        "The leak rate of waxed boats was less than half the leak rate of plain boats."
    )
    more = "".join(
        f"<h2>{n} Trial {n}</h2><p>In trial {n} the floating time of boats with {facts['wax']} was {20 + n}.{at % 10} minutes. "
        f"The rim of boat {n} went under after {15 + n} minutes, and the hull of boat {n} stayed dry for {10 + n} minutes. "
        f"We folded boat {n} from a sheet of {60 + n} grams and weighed it before and after.</p>"
        for n in range(4, 4 + rounds - 1)
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(found.title)}</title></head><body><article>'
        f"<h1>{escape(found.title)}</h1><h2>Abstract</h2><p>{escape(found.abstract)}</p>"
        f"<h2>1 Method</h2><p>{escape(method.format(**facts))}</p><h2>2 Results</h2><p>{escape(results.format(**facts))}</p>"
        f"{more}<h2>3 Conclusion</h2><p>A wax coating lengthens the floating time of a paper boat by about "
        f"{facts['more']} minutes.</p></article></body></html>"
    )


def arxiv(count: int, *, rounds: int = 1, texts: Mapping[str, bytes] | None = None) -> ArxivStandIn:
    """Give an arXiv with so many papers; `texts` replaces some."""
    # OpenAlex names papers without a version.
    bodies = {f"/html/{number(at)}{version}": text(at, rounds=rounds).encode() for at in range(count) for version in ("v1", "")}
    return ArxivStandIn([record(at) for at in range(count)], texts={**bodies, **(texts or {})})


def works(count: int) -> list[Work]:
    """Give what OpenAlex knows: the same papers, by their arXiv numbers."""
    found = [record(at) for at in range(count)]
    return [
        Work(at + 1, each.title, each.abstract, each.authors, doi=f"10.48550/arXiv.{each.number}", day=each.day, arxiv=each.number)
        for at, each in enumerate(found)
    ]


def goal(*, sources: str = "arxiv", papers: int = 4, engine: str = "local") -> str:
    """Give a goal file."""
    return (
        f"question: {QUESTION}\nkeywords: [{', '.join(KEYWORDS)}]\nsources: [{sources}]\nmax_papers: {papers}\nengine: {engine}\n"
        "policy:\n  min_score: 5.0\n"
    )
