"""What a PDF's codes stand for: ligatures, private letters, and glyphs that the file gives no letter for.

A glyph without a letter is never dropped in silence. It is read by the name that its font gives it, by the place that TeX's own fonts
give it, or by the words it stands in; where none of these tells, it is U+FFFD, and a sentence that holds one makes no claim.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice

from sovereign.language.terms import word_counts
from sovereign.readers.pdf.page import Glyph, Leaf

UNKNOWN = "\ufffd"
_GUESSES = ("fi", "ff", "fl", "ffi", "ffl", "ft", "tt", "ti", "Th")
MAX_OBJECTS = 200_000
MAX_OBJECT_BYTES = 64 << 10
MAX_STREAM_BYTES = 4 << 20
MAX_UNPACKED_BYTES = 32 << 20
MAX_ENCODINGS = 2_000
MIN_SHARE = 0.34  # of the words that a glyph stands in that a guess must complete
MAX_CONTEXTS = 400

# Names of glyphs that the Adobe list, which PDFium knows, leaves out: https://ctan.org/pkg/glyphlist and TeX's own.
_NAMES = {
    "epsilon1": "ε",
    "epsilon": "ε",
    "phi1": "φ",
    "theta1": "ϑ",
    "rho1": "ϱ",
    "sigma1": "ς",
    "omega1": "ϖ",
    "pi1": "ϖ",
    "kappa1": "ϰ",
    "ff": "ff",
    "fi": "fi",
    "fl": "fl",
    "ffi": "ffi",
    "ffl": "ffl",
    "st": "st",
    "ct": "ct",
    "Th": "Th",
    "ft": "ft",
    "tt": "tt",
    "dotlessj": "ȷ",
    "minus": "−",
    "periodcentered": "·",
    "asteriskmath": "∗",
    "divides": "∣",
    "bar": "|",
    "arrowright": "→",
    "arrowleft": "←",
    "greaterorequalslant": "⩾",
    "lessorequalslant": "⩽",
    "similarequal": "≃",
    "lscript": "ℓ",
    "weierstrass": "℘",
    "visiblespace": " ",
    "nbspace": " ",
    "nonbreakingspace": " ",
    "sfthyphen": "-",
    "hyphenminus": "-",
    "cwm": "",
    "negationslash": "\u0338",
    "vector": "⃗",
    "tie": "⁀",
    "perpendicular": "⊥",
    "lessmuch": "≪",
    "greatermuch": "≫",
    "prime": "′",
    "bardbl": "‖",
    "star": "⋆",
    "unionsq": "⊔",
    "intersectionsq": "⊓",
    "latticetop": "⊤",
    "turnstileleft": "⊢",
    "turnstileright": "⊣",
    "unionmulti": "⊎",
    "owner": "∋",
    "mapsto": "↦",
    "floorleft": "⌊",
    "floorright": "⌋",
    "ceilingleft": "⌈",
    "ceilingright": "⌉",
    "angbracketleft": "⟨",
    "angbracketright": "⟩",
    "radical": "√",
    "summation": "∑",
    "product": "∏",
    "integral": "∫",
    "Gtheta": "Θ",
}
# The extension font names its signs by their size: parenleftbig, radicalBigg, summationdisplay.
_SIZED = re.compile(r"(?P<name>[a-z]+?)(?:big|Big|bigg|Bigg|text|display|v|vertex|bt|tp|ex)")
_BRACED = {
    "parenleft": "(",
    "parenright": ")",
    "bracketleft": "[",
    "bracketright": "]",
    "braceleft": "{",
    "braceright": "}",
    "slash": "/",
    "backslash": "\\",
    "vextendsingle": "|",
    "vextenddouble": "‖",
    "coproduct": "∐",
    "contintegral": "∮",
    "unionsq": "⊔",
    "circledot": "⊙",
    "circleplus": "⊕",
    "circlemultiply": "⊗",
    "logicaland": "⋀",
    "logicalor": "⋁",
    "union": "⋃",
    "intersection": "⋂",
    "hatwide": "\u0302",
    "tildewide": "\u0303",
}
# TeX's usual encodings, codes 0 to 31: https://ctan.org/pkg/encguide (OT1, T1, OML, OMS, OMX).
_GREEK = ["Γ", "Δ", "Θ", "Λ", "Ξ", "Π", "Σ", "Υ", "Φ", "Ψ", "Ω"]
_TEXT = [*_GREEK, "ff", "fi", "fl", "ffi", "ffl", "ı", "ȷ", "`", "´", "ˇ", "˘", "¯", "˚", "¸", "ß", "æ", "œ", "ø", "Æ", "Œ", "Ø"]
_CORK = [*"`´ˆ˜¨˝˚ˇ˘¯˙¸˛‚‹›“”„«»–—", "", "‰", "ı", "ȷ", "ff", "fi", "fl", "ffi", "ffl"]
_ITALIC = [*_GREEK, *"αβγδεζηθικλμνξπρστυφχ"]
_SIGNS = list("−·×∗÷⋄±∓⊕⊖⊗⊘⊙○∘•≍≡⊆⊇≤≥⪯⪰∼≈⊂⊃≪≫≺≻")
_BRACKETS = [*"()[]⌊⌋⌈⌉{}⟨⟩|∥/\\", *"()()[]⌊⌋⌈⌉{}⟨⟩/\\"]
_TEX_FONTS = (
    (re.compile(r"(?:^|\+)(?:CMMI|CMMIB|LMMathItalic|r?(?:tx|px|ntx|npx)b?mi)", re.IGNORECASE), _ITALIC),
    (re.compile(r"(?:^|\+)(?:CMSY|CMBSY|LMMathSymbols|r?(?:tx|px)b?sy)", re.IGNORECASE), _SIGNS),
    (re.compile(r"(?:^|\+)(?:CMEX|LMMathExtension|(?:tx|px)b?exs?\b)", re.IGNORECASE), _BRACKETS),
    (re.compile(r"(?:^|\+)(?:CMR|CMBX|CMTI|CMSL|CMSS|CMCSC|CMTT|CMB)\w*\d", re.IGNORECASE), _TEXT),
    (re.compile(r"(?:^|\+)(?:SF|EC)(?:RM|BX|TI|SL|SS|SX|SI|CC|XC|TT|BI|RB|SO)\d", re.IGNORECASE), _CORK),
)
# The private letters of the Symbol and Wingdings fonts, and of Adobe's pieces of brackets.
_SYMBOL = {
    0xB7: "•",
    0x2D: "−",
    0xA3: "≤",
    0xB3: "≥",
    0xB1: "±",
    0xB4: "×",
    0xB0: "°",
    0xB9: "≠",
    0xBB: "≈",
    0xBA: "≡",
    0xA5: "∞",
    0xAE: "→",
    0xAC: "←",
    0xCE: "∈",
    0xCF: "∉",
    0xC7: "∩",
    0xC8: "∪",
    0xD7: "⋅",
    0xE5: "∑",
    0xD5: "∏",
    0xF2: "∫",
    0xD6: "√",
    0xB6: "∂",
    0xD1: "∇",
    0x22: "∀",
    0x24: "∃",
    0xA7: "•",
    0xA8: "•",
    0xFC: "✓",
    0xFB: "✗",
    0xD8: "•",
    0x6E: "ν",
    0x71: "θ",
    **dict(zip(map(ord, "abcdefghiklmnoprstuwxyzDFGLPQSUWXY"), "αβχδεφγηικλμνοπρστυωξψζΔΦΓΛΠΘΣΥΩΞΨ", strict=True)),
}
# Old bitmap fonts name their glyphs "a12", which the Adobe list of Dingbats claims for its own.
_DINGBATS = frozenset(map(chr, (*range(0x2701, 0x27BF), 0x260E, 0x261B, 0x261E)))
DINGBAT = 0x200000  # what is added to the code of a glyph that may be one
_PIECES = {**dict.fromkeys(range(0xF8E5, 0xF8FF), ""), 0xF8E8: "®", 0xF8E9: "©", 0xF8EA: "™"}


def letter(code: int) -> str:
    """Give what a code stands for, UNKNOWN where nothing says it; mathematical alphabets are plain letters."""
    if code in {0xFFFE, 2, 0xAD}:
        return "-" if code != 0xAD else "\u00ad"
    if 0xE000 <= code <= 0xF8FF:
        return _private(code)
    if code < 32 or 0x7F <= code < 0xA0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF or code >= 0xF0000:
        return UNKNOWN
    sign = chr(code)
    return unicodedata.normalize("NFKC", sign) if 0x1D400 <= code <= 0x1D7FF else sign


def _private(code: int) -> str:
    if code in _PIECES:
        return _PIECES[code]
    if 0xF000 <= code <= 0xF0FF:
        low = code - 0xF000
        return _SYMBOL.get(low, chr(low) if low in range(0x20, 0x40) else UNKNOWN)
    return UNKNOWN


def mend(leaves: Sequence[Leaf], fonts: Sequence[str], data: bytes) -> None:
    """Give unknown glyphs their letters, where the font's names, TeX's encodings or the words around them tell."""
    unknown: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    is_named = False
    for item in leaves:
        for glyph in item.glyphs:
            if glyph is not None and glyph.text == UNKNOWN and glyph.code >= 0:
                unknown[glyph.font, glyph.code].append(glyph)
            elif glyph is not None and glyph.text in _DINGBATS and "ingbat" not in fonts[glyph.font]:
                glyph.code = DINGBAT + ord(glyph.text)
                is_named = True
    if not unknown:
        if is_named:
            _by_words(leaves)
        return
    names = encodings(data)
    for (font, code), glyphs in unknown.items():
        known = _by_name(names.get(fonts[font].removesuffix("-Bold"), names.get(fonts[font], {})).get(code, "")) or _by_place(
            fonts[font], code
        )
        for glyph in glyphs if known is not None else ():
            glyph.text = known or ""
    _by_words(leaves)


def _by_name(name: str) -> str | None:
    """Give what a glyph's name says: "f_f_i", "uni03B5", "u1D700", "epsilon1", "a.alt"."""
    plain = name.split(".", 1)[0]
    if not plain:
        return None
    if plain in _NAMES:
        return _NAMES[plain]
    if (sized := _SIZED.fullmatch(plain)) and (shown := _BRACED.get(sized["name"]) or _NAMES.get(sized["name"])):
        return shown
    if found := re.fullmatch(r"uni((?:[0-9A-F]{4}){1,6})|u([0-9A-F]{4,6})", plain):
        digits = [found[1][i : i + 4] for i in range(0, len(found[1]), 4)] if found[1] else [found[2]]
        letters = "".join(letter(int(part, 16)) for part in digits)
        return letters if UNKNOWN not in letters else None
    parts = plain.split("_")
    if len(parts) > 1 and all(len(part) == 1 for part in parts):
        return "".join(parts)
    return plain if len(plain) == 1 and plain.isalpha() else None


