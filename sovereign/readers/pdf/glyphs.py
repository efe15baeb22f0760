"""The letters of a PDF page with their places, by PDFium; letters that a person would not see are kept apart.

PDFium is not made for threads and its pages are not trusted: every count is bounded before its work is done.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from sovereign.readers.pdf.sight import Suspect, can_be_seen

MAX_CHARS_PER_PAGE = 60_000
MAX_OBJECTS_PER_PAGE = 60_000
MAX_COVERS = 200
MAX_SUSPECTS = 20_000
MAX_CLIPS = 64
TINY_PT = 2.2
_INVISIBLE_MODE = 3
_WHITE = 245
_CAN_BE_CHECKED = frozenset(
    {"white letters", "transparent letters", "letters behind a figure", "letters clipped away", "letters in a hidden layer"}
)
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


_Box = tuple[float, float, float, float, int, bool]
"""Left, bottom, right, top, place in the drawing order, whether it is dark or a picture."""


@dataclass(slots=True)
class _Look:
    """How one text object of the page looks, and the pictures and shapes drawn after and before it in the same place."""

    size: float
    font: int
    how_hidden: str
    is_turned: bool
    over: list[_Box]
    under: list[_Box]
    clip: tuple[float, float, float, float] | None


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
        reading = _Reading(made, textpage, fonts, covers)
        reading.read(count)
        reading.look_again(page)
        made.turned = _STAMP.findall("".join(reading.turned)[:4000])
        _tell_hidden(made, reading.secret, covers)
    finally:
        textpage.close()
    return made


@dataclass(slots=True)
class _Covers:
    """Pictures and filled shapes of a page, and the place of each text object in the drawing order."""

    boxes: list[_Box]
    order: dict[int, int]
    has_page_picture: bool

    def around(self, handle: Any, address: int) -> tuple[list[_Box], list[_Box]]:  # noqa: ANN401  # a pointer of PDFium's
        """Give what is drawn over and what under a text object; of one inside a form nothing can be told."""
        place = self.order.get(address)
        box = [ctypes.c_float() for _ in range(4)]
        if not self.boxes or place is None or not pdf.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, box)):
            return [], []
        left, bottom, right, top = (part.value for part in box)
        near = [b for b in self.boxes if b[0] <= right and b[2] >= left and b[1] <= top and b[3] >= bottom]
        return [b for b in near if b[4] > place], [b for b in near if b[4] < place]


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
        if (right - left) * (top - bottom) < 4:
            continue
        is_ground = kind != pdf.FPDF_PAGEOBJ_PATH or _is_filled(item)
        if is_ground:
            covers.boxes.append((left, bottom, right, top, place, kind != pdf.FPDF_PAGEOBJ_PATH or not _fills_white(item)))
        if kind == pdf.FPDF_PAGEOBJ_IMAGE and (right - left) * (top - bottom) > 0.7 * width * height:
            covers.has_page_picture = True
    covers.boxes.sort(key=lambda box: (box[2] - box[0]) * (box[3] - box[1]), reverse=True)
    covers.boxes = sorted(covers.boxes[:MAX_COVERS], key=lambda box: box[4])
    return covers


def _is_filled(item: object) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdf.FPDFPath_GetDrawMode(item, ctypes.byref(mode), ctypes.byref(stroke)) or mode.value == 0:
        return False
    rgba = _colour(item)
    return rgba is not None and rgba[3] > 200


def _colour(item: object) -> tuple[int, int, int, int] | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not pdf.FPDFPageObj_GetFillColor(item, *map(ctypes.byref, parts)):
        return None
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha


def _fills_white(item: object) -> bool:
    rgba = _colour(item)
    return rgba is not None and min(rgba[:3]) >= _WHITE


class _Reading:
    """One pass over a page's letters: each goes to what is seen, to what is hidden, or to what stands upright."""

    def __init__(self, made: Leaf, textpage: object, fonts: Fonts, covers: _Covers) -> None:
        self._made = made
        self._textpage = textpage
        self._fonts = fonts
        self._covers = covers
        self._looks: dict[int, _Look] = {}
        self._seen: set[tuple[str, int, int]] = set()
        self._x, self._y, self._rect = ctypes.c_double(), ctypes.c_double(), pdf.FS_RECTF()
        self.secret: list[tuple[str, str]] = []
        self.suspects: list[tuple[int, Suspect]] = []  # place in secret, and what may yet turn out to be seen
        self.doubted: dict[int, tuple[int, Glyph]] = {}  # place in secret -> where it stands among the glyphs if it is seen
        self.turned: list[str] = []

    def read(self, count: int) -> None:
        for index in range(count):
            code = self._code(index, count)
            handle = None if code in {13, 10} else pdf.FPDFText_GetTextObject(self._textpage, index)
            if handle:
                self._letter(index, code, handle)
            else:
                self._made_up(index, code)

    def look_again(self, page: pdfium.PdfPage) -> None:
        """Give back to the page what drawing it shows to be seen: white letters on a dark bar of a figure, say."""
        seen = can_be_seen(page, [suspect for _, suspect in self.suspects])
        shown = [place for (place, _), is_seen in zip(self.suspects, seen, strict=True) if is_seen]
        for place in reversed(shown):
            at, glyph = self.doubted[place]
            self._made.glyphs.insert(at, glyph)
            self.secret[place] = ("", "")

    def _code(self, index: int, count: int) -> int:
        """Give a letter's number; PDFium gives letters beyond 16 bits as two halves, of which the second is no letter."""
        code = int(pdf.FPDFText_GetUnicode(self._textpage, index))
        if 0xD800 <= code < 0xDC00 and index + 1 < count:
            low = int(pdf.FPDFText_GetUnicode(self._textpage, index + 1))
            return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) if 0xDC00 <= low < 0xE000 else 0xFFFD
        return code

    def _made_up(self, index: int, code: int) -> None:
        """Take a space or line end that PDFium saw between the letters."""
        if code in {13, 10}:
            self._made.glyphs.append(None)
        elif code == 32 and self._made.glyphs and (last := self._made.glyphs[-1]) is not None:
            self._made.glyphs.append(Glyph(" ", last.x1, last.x1, last.y, last.size, last.font, index))
        if self.secret and self.secret[-1][1] != " ":
            self.secret.append((self.secret[-1][0], " "))

    def _letter(self, index: int, code: int, handle: Any) -> None:  # noqa: ANN401  # a pointer of PDFium's
        address = ctypes.addressof(handle.contents)
        pdf.FPDFText_GetCharOrigin(self._textpage, index, ctypes.byref(self._x), ctypes.byref(self._y))
        pdf.FPDFText_GetLooseCharBox(self._textpage, index, ctypes.byref(self._rect))
        look = self._looks.get(address)
        if look is None:
            look = self._looks[address] = _look(self._textpage, index, handle, self._fonts, self._covers.around(handle, address))
        text, rect, y = _letter(code), self._rect, self._y.value
        if not text:
            return
        if look.is_turned:
            self.turned.append(text)
            return
        how = look.how_hidden or _out_of_sight(rect, y, self._made, look)
        if how and not (how == "white letters" and _on_ground(rect, look.under)):
            if how in _CAN_BE_CHECKED and len(self.suspects) < MAX_SUSPECTS:
                self.suspects.append((len(self.secret), (handle, (rect.left, rect.bottom, rect.right, rect.top))))
                self.doubted[len(self.secret)] = (
                    len(self._made.glyphs),
                    Glyph(text, rect.left, rect.right, y, look.size, look.font, index),
                )
            self.secret.append((how, text))
            return
        key = (text, int(self._x.value * 8), int(y * 8))
        if key not in self._seen or text == " ":  # letters printed twice look bold
            self._seen.add(key)
            self._made.glyphs.append(Glyph(text, rect.left, rect.right, y, look.size, look.font, index))


