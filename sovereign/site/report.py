"""A report's page as the site shows it: the committed words, with state, figures and maths put in on the way out."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path, PurePosixPath

from sovereign.adapters import plain_files
from sovereign.exports import figures
from sovereign.site.maths import mathml

# The template of the report leaves these places; without one, what belongs there stands at the top of the page.
_STATE = re.compile(r"<!--\s*sovereign:(?:state|approvals)\s*-->")
_STATUS = re.compile(r"<!--\s*sovereign:status\s*-->")
_VERSIONS = re.compile(r"<!--\s*sovereign:versions\s*-->")
# Below the answer and its line of state a small screen has the table of contents, which would else stand above the answer.
_LINE = re.compile(r'<p class="sv-decision">.*?</p>', re.DOTALL)
MAX_FIGURE_BYTES = 16 << 20
CONTENTS = "<!-- desk:contents -->"
_FIGURE = re.compile(r'<p>\s*(<img [^>]*class="sv-figure"[^>]*>)\s*</p>|(<img [^>]*class="sv-figure"[^>]*>)')
_SOURCE = re.compile(r'\bsrc="((?:figures/)[a-z-]+\.svg)"')
# What the page says for those who read it elsewhere; here a banner says it.
_ALONE = re.compile(r'(?<!\s)\s*+<(span|strong|p) class="sv-alone">[^<]*</\1>')
_ALT = re.compile(r'\balt="([^"]*)"')
_PREFORMATTED = re.compile(r"(<(?:pre|textarea)\b.*?</(?:pre|textarea)>)", re.DOTALL | re.IGNORECASE)
_INDENT = re.compile(r"(?<!\s)[^\S\n]*+\n\s*+")
# Between rows, cells and list items white space means nothing.
_BETWEEN = re.compile(r"\n(?=</?(?:li|ul|ol|td|th|tr|thead|tbody|table)\b)|(?<=[>])\n(?=</(?:td|th|li)>)")
_TOGGLE = re.compile(r'(<input class="md-toggle"[^>]*?) autocomplete="off"')
_MATHS = re.compile(r'<span class="sv-math">([^<]*)</span>')


def decorate(page: str, *, folder: Path, state: str, figure: Callable[[Path], str], status: tuple[str, str] = ("", "")) -> str:
    """Give the page's HTML with its state told, its figures inside the page and its maths set.

    Args:
        page: What Markdown made of the committed page.
        folder: Where the page's source stands, for its figures.
        state: What stands above the answer: warnings, and on a landing page the approvals, as HTML.
        figure: Reads a figure's file.
        status: The one line of state and the way to other versions, as HTML for the inside of a paragraph; a page from before there
            was a place for them has them on top.
    """
    line, versions = status
    if any(status) and not _STATUS.search(page):
        state += f'<p class="sv-decision">{line} {versions}</p>'
    page = _VERSIONS.sub(lambda _: versions, _STATUS.sub(lambda _: line, page))
    if 'class="sv-headline' in page:
        page = _LINE.sub(lambda found: found[0] + CONTENTS, page, count=1)
    told = _STATE.sub(lambda _: state, page, count=1) if _STATE.search(page) else state + page
    told = _ALONE.sub("", told)
    # A heading without words heads nothing (https://dequeuniversity.com/rules/axe/4.12/empty-table-header).
    told = told.replace("<th></th>", "<th>Measure</th>").replace('<div class="sv-facts">', '<div class="sv-facts" data-search-exclude>', 1)
    return with_maths(_FIGURE.sub(lambda found: _inline(found[1] or found[2], folder, figure), told))


def with_maths(page: str) -> str:
    """Give the HTML with every marked formula as MathML; one that cannot be read stays as it is written."""
    return _MATHS.sub(lambda found: mathml(unescape(found[1]).strip("$")) or found[0], page) if "sv-math" in page else page


def tidy(page: str) -> str:
    """Give a whole page without indents and empty lines, but for preformatted text, and without what no HTML allows."""
    parts = _PREFORMATTED.split(page)
    lean = "".join(part if at % 2 else _BETWEEN.sub("", _INDENT.sub("\n", part)) for at, part in enumerate(parts))
    # Material marks its two hidden checkboxes so, which HTML has for text fields alone; early.js clears them instead.
    return _TOGGLE.sub(r"\1", lean)


def read_figure(path: Path) -> str:
    """Give a figure as it may stand inside a page; FileNotFoundError where there is none."""
    try:
        svg = figures.inline(plain_files.text(path, MAX_FIGURE_BYTES))
    except ValueError as error:
        raise FileNotFoundError(f"{path}: {error}") from error
    # An image holds nothing to click; a figure with links is a group that has them.
    return svg.replace(' role="img"', ' role="group"', 1) if "<a " in svg else svg


def _inline(image: str, folder: Path, figure: Callable[[Path], str]) -> str:
    """Give the figure in a box that scrolls where it is wider than the page; the image itself where its file is not there."""
    source, alt = _SOURCE.search(image), _ALT.search(image)
    path = folder / PurePosixPath(source[1]) if source else None
    if path is None or not path.is_file():
        return image
    name = (alt[1] if alt else "Figure").split(".", 1)[0]
    try:
        drawn = figure(path)
    except FileNotFoundError:
        return image
    return f'<div class="sv-figure sv-scroll" role="group" aria-label="{name}">{drawn}</div>'