def _by_place(font: str, code: int) -> str | None:
    return next((table[code] for pattern, table in _TEX_FONTS if pattern.search(font) and code < len(table)), None)


def _by_words(leaves: Sequence[Leaf]) -> None:
    """Give unknown glyphs inside words the ligature that completes words of the dictionary, and more of them than any other does."""
    seen: dict[tuple[int, int], set[tuple[str, str]]] = defaultdict(set)
    places: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    for item in leaves:
        for before, glyph, after in _in_words(item.glyphs):
            key = (glyph.font, glyph.code)
            places[key].append(glyph)
            if len(seen[key]) < MAX_CONTEXTS:
                seen[key].add((before, after))
    for key, contexts in seen.items():
        votes = Counter({guess: sum(before + guess + after in word_counts() for before, after in contexts) for guess in _GUESSES})
        (best, count), (_, second) = votes.most_common(2)
        if count >= MIN_SHARE * len(contexts) and count > 2 * second:
            for glyph in places[key]:
                glyph.text = best


def _in_words(glyphs: Sequence[Glyph | None]) -> list[tuple[str, Glyph, str]]:
    """Give each unknown glyph with the letters before and after it in its word."""
    found = []
    for index, glyph in enumerate(glyphs):
        if glyph is None or glyph.code < 0 or (glyph.text != UNKNOWN and glyph.code < DINGBAT):
            continue
        before, after = _letters(glyphs, index, -1), _letters(glyphs, index, 1)
        if len(before) + len(after) >= 2:
            found.append((before[::-1].casefold(), glyph, after.casefold()))
    return found


