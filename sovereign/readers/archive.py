"""Unpack what a server or a folder handed over: tar, tar.gz, zip, a single gzip, or one bare file. Hostile until proven plain.

An archive that tries to leave its folder, holds links or devices, or swells beyond the bounds is refused whole, in words:
a source package of a paper has no reason to do so. Nothing is written to disk and no more than the bounds is held.
"""

from __future__ import annotations

import io
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from sovereign.model import Form
from sovereign.text import counted

MAX_MEMBERS = 5_000
MAX_MEMBER_BYTES = 64 << 20
MAX_KEPT_BYTES = 128 << 20
MAX_STREAM_BYTES = 512 << 20  # what a gzip may unfold to while figures are skipped over
MAX_HEADER_BYTES = 64 << 10
MAX_CLAIMED_BYTES = 4 << 30  # what a tar's member may call itself, before it is skipped or refused
MAX_NAME_CHARS = 400

_TEXT = frozenset(".tex .ltx .latex .bbl .bib .sty .cls .clo .def .txt .html .htm .xhtml .xml .nxml .md .inc .tikz".split())
_EXCHANGE_XML = re.compile(
    rb"<!doctype article\b|nlm//dtd|<(?:tei|book-part|pmc-articleset)[\s>]|"
    rb"<article\s[^>]{0,2000}?(?:article-type|dtd-version|xmlns:xlink)\s{0,9}="
)
_ARTICLE_XML = re.compile(
    rb"<!doctype article\b|<article\s[^>]{0,2000}?(?:article-type|dtd-version|xmlns:xlink)\s{0,9}=|"
    rb"<article[\s>][^\0]{0,3000}?<(?:front|article-meta)[\s>]"
)
_LOOKS_LIKE_LATEX = (b"\\documentclass", b"\\documentstyle", b"\\begin{document}", b"\\section", b"\\input")


def sniff(data: bytes) -> Form | None:
    """Give the form that the bytes hold, looking into a gzip or an archive by its first bytes; None where it is none we read."""
    if data[:2] == b"\x1f\x8b":
        head = _gunzip_head(data)
        return Form.LATEX if _is_tar(head) else _sniff_plain(head)
    if _is_tar(data) or data[:4] == b"PK\x03\x04":
        return Form.LATEX
    return _sniff_plain(data)


def is_article_xml(data: bytes) -> bool:
    """Whether the bytes are an article in XML (JATS), by their beginning; readers/jats.py reads it."""
    return _ARTICLE_XML.search(data[:8192].lower()) is not None


def is_exchange_xml(data: bytes) -> bool:
    """Whether the bytes are XML that publishers exchange (JATS, TEI): read as a page, its metadata and references would be prose."""
    return _EXCHANGE_XML.search(data[:4096].lower()) is not None


def _sniff_plain(data: bytes) -> Form | None:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    low = head.lower()
    if b"%PDF-" in data[:1024]:
        return Form.PDF
    if is_exchange_xml(head) or is_article_xml(data):
        return Form.HTML if is_article_xml(data) else None
    if low.startswith((b"<!doctype html", b"<html", b"<?xml")) or re.search(rb"<(?:html|head|body|main|article|h1|div|p)[\s>]", low):
        return Form.HTML
    if b"\0" in head:
        return None
    if any(mark in data[: 1 << 20] for mark in _LOOKS_LIKE_LATEX):
        return Form.LATEX
    return None


def unpack(data: bytes) -> dict[PurePosixPath, bytes]:
    """Give the readable files of an archive by relative path; a single file comes back under a name of our own.

    Figures and other binary members are left out; PDF members too, as soon as there is LaTeX.

    Raises:
        ValueError: The bytes are no archive or file we know, are damaged, or break one of the bounds above.
    """
    if data[:4] == b"PK\x03\x04":
        return _kept(_zip_members(data))
    if data[:2] == b"\x1f\x8b":
        if _is_tar(_gunzip_head(data)):
            return _kept(_tar_members(io.BufferedReader(_Gunzip(data), 1 << 16)))
        with io.BufferedReader(_Gunzip(data), 1 << 16) as stream:
            data = stream.read(MAX_MEMBER_BYTES + 1)
        if len(data) > MAX_MEMBER_BYTES:
            raise ValueError(f"the gzip unfolds to more than {MAX_MEMBER_BYTES >> 20} MB; refused")
    elif _is_tar(data):
        return _kept(_tar_members(io.BytesIO(data)))
    return {_name_for(_sniff_plain(data), data): data}


