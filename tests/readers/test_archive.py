"""Archives: what is unpacked, and what is refused before it does harm."""

from __future__ import annotations

import gzip
import io
import resource
import tarfile
import time
import zipfile
import zlib
from pathlib import PurePosixPath

import pytest

from sovereign.model import Form
from sovereign.readers import archive

TEX = b"\\documentclass{article}\\begin{document}Text.\\end{document}"


def tar(*members: tuple[str, bytes], packed: bool = False) -> bytes:
    """Give a tar of plain files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz" if packed else "w") as made:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return out.getvalue()


def tar_of(kind: bytes, name: str = "a.tex", link: str = "") -> bytes:
    """Give a tar with one member that is no plain file."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        info = tarfile.TarInfo(name)
        info.type = kind
        info.linkname = link
        made.addfile(info)
    return out.getvalue()


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Give a zip of plain files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            made.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "names"),
    [
        pytest.param(tar(("main.tex", TEX), ("fig/a.png", b"png"), ("b.bbl", b"x")), {"main.tex", "b.bbl"}, id="tar"),
        pytest.param(tar(("main.tex", TEX), ("._main.tex", b"mac"), packed=True), {"main.tex"}, id="tar.gz"),
        pytest.param(gzip.compress(TEX), {"main.tex"}, id="one file in a gzip"),
        pytest.param(gzip.compress(b"%PDF-1.7 ..."), {"paper.pdf"}, id="a PDF in a gzip"),
        pytest.param(zipped(("x/main.tex", TEX)), {"x/main.tex"}, id="zip"),
        pytest.param(b"%PDF-1.5", {"paper.pdf"}, id="a bare PDF"),
        pytest.param(b"<!DOCTYPE html><html>", {"paper.html"}, id="a bare page"),
        pytest.param(TEX, {"main.tex"}, id="bare LaTeX"),
        pytest.param(tar(("main.tex", TEX), ("figure.pdf", b"%PDF-1.4")), {"main.tex"}, id="figures are left out"),
        pytest.param(tar(("paper.pdf", b"%PDF-1.4")), {"paper.pdf"}, id="a PDF alone is the paper"),
        pytest.param(gzip.compress(TEX[:20]) + gzip.compress(TEX[20:]), {"main.tex"}, id="two gzip members"),
    ],
)
def test_unpack(data: bytes, names: set[str]) -> None:
    """Readable files come back under their relative names."""
    assert {str(path) for path in archive.unpack(data)} == names


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(tar(("../evil.tex", TEX)), "leave its folder", id="climbs out"),
        pytest.param(tar(("a/../../evil.tex", TEX)), "leave its folder", id="climbs out later"),
        pytest.param(tar(("/etc/evil.tex", TEX)), "leave its folder", id="absolute"),
        pytest.param(tar(("C:\\evil.tex", TEX)), "leave its folder", id="a drive"),
        pytest.param(tar(("x" * 500 + ".tex", TEX)), "impossible name", id="a long name"),
        pytest.param(tar_of(tarfile.SYMTYPE, link="/etc/passwd"), "is a link", id="symbolic link"),
        pytest.param(tar_of(tarfile.LNKTYPE, link="b.tex"), "is a link", id="hard link"),
        pytest.param(tar_of(tarfile.CHRTYPE), "device", id="device"),
        pytest.param(tar_of(tarfile.FIFOTYPE), "device", id="pipe"),
        pytest.param(tar(("main.tex", TEX))[:700], "damaged", id="cut off"),
        pytest.param(gzip.compress(TEX)[:30], "ends too early|something else", id="gzip cut off"),
        pytest.param(b"\x1f\x8b" + b"\0" * 50, "damaged", id="no gzip"),
        pytest.param(zipped(("../evil.tex", TEX)), "leave its folder", id="zip climbs out"),
        pytest.param(zipped(("a.tex", TEX))[:-30], "damaged", id="zip cut off"),
        pytest.param(tar(("a.png", b"x")), "holds no", id="nothing to read"),
        pytest.param(b"", "0 bytes of something else", id="empty"),
        pytest.param(bytes(range(256)) * 4, "something else", id="noise"),
    ],
)
def test_hostile_archives_are_refused_in_words(data: bytes, why: str) -> None:
    """What no paper's source would do is a ValueError that says what it was."""
    with pytest.raises(ValueError, match=why):
        archive.unpack(data)


def zeros(size: int, *, tar_name: str = "") -> bytes:
    """Give a gzip that unfolds to `size` zero bytes (its checksum aside); as a tar's one member if it has a name."""
    packer = zlib.compressobj(9, wbits=31)
    start = b""
    if tar_name:
        info = tarfile.TarInfo(tar_name)
        info.size = size
        start = packer.compress(info.tobuf())
    start += packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)  # after a full flush it can be told again and again
    return start + piece * (size >> 20) + packer.flush()


