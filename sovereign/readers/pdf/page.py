"""A PDF page as its letters, each with a place: x from left to right and y from the foot, in the direction in which the page is read."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pypdfium2 as pdfium


@dataclass(slots=True)
class Glyph:
    """One letter: x from left to right, y of its baseline from the page's foot, size in points.

    Attributes:
        order: Its place in the file's order of letters.
        code: The font's code, for a glyph that the file gives no letter; else -1.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: int
    order: int
    code: int = -1


@dataclass(slots=True)
class Segment:
    """Glyphs on one baseline without a wide hole."""

    glyphs: list[Glyph] = field(default_factory=list)

    @property
    def x0(self) -> float:
        """Where it begins."""
        return min(glyph.x0 for glyph in self.glyphs)

    @property
    def x1(self) -> float:
        """Where it ends."""
        return max(glyph.x1 for glyph in self.glyphs)


@dataclass(slots=True)
class Leaf:
    """One page: size in points, its glyphs in the file's order (None where PDFium sees a line end), and what is hidden.

    Attributes:
        hidden: How words are hidden, and the words.
        turned: Runs of letters that stand across the page's reading direction, such as arXiv's stamp in the margin.
        beside: The same page for who reads it in another direction, where many letters run that way.
        spoken: Words that the file gives in place of painted ones.
        is_scan: Whether the letters lie invisibly under a picture of the page (a text layer made by OCR).
    """

    width: float
    height: float
    glyphs: list[Glyph | None] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    is_scan: bool = False
    turned: list[str] = field(default_factory=list)
    beside: list[Leaf] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)


class Fonts:
    """Numbers for font names."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        """Give the number of a font's name."""
        if name not in self._numbers:
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]


@dataclass(frozen=True, slots=True)
class Frame:
    """What is seen of a page: its crop box in the file's own coordinates, wherever that box lies and however the page is turned."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> Frame:
        """Give the frame of a page: the part of its media box that its crop box leaves."""
        media, crop = page.get_mediabox(), page.get_cropbox()
        left, bottom, right, top = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
        if right - left < 1 or top - bottom < 1:
            left, bottom, right, top = media
        return cls(left, bottom, right, top)

    @property
    def area(self) -> float:
        """Its size in square points."""
        return max(1.0, (self.right - self.left) * (self.top - self.bottom))

    def size(self, quarter: int) -> tuple[float, float]:
        """Give width and height as they are for who reads in a direction: quarter turns from the file's x axis, to the left."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if quarter % 2 else (width, height)

    def placed(self, x: float, y: float, quarter: int) -> tuple[float, float]:
        """Give a point's place for who reads in that direction, from the lower left corner of what he then sees."""
        if quarter == 0:
            return x - self.left, y - self.bottom
        if quarter == 1:
            return y - self.bottom, self.right - x
        if quarter == 2:  # upside down
            return self.right - x, self.top - y
        return self.top - y, x - self.left


def quarter_of(a: float, b: float) -> int | None:
    """Give the direction in which letters run, in quarter turns to the left; None for slanted ones."""
    angle = math.atan2(b, a) / (math.pi / 2)
    nearest = round(angle)
    return nearest % 4 if abs(angle - nearest) < 0.13 else None  # 12 degrees