def _name_for(form: Form | None, data: bytes) -> PurePosixPath:
    names = {Form.PDF: "paper.pdf", Form.HTML: "paper.html", Form.LATEX: "main.tex"}
    if form is None:
        raise ValueError(f"expected PDF, HTML, LaTeX or an archive of it, got {len(data)} bytes of something else")
    return PurePosixPath(names[form])


def form_of(files: Mapping[PurePosixPath, bytes]) -> Form:
    """Give the form of unpacked files: LaTeX where any of them is, else HTML, else PDF.

    Raises:
        ValueError: None of them is a form we read.
    """
    found = {_sniff_plain(data) for path, data in files.items() if path.suffix.lower() not in {".bib", ".sty", ".cls", ".txt", ".md"}}
    for form in (Form.LATEX, Form.HTML, Form.PDF):
        if form in found:
            return form
    raise ValueError(f"expected LaTeX, HTML or PDF, got {counted(len(files), 'file')} of something else")


def _kept(members: Iterator[tuple[PurePosixPath, bytes]]) -> dict[PurePosixPath, bytes]:
    files: dict[PurePosixPath, bytes] = {}
    total = 0
    for path, data in members:
        total += len(data)
        if total > MAX_KEPT_BYTES:
            raise ValueError(f"the archive holds more than {MAX_KEPT_BYTES >> 20} MB of text; refused")
        files[path] = data
    if not files:
        raise ValueError("the archive holds no LaTeX, HTML or PDF file")
    if any(path.suffix.lower() in {".tex", ".ltx", ".latex"} for path in files):
        files = {path: data for path, data in files.items() if path.suffix.lower() != ".pdf"}
    return files


def is_wanted(path: PurePosixPath) -> bool:
    """Whether a file may hold the paper's words, by its name: LaTeX, HTML, PDF and what they include."""
    if path.name.startswith("._") or "__MACOSX" in path.parts:
        return False  # resource forks that macOS adds
    if path.name.lower().startswith("00readme"):
        return True  # says which file is the paper, https://info.arxiv.org/help/00README.html
    return path.suffix.lower() in _TEXT or path.suffix.lower() in {".pdf", ""}


def _safe_path(name: str) -> PurePosixPath:
    """Give the member's path below the archive's folder.

    Raises:
        ValueError: It is absolute, climbs out, or is no name for a file.
    """
    path = PurePosixPath(name)
    shown = name[:80]
    if len(name) > MAX_NAME_CHARS or "\0" in name:
        raise ValueError(f"the archive's member {shown!r} has an impossible name; refused")
    if path.is_absolute() or ".." in path.parts or "\\" in name or (path.parts and path.parts[0].endswith(":")):
        raise ValueError(f"the archive's member {shown!r} would leave its folder; refused")
    return path


# --- tar ---------------------------------------------------------------------------------------------------------


class _BoundedInfo(tarfile.TarInfo):
    """A tar header that refuses, before it is read into memory, an extended one beyond 64 kB, an impossible size, and a sparse file.

    The map of a sparse file is a list without bound, which the library holds whole: half a gigabyte of it packs into two megabytes.
    """

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _BoundedInfo:
        info = super().frombuf(buf, encoding, errors)
        if info.type not in tarfile.SUPPORTED_TYPES or info.type in {tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE}:
            bounded = True
        else:
            bounded = info.type in {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}
        if info.type == tarfile.GNUTYPE_SPARSE:
            raise ValueError(_SPARSE)
        if not 0 <= info.size <= MAX_CLAIMED_BYTES:  # the library would read on for ever, long after the archive's end
            raise ValueError(f"the archive has a member that calls itself {info.size:,} bytes long; refused")
        if bounded and info.size > MAX_HEADER_BYTES:
            raise ValueError(f"the archive has a header of {info.size} bytes; refused")
        return info

    def _refuse_sparse(self, *_: object) -> None:
        raise ValueError(_SPARSE)

    # What the library calls for each of the three ways in which extended headers tell of a sparse file (Python 3.11 to 3.14).
    _proc_gnusparse_00 = _proc_gnusparse_01 = _proc_gnusparse_10 = _refuse_sparse


_SPARSE = "the archive holds a sparse file; refused"


def _is_tar(data: bytes) -> bool:
    return data[257:262] == b"ustar" or (len(data) >= tarfile.BLOCKSIZE and _has_tar_checksum(data[: tarfile.BLOCKSIZE]))


def _has_tar_checksum(block: bytes) -> bool:
    """Whether a block is a header of the old tar format, which has no magic word."""
    try:
        stated = int(block[148:156].strip(b"\0 ") or b"-1", 8)
    except ValueError:
        return False
    return block[0] != 0 and stated == 8 * 32 + sum(block) - sum(block[148:156])