def _letter(code: int) -> str:
    if code in {0xFFFE, 2, 0xAD}:
        return "-" if code != 0xAD else "\u00ad"
    if code < 32 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF or 0xE000 <= code <= 0xF8FF:
        return ""
    letter = chr(code)
    return unicodedata.normalize("NFKC", letter) if 0x1D400 <= code <= 0x1D7FF else letter  # mathematical alphabets are plain letters


def _look(textpage: object, index: int, handle: object, fonts: Fonts, around: tuple[list[_Box], list[_Box]]) -> _Look:
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
    if weight >= 600 and "bold" not in name.lower():
        name += "-Bold"
    return _Look(
        shown,
        fonts.number(name),
        _hidden_look(handle, shown),
        abs(math.sin(angle)) > 0.2 or math.cos(angle) < 0,
        *around,
        _clip_box(handle),
    )


def _clip_box(handle: Any) -> tuple[float, float, float, float] | None:  # noqa: ANN401  # a pointer of PDFium's
    """Give the box that all clip paths of an object leave, in points; None where it has none."""
    clip = pdf.FPDFPageObj_GetClipPath(handle)
    paths = pdf.FPDFClipPath_CountPaths(clip) if clip else 0
    box = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(min(max(paths, 0), MAX_CLIPS)):
        points = []
        for index in range(min(pdf.FPDFClipPath_CountPathSegments(clip, path), MAX_CLIPS)):
            segment = pdf.FPDFClipPath_GetPathSegment(clip, path, index)
            if segment and pdf.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
                points.append((x.value, y.value))
        if points:
            made = (min(p[0] for p in points), min(p[1] for p in points), max(p[0] for p in points), max(p[1] for p in points))
            box = made if box is None else (max(box[0], made[0]), max(box[1], made[1]), min(box[2], made[2]), min(box[3], made[3]))
    return box


