"""Take disguises off a text: invisible signs, look-alike letters, digits for letters, spread letters, encoded words."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

# Zero-width and bidirectional controls, soft hyphens, variation selectors and the tag characters of plane 14.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
SELECTORS = re.compile("[\ufe00-\ufe0f]{4,}")  # one after a letter chooses its shape, many carry a message
HARMLESS = "\u00ad\ufeff\u200d\u2061\u2062\u2063\u2064" + "".join(map(chr, range(0xFE00, 0xFE10)))
# Scripts whose letters join take U+200C and U+200D into their words (Unicode Standard Annex 31, section 2.3): Persian and the languages of
# India are misspelt without them. Their words, and Hebrew's, take marks of direction along, which nobody has to see.
_JOINING = "\u0620-\u074f\u08a0-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17d3\u1820-\u18aa"
JOINER = re.compile(f"(?<=[{_JOINING}])[\u200c\u200d](?=[{_JOINING}])")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
DIRECTION = "\u200e\u200f\u061c"

# Cyrillic, Greek and Armenian letters that look like Latin ones (after Unicode's confusables, UTS #39).
_LOOKALIKE = {
    **dict(zip("аеорсухіјѕԁԛԝһӏвкмнтгзьп", "aeopcyxijsdqwhlbkmhtr3bn", strict=True)),
    **dict(zip("АВЕКМНОРСТУХІЈЅԌԚԜҮ", "ABEKMHOPCTYXIJSGQWY", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοι", "ABEZHIKMNOPTYXoi", strict=True)),
    **dict(zip("օսոհցքցԼ", "ounhgqgL", strict=True)),
    "ı": "i", "ɡ": "g", "ɑ": "a", "ʟ": "l", "ɩ": "i", "ᴏ": "o", "ⅼ": "l", "ո": "n", "ƅ": "b",
}  # fmt: skip
_CYRILLIC = "".join(letter for letter in _LOOKALIKE if "\u0400" <= letter <= "\u052f" or "\u0530" <= letter <= "\u058f")
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
# A word of Latin letters with look-alikes of another alphabet among them: at least three letters, two of them Latin.
MIXED_WORD = re.compile(
    rf"\b(?=\w*[{_CYRILLIC}])(?=(?:\w*?[a-zA-Z]){{2}})[a-zA-Z{_CYRILLIC}]{{3,}}\b"
    rf"|\b(?=\w*[{_GREEK}])(?=(?:\w*?[a-z]){{3}})[a-zA-Z{_GREEK}]{{4,}}\b"
)
_FOLD = str.maketrans(_LOOKALIKE)
_DIGITS = str.maketrans("013457@$!|", "oieastasil")
# Letter and gap share no character: where both could be an underscore, a row of them took the search for ever.
_SPREAD = re.compile(r"(?<!\w)(?:[^\W_][ ._\-*·]{1,3}){5,120}[^\W_](?!\w)")
_LEET = re.compile(r"[a-z][013457@$!|]+[a-z]|\b[013457@$]+[a-z]{2}")
_LEET_WORD = re.compile(r"\b[\w@$!|]*[a-z][\w@$!|]*|\b\d{3,}\b")
_ENCODED = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{28,}={0,2}(?![\w+/=])")
_HEX = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}[ :,]?){14,}(?![0-9a-fA-F])")
_PERCENT = re.compile(r"(?:(?<!\S)|(?<=%))(?:[^\s%]*+%[0-9a-fA-F]{2}){3,}+\S*+")
# Small words as they look with each letter thirteen further on, and read backwards: two of them, and the sentence is turned.
_TURNED_13 = re.compile(r"\b(?:gur|naq|bs|guvf|gb|lbh|lbhe|nyy|cncre|abg|nf|or|jvgu|gurfr|nal|zhfg|tvir|erivrj|vg)\b")
_BACKWARDS = re.compile(r"\b(?:eht|dna|fo|siht|uoy|ruoy|lla|repap|esaelp|evig|weiver|tpecca|erongi|tsum|htiw|ti|eb|ot)\b")
_TURNED_AT_LEAST = 3
# Words joined by signs that are no hyphens of a word: a name of a file or an address is one too, and says nothing then.
_JOINED = re.compile(r"(?<![^\W_])[^\W\d_]{1,20}(?:[·•․‧∙⋅/_|.~+:;,-]{1,2}[^\W\d_]{1,20}){4,60}")
_JOINTS = re.compile(r"[·•․‧∙⋅/_|.~+:;,-]+")
# Each word stopped like a sentence, or in a cell of its own: what nobody writes, and what no end of a sentence shall hide.
_STOPPED = re.compile(r"(?:(?<![^\W_])[^\W\d_]{1,20} ?[.!|/•·] ){5,60}")
_STOPS = re.compile(r"[.!|/•·]")
_OBJECT = re.compile(r"\{ ?\"[^\"{}]{1,40}\" ?:")
_ENTITIES = re.compile(r"(?:&#(?:\d{2,4}|x[0-9a-fA-F]{2,4});?){3,}")
_FLIPPED = dict(zip("ɐqɔpǝɟƃɓɥıᴉɾʞʃןɯuodbɹʇnʌʍʎ˙", "abcdefgghiijkllmnopqrtuvwy.", strict=True))
_IS_FLIPPED = re.compile("(?:[ɐɔǝɟƃɓɥıᴉɾʞʃןɯɹʇʌʍʎ].{0,6}){5}")
# The words of an order, by first and last letter and the letters between, in whatever order a slip of the hand leaves them.
_WORDS = (
    "ignore disregard forget previous prior earlier instruction instructions paper review reviewer reviewers accept acceptance positive "
    "recommend score highest manuscript submission approve rating system prompt assistant weakness weaknesses limitations"
).split()
_SHUFFLED = {(word[0], word[-1], "".join(sorted(word[1:-1]))): word for word in _WORDS}
_SHUFFLED_AT_LEAST = 2
MAX_ENCODED_CHARS = 20_000


def plain(text: str) -> tuple[str, ...]:
    """Give the text as it might be meant, in lower case on one line: itself, without disguises, and what is encoded in it."""
    bare = " ".join(INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())
    lower = bare.casefold()
    shapes = [lower]
    if not lower.isascii():
        stripped = "".join(c for c in unicodedata.normalize("NFKD", bare.translate(_FOLD)) if not unicodedata.combining(c))
        shapes.append(stripped.casefold())
    loose = unicodedata.normalize("NFKC", text).casefold()
    if _SPREAD.search(loose):
        shapes.append(" ".join(_SPREAD.sub(lambda match: _together(match.group()), loose).split()))
    if _LEET.search(shapes[-1]):
        shapes.append(_LEET_WORD.sub(lambda match: match[0].replace("11", "ll").translate(_DIGITS), shapes[-1]))
    shapes += _taken_apart(text, lower)
    if _ENTITIES.search(bare):
        shapes.append(" ".join(html.unescape(bare).split()).casefold())
    if _IS_FLIPPED.search(lower):
        shapes.append("".join(_FLIPPED.get(letter, letter) for letter in reversed(lower)))
    unshuffled, count = _unshuffled(lower)
    if count >= _SHUFFLED_AT_LEAST:
        shapes.append(unshuffled)
    shapes += _turned(lower)
    shapes += [decoded for match in _HEX.finditer(bare[:MAX_ENCODED_CHARS]) if (decoded := _from_hex(match.group()))]
    shapes += [" ".join(unquote(match.group()).split()).casefold() for match in _PERCENT.finditer(bare[:MAX_ENCODED_CHARS])]
    shapes += [decoded for match in _ENCODED.finditer(bare[:MAX_ENCODED_CHARS]) if (decoded := _decoded(match.group()))]
    return tuple(dict.fromkeys(shapes))


def _taken_apart(text: str, lower: str) -> Iterator[str]:
    """Yield a text without what stands between its words: joints, stops, the borders of cells, the marks of an object in JSON."""
    if _JOINED.search(lower):
        yield _JOINED.sub(lambda match: f" {_JOINTS.sub(' ', match[0])} ", lower)
    if _STOPPED.search(lower):
        yield " ".join(_STOPPED.sub(lambda match: _STOPS.sub("", match[0]), lower).split())
    if "\t" in text:
        yield " ".join(INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("\t", " | ").split()).casefold()
    if _OBJECT.search(lower):
        yield " ".join(lower.replace('"', "").split())


def is_disguised(lower: str) -> bool:
    """Whether a text in lower case has spread letters, digits among letters, or an encoded word."""
    return bool(
        _SPREAD.search(lower)
        or _LEET.search(lower)
        or re.search(r"\w{28}", lower)
        or _HEX.search(lower)
        or _PERCENT.search(lower)
        or _JOINED.search(lower)
        or _ENTITIES.search(lower)
        or _is_turned(lower)
        or _unshuffled(lower)[1] >= _SHUFFLED_AT_LEAST
    )


def _unshuffled(lower: str) -> tuple[str, int]:
    """Give the text with the words of an order as they are spelt, and how many were not spelt so."""
    words = lower.split(" ")
    spelt = [_SHUFFLED.get((word[0], word[-1], "".join(sorted(word[1:-1]))), word) if len(word) > 4 else word for word in words]
    return " ".join(spelt), sum(one != other for one, other in zip(words, spelt, strict=True))


def _is_turned(lower: str) -> bool:
    return any(len(pattern.findall(lower)) >= _TURNED_AT_LEAST for pattern in (_TURNED_13, _BACKWARDS))


def _turned(lower: str) -> list[str]:
    """Give the text with its letters turned back, where it looks turned."""
    found = [codecs.encode(lower, "rot13")] if len(_TURNED_13.findall(lower)) >= _TURNED_AT_LEAST else []
    return [*found, lower[::-1]] if len(_BACKWARDS.findall(lower)) >= _TURNED_AT_LEAST else found


def _from_hex(digits: str) -> str:
    """Give what a row of bytes in hexadecimal says, where that is text; else nothing."""
    return _said(bytes.fromhex("".join(c for c in digits if c not in " :,")))


def _together(spread: str) -> str:
    """Give letters that were spread apart as words: a double gap parts two words."""
    if re.search(r"\w  \w", spread):
        return " ".join(re.sub(r"[\W_]", "", word) for word in re.split(r"  +", spread))
    return re.sub(r"[\W_]", "", spread)


def _decoded(word: str) -> str:
    """Give what a base64 word says, where that is text; else nothing."""
    try:
        return _said(base64.b64decode(word + "=" * (-len(word) % 4), validate=True))
    except (binascii.Error, ValueError):
        return ""


def _said(data: bytes) -> str:
    said = data.decode("utf-8", "replace")
    return " ".join(said.split()).casefold() if sum(c.isalpha() or c.isspace() for c in said) > 0.85 * len(said) else ""


def unfolded(text: str) -> str:
    """Give the ASCII message that tag characters or variation selectors carry; empty where there is none."""
    tags = "".join(chr(ord(c) - 0xE0000) for c in text if 0xE0020 <= ord(c) <= 0xE007E)
    chosen = bytes(
        (ord(c) - 0xFE00) if ord(c) < 0xFE10 else ord(c) - 0xE0100 + 16
        for c in text
        if 0xFE00 <= ord(c) <= 0xFE0F or 0xE0100 <= ord(c) <= 0xE01EF
    )
    message = chosen.decode("utf-8", "ignore")
    return tags + (message if len(message) > 8 and message.isprintable() else "")
