r"""Which file of a LaTeX source is the paper, and what \input means in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from sovereign import foreign
from sovereign.language.encodings import declared, decoded
from sovereign.text import counted

_TEX = frozenset({".tex", ".ltx", ".latex", ""})
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_COMMON_NAMES = ("main", "paper", "ms", "article", "manuscript", "arxiv", "root", "template", "sample")
_INCLUDED = re.compile(r"\\(?:input|include|subfile)\s{0,9}\{?\s{0,9}([^\s{}\\%]{1,200})")
MAX_CANDIDATES = 400
MAX_SCORED_BYTES = 400_000
MAX_TEX_BYTES = 6 << 20
_PLACEHOLDERS = re.compile("[\ue000-\uf8ff]")


def decode(data: bytes, encoding: str = "") -> str:
    """Give the file's text, in the encoding that it or the main file declares; our own marks removed.

    Raises:
        ValueError: It is longer than any paper's source.
    """
    if len(data) > MAX_TEX_BYTES:
        raise ValueError(f"a file of the source has {len(data) >> 20} MB of LaTeX; refused")
    return _PLACEHOLDERS.sub("", decoded(data, declared(data) or encoding))


def is_tex(path: PurePosixPath) -> bool:
    """Whether a file may hold the paper's text, by its name."""
    return path.suffix.lower() in _TEX and not path.name.startswith(".")


def main_file(files: Mapping[PurePosixPath, bytes]) -> PurePosixPath:
    """Give the file that LaTeX would be run on.

    Raises:
        ValueError: No file looks like LaTeX.
    """
    named, ignored = manifest(files)
    if named:
        return named[0]
    files = {path: data for path, data in files.items() if path not in ignored}
    candidates = sorted((path for path in files if is_tex(path)), key=lambda path: (len(path.parts), str(path)))[:MAX_CANDIDATES]
    texts = {path: _COMMENT.sub("", decode(files[path][:MAX_SCORED_BYTES])) for path in candidates}
    included = {stem for path, text in texts.items() for name in _INCLUDED.findall(text) if (stem := PurePosixPath(name).stem) != path.stem}
    scored = {path: _score(path, text) - 60 * (path.stem in included) for path, text in texts.items()}
    best = max(sorted(scored), key=lambda path: scored[path], default=None)
    if best is None or scored[best] <= 0:
        raise ValueError(f"expected a LaTeX file with \\documentclass or sections, got {counted(len(files), 'other file')}")
    return best


def manifest(files: Mapping[PurePosixPath, bytes]) -> tuple[list[PurePosixPath], set[PurePosixPath]]:
    """Give the main files that arXiv's 00README names, in order, and the files it says to leave alone.

    https://info.arxiv.org/help/00README.html: a JSON object with "sources", or, before 2024, a file name and a word a line.
    """
    named: list[PurePosixPath] = []
    ignored: set[PurePosixPath] = set()
    for path, data in sorted(files.items()):
        if not path.name.lower().startswith("00readme"):
            continue
        for name, usage in _usages(data):
            meant = path.parent / name
            if usage == "toplevel" and meant in files and is_tex(meant):
                named.append(meant)
            elif usage == "ignore":
                ignored.add(meant)
    return named, ignored


def _usages(data: bytes) -> list[tuple[str, str]]:
    """Give each file that a 00README names, with its usage: "toplevel", "ignore", "include" or another word."""
    try:
        told = foreign.read_answer(data[:MAX_SCORED_BYTES])
    except ValueError:
        lines = (line.split() for line in decoded(data[:MAX_SCORED_BYTES]).splitlines()[:MAX_CANDIDATES])
        return [(words[0], words[1].lower().replace("toplevelfile", "toplevel")) for words in lines if len(words) == 2]
    sources = told.get("sources") if isinstance(told, dict) else None
    entries = [entry for entry in sources if isinstance(entry, dict)] if isinstance(sources, list) else []
    return [(str(entry.get("filename") or ""), str(entry.get("usage") or "")) for entry in entries if entry.get("filename")]


def _score(path: PurePosixPath, text: str) -> float:
    if not re.search(r"\\[a-zA-Z]{2,}", text):
        return 0.0
    score = 0.0
    if re.search(r"\\document(?:class|style)\b", text):
        score += 100
    if re.search(r"\\begin\s{0,9}\{document\}", text):
        score += 100
    score += min(30.0, 5 * len(re.findall(r"\\(?:section|chapter|input|include|subfile|newsec|head)\b", text)))
    score += 20 * ("\\title" in text) + 20 * ("\\begin{abstract}" in text or "\\abstract" in text)
    score += 15 * (path.stem.lower() in _COMMON_NAMES) - 5 * len(path.parts)
    if re.search(r"supp|rebuttal|response|cover|letter|appendix|standalone|tikz", path.stem.lower()):
        score -= 40
    if re.search(r"\\documentclass(?:\[[^\]]{0,200}\])?\{(?:standalone|subfiles|letter|beamer)\}", text):
        score -= 120
    return score + min(20.0, len(text) / 5000)


def resolve(name: str, files: Mapping[PurePosixPath, bytes], near: PurePosixPath) -> PurePosixPath | None:
    r"""Give the file that \input{name} means: below the main file's folder, beside the including file, else by its name alone."""
    cleaned = name.strip().strip('"').removeprefix("./")
    if not cleaned or cleaned.startswith("/") or ".." in PurePosixPath(cleaned).parts:
        cleaned = PurePosixPath(cleaned).name
        if not cleaned:
            return None
    for base in (PurePosixPath(), near.parent):
        for suffix in ("", ".tex", ".ltx"):
            path = base / (cleaned + suffix)
            if path in files and path.suffix.lower() != ".pdf":
                return path
    stem = PurePosixPath(cleaned).name.removesuffix(".tex")
    same = sorted(path for path in files if path.stem == stem and path.suffix in {".tex", ".ltx"})
    return same[0] if len(same) == 1 else None
