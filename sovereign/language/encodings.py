"""Bytes to text, in the encoding that the file itself declares: LaTeX's inputenc and CJK, a page's charset.

Python's own codecs know every name that such files use; what a detector guesses from the bytes is not asked for, since a wrong guess
is another text, and a file without a declaration is UTF-8 or, as browsers and editors took it for decades, Windows' Latin letters.
"""

from __future__ import annotations

import codecs
import re

_HEAD_BYTES = 1 << 16
_TEX = re.compile(
    rb"\\(?:usepackage|RequirePackage)\s{0,9}\[([\w-]{2,20})\]\s{0,9}\{(?:inputenc|inputenx|selinput)\}|\\inputencoding\s{0,9}\{([\w-]{2,20})\}|"
    rb"\\XeTeX(?:input|default)encoding\s{0,9}\"?\s{0,9}([\w-]{2,20})"
)
_CJK = re.compile(
    rb"\\begin\s{0,9}\{CJK\*?\}\s{0,9}(?:\[[^\]]{0,40}\]\s{0,9})?\{([\w-]{2,20})\}|"
    rb"\\(?:usepackage|documentclass)\s{0,9}\[[^\]]{0,200}?\b(GBK|GB18030|BIG5|UTF8)\b[^\]]{0,200}\]\s{0,9}\{(?:ctex\w{0,9}|CJK\w{0,9})\}"
)
_EDITOR = re.compile(rb"(?:-\*-.{0,60}?coding:\s{0,9}|%\s{0,9}!\s{0,9}TEX\s{0,9}encoding\s{0,9}=\s{0,9})([\w-]{2,20})", re.IGNORECASE)
_PAGE = re.compile(
    rb"<\?xml\s[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w:-]{2,30})|<meta\s[^>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w:-]{2,30})",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"(?<!\\)%[^\n]*")
_NAMES = {
    # inputenc's own names (its manual, section 2), CJK's (its manual, section "Encodings"), and what pages say and browsers do
    # (https://encoding.spec.whatwg.org/#names-and-labels): Latin-1 and ASCII are read as Windows-1252, GB 2312 as GB 18030.
    "ansinew": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "ascii": "cp1252",
    "us-ascii": "cp1252", "x-cp1252": "cp1252", "latin9": "iso8859-15", "latin10": "iso8859-16", "applemac": "mac_roman",
    "maccyr": "mac_cyrillic", "macce": "mac_latin2", "cp437de": "cp437", "utf8x": "utf-8", "koi8": "koi8-r", "iso88595": "iso8859-5",
    "cp866av": "cp866", "gb": "gb18030", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "bg5": "big5hkscs", "big5": "big5hkscs",
    "big5+": "big5hkscs", "jis": "euc_jp", "euc": "euc_jp", "x-euc-jp": "euc_jp", "sjis": "cp932", "shift_jis": "cp932", "x-sjis": "cp932",
    "ks": "cp949", "euc-kr": "cp949", "kor": "cp949", "iso-8859-9": "cp1254", "windows-874": "cp874", "tis-620": "cp874",
}  # fmt: skip


def declared(data: bytes) -> str:
    """Give the encoding that a file declares, by the name of Python's codec; empty where it declares none that is known."""
    head = data[:_HEAD_BYTES]
    for pattern, is_tex in ((_TEX, True), (_CJK, True), (_PAGE, False), (_EDITOR, False)):
        found = pattern.search(_COMMENT.sub(b"", head) if is_tex else head)
        if found:
            name = next(group for group in found.groups() if group).decode("ascii", "replace").lower()
            return _codec(name)
    return ""


def _codec(name: str) -> str:
    try:
        codec = codecs.lookup(_NAMES.get(name, name))
    except LookupError:
        return ""
    # Codecs that turn bytes into bytes, or read Python's own notations, are none of a text's.
    return codec.name if codec._is_text_encoding and codec.name not in _NO_TEXT else ""  # noqa: SLF001  # Python has no other word for it


_NO_TEXT = frozenset({"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "utf-7", "mbcs", "oem", "charmap"})


def decoded(data: bytes, encoding: str = "") -> str:
    """Give the file's text: by its byte order mark, as UTF-8 where it is valid, as `encoding` says, else as Windows-1252.

    Letters that the declared encoding has not are U+FFFD; Windows-1252 leaves five bytes without a letter, which are Latin-1's.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if encoding and encoding not in {"utf-8", "cp1252"}:
        return data.decode(encoding, "replace")
    return "".join(data.decode("cp1252", "surrogateescape").translate(_LATIN_1))


_LATIN_1 = {0xDC00 + byte: chr(byte) for byte in range(0x80, 0x100)}