def _letters(glyphs: Sequence[Glyph | None], index: int, step: int) -> str:
    out = ""
    here = glyphs[index]
    at = index + step
    while 0 <= at < len(glyphs) and len(out) < 24:
        glyph = glyphs[at]
        if glyph is None or here is None or not glyph.text.isalpha() or abs(glyph.y - here.y) > 1 or _hole(glyph, here) > 0.19 * here.size:
            break
        out += glyph.text if step > 0 else glyph.text[::-1]
        here, at = glyph, at + step
    return out


def _hole(one: Glyph, other: Glyph) -> float:
    return max(one.x0, other.x0) - min(one.x1, other.x1)


# --- names of glyphs, as the file's fonts list them ------------------------------------------------------------------

_OBJECT = re.compile(rb"(\d{1,8})\s+\d{1,5}\s+obj\b")
_DIFFERENCES = re.compile(rb"/Differences\s*\[([^\]]{0,60000})\]")
_STREAM = re.compile(rb"/Type\s*/ObjStm\b")


def encodings(data: bytes) -> dict[str, Mapping[int, str]]:
    """Give the names of glyphs by font and code, from the /Differences of the file's fonts; PDFium does not tell them.

    The file is searched, not parsed: what is not found stays unknown, and nothing but names of glyphs is taken from it.
    """
    bodies = _bodies(data)
    tables = {number: table for number, body in bodies.items() if (table := _table(body))}
    found: dict[str, Mapping[int, str]] = {}
    for body in bodies.values():
        name = re.search(rb"/BaseFont\s*/([^\s/<>\[\]()]{1,127})", body)
        if name is None:
            continue
        link = re.search(rb"/Encoding\s+(\d{1,8})\s+\d{1,5}\s+R", body)
        own = _table(body) or (tables.get(int(link[1])) if link else None)
        if own:
            found.setdefault(name[1].decode("latin-1"), own)
    return found


