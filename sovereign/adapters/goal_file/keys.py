"""What a goal file may hold: one definition, by which files are read, and from which the JSON Schema and every message come."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, Required

from pydantic import BeforeValidator, ConfigDict, Field, Strict, TypeAdapter, WithJsonSchema, with_config
from typing_extensions import TypedDict  # typing's own says too little to pydantic before Python 3.12

from sovereign.model import SLUG, Engine
from sovereign.text import fold

# Bidirectional overrides and isolates reorder what a reviewer sees (CVE-2021-42574); zero-width characters hide in it.
_UNSEEN = frozenset(map(chr, (0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
MOST_ITEMS = 30
"""How long the longest list may be."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _line(value: object) -> object:
    """Give a text on one line, without white space at its ends; ValueError where a reader cannot see all of it."""
    if not isinstance(value, str):
        return value
    # isprintable() is false for everything unseen, and for more; it spares nearly every text the look at each character.
    if not value.isprintable() and (bad := next((char for char in value if _is_unseen(char)), "")):
        raise ValueError(f"expected readable characters, got U+{ord(bad):04X} ({unicodedata.name(bad, 'a control character')})")
    return fold(value)


def _is_unseen(char: str) -> bool:
    return char in _UNSEEN or (unicodedata.category(char) in {"Cc", "Cs", "Cn", "Co"} and char not in "\n\r\t")


def day(value: object) -> date:
    """Give the date of a text such as 2024-01-31; ValueError otherwise."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError
    return date.fromisoformat(value)


def _text(least: int, most: int, what: str, pattern: str = "") -> Any:  # noqa: ANN401  # what Annotated takes
    return Field(min_length=least, max_length=most, title=what, pattern=f"^(?:{pattern})$" if pattern else None)


def _list(most: int, least: int | None = None) -> Any:  # noqa: ANN401  # as above
    return Field(max_length=most, min_length=least, json_schema_extra={"uniqueItems": True})


_ONE_LINE = BeforeValidator(_line)
_Day = Annotated[date, BeforeValidator(day), WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{_DAY.pattern}$"})]
_Engine = Annotated[Engine, Strict(strict=False), WithJsonSchema({"type": "string", "enum": [word.value for word in Engine]})]
# https://arxiv.org/category_taxonomy: an archive such as quant-ph, or one with a subject class such as cs.CV or physics.soc-ph.
_CATEGORY = r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]{2}|\.[a-z]+(?:-[a-z]+)*)?"
# GitHub handles: letters, digits and single inner hyphens, 39 characters at most.
_HANDLE = r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
_MODEL = r"[A-Za-z0-9][A-Za-z0-9._/:-]*"
_RULES = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


@with_config(_RULES)
class PolicyKeys(TypedDict, total=False):
    """The thresholds that a goal may set."""

    min_claims: Annotated[int, Field(ge=1, le=100)]
    """Fewest claims in Findings for an automatic approval (3)."""
    min_verified: Annotated[float, Field(ge=0, le=1)]
    """Smallest share of the answer's findings that a second passage verifies, where they come from one paper alone (0.8)."""
    min_score: Annotated[float, Field(ge=0, le=10)]
    """Tribunal consensus under which a revision round starts (6.5)."""
    max_revisions: Annotated[int, Field(ge=0, le=5)]
    """Revision rounds at most (1)."""
    max_spread: Annotated[float, Field(ge=0, le=10)]
    """Largest difference between two roles' scores that still counts as agreement (4)."""
    allow_rubric_approval: bool
    """Whether a tribunal without a language model may approve by itself (false)."""


@with_config(_RULES)
class GoalKeys(TypedDict, total=False):
    """A question for the research desk."""

    question: Required[Annotated[str, _text(10, 1000, "a question"), _ONE_LINE]]
    """What you want to know, as one full question. The only required key."""
    queries: Annotated[tuple[Annotated[str, _text(2, 300, "a search"), _ONE_LINE], ...], _list(10)]
    """Searches to add to the planned ones, in arXiv's syntax or plain words."""
    keywords: Annotated[tuple[Annotated[str, _text(2, 100, "a phrase"), _ONE_LINE], ...], _list(MOST_ITEMS)]
    """Phrases and abbreviations that matter; searches are planned around them."""
    sources: Annotated[tuple[Literal["arxiv", "openalex", "crossref", "folder"], ...], _list(4, 1)]
    """Where to search (arxiv)."""
    categories: Annotated[tuple[Annotated[str, _text(1, 20, "an arXiv category such as cs.CV", _CATEGORY), _ONE_LINE], ...], _list(20)]
    """arXiv categories to search within; none means all."""
    since: _Day
    """First day of publication that counts, inclusive."""
    until: _Day
    """Last day of publication that counts, inclusive."""
    max_papers: Annotated[int, Field(ge=1, le=100)]
    """How many papers are read at most (12)."""
    engine: _Engine
    """local: published rules alone, no key. model: a language model beside them."""
    model: Annotated[str, _text(1, 60, "a model profile's name", _MODEL), _ONE_LINE]
    """Name of a model profile; the desk's own where it is absent."""
    policy: PolicyKeys
    """Thresholds that differ from the usual ones for this goal."""
    reviewers: Annotated[tuple[Annotated[str, _text(1, 39, "a GitHub handle without @", _HANDLE), _ONE_LINE], ...], _list(15)]
    """GitHub handles who are asked to review what the policy does not trust."""
    tags: Annotated[
        tuple[Annotated[str, _text(1, 40, "a tag of small letters, digits and hyphens", SLUG.pattern), _ONE_LINE], ...], _list(20)
    ]
    """Words to group reports by on the site."""


@cache
def reader() -> TypeAdapter[GoalKeys]:
    """Give what reads a goal's keys."""
    return TypeAdapter(GoalKeys)


@cache
def schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a goal file; not to be changed."""
    from pydantic.json_schema import GenerateJsonSchema

    class Plain(GenerateJsonSchema):
        """Only the titles that are given: they say in words what a value is."""

        def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002  # pydantic's own
            return False

    made = reader().json_schema(schema_generator=Plain)
    inner = made["properties"]["policy"]
    inner |= made.pop("$defs")["PolicyKeys"] | {"description": inner["description"]}
    del inner["$ref"], inner["title"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | made | {"title": "SOVEREIGN goal"}
