"""Words that a PDF gives in place of what it paints (ActualText): a program would speak or copy them, and no reader of the page sees them.

PDFium puts them where the painted letters were. For a ligature or a hyphen that is a help; for words it would quote what the page does
not show. So the mark is taken off before the letters are read, and its words are looked at as what stands beside the text.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

MIN_WORDS = 3
MAX_OBJECTS = 60_000
MAX_DEPTH = 3
MAX_CHARS = 4_000
_KEY = b"ActualText"


def silenced(page: pdfium.PdfPage) -> list[str]:
    """Take the words that are spoken in place of painted ones off a page, and give them."""
    found: list[str] = []
    for item in _texts(page, pdf.FPDFPage_CountObjects, pdf.FPDFPage_GetObject, MAX_OBJECTS, 0):
        for place in reversed(range(pdf.FPDFPageObj_CountMarks(item))):
            mark = pdf.FPDFPageObj_GetMark(item, place)
            words = _value(mark)
            if len(words.split()) >= MIN_WORDS:
                pdf.FPDFPageObj_RemoveMark(item, mark)
                found.append(words)
    return list(dict.fromkeys(found))


def _texts(holder: object, count: object, get: object, budget: int, depth: int) -> Iterator[object]:
    """Yield the text objects of a page, those of the forms in it too."""
    for place in range(min(count(holder), budget)):  # type: ignore[operator]
        item = get(holder, place)  # type: ignore[operator]
        kind = pdf.FPDFPageObj_GetType(item)
        if kind == pdf.FPDF_PAGEOBJ_TEXT:
            yield item
        elif kind == pdf.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            yield from _texts(item, pdf.FPDFFormObj_CountObjects, pdf.FPDFFormObj_GetObject, budget // 4, depth + 1)


def _value(mark: object) -> str:
    """Give the words that a mark holds; empty where it holds none."""
    if pdf.FPDFPageObjMark_CountParams(mark) <= 0:
        return ""
    length = ctypes.c_ulong()
    if not pdf.FPDFPageObjMark_GetParamStringValue(mark, _KEY, None, 0, ctypes.byref(length)) or not 2 < length.value <= 2 * MAX_CHARS:
        return ""
    buffer = (ctypes.c_ushort * (length.value // 2 + 1))()
    pdf.FPDFPageObjMark_GetParamStringValue(mark, _KEY, buffer, length.value, ctypes.byref(length))
    return bytes(buffer).decode("utf-16-le", "replace").split("\0", 1)[0]
