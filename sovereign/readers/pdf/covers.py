"""What a page paints beside its letters, and how its letters look: pictures, filled shapes, clips, layers; bounded."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from sovereign.readers.pdf.page import Fonts, Frame, quarter_of

MAX_OBJECTS_PER_PAGE = 60_000
MAX_COVERS = 200
MAX_CLIPS = 64
TINY_PT = 2.2
_INVISIBLE_MODE = 3
_WHITE = 245

Box = tuple[float, float, float, float, int, bool]
"""Left, bottom, right, top, place in the drawing order, whether it is dark or a picture."""


@dataclass(slots=True)
class Look:
    """How one text object of the page looks, and the pictures and shapes drawn after and before it in the same place.

    Attributes:
        quarter: The direction of its letters; None where they are slanted.
        in_form: Whether it is drawn by a form, as figures are, rather than by the page itself.
    """

    size: float
    font: int
    how_hidden: str
    quarter: int | None
    in_form: bool
    over: list[Box]
    under: list[Box]
    clip: tuple[float, float, float, float] | None


@dataclass(slots=True)
class Covers:
    """Pictures and filled shapes of a page, and the place of each text object in the drawing order."""

    boxes: list[Box]
    order: dict[int, int]
    has_page_picture: bool

    def around(self, handle: Any, address: int) -> tuple[list[Box], list[Box]]:  # noqa: ANN401  # a pointer of PDFium's
        """Give what is drawn over and what under a text object; of one inside a form nothing can be told."""
        place = self.order.get(address)
        box = [ctypes.c_float() for _ in range(4)]
        if not self.boxes or place is None or not pdf.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, box)):
            return [], []
        left, bottom, right, top = (part.value for part in box)
        near = [b for b in self.boxes if b[0] <= right and b[2] >= left and b[1] <= top and b[3] >= bottom]
        return [b for b in near if b[4] > place], [b for b in near if b[4] < place]


def covers_of(page: pdfium.PdfPage, frame: Frame) -> Covers:
    """Give what a page paints.

    Raises:
        ValueError: It holds more objects than any page of a paper.
    """
    covers = Covers([], {}, has_page_picture=False)
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
        if kind == pdf.FPDF_PAGEOBJ_IMAGE and (right - left) * (top - bottom) > 0.7 * frame.area:
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


def look_of(textpage: object, index: int, handle: Any, fonts: Fonts, covers: Covers) -> Look:  # noqa: ANN401  # a pointer of PDFium's
    """Give how the text object looks to which the letter at `index` belongs."""
    size = pdf.FPDFText_GetFontSize(textpage, index)
    matrix = pdf.FS_MATRIX()
    shown = size
    quarter: int | None = 0
    if pdf.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix)):
        shown = size * math.hypot(matrix.c, matrix.d)
        quarter = quarter_of(matrix.a, matrix.b)
    if shown < TINY_PT:  # a font that draws its letters larger than its size says, as old bitmap fonts do
        shown = max(shown, 0.9 * _tallest(textpage, index))
    flags = ctypes.c_int()
    buffer = ctypes.create_string_buffer(128)
    length = pdf.FPDFText_GetFontInfo(textpage, index, buffer, 128, ctypes.byref(flags))
    name = buffer.raw[: max(0, min(length, 128) - 1)].decode("utf-8", "replace")
    weight = pdf.FPDFText_GetFontWeight(textpage, index)
    if weight >= 600 and "bold" not in name.lower():
        name += "-Bold"
    address = ctypes.addressof(handle.contents)
    return Look(
        shown,
        fonts.number(name),
        _hidden_look(handle, shown),
        quarter,
        address not in covers.order,
        *covers.around(handle, address),
        _clip_box(handle),
    )


def _tallest(textpage: object, index: int) -> float:
    """Give the height of the tallest of the letters from `index` on, as they are drawn."""
    edges = [ctypes.c_double() for _ in range(4)]
    tallest = 0.0
    for at in range(index, index + 12):
        if pdf.FPDFText_GetCharBox(textpage, at, *map(ctypes.byref, edges)):
            left, right, bottom, top = (edge.value for edge in edges)
            tallest = max(tallest, min(top - bottom, 3 * (right - left)))
    return tallest


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


def out_of_sight(rect: pdf.FS_RECTF, y: float, frame: Frame, look: Look) -> str:
    """Say how a letter is out of sight; empty where it is not."""
    if rect.right < frame.left - 2 or rect.left > frame.right + 2 or _is_beyond(rect, y, frame):
        return "letters off the page"
    if look.clip is not None:
        x, middle = (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2
        if not (look.clip[0] <= x <= look.clip[2] and look.clip[1] <= middle <= look.clip[3]):
            return "letters clipped away"
    return "letters behind a figure" if _at(rect, look.over) else ""


def _is_beyond(rect: pdf.FS_RECTF, y: float, frame: Frame) -> bool:
    """Whether a letter stands above or below what is seen; a little of it may reach over the edge."""
    return bool(max(y, rect.top) < frame.bottom - 8 or min(y, rect.top, rect.bottom) > frame.top + 8)


def _at(rect: pdf.FS_RECTF, boxes: list[Box]) -> list[Box]:
    """Give the boxes in which the middle of a letter lies."""
    if not boxes:
        return []
    x, y = (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2
    return [box for box in boxes if box[0] <= x <= box[2] and box[1] <= y <= box[3]]


def on_ground(rect: pdf.FS_RECTF, look: Look) -> bool:
    """Whether white letters stand on something dark, drawn before them."""
    grounds = _at(rect, look.under)
    return bool(grounds) and grounds[-1][5]