def _is_in_layer(handle: Any) -> bool:  # noqa: ANN401  # a pointer of PDFium's
    """Whether an object belongs to a layer that a viewer can switch off (marked content named OC)."""
    name = ctypes.create_string_buffer(16)
    length = ctypes.c_ulong()
    for index in range(min(pdf.FPDFPageObj_CountMarks(handle), 8)):
        mark = pdf.FPDFPageObj_GetMark(handle, index)
        wide = ctypes.cast(name, ctypes.POINTER(ctypes.c_ushort))
        if mark and pdf.FPDFPageObjMark_GetName(mark, wide, 16, ctypes.byref(length)) and name.raw.startswith(b"O\0C\0\0"):
            return True
    return False


def _hidden_look(handle: object, size: float) -> str:
    mode = pdf.FPDFTextObj_GetTextRenderMode(handle)
    if mode == _INVISIBLE_MODE:
        return "invisible rendering"
    if size < TINY_PT:
        return "tiny letters"
    rgba = _colour(handle)
    if rgba is not None and mode in {0, 4}:
        if rgba[3] < 16:
            return "transparent letters"
        if min(rgba[:3]) >= _WHITE:
            return "white letters"
    return "letters in a hidden layer" if _is_in_layer(handle) else ""


def _out_of_sight(rect: pdf.FS_RECTF, y: float, made: Leaf, look: _Look) -> str:
    if rect.right < -2 or rect.left > made.width + 2 or y < -8 or y > made.height + 8:
        return "letters off the page"
    if look.clip is not None:
        x, middle = (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2
        if not (look.clip[0] <= x <= look.clip[2] and look.clip[1] <= middle <= look.clip[3]):
            return "letters clipped away"
    return "letters behind a figure" if _at(rect, look.over) else ""


def _at(rect: pdf.FS_RECTF, boxes: list[_Box]) -> list[_Box]:
    """Give the boxes in which the middle of a letter lies."""
    if not boxes:
        return []
    x, y = (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2
    return [box for box in boxes if box[0] <= x <= box[2] and box[1] <= y <= box[3]]


def _on_ground(rect: pdf.FS_RECTF, under: list[_Box]) -> bool:
    """Whether white letters stand on something dark, drawn before them."""
    grounds = _at(rect, under)
    return bool(grounds) and grounds[-1][5]


def _tell_hidden(made: Leaf, secret: list[tuple[str, str]], covers: _Covers) -> None:
    """Tell what was hidden, each way apart; an OCR layer under a picture of the whole page is the page's text instead."""
    ways = dict.fromkeys(how for how, _ in secret if how)
    for how in ways:
        words = " ".join("".join(text for way, text in secret if way == how).split())
        made.hidden.append((how, words))
    shown = sum(1 for glyph in made.glyphs if glyph is not None and glyph.text.strip())
    invisible = sum(len(words) for how, words in made.hidden if how in {"invisible rendering", "letters behind a figure"})
    made.is_scan = covers.has_page_picture and shown < 40 and invisible > 200
