"""The letters of a PDF page with their places, by PDFium; letters that a person would not see are kept apart.

PDFium is not made for threads and its pages are not trusted: every count is bounded before its work is done.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

MAX_CHARS_PER_PAGE = 60_000
MAX_OBJECTS_PER_PAGE = 60_000
TINY_PT = 2.2
_INVISIBLE_MODE = 3
_WHITE = 245
_STAMP = re.compile(r"arXiv:[\w./-]{9,20}(?:\s*\[[\w.-]+\])?(?:\s*\d{1,2}\s*[A-Z][a-z]{2}\s*\d{4})?")


@dataclass(slots=True)
class Glyph:
    """One letter: x from left to right, y of its baseline from the page's foot, size in points."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: int
    order: int


@dataclass(slots=True)
class Leaf:
    """One page: size in points, its glyphs in the file's order (None where PDFium sees a line end), and what is hidden.

    Attributes:
        fonts: Names of fonts, as the glyphs number them.
        hidden: How words are hidden, and the words.
        turned: Runs of upright letters, such as arXiv's stamp in the margin.
        is_scan: Whether the letters lie invisibly under a picture of the page (a text layer made by OCR).
    """

    width: float
    height: float
    glyphs: list[Glyph | None] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    is_scan: bool = False
    turned: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Look:
    """How one text object of the page looks."""

    size: float
    font: int
    how_hidden: str
    is_turned: bool


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


def leaf(page: pdfium.PdfPage, fonts: Fonts) -> Leaf:
    """Give a page's letters.

    Raises:
        ValueError: The page holds more letters or objects than any page of a paper.
    """
    width, height = page.get_size()
    made = Leaf(width, height)
    textpage = page.get_textpage()
    try:
        count = pdf.FPDFText_CountChars(textpage)
        if count > MAX_CHARS_PER_PAGE:
            raise ValueError(f"a page holds {count} letters; refused")
        covers = _covers(page, width, height)
        _read(made, textpage, count, fonts, covers)
    finally:
        textpage.close()
    return made


@dataclass(slots=True)
class _Covers:
    """Pictures and filled shapes of a page: (left, bottom, right, top, place in the drawing order, is dark or picture)."""

    boxes: list[tuple[float, float, float, float, int, bool]]
    order: dict[int, int]
    has_page_picture: bool


def _covers(page: pdfium.PdfPage, width: float, height: float) -> _Covers:
    covers = _Covers([], {}, has_page_picture=False)
    total = pdf.FPDFPage_CountObjects(page)
    if total > MAX_OBJECTS_PER_PAGE:
        raise ValueError(f"a page holds {total} objects; refused")
    box = [ctypes.c_float() for _ in range(4)]
    for place in range(total):
        item = pdf.FPDFPage_GetObject(page, place)
        kind = pdf.FPDFPageObj_GetType(item)
        if kind == pdf.FPDF_PAGEOBJ_TEXT:
            covers.order[ctypes.addressof(item.contents)] = place
            continue
        if kind not in {pdf.FPDF_PAGEOBJ_IMAGE, pdf.FPDF_PAGEOBJ_PATH, pdf.FPDF_PAGEOBJ_SHADING}:
            continue
        if not pdf.FPDFPageObj_GetBounds(item, *map(ctypes.byref, box)):
            continue
        left, bottom, right, top = (part.value for part in box)
        if (right - left) * (top - bottom) < 4:  # noqa: PLR2004 - smaller than a letter
            continue
        is_ground = kind != pdf.FPDF_PAGEOBJ_PATH or _is_filled(item)
        if is_ground:
            covers.boxes.append((left, bottom, right, top, place, kind != pdf.FPDF_PAGEOBJ_PATH or not _fills_white(item)))
        if kind == pdf.FPDF_PAGEOBJ_IMAGE and (right - left) * (top - bottom) > 0.7 * width * height:
            covers.has_page_picture = True
    return covers


def _is_filled(item: object) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdf.FPDFPath_GetDrawMode(item, ctypes.byref(mode), ctypes.byref(stroke)) or mode.value == 0:
        return False
    rgba = _colour(item)
    return rgba is not None and rgba[3] > 200  # noqa: PLR2004 - nearly opaque


def _colour(item: object) -> tuple[int, int, int, int] | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not pdf.FPDFPageObj_GetFillColor(item, *map(ctypes.byref, parts)):
        return None
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha


def _fills_white(item: object) -> bool:
    rgba = _colour(item)
    return rgba is not None and min(rgba[:3]) >= _WHITE


