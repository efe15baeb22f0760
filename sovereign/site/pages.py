"""The pages that the desk's records make: home, reports by year and tag, claims, method, status, schemas.

Each is a Markdown stub, so that MkDocs knows its title and place, and a body rendered from a template with every foreign
word escaped. A page that the desk wrote itself keeps its words and gets the body below them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from sovereign import record
from sovereign.adapters import goal_file
from sovereign.exports import dataset, glossary, untex
from sovereign.site import measures
from sovereign.site.desk import Desk, tag_folder
from sovereign.site.facts import VersionFacts
from sovereign.site.index import leading
from sovereign.site.report import with_maths
from sovereign.site.view import View

PAGES = Path(__file__).resolve().parent.parent / "templates" / "site" / "pages"
ON_HOME = 6
ON_INDEX = 100
ON_LIST = 200
ON_CLAIMS = 30

Link = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list of reports: by year, or by tag."""

    uri: str
    title: str
    versions: tuple[VersionFacts, ...]
    newer: str = ""
    older: str = ""


class Pages:
    """The generated pages of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lists = {listing.uri: listing for listing in _listings(desk)}
        self._templates = {
            "index.md": "home.html",
            "reports/index.md": "reports.html",
            "claims.md": "claims.html",
            "method.md": "method.html",
            "glossary.md": "glossary.html",
            "status.md": "status.html",
        }
        self._env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(PAGES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._env.filters["score"] = lambda value: "not scored" if value is None else f"{value:.1f}"
        self._env.filters["day"] = lambda value: f"{value.day} {value:%B %Y}"
        self._env.filters["maths"] = lambda value: Markup(with_maths(untex.escape_shown(value)))  # noqa: S704 - escaped there
        self._env.globals["tag_folder"] = tag_folder
        self._env.globals["grades"] = {found.value: term for found, term in glossary.GRADES.items()}
        self._env.filters["rule"] = _ruled

    def sources(self) -> Iterator[tuple[str, str]]:
        """Yield each generated page's place below the sources, and its Markdown stub or content."""
        yield (
            "index.md",
            _stub("Home", "What this desk researches, its newest reports, and a search over every claim.", heading=self._desk.name),
        )
        yield "reports/index.md", _stub("Reports", "Every report of this desk, by date, tag, decision and score.")
        yield (
            "claims.md",
            _stub("Claims", "Every claim of every report, searchable, each with its verdict and a link to the words that bear it."),
        )
        yield "method.md", _stub("Method", "How claims are drawn, weighed and judged, and how often that goes wrong.")
        yield "glossary.md", _stub("Words", "What this desk's words mean: grades, reviewers, rules and the rest, in plain English.")
        yield "status.md", _stub("Status", "Drafts that wait for their owner, and goals that are under way.")
        for listing in self._lists.values():
            yield listing.uri, _stub(listing.title, f"{listing.title}: reports of {self._desk.name}.")
        yield "schemas/goal.schema.json", json.dumps(goal_file.schema(), indent=1, ensure_ascii=False) + "\n"
        yield "schemas/claims.schema.json", json.dumps(dataset.schema(), indent=1, ensure_ascii=False) + "\n"
        yield "schemas/record.schema.json", json.dumps(record.schema(), indent=1, ensure_ascii=False) + "\n"

    def render(self, uri: str, link: Link) -> str:
        """Give the body of a generated page as HTML; empty for every other page."""
        if uri in self._lists:
            return self._fill("list.html", link, listing=self._lists[uri])
        name = self._templates.get(uri)
        return self._fill(name, link, **self._more(uri)) if name else ""

    def state(self, view: View, link: Link) -> str:
        """Give what the site knows of a report's state and the committed page does not, as HTML on one line."""
        name = "approvals.html" if view.is_landing else "state.html"
        return self._fill(name, link, view=view).replace("\n", " ").strip()

    def status(self, view: View, link: Link) -> tuple[str, str]:
        """Give a version's one line of state, and the way to its other versions; nothing on a landing page, which lists them."""
        if view.is_landing:
            return "", ""
        versions, words = escape(link(f"{view.report.folder}/index.md")), escape(link("glossary.md"))
        more = f'· <a href="{versions}">All versions and downloads</a> · <a href="{words}">What the words mean</a>'
        return self._fill("status_line.html", link, view=view).replace("\n", " ").strip(), more

    def _more(self, uri: str) -> Mapping[str, Any]:
        if uri == "index.md":
            return {"newest": self._desk.standing[:ON_HOME]}
        if uri == "reports/index.md":
            return {"newest": self._desk.versions[:ON_INDEX], "tag_uri": _tag_uri, "year_uri": _year_uri}
        if uri == "claims.md":
            return {"first": leading(self._desk, ON_CLAIMS)}
        if uri == "method.md":
            return {"measures": measures.read(self._desk.root)}
        if uri == "glossary.md":
            return {"terms": glossary.TERMS, "roles": glossary.ROLES.values(), "waits": glossary.WAITS, "holds": glossary.HOLDS}
        return {}

    def _fill(self, name: str, link: Link, **more: object) -> str:
        return self._env.get_template(name).render(desk=self._desk, link=link, **more)


def _ruled(reason: str) -> str:
    """Give a rule's reason, "name: what was seen", with the plain words first and the name last."""
    name, _, seen = reason.partition(": ")
    plain = glossary.WAITS.get(name)
    return f"{plain[0].upper()}{plain[1:]}: {seen} ({name})" if plain else reason


def _stub(title: str, description: str, *, heading: str = "") -> str:
    head = f"title: {json.dumps(title)}\ndescription: {json.dumps(description)}\nhide: [toc]\nsearch:\n  exclude: true\n"
    return f"---\n{head}---\n\n# {_plain(heading or title)}\n"


def _plain(text: str) -> str:
    """Give a heading that Markdown takes as words alone."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!])", r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))


def _tag_uri(tag: str) -> str:
    return f"browse/tags/{tag_folder(tag)}/index.md"


def _year_uri(year: int) -> str:
    return f"browse/{year}/index.md"


def _listings(desk: Desk) -> Iterator[Listing]:
    for year, _ in desk.years:
        yield from _cut(_year_uri(year), f"Reports of {year}", [item for item in desk.versions if item.date.year == year])
    by_tag: dict[str, list[VersionFacts]] = {}
    for item in desk.versions:
        for tag in item.tags:
            by_tag.setdefault(tag, []).append(item)
    for tag, items in sorted(by_tag.items()):
        yield from _cut(_tag_uri(tag), f"Reports on {tag}", items)


def _cut(uri: str, title: str, versions: Sequence[VersionFacts]) -> Iterator[Listing]:
    """Yield a list in pages of ON_LIST, each linked to its neighbours."""
    parts = [tuple(versions[at : at + ON_LIST]) for at in range(0, len(versions), ON_LIST)]
    places = [uri if at == 0 else uri.replace("/index.md", f"/{at + 1}/index.md") for at in range(len(parts))]
    for at, part in enumerate(parts):
        words = title if len(parts) == 1 else f"{title}, page {at + 1} of {len(parts)}"
        yield Listing(places[at], words, part, newer=places[at - 1] if at else "", older=places[at + 1] if at + 1 < len(parts) else "")