def _tar_members(stream: io.BufferedIOBase) -> Iterator[tuple[PurePosixPath, bytes]]:
    try:
        with tarfile.open(fileobj=stream, mode="r|", tarinfo=_BoundedInfo) as archive:
            for count, info in enumerate(archive, 1):
                if count > MAX_MEMBERS:
                    raise ValueError(f"the archive has more than {MAX_MEMBERS} members; refused")
                yield from _tar_member(archive, info)
    except RecursionError:  # a header's header, and so on
        raise ValueError("the archive's headers nest too deeply; refused") from None
    except (tarfile.TarError, EOFError, zlib.error, UnicodeError, OverflowError, IndexError) as error:
        raise ValueError(f"the archive is damaged: {error}") from error


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[tuple[PurePosixPath, bytes]]:
    path = _safe_path(info.name)
    if info.isdir():
        return
    if not info.isreg():
        kind = "link" if info.issym() or info.islnk() else "device or special file"
        raise ValueError(f"the archive's member {info.name[:80]!r} is a {kind}; refused")
    if not is_wanted(path):
        return
    if info.size > MAX_MEMBER_BYTES:
        raise ValueError(f"the archive's member {info.name[:80]!r} has {info.size >> 20} MB; refused")
    handle = archive.extractfile(info)
    if handle is not None:
        yield path, handle.read()


# --- zip ---------------------------------------------------------------------------------------------------------


# LZMA is left out: a member names the size of its own dictionary, and one of 60 bytes may ask for 4 GB of memory.
_ZIP_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})
# What zipfile lets through on damaged input, beside its own error; found by the fuzz tests.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    UnicodeError,
    IndexError,
    KeyError,
    OverflowError,
)


def _zip_members(data: bytes) -> Iterator[tuple[PurePosixPath, bytes]]:
    if data.count(b"PK\x01\x02") > MAX_MEMBERS:
        raise ValueError(f"the archive has more than {MAX_MEMBERS} members; refused")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                path = _safe_path(info.filename)
                mode = info.external_attr >> 16
                if mode & 0o170000 not in {0, 0o100000, 0o040000}:
                    raise ValueError(f"the archive's member {info.filename[:80]!r} is a link or device; refused")
                if info.is_dir() or not is_wanted(path):
                    continue
                if info.compress_type not in _ZIP_METHODS:
                    raise ValueError(f"the archive's member {info.filename[:80]!r} is packed by method {info.compress_type}; refused")
                with archive.open(info) as handle:
                    content = handle.read(MAX_MEMBER_BYTES + 1)
                if len(content) > MAX_MEMBER_BYTES:
                    raise ValueError(f"the archive's member {info.filename[:80]!r} has over {MAX_MEMBER_BYTES >> 20} MB; refused")
                yield path, content
    except _ZIP_ERRORS as error:
        raise ValueError(f"the archive is damaged or locked: {error}") from error


# --- gzip --------------------------------------------------------------------------------------------------------


def _gunzip_head(data: bytes, size: int = 8192) -> bytes:
    """Give the first bytes that a gzip unfolds to; empty where it is damaged."""
    try:
        return zlib.decompressobj(wbits=31).decompress(data[: 1 << 16], size)
    except zlib.error:
        return b""


class _Gunzip(io.RawIOBase):
    """A gzip as a stream that stops with a ValueError once it has unfolded to more than MAX_STREAM_BYTES."""

    def __init__(self, data: bytes) -> None:
        self._packed = memoryview(data)
        self._at = 0
        self._tail = b""
        self._inflate = zlib.decompressobj(wbits=31)
        self._total = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer; 0 at the end. A second member of the gzip is read on, trailing padding is not."""
        view = memoryview(buffer)  # type: ignore[arg-type]  # io hands over a writable buffer
        while not self._inflate.eof:
            if not self._tail:
                self._tail = bytes(self._packed[self._at : self._at + (1 << 16)])
                self._at += len(self._tail)
            try:
                out = self._inflate.decompress(self._tail, len(view))
            except zlib.error as error:
                raise ValueError(f"the gzip is damaged: {error}") from error
            ended = not self._tail
            self._tail = self._inflate.unconsumed_tail
            if out:
                self._total += len(out)
                if self._total > MAX_STREAM_BYTES:
                    raise ValueError(f"the gzip unfolds to more than {MAX_STREAM_BYTES >> 20} MB; refused")
                view[: len(out)] = out
                return len(out)
            if ended:
                raise ValueError("the gzip ends too early")
        return 0