def _read(made: Leaf, textpage: object, count: int, fonts: Fonts, covers: _Covers) -> None:
    looks: dict[int, _Look] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    x_ref, y_ref = ctypes.byref(x), ctypes.byref(y)
    rect = pdf.FS_RECTF()
    rect_ref = ctypes.byref(rect)
    secret: list[tuple[str, str]] = []
    seen = set()
    turned: list[str] = []
    for index in range(count):
        code = pdf.FPDFText_GetUnicode(textpage, index)
        if 0xD800 <= code < 0xDC00 and index + 1 < count:  # PDFium gives letters beyond 16 bits as two halves
            low = pdf.FPDFText_GetUnicode(textpage, index + 1)
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) if 0xDC00 <= low < 0xE000 else 0xFFFD
        if code in (13, 10):
            made.glyphs.append(None)
            continue
        handle = pdf.FPDFText_GetTextObject(textpage, index)
        if not handle:
            if code == 32 and made.glyphs and (last := made.glyphs[-1]) is not None:  # noqa: PLR2004 - a space PDFium saw
                made.glyphs.append(Glyph(" ", last.x1, last.x1, last.y, last.size, last.font, index))
            if secret and secret[-1][1] != " ":
                secret.append((secret[-1][0], " "))
            continue
        address = ctypes.addressof(handle.contents)
        pdf.FPDFText_GetCharOrigin(textpage, index, x_ref, y_ref)
        pdf.FPDFText_GetLooseCharBox(textpage, index, rect_ref)
        look = looks.get(address)
        if look is None:
            look = looks[address] = _look(textpage, index, handle, fonts)
        text = _letter(code)
        if not text:
            continue
        if look.is_turned:
            turned.append(text)
            continue
        how = look.how_hidden or _out_of_sight(rect, y.value, made, covers, address)
        if how == "white letters" and _on_ground(rect, covers, address):
            how = ""
        if how:
            secret.append((how, text))
            continue
        key = (text, round(x.value, 1), round(y.value, 1))
        if key in seen and text != " ":
            continue  # letters printed twice to look bold
        seen.add(key)
        made.glyphs.append(Glyph(text, rect.left, rect.right, y.value, look.size, look.font, index))
    made.turned = _STAMP.findall("".join(turned)[:4000])
    _tell_hidden(made, secret, covers)


def _letter(code: int) -> str:
    if code in {0xFFFE, 2, 0xAD}:
        return "-" if code != 0xAD else "\u00ad"
    if code < 32 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF or 0xE000 <= code <= 0xF8FF:  # noqa: PLR2004 - no letters
        return ""
    letter = chr(code)
    return unicodedata.normalize("NFKC", letter) if 0x1D400 <= code <= 0x1D7FF else letter  # mathematical alphabets are plain letters


def _look(textpage: object, index: int, handle: object, fonts: Fonts) -> _Look:
    size = pdf.FPDFText_GetFontSize(textpage, index)
    matrix = pdf.FS_MATRIX()
    shown = size
    if pdf.FPDFPageObj_GetMatrix(handle, ctypes.byref(matrix)):
        shown = size * math.hypot(matrix.c, matrix.d)
    angle = pdf.FPDFText_GetCharAngle(textpage, index)
    flags = ctypes.c_int()
    buffer = ctypes.create_string_buffer(128)
    length = pdf.FPDFText_GetFontInfo(textpage, index, buffer, 128, ctypes.byref(flags))
    name = buffer.raw[: max(0, min(length, 128) - 1)].decode("utf-8", "replace")
    weight = pdf.FPDFText_GetFontWeight(textpage, index)
    if weight >= 600 and "bold" not in name.lower():  # noqa: PLR2004 - semibold and up
        name += "-Bold"
    return _Look(shown, fonts.number(name), _hidden_look(handle, shown), abs(math.sin(angle)) > 0.2 or math.cos(angle) < 0)


def _hidden_look(handle: object, size: float) -> str:
    mode = pdf.FPDFTextObj_GetTextRenderMode(handle)
    if mode == _INVISIBLE_MODE:
        return "invisible rendering"
    if size < TINY_PT:
        return "tiny letters"
    rgba = _colour(handle)
    if rgba is not None and mode in {0, 4}:
        if rgba[3] < 16:  # noqa: PLR2004 - of 255
            return "transparent letters"
        if min(rgba[:3]) >= _WHITE:
            return "white letters"
    return ""


def _out_of_sight(rect: pdf.FS_RECTF, y: float, made: Leaf, covers: _Covers, address: int) -> str:
    if rect.right < -2 or rect.left > made.width + 2 or y < -8 or y > made.height + 8:
        return "letters off the page"
    place = covers.order.get(address)
    if place is None:
        return ""
    middle_x, middle_y = (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2
    for left, bottom, right, top, at, _ in covers.boxes:
        if at > place and left <= middle_x <= right and bottom <= middle_y <= top:
            return "letters behind a figure"
    return ""


def _on_ground(rect: pdf.FS_RECTF, covers: _Covers, address: int) -> bool:
    """Whether white letters stand on something dark, drawn before them."""
    place = covers.order.get(address, 1 << 30)
    middle_x, middle_y = (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2
    under = [
        dark
        for left, bottom, right, top, at, dark in covers.boxes
        if at < place and left <= middle_x <= right and bottom <= middle_y <= top
    ]
    return bool(under) and under[-1]


def _tell_hidden(made: Leaf, secret: list[tuple[str, str]], covers: _Covers) -> None:
    """Tell what was hidden, each way apart; an OCR layer under a picture of the whole page is the page's text instead."""
    ways = dict.fromkeys(how for how, _ in secret)
    for how in ways:
        words = " ".join("".join(text for way, text in secret if way == how).split())
        made.hidden.append((how, words))
    shown = sum(1 for glyph in made.glyphs if glyph is not None and glyph.text.strip())
    invisible = sum(len(words) for how, words in made.hidden if how in {"invisible rendering", "letters behind a figure"})
    made.is_scan = covers.has_page_picture and shown < 40 and invisible > 200  # noqa: PLR2004 - a page of text, nothing else on it
