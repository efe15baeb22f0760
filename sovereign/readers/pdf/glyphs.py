"""The letters of a PDF page with their places, by PDFium; letters that a person would not see are kept apart.

PDFium is not made for threads and its pages are not trusted: every count is bounded before its work is done. A page is read in the
direction in which most of its letters run, so that a page turned by its own mark, or a table set sideways, is read like any other.
"""

from __future__ import annotations

import ctypes
import re
from collections import defaultdict
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from sovereign.readers.pdf.covers import Covers, Look, covers_of, look_of, on_ground, out_of_sight
from sovereign.readers.pdf.letters import UNKNOWN, letter
from sovereign.readers.pdf.page import Fonts, Frame, Glyph, Leaf
from sovereign.readers.pdf.sight import Suspect, can_be_seen
from sovereign.readers.pdf.spoken import silenced

MAX_CHARS_PER_PAGE = 60_000
MAX_SUSPECTS = 20_000
TABULATOR = 9
SECOND_HALF = -1
MIN_LINE = 25  # glyphs of a line of text
MIN_BESIDE = 60  # letters that run another way than the page's, to be more than the labels of a figure
IN_A_FORM = " in a figure"
_CAN_BE_CHECKED = frozenset(
    {"white letters", "transparent letters", "letters behind a figure", "letters clipped away", "letters in a hidden layer"}
)
_STAMP = re.compile(r"arXiv:[\w./-]{9,20}(?:\s*\[[\w.-]+\])?(?:\s*\d{1,2}\s*[A-Z][a-z]{2}\s*\d{4})?")


def leaf(page: pdfium.PdfPage, fonts: Fonts) -> Leaf:
    """Give a page's letters.

    Raises:
        ValueError: The page holds more letters or objects than any page of a paper.
    """
    frame = Frame.of(page)
    spoken = silenced(page)
    textpage = page.get_textpage()
    try:
        count = pdf.FPDFText_CountChars(textpage)
        if count > MAX_CHARS_PER_PAGE:
            raise ValueError(f"a page holds {count} letters; refused")
        covers = covers_of(page, frame)
        reading = _Reading(textpage, fonts, covers, frame)
        reading.read(count)
        reading.look_again(page)
        made = _made(reading, frame, covers)
        made.spoken = spoken
        return made
    finally:
        textpage.close()


def _made(reading: _Reading, frame: Frame, covers: Covers) -> Leaf:
    """Give the page as it is read: in the direction of most lines, others that are many beside it."""
    ways = sorted(reading.ways, key=lambda quarter: (-_in_lines(reading.ways[quarter]), -_count(reading.ways[quarter]), quarter))
    main = ways[0] if ways else 0
    made = Leaf(*frame.size(main), reading.ways.get(main, []))
    across = []
    for quarter in ways[1:]:
        glyphs = reading.ways[quarter]
        if _count(glyphs) >= MIN_BESIDE:
            made.beside.append(Leaf(*frame.size(quarter), glyphs))
        across.append("".join(glyph.text for glyph in glyphs if glyph is not None))
    made.turned = _STAMP.findall(" ".join([*across, "".join(reading.slanted)])[:4000])
    _tell_hidden(made, reading.secret, covers)
    return made


def _in_lines(glyphs: list[Glyph | None]) -> int:
    """Give how many glyphs stand in lines of text, rather than in the labels of a figure."""
    ends = [-1, *(index for index, glyph in enumerate(glyphs) if glyph is None), len(glyphs)]
    return sum(length for one, other in pairwise(ends) if (length := other - one - 1) >= MIN_LINE)


def _count(glyphs: list[Glyph | None]) -> int:
    return sum(1 for glyph in glyphs if glyph is not None and glyph.text != " ")


