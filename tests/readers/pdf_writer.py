"""A small writer of PDFs for tests: text at places, boxes, layers; nothing compressed, so that a test can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

WIDTH, HEIGHT = 612, 792


def escaped(text: str) -> bytes:
    """Give a text as a PDF string in WinAnsi letters."""
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252", "replace")


@dataclass
class Sheet:
    """One page: drawing orders in PDF's own words, and what is seen of it: media box, crop box, quarter turns to the right."""

    orders: list[bytes] = field(default_factory=list)
    media: tuple[int, int, int, int] = (0, 0, WIDTH, HEIGHT)
    crop: tuple[int, int, int, int] | None = None
    quarters: int = 0

    def text(
        self, x: float, y: float, words: str, *, size: float = 10, bold: bool = False, color: str = "0 g", mode: int = 0, odd: bool = False
    ) -> Sheet:
        """Write words with their baseline starting at (x, y), in points from the lower left corner; odd in the font of odd codes."""
        font = b"/F3" if odd else b"/F2" if bold else b"/F1"
        head = f"{color} BT {mode} Tr ".encode()
        self.orders.append(head + font + f" {size} Tf {x} {y} Td (".encode() + escaped(words) + b") Tj ET")
        return self

    def raw(self, order: str) -> Sheet:
        """Add an order as it is."""
        self.orders.append(order.encode("cp1252"))
        return self

    def box(self, x: float, y: float, width: float, height: float, color: str = "0 g") -> Sheet:
        """Fill a box."""
        return self.raw(f"{color} {x} {y} {width} {height} re f")

    def column(self, x: float, top: float, lines: list[str], *, size: float = 10, leading: float = 12) -> Sheet:
        """Write lines below each other."""
        for index, line in enumerate(lines):
            if line:
                self.text(x, top - index * leading, line, size=size)
        return self


@dataclass(frozen=True)
class Odd:
    """A font of odd codes: the names that it gives its glyphs, and the letters that the file says they are."""

    name: str = "Helvetica"
    glyphs: Mapping[int, str] = field(default_factory=dict)
    letters: Mapping[int, str] = field(default_factory=dict)

    @property
    def differences(self) -> bytes:
        """The font's own names, as an encoding lists them."""
        return b" ".join(b"%d /%s" % (code, name.encode()) for code, name in self.glyphs.items())

    @property
    def cmap(self) -> bytes:
        """The letters, as a ToUnicode map lists them."""
        rows = b"\n".join(b"<%02x> <%s>" % (code, text.encode("utf-16-be").hex().encode()) for code, text in self.letters.items())
        return (
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
            b"1 begincodespacerange <00> <ff> endcodespacerange\n%d beginbfchar\n%s\nendbfchar\n"
            b"1 beginbfrange <20> <7e> <0020> endbfrange\nendcmap end end" % (len(self.letters), rows)
        )


def pdf(
    sheets: list[Sheet],
    *,
    encrypted: bool = False,
    form: Sheet | None = None,
    odd: Odd | None = None,
    info: Mapping[str, str] | None = None,
) -> bytes:
    """Give the bytes of a PDF with these pages; a page draws the form by the order "/X0 Do"."""
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    catalog, pages = add(b""), add(b"")
    regular = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>")
    bold = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Bold /Encoding /WinAnsiEncoding >>")
    odd = odd or Odd()
    link = b""
    if odd.letters:
        link = b" /ToUnicode %d 0 R" % add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(odd.cmap), odd.cmap))
    third = add(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding << /BaseEncoding /WinAnsiEncoding /Differences [%s] >>%s >>"
        % (odd.name.encode(), odd.differences, link)
    )
    layer = add(b"<< /Type /OCG /Name (off) >>")
    faint = add(b"<< /Type /ExtGState /ca 0 /CA 0 >>")
    fonts = b"<< /Font << /F1 %d 0 R /F2 %d 0 R >> >>" % (regular, bold)
    drawn = b"\n".join(form.orders if form else [])
    inner = add(
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 %d %d] /Resources %s /Length %d >>\nstream\n%s\nendstream"
        % (WIDTH, HEIGHT, fonts, len(drawn), drawn)
    )
    kids = []
    for sheet in sheets:
        stream = b"\n".join(sheet.orders)
        content = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        resources = (
            b"<< /Font << /F1 %d 0 R /F2 %d 0 R /F3 %d 0 R >> /ExtGState << /G0 %d 0 R >> /Properties << /L0 %d 0 R >> "
            b"/XObject << /X0 %d 0 R >> >>" % (regular, bold, third, faint, layer, inner)
        )
        kids.append(
            add(
                b"<< /Type /Page /Parent %d 0 R /MediaBox [%d %d %d %d] /Contents %d 0 R /Resources %s%s >>"
                % (pages, *sheet.media, content, resources, _view(sheet))
            )
        )
    objects[pages - 1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    objects[catalog - 1] = b"<< /Type /Catalog /Pages %d 0 R /OCProperties << /OCGs [%d 0 R] /D << /OFF [%d 0 R] >> >> >>" % (
        pages,
        layer,
        layer,
    )
    lock = b""
    if encrypted:
        key = b"<" + b"ab" * 32 + b">"
        number = add(b"<< /Filter /Standard /V 1 /R 2 /P -4 /O %s /U %s >>" % (key, key))
        lock = b" /Encrypt %d 0 R /ID [<00112233> <00112233>]" % number
    if info:
        said = b" ".join(b"/%s (%s)" % (name.encode(), escaped(text)) for name, text in info.items())
        lock += b" /Info %d 0 R" % add(b"<< %s >>" % said)
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root %d 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, catalog, lock, start)
    return bytes(out)


def _view(sheet: Sheet) -> bytes:
    crop = b" /CropBox [%d %d %d %d]" % sheet.crop if sheet.crop else b""
    return crop + (b" /Rotate %d" % (90 * sheet.quarters) if sheet.quarters else b"")
