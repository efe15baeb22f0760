"""Whether an HTML element's own style keeps its words from a person's eyes."""

from __future__ import annotations

import re

from lxml import html

_SCREEN_READER_ONLY = frozenset("sr-only visually-hidden screen-reader-text screenreader-only".split())


def hides(node: html.HtmlElement) -> str:
    """Say how the element is hidden, in words; empty where it is not."""
    if node.get("hidden") is not None or (node.get("aria-hidden") == "true" and node.tag not in {"a", "span", "svg", "math"}):
        return "element marked as hidden"
    if _SCREEN_READER_ONLY & frozenset((node.get("class") or "").split()):
        return "element for screen readers only"
    colour = (node.get("color") or "") if node.tag == "font" else ""
    if colour and _is_white(colour) and not _has_dark_ground(node):
        return "white letters"
    style = re.sub(r"\s+", "", (node.get("style") or "").lower())
    return _by_style(style, node) if style else ""


def _by_style(style: str, node: html.HtmlElement) -> str:  # noqa: PLR0911 - a table of ways
    if re.search(r"(?:^|;)display:none|(?:^|;)visibility:(?:hidden|collapse)|content-visibility:hidden", style):
        return "element that is not displayed"
    if re.search(r"(?:^|;)opacity:(?:0?\.0\d*|0)(?:%|;|$|!)", style):
        return "transparent letters"
    size = re.search(r"(?:^|;)font(?:-size)?:[^;]*?(?<!\d)(\d++(?:\.\d++)?|\.\d++)(px|pt|em|rem|%)", style)
    if size and float(size[1]) <= {"px": 2, "pt": 2, "em": 0.15, "rem": 0.15, "%": 15}[size[2]]:
        return f"letters of {size[1]} {size[2]}"
    if re.search(r"(?:^|;)font-size:0(?:;|$|!)", style):
        return "letters of size 0"
    colour = re.search(r"(?:^|;)(?:-webkit-text-fill-)?color:([^;!]+)", style)
    if colour and _is_white(colour[1]) and not _has_dark_ground(node):
        return "white letters"
    if re.search(r"(?:text-indent|(?:margin-)?(?:left|top|right)):-\d{4,}", style) or re.search(r"translate[xy]?\(-\d{4,}", style):
        return "letters moved off the page"
    if re.search(r"clip:rect\((?:0|1px)|clip-path:inset\((?:50|100)%|(?:^|;)transform:scale\(0(?:\.0\d*)?\)", style):
        return "letters clipped away"
    if re.search(r"(?:^|;)(?:max-)?(?:height|width):[01](?:px)?(?:;|$)", style) and "overflow:hidden" in style:
        return "letters in a box of no size"
    return ""


def _is_white(colour: str) -> bool:
    name = colour.strip().lower()
    if name in {"white", "transparent", "snow", "ivory", "ghostwhite", "floralwhite", "whitesmoke", "mintcream", "azure"}:
        return True
    short = re.fullmatch(r"#([0-9a-f]{3,8})", name)
    if short:
        digits = short[1]
        if 3 <= len(digits) <= 4:
            return digits[:3] == "fff" or digits[3:] == "0"
        parts = [int(digits[i : i + 2], 16) for i in range(0, min(len(digits), 8), 2) if len(digits[i : i + 2]) == 2]
        return len(parts) >= 3 and (min(parts[:3]) >= 240 or (len(parts) == 4 and parts[3] <= 12))
    numbers = [float(part) for part in re.findall(r"\d*\.?\d+", name)]
    if name.startswith("rgb") and len(numbers) >= 3:
        return min(numbers[:3]) >= 240 or (len(numbers) == 4 and numbers[3] <= 0.05)
    return name.startswith("hsl") and len(numbers) >= 3 and numbers[2] >= 95


def _has_dark_ground(node: html.HtmlElement) -> bool:
    """Whether the element or one around it has a background of its own, on which white letters can be read."""
    current: html.HtmlElement | None = node
    while current is not None:
        style = re.sub(r"\s+", "", (current.get("style") or "").lower())
        ground = re.search(r"background(?:-color)?:([^;]+)", style) or re.search(r"--ltx-bg-color:([^;]+)", style)
        colour = ground[1] if ground else (current.get("bgcolor") or "")
        if colour:
            return not _is_white(colour)
        current = current.getparent()
    return False


def is_far_away(node: html.HtmlElement) -> bool:
    """Whether a hidden element belongs to the page's furniture rather than to the paper."""
    return node.tag in {"annotation", "annotation-xml", "semantics"} or bool(node.xpath("ancestor-or-self::nav|ancestor-or-self::footer"))
