"""A text as the verifier reads it: one way to write each sign and number, whatever the source used. Pure; standard library only.

What is shown and quoted is never changed; this is only what the network is given, on both sides and in training alike.
"""

from __future__ import annotations

import re
from decimal import Decimal

from sovereign.text import fold

_SIGNS = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        **dict.fromkeys("‘’‛ʼ′", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("−‐‑‒–﹣－", "-"),
        "—": " - ",
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f", " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),
        "µ": "μ",
        "％": "%",
    }
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3})+(?![\d,])")
_POWER = re.compile(
    r"(?<![\w.])(?P<digits>\d{1,20}(?:\.\d{1,20})?)(?:\s?[×x*·]\s?10(?:\s?\^\s?\{?(?P<up>[-−–+]?\d{1,3})\}?|(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))"
    r"|[eE](?P<exponent>[-−–+]?\d{1,3}))(?![\w.]*\d)"
)
_LONGEST_POWER = 12
_BARE_POINT = re.compile(r"(?<![\w.])\.(?=\d)")
_PERCENT = re.compile(r"(?<=\d)\s?(?:%|percent\b|per\scent\b)", re.IGNORECASE)
_MULTIPLE = re.compile(r"(?<![\w.-])(\d{1,20}(?:\.\d{1,20})?)([kKMB])(?![\w%])")
_WORTH = {"k": "thousand", "K": "thousand", "M": "million", "B": "billion"}


def plain(text: str) -> str:
    """Give the text with plain signs and every number in digits: "−.05" as "-0.05", "1,000" as "1000", "3e8" as "300000000"."""
    text = _GROUPED.sub(lambda found: re.sub(r"\D", "", found[0]), text)
    text = _POWER.sub(_written_out, text).translate(_SIGNS)
    text = _BARE_POINT.sub("0.", text)
    text = _PERCENT.sub("%", text)
    return fold(_MULTIPLE.sub(lambda found: f"{found[1]} {_WORTH[found[2]]}", text))


def _written_out(found: re.Match[str]) -> str:
    shown = found["up"] or found["exponent"] or found["raised"].translate(_RAISED)
    power = int(shown.replace("−", "-").replace("–", "-"))
    if abs(power) > _LONGEST_POWER:
        return found[0]
    return f"{Decimal(found['digits']).scaleb(power).normalize():f}"