def _table(body: bytes) -> dict[int, str]:
    found = _DIFFERENCES.search(body)
    table: dict[int, str] = {}
    code = 0
    for part in re.findall(rb"\d+|/[^\s/\[\]<>()]+", found[1]) if found else ():
        if part.startswith(b"/"):
            table[code] = part[1:].decode("latin-1")
            code += 1
        else:
            code = int(part[:6])
    return table


def _bodies(data: bytes) -> dict[int, bytes]:
    """Give the objects that may speak of fonts, by number, those in compressed streams too."""
    bodies: dict[int, bytes] = {}
    starts = [(int(found[1]), found.end()) for found in islice(_OBJECT.finditer(data), MAX_OBJECTS)]
    unpacked = 0
    for (number, start), (_, end) in zip(starts, [*starts[1:], (0, len(data))], strict=True):
        head = data[start : min(end, start + MAX_OBJECT_BYTES)]
        if b"/Differences" in head or b"/BaseFont" in head:
            bodies[number] = head
        elif _STREAM.search(head[:400]) and unpacked < MAX_UNPACKED_BYTES:
            size, found = _unpacked(data[start:end])
            unpacked += size
            bodies.update(found)
        if len(bodies) > MAX_ENCODINGS:
            break
    return bodies


def _unpacked(body: bytes) -> tuple[int, dict[int, bytes]]:
    """Give the size of a stream of objects, unpacked, and those of its objects that may speak of fonts."""
    head, _, packed = body.partition(b"stream")
    count, first = (re.search(rb"/%s\s{1,9}(\d{1,7})" % key, head) for key in (b"N", b"First"))
    if count is None or first is None:
        return 0, {}
    try:
        plain = zlib.decompressobj().decompress(packed.lstrip(b"\r\n"), MAX_STREAM_BYTES)
    except zlib.error:
        return 0, {}
    numbers = [int(part[:8]) for part in plain[: int(first[1])].split()[: 2 * int(count[1])] if part.isdigit()]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))[:MAX_ENCODINGS]
    ends = [*(offset for _, offset in pairs[1:]), len(plain)][: len(pairs)]
    base = int(first[1])
    bodies = {
        number: plain[base + start : base + min(end, start + MAX_OBJECT_BYTES)] for (number, start), end in zip(pairs, ends, strict=True)
    }
    return len(plain), {number: part for number, part in bodies.items() if b"/Differences" in part or b"/BaseFont" in part}
