"""Foreign text in what GitHub renders: shown exactly, and never a mention, a reference, a link, an image or a heading. Pure.

GitHub looks for @names, #numbers and addresses in the rendered text, after backslashes and entities are gone; an HTML comment within parts
the text, so that nothing is found (https://github.github.com/gfm/, and the autolinks in GitHub's own documentation).
"""

from __future__ import annotations

import re

from sovereign.exports.markup import visible
from sovereign.text import escape_markdown

_PARTED = re.compile(r"@(?=\w)|\\#(?=\d)|(?<=[a-z]):(?=//)|\bwww(?=\.)|\bGH(?=-\d)", re.IGNORECASE)
_NOTHING = "<!-- -->"


def shield(text: str) -> str:
    """Give a text on one line that GitHub shows as it is."""
    return _PARTED.sub(lambda found: found[0] + _NOTHING, escape_markdown(visible(text)))


def fence(text: str) -> str:
    """Give a text as a code block, whose fence is longer than any run of backticks within it; hidden characters are written out."""
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    lines = "\n".join(visible(line) for line in text.strip().splitlines())
    return f"{ticks}text\n{lines}\n{ticks}"


def link(words: str, url: str) -> str:
    """Give a link to an address of our own making, or the words alone where there is none; brackets in it are escaped."""
    safe = url.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    return f"[{shield(words)}]({safe})" if url else shield(words)
