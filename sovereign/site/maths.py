"""TeX set as MathML when the site is built: no script, no font, no third party.

The words come from papers, so the converter's own serialiser, which unescapes what it writes, is not used: elements and
attributes are taken from a short list and everything else is escaped.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from xml.etree import ElementTree as ET

from latex2mathml.converter import convert_to_element

_ELEMENTS = frozenset(
    {
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "mtext",
        "mspace",
        "msup",
        "msub",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mfrac",
        "msqrt",
        "mroot",
        "mtable",
        "mtr",
        "mtd",
        "mstyle",
        "mpadded",
        "mphantom",
        "menclose",
    }
)
_ATTRIBUTES = frozenset(
    {
        "display",
        "mathvariant",
        "stretchy",
        "fence",
        "separator",
        "form",
        "lspace",
        "rspace",
        "minsize",
        "maxsize",
        "width",
        "height",
        "depth",
        "accent",
        "accentunder",
        "linethickness",
        "displaystyle",
        "scriptlevel",
        "columnalign",
        "rowspacing",
        "columnspacing",
        "movablelimits",
        "symmetric",
        "notation",
    }
)
_REFERENCE = re.compile(r"&#x([0-9A-Fa-f]{1,6});")


@lru_cache(maxsize=4096)
def mathml(tex: str) -> str | None:
    """Give one formula as MathML with its TeX beside it for who cannot see it; None where it cannot be read."""
    try:
        body = "".join(_write(child) for child in convert_to_element(tex))
    except Exception:  # noqa: BLE001 - the converter raises whatever it stumbles over, and depth has an end; the TeX is then shown as it stands
        return None
    return f'<math alttext="{html.escape(tex)}">{body}</math>' if body else None


def _write(element: ET.Element) -> str:
    inside = html.escape(_letters(element.text), quote=False) + "".join(
        _write(child) + html.escape(_letters(child.tail), quote=False) for child in element
    )
    if element.tag not in _ELEMENTS:
        return f"<mrow>{inside}</mrow>"
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in element.attrib.items() if name in _ATTRIBUTES)
    return f"<{element.tag}{attributes}>{inside}</{element.tag}>"


def _letters(text: str | None) -> str:
    """Give the converter's numeric references as letters; nothing else is unescaped."""
    return _REFERENCE.sub(
        lambda found: chr(code) if 0x20 <= (code := int(found[1], 16)) <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd",
        text or "",
    )
