"""What is read of a PDF beside other readers: `python -m benchmarks.reading PDF… [--json]`; `--forms FOLDER` for papers in several forms.

Three other readers are asked: pypdf, pdfminer.six and PyMuPDF. They are for development only, in an environment of your own; none is
a dependency (PyMuPDF's licence is the AGPL). A sequence of six words on which two of them agree should be ours too. Not counted is what
is left out or put elsewhere on purpose: running heads and page numbers; marks of notes and numbers of lines; the seams at which a float,
a note or a page's end stands between two of our paragraphs; the words of tables, figures and formulas, whose order is another here; and
words that a peer ran together where we part them, each of which stands by itself elsewhere in what the peers read.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import io
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from sovereign.model import BlockKind, Document
from sovereign.readers.html import read_html
from sovereign.readers.pdf import read_pdf
from sovereign.readers.tex import read_latex

LENGTH = 6  # words of a sequence
MIN_PEERS = 2
_FLOATS = frozenset({BlockKind.TABLE, BlockKind.FIGURE, BlockKind.FORMULA, BlockKind.FRONT, BlockKind.HEADING})
_Gram = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """How one PDF was read: sequences on which two peers agree, the shares (0..1) that are ours, all and counted ones, and theirs."""

    name: str
    agreed: int
    ours: float
    ours_counted: float
    peers: Mapping[str, float]
    missing: tuple[str, ...] = ()


def words(text: str) -> list[str]:
    """Give a text's words, lower case, ligatures and accents undone, hyphens and the signs of scripts out, numbers apart from letters.

    So a word parted at a line's end is the whole one, "q_i" is "qi", and the mark of a note is no part of the word before it.
    """
    plain = unicodedata.normalize("NFKC", re.sub(r"\s?[´`¨ˆ˜ˇ¸˚¯˙˘]\s?|[_^\u00ad]", "", text))
    plain = re.sub(r"(?<=[^\W\d_])[-\u2010\u2011]\s*\d{1,4}\s+(?=[^\W\d_])", "", plain)  # the number of a line in between
    plain = re.sub(r"(?<=\w)[-\u2010\u2011]\s*\n?\s*(?=\w)", "", plain)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return re.findall(r"[^\W\d_]+|\d+", plain.casefold())


def grams(tokens: Sequence[str], length: int = LENGTH) -> list[_Gram]:
    """Give every sequence of so many words."""
    return [tuple(tokens[index : index + length]) for index in range(len(tokens) - length + 1)]


def compared(name: str, document: Document, texts: Mapping[str, str]) -> Compared:
    """Give how a document stands beside what other readers gave of the same bytes."""
    theirs = {peer: set(grams(words(text))) for peer, text in texts.items()}
    votes = Counter(gram for found in theirs.values() for gram in found)
    agreed = {gram for gram, count in votes.items() if count >= MIN_PEERS}
    mine = _Mine(document, {word for gram in agreed for word in gram})
    missing = [gram for gram in agreed if gram not in mine.whole[LENGTH]]
    counted = [gram for gram in missing if not mine.leaves_out(gram)]
    total = max(1, len(agreed))
    return Compared(
        name,
        len(agreed),
        1 - len(missing) / total,
        1 - len(counted) / max(1, total - len(missing) + len(counted)),
        {peer: len(agreed & found) / total for peer, found in theirs.items()},
        tuple(" ".join(gram) for gram in sorted(counted)),
    )


class _Mine:
    """Our reading of a document, as sequences of every length up to LENGTH, and the edges of its blocks."""

    def __init__(self, document: Document, theirs: frozenset[str] | set[str] = frozenset()) -> None:
        blocks = [(block.kind, words(document.text[block.start : block.end])) for block in document.blocks]
        blocks += [(BlockKind.PROSE, words(entry)) for entry in document.references]
        blocks.append((BlockKind.HEADING, words(document.title)))
        running = [word for _, tokens in blocks for word in tokens]
        self.whole = {length: set(grams(running, length)) for length in range(1, LENGTH + 1)}
        self._first = {tuple(tokens[:length]) for _, tokens in blocks for length in range(1, LENGTH)}
        self._last = {tuple(tokens[-length:]) for _, tokens in blocks for length in range(1, LENGTH)}
        self._floats = [frozenset(tokens) for kind, tokens in blocks if kind in _FLOATS]
        self._running = running
        self._spots: dict[str, list[int]] = {}
        for at, word in enumerate(running):
            self._spots.setdefault(word[:2], []).append(at)
        self._theirs = theirs

    def leaves_out(self, gram: _Gram) -> bool:
        """Whether a sequence that is not ours has something in it that is left out, or put elsewhere, on purpose."""
        plain = tuple(word for word in gram if not re.fullmatch(r"\d{1,4}", word))  # without numbers of pages, headings, notes, lines
        if len(plain) < len(gram) and (len(plain) < 2 or plain in self.whole[len(plain)]):
            return True
        numbers = [at for at, word in enumerate(gram) if re.fullmatch(r"\d{1,4}", word)]
        if any((*gram[:at], *gram[at + 1 :]) in self.whole[len(gram) - 1] for at in numbers):  # the number of a line beside the text's own
            return True
        if any(set(gram) <= tokens for tokens in self._floats) or self._parts(gram):
            return True
        return any(self._is_seam(part[:at], part[at:]) for part in {gram, plain} for at in range(1, len(part)))

    def _parts(self, gram: _Gram) -> bool:
        """Whether the letters of a sequence are ours in its order, parted at more places, and our words are words of the peers too."""
        letters = "".join(gram)
        for start in self._spots.get(gram[0][:2], ()):
            found, at = "", start
            while at < len(self._running) and len(found) < len(letters) and letters.startswith(found + self._running[at]):
                found += self._running[at]
                at += 1
            if found == letters and all(word in self._theirs for word in self._running[start:at]):
                return True
        return False

    def _is_seam(self, before: _Gram, after: _Gram) -> bool:
        """Whether two parts are ours where they stand, one of them at the edge of a block or in a float."""
        has_before, has_after = before in self.whole[len(before)], after in self.whole[len(after)]
        if has_before and has_after:
            return before in self._last or after in self._first or self._is_floating(before) or self._is_floating(after)
        return (has_before and self._is_floating(after)) or (has_after and self._is_floating(before))

    def _is_floating(self, part: _Gram) -> bool:
        return len(part) > 1 and any(set(part) <= tokens for tokens in self._floats)


# --- the others ------------------------------------------------------------------------------------------------------


def _pypdf(data: bytes) -> str:
    reader = importlib.import_module("pypdf").PdfReader(io.BytesIO(data))
    return "\n".join(page.extract_text() or "" for page in reader.pages)


def _pdfminer(data: bytes) -> str:
    return str(importlib.import_module("pdfminer.high_level").extract_text(io.BytesIO(data)))


def _pymupdf(data: bytes) -> str:
    with importlib.import_module("pymupdf").open(stream=data, filetype="pdf") as document:
        return "\n".join(page.get_text() for page in document)


PEERS: Mapping[str, tuple[str, Callable[[bytes], str]]] = {
    "pypdf": ("pypdf", _pypdf),
    "pdfminer.six": ("pdfminer", _pdfminer),
    "pymupdf": ("pymupdf", _pymupdf),
}


def installed() -> list[str]:
    """Give the peers that can be imported."""
    return [name for name, (module, _) in PEERS.items() if importlib.util.find_spec(module) is not None]


# --- one paper in several forms ---------------------------------------------------------------------------------------


def forms(folder: Path) -> list[tuple[str, str, str, float]]:
    """Give, for each paper that the folder holds in two forms or more, the share of the one's prose sequences that the other has too."""
    found: dict[str, dict[str, Document]] = {}
    for path in sorted((folder / "latex").iterdir()):
        files = {PurePosixPath(p.relative_to(path).as_posix()): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()}
        found.setdefault(path.name, {})["latex"] = read_latex(path.name, files)
    for kind, reader in (("html", read_html), ("pdf", read_pdf)):
        for path in sorted((folder / kind).glob(f"*.{kind}")):
            name = path.stem.partition("_")[0]
            found.setdefault(name, {})[kind] = reader(name, {PurePosixPath(path.name): path.read_bytes()})
    rows = []
    for name, read in found.items():
        for one, other in ((a, b) for a in read for b in read if a != b):
            prose = [gram for tokens in _prose(read[one]) for gram in grams(tokens)]
            whole = set(grams(words(read[other].text)))
            rows.append((name, one, other, sum(1 for gram in prose if gram in whole) / max(1, len(prose))))
    return rows