class _Reading:
    """One pass over a page's letters: each goes to what is seen, by its direction, or to what is hidden."""

    def __init__(self, textpage: object, fonts: Fonts, covers: Covers, frame: Frame) -> None:
        self._textpage = textpage
        self._fonts = fonts
        self._covers = covers
        self._frame = frame
        self._looks: dict[int, Look] = {}
        self._seen: set[tuple[str, int, int]] = set()
        self._x, self._y, self._rect = ctypes.c_double(), ctypes.c_double(), pdf.FS_RECTF()
        self._before: tuple[int, float, float, bool] = (0, 0.0, 0.0, False)  # object and origin of the letter before; whether it was kept
        self._way: int = 0
        self.ways: dict[int, list[Glyph | None]] = defaultdict(list)
        self.secret: list[tuple[str, str]] = []
        self.suspects: list[tuple[int, Suspect]] = []  # place in secret, and what may yet turn out to be seen
        self.doubted: dict[int, tuple[int, int, Glyph]] = {}  # place in secret -> where it stands among the glyphs if it is seen
        self.slanted: list[str] = []

    def read(self, count: int) -> None:
        for index in range(count):
            code = self._code(index, count)
            handle = None if code in {13, 10} else pdf.FPDFText_GetTextObject(self._textpage, index)
            if handle:
                self._letter(index, code, handle)
            elif code in {13, 10} and pdf.FPDFText_HasUnicodeMapError(self._textpage, index) == 1:
                self._letter(index, code, pdf.FPDFText_GetTextObject(self._textpage, index))
            else:
                self._made_up(index, code)

    def look_again(self, page: pdfium.PdfPage) -> None:
        """Give back to the page what drawing it shows to be seen: white letters on a dark bar of a figure, say."""
        seen = can_be_seen(page, [suspect for _, suspect in self.suspects])
        shown = [place for (place, _), is_seen in zip(self.suspects, seen, strict=True) if is_seen]
        for place in reversed(shown):
            way, at, glyph = self.doubted[place]
            self.ways[way].insert(at, glyph)
            self.secret[place] = ("", "")

    def _code(self, index: int, count: int) -> int:
        """Give a letter's number; PDFium gives letters beyond 16 bits as two halves, of which the second is no letter."""
        code = int(pdf.FPDFText_GetUnicode(self._textpage, index))
        if 0xD800 <= code < 0xDC00 and index + 1 < count:
            low = int(pdf.FPDFText_GetUnicode(self._textpage, index + 1))
            return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) if 0xDC00 <= low < 0xE000 else 0xFFFD
        return code if not 0xDC00 <= code < 0xE000 else SECOND_HALF

    def _made_up(self, index: int, code: int) -> None:
        """Take a space or line end that PDFium saw between the letters."""
        glyphs = self.ways[self._way]
        if code in {13, 10}:
            glyphs.append(None)
        elif code == 32 and glyphs and (last := glyphs[-1]) is not None:
            glyphs.append(Glyph(" ", last.x1, last.x1, last.y, last.size, last.font, index))
        if self.secret and self.secret[-1][1] != " ":
            self.secret.append((self.secret[-1][0], " "))

    def _letter(self, index: int, code: int, handle: Any) -> None:  # noqa: ANN401  # a pointer of PDFium's
        address = ctypes.addressof(handle.contents)
        pdf.FPDFText_GetCharOrigin(self._textpage, index, ctypes.byref(self._x), ctypes.byref(self._y))
        pdf.FPDFText_GetLooseCharBox(self._textpage, index, ctypes.byref(self._rect))
        look = self._looks.get(address)
        if look is None:
            look = self._looks[address] = look_of(self._textpage, index, handle, self._fonts, self._covers)
        text = self._text(index, code, look)
        if not text:
            return
        if look.quarter is None:
            self.slanted.append(text)
            return
        glyph = self._glyph(text, look, index, code if text == UNKNOWN else -1)
        how = look.how_hidden or out_of_sight(self._rect, self._y.value, self._frame, look)
        if how and not (how == "white letters" and on_ground(self._rect, look)):
            self._hide(how, glyph, look, handle)
            return
        if self._is_first_print(text, address):
            self._way = look.quarter
            self.ways[look.quarter].append(glyph)

    def _text(self, index: int, code: int, look: Look) -> str:
        """Give a letter's text; a code that the file gives no letter, 0 among them, is unknown, not nothing."""
        if code == SECOND_HALF:
            return ""
        if code == 0:
            return UNKNOWN if self._has_ink(index) else ""
        if (code < 32 or 0x7F <= code < 0xA0) and pdf.FPDFText_HasUnicodeMapError(self._textpage, index) == 1:
            return self._unknown(index, code, look)
        return letter(code)

    def _unknown(self, index: int, code: int, look: Look) -> str:
        """Give a space for a tabulator without ink, else the sign of an unknown letter; of fonts without a name the ink is not known."""
        if code != TABULATOR or not self._fonts.names[look.font].removesuffix("-Bold"):
            return UNKNOWN
        return UNKNOWN if self._has_ink(index) else " "

    def _has_ink(self, index: int) -> bool:
        """Whether a glyph takes any room on the page, as far as its font tells."""
        edges = [ctypes.c_double() for _ in range(4)]
        if pdf.FPDFText_GetCharBox(self._textpage, index, *map(ctypes.byref, edges)):
            left, right, bottom, top = (edge.value for edge in edges)
            return not (abs(right - left) < 0.01 or abs(top - bottom) < 0.01)
        return True

    def _glyph(self, text: str, look: Look, index: int, code: int) -> Glyph:
        rect, quarter, placed = self._rect, look.quarter or 0, self._frame.placed
        one, other = placed(rect.left, rect.bottom, quarter)[0], placed(rect.right, rect.top, quarter)[0]
        y = placed(self._x.value, self._y.value, quarter)[1]
        x0, x1 = (one, other) if one <= other else (other, one)
        return Glyph(text, x0, x1, y, look.size, look.font, index, code)

    def _hide(self, how: str, glyph: Glyph, look: Look, handle: Any) -> None:  # noqa: ANN401  # a pointer of PDFium's
        rect = self._rect
        if how in _CAN_BE_CHECKED and len(self.suspects) < MAX_SUSPECTS:
            self.suspects.append((len(self.secret), (handle, (rect.left, rect.bottom, rect.right, rect.top))))
            quarter = look.quarter or 0
            self.doubted[len(self.secret)] = (quarter, len(self.ways[quarter]), glyph)
        self.secret.append((how + IN_A_FORM if look.in_form else how, glyph.text))

    def _is_first_print(self, text: str, address: int) -> bool:
        """Whether a letter is not printed a second time to look bold; the letters of one ligature share a place, and one fate."""
        x, y = self._x.value, self._y.value
        if self._before[:3] == (address, x, y):
            return self._before[3]
        key = (text, int(x * 8), int(y * 8))
        is_first = text == " " or key not in self._seen
        self._seen.add(key)
        self._before = (address, x, y, is_first)
        return is_first


def _tell_hidden(made: Leaf, secret: list[tuple[str, str]], covers: Covers) -> None:
    """Tell what was hidden, each way apart; an OCR layer under a picture of the whole page is the page's text instead."""
    ways = dict.fromkeys(how for how, _ in secret if how)
    for how in ways:
        words = " ".join("".join(text for way, text in secret if way == how).split())
        made.hidden.append((how, words))
    shown = sum(1 for glyph in made.glyphs if glyph is not None and glyph.text.strip())
    invisible = sum(
        len(words) for how, words in made.hidden if how.removesuffix(IN_A_FORM) in {"invisible rendering", "letters behind a figure"}
    )
    made.is_scan = covers.has_page_picture and shown < 40 and invisible > 200