@pytest.mark.parametrize("tar_name", ["", "main.tex", "figure.png"], ids=["gzip", "in a tar", "as a figure"])
def test_a_bomb_takes_no_memory(tar_name: str) -> None:
    """A gigabyte of zeros is refused, and at no time held."""
    bomb = zeros(1 << 30, tar_name=tar_name)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(ValueError, match=r"more than|has 1024 MB"):
        archive.unpack(bomb)

    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 250 * 1024, f"{grown_kb >> 10} MB more"


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive of countless files is refused after the bound."""
    monkeypatch.setattr(archive, "MAX_MEMBERS", 5)
    members = [(f"{n}.tex", TEX) for n in range(6)]

    for data in (tar(*members), zipped(*members)):
        with pytest.raises(ValueError, match="more than 5 members"):
            archive.unpack(data)


def test_headers_are_bounded() -> None:
    """A tar header of a megabyte is refused before it is read."""
    info = tarfile.TarInfo("x")
    info.type = tarfile.XHDTYPE
    info.size = 1 << 20

    with pytest.raises(ValueError, match="header of"):
        archive.unpack(info.tobuf(tarfile.USTAR_FORMAT) + b"1" * (1 << 20))


def sparse(kind: str, blocks: int) -> bytes:
    """Give a packed tar whose one member is sparse, with a map of many kilobytes; told in one of the ways of GNU tar."""
    octal, packer = "1".zfill(11) + "\0", zlib.compressobj(9, wbits=31)
    info = tarfile.TarInfo("main.tex")
    if kind == "header":
        info.type = tarfile.GNUTYPE_SPARSE
        block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
        block[386:482] = (octal * 8).encode()
        block[482] = 1
        block[148:156] = b" " * 8
        block[148:156] = f"{sum(block):06o}\0 ".encode()
        map_ = ((octal * 42).encode() + b"\1" + bytes(7)) * 2 * blocks
        return packer.compress(bytes(block)) + packer.compress(map_) + packer.flush()
    told = {
        "0.0": {"GNU.sparse.size": "9", "GNU.sparse.offset": "1", "GNU.sparse.numbytes": "1"},
        "0.1": {"GNU.sparse.size": "9", "GNU.sparse.map": ",".join(["1"] * 9_000)},
        "1.0": {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9"},
    }
    info.pax_headers = told[kind]
    map_ = b"99999999\n" + b"1\n" * 512 * blocks
    info.size = len(map_)
    return packer.compress(info.tobuf(tarfile.PAX_FORMAT)) + packer.compress(map_) + packer.flush()


@pytest.mark.parametrize("kind", ["header", "0.0", "0.1", "1.0"])
def test_sparse_files_are_refused_before_their_map_is_read(kind: str) -> None:
    """The map of a sparse file may be as long as the archive: 29 s, 1.4 GB and a trace for two megabytes."""
    begun = time.process_time()
    with pytest.raises(ValueError, match="sparse file; refused"):
        archive.unpack(sparse(kind, 20_000))

    assert time.process_time() - begun < 3.0


def header(kind: bytes, size: bytes) -> bytes:
    """Give one header of a tar, told whatever it is told."""
    block = bytearray(tarfile.TarInfo("figure.png").tobuf(tarfile.GNU_FORMAT))
    block[124:136], block[156:157] = size, kind
    block[148:156] = b" " * 8
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    return bytes(block)


@pytest.mark.parametrize("is_packed", [True, False], ids=["packed", "bare"])
@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(header(b"0", b"\x80" + b"\xff" * 11) + bytes(1024), "calls itself", id="a size without end"),
        pytest.param(header(b"0", b"77777777777\0") + bytes(1024), "calls itself", id="eight gigabytes"),
        pytest.param(header(b"0", b"\xff" * 12) + bytes(1024), "calls itself", id="a size below nothing"),
        pytest.param((header(b"L", b"00000000003\0") + b"ab\0".ljust(512, b"\0")) * 3000, "nest too deeply", id="names of names"),
        pytest.param(
            (header(b"x", b"00000000012\0") + b"10 a=bcde\n".ljust(512, b"\0")) * 3000, "nest too deeply", id="headers of headers"
        ),
        pytest.param((header(b"g", b"00000000012\0") + b"10 a=bcde\n".ljust(512, b"\0")) * 3000, "nest too deeply", id="headers for all"),
    ],
)
def test_headers_that_lie_are_refused(data: bytes, why: str, is_packed: bool) -> None:
    """A size beyond the archive was skipped for ever, and headers of headers ended in a trace."""
    with pytest.raises(ValueError, match=why):
        archive.unpack(gzip.compress(data) if is_packed else data)


@pytest.mark.parametrize(
    ("data", "form"),
    [
        pytest.param(b"%PDF-1.4", Form.PDF, id="PDF"),
        pytest.param(b"\n<html>", Form.HTML, id="HTML"),
        pytest.param(TEX, Form.LATEX, id="LaTeX"),
        pytest.param(gzip.compress(b"%PDF-1.4"), Form.PDF, id="packed PDF"),
        pytest.param(tar(("a.tex", TEX), packed=True), Form.LATEX, id="packed tar"),
        pytest.param(b"\0\1\2", None, id="noise"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_sniff(data: bytes, form: Form | None) -> None:
    """The first bytes tell the form."""
    assert archive.sniff(data) == form


def test_form_of() -> None:
    """LaTeX comes before HTML, HTML before PDF; a bibliography alone is none of them."""
    files = {PurePosixPath("a.pdf"): b"%PDF-1.4", PurePosixPath("b.tex"): TEX, PurePosixPath("c.html"): b"<html>"}

    assert archive.form_of(files) is Form.LATEX
    del files[PurePosixPath("b.tex")]
    assert archive.form_of(files) is Form.HTML
    with pytest.raises(ValueError, match="expected LaTeX"):
        archive.form_of({PurePosixPath("a.bib"): b"@book{\\section}"})


def test_a_dictionary_of_four_gigabytes_is_not_made() -> None:
    """A zip member packed with LZMA names the memory that unpacking it takes; it is refused by its method, before that."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression=zipfile.ZIP_LZMA) as packed:
        packed.writestr("main.tex", b"\\documentclass{article}" * 20)
    data = bytearray(made.getvalue())
    at = data.find(b"\x05\x00\x5d") + 3
    data[at : at + 4] = b"\x00\x00\x00\xf0"

    with pytest.raises(ValueError, match="packed by method 14"):
        archive.unpack(bytes(data))