def _prose(document: Document) -> Iterable[list[str]]:
    return (words(document.text[block.start : block.end]) for block in document.blocks if block.kind is BlockKind.PROSE)


# --- at the terminal -------------------------------------------------------------------------------------------------


def main(argv: Sequence[str] | None = None) -> int:
    """Compare and print."""
    given = _arguments(argv)
    if given.forms:
        for name, one, other, share in forms(given.forms):
            print(f"{share:7.1%}  of the prose of {name} as {one} is in its {other}")
    peers = installed()
    if given.pdfs and len(peers) < MIN_PEERS:
        sys.stderr.write(
            f"ERROR expected at least {MIN_PEERS} of {', '.join(PEERS)}, got {', '.join(peers) or 'none'}\n"
            "TIP   install them with pip beside this package, in an environment of your own; they are for development only\n"
        )
        return 2
    rows = []
    for path in given.pdfs:
        data = path.read_bytes()
        try:
            document = read_pdf(path.stem, {PurePosixPath(path.name): data})
        except ValueError as error:
            sys.stderr.write(f"* {path.name}: not read: {error}\n")
            continue
        rows.append(compared(path.stem, document, {name: PEERS[name][1](data) for name in peers}))
        if not given.json:
            _print(rows[-1])
    if given.json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
    return 0


def _print(row: Compared) -> None:
    theirs = "  ".join(f"{peer} {share:.1%}" for peer, share in row.peers.items())
    print(
        f"{row.name[:40]:40}  {row.agreed:6} sequences  ours {row.ours:.1%}, less what is left out {row.ours_counted:.1%}  {theirs}",
        flush=True,
    )


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="python -m benchmarks.reading")
    options.add_argument("pdfs", nargs="*", type=Path, metavar="PDF")
    options.add_argument("--forms", type=Path, help="a folder with latex, html and pdf below it")
    options.add_argument("--json", action="store_true")
    return options.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
