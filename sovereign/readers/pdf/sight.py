"""Whether letters of a PDF page can be seen: the page is drawn with them and without them, and the two pictures compared."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

SCALE = 2.0  # pixels a point
MAX_PIXELS = 6_000_000
MIN_DIFFERENCE = 40  # of 255 shades of grey: fainter letters are not read by a person

Suspect = tuple[Any, tuple[float, float, float, float]]
"""A text object's pointer, and the box of one letter: left, bottom, right, top in points."""


def can_be_seen(page: pdfium.PdfPage, suspects: Sequence[Suspect]) -> list[bool]:
    """Say of each letter whether drawing it changes the picture of the page; none can be seen on a page too large to draw."""
    width, height = page.get_size()
    scale = min(SCALE, math.sqrt(MAX_PIXELS / max(1.0, width * height)))
    if not suspects or width * scale < 1 or height * scale < 1 or scale < 0.2:
        return [False] * len(suspects)
    handles = list({ctypes.addressof(handle.contents): handle for handle, _ in suspects}.values())
    with_them = _drawn(page, scale)
    for handle in handles:
        pdf.FPDFPageObj_SetIsActive(handle, 0)
    try:
        without_them = _drawn(page, scale)
    finally:
        for handle in handles:
            pdf.FPDFPageObj_SetIsActive(handle, 1)
    return [_differs(page, with_them, without_them, box) for _, box in suspects]


_Picture = tuple[bytes, int, int, int]


def _drawn(page: pdfium.PdfPage, scale: float) -> _Picture:
    """Give the page in shades of grey: bytes, bytes a row, width, height."""
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return bytes(bitmap.buffer), int(bitmap.stride), int(bitmap.width), int(bitmap.height)
    finally:
        bitmap.close()


def _differs(page: pdfium.PdfPage, one: _Picture, other: _Picture, box: tuple[float, float, float, float]) -> bool:
    shades, stride, width, height = one
    corners = [_pixel(page, width, height, x, y) for x, y in ((box[0], box[1]), (box[2], box[3]))]
    left, right = sorted(corner[0] for corner in corners)
    top, bottom = sorted(corner[1] for corner in corners)
    left, right = max(0, left), min(width, right + 1)
    for row in range(max(0, top), min(height, bottom + 1)):
        start, end = row * stride + left, row * stride + right
        mine, its = shades[start:end], other[0][start:end]
        if mine != its and any(abs(a - b) >= MIN_DIFFERENCE for a, b in zip(mine, its, strict=True)):
            return True
    return False


def _pixel(page: pdfium.PdfPage, width: int, height: int, x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdf.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value, down.value
