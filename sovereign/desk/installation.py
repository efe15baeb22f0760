"""What a desk installs at GitHub, looked over: pinned by hash, held by the desk, and the same as what runs here."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from sovereign.adapters import plain_files, programs
from sovereign.desk import wheel
from sovereign.desk.doctor import Health, Point
from sovereign.text import counted

_WHAT = "installation"
_REQUIREMENTS = "requirements.txt"
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_OURS = re.compile(r"sovereign[-_.]desk\b", re.IGNORECASE)
_UPDATE = "`sovereign init --update` writes it anew"
_TIMEOUT_S = 900.0
_MAX_BYTES = 5_000_000


def looked(root: Path) -> Point:
    """Look at what requirements.txt names, without a network."""
    path = root / _REQUIREMENTS
    if _is_the_program(root):
        return Point(Health.GOOD, _WHAT, "this repository installs itself, from requirements/constraints.txt")
    if not path.is_file():
        return Point(Health.MISSING, _WHAT, f"no {_REQUIREMENTS}", _UPDATE)
    try:
        entries = _entries(plain_files.read(path, _MAX_BYTES).decode("utf-8", "replace"))
    except ValueError as error:
        return Point(Health.MISSING, _WHAT, f"{_REQUIREMENTS}: {error}", _UPDATE)
    wrong = list(_wrong(root, entries))
    if wrong:
        return Point(Health.MISSING, _WHAT, "; ".join(wrong[:5]), _UPDATE)
    return _drift(root, entries)


def _is_the_program(root: Path) -> bool:
    project = root / "pyproject.toml"
    try:
        return b'name = "sovereign-desk"' in plain_files.read(project, _MAX_BYTES)
    except ValueError:
        return False


def _entries(text: str) -> list[str]:
    """Give the file's entries, each on one line; options and comments are none."""
    joined = re.sub(r"\\\r?\n", " ", text)
    return [line.strip() for line in joined.splitlines() if line.strip() and not line.lstrip().startswith(("#", "-"))]


def _wrong(root: Path, entries: list[str]) -> Iterator[str]:
    ours = [entry for entry in entries if _OURS.search(entry.split("--hash")[0])]
    if not ours:
        yield f"{_REQUIREMENTS} names no sovereign-desk"
    for entry in entries:
        name = entry.split()[0]
        hashes = _HASH.findall(entry)
        if not hashes:
            yield f"{name}: not pinned by a hash" + (", and on no index: anybody may register it" if entry in ours else "")
        elif name.startswith("./"):
            yield from _vendored(root / name, hashes)


def _vendored(path: Path, hashes: list[str]) -> Iterator[str]:
    if not path.is_file():
        yield f"{path.name}: not in the desk"
    elif plain_files.sha256(path) not in hashes:
        yield f"{path.name}: another file than {_REQUIREMENTS} pins"


def _drift(root: Path, entries: list[str]) -> Point:
    held = next((root / entry.split()[0] for entry in entries if entry.startswith("./") and _OURS.search(entry)), None)
    if held is None:
        return Point(Health.GOOD, _WHAT, "pinned by hash, from elsewhere")
    if plain_files.sha256(held) != sha256(wheel.built()).hexdigest():
        return Point(Health.OPTIONAL, _WHAT, f"{held.name} is another build than this program", "`sovereign init --update` brings it here")
    return Point(
        Health.GOOD, _WHAT, f"{held.name}, held by the desk and pinned by hash; {counted(len(entries) - 1, 'other')} pinned by hash"
    )


def resolved(root: Path, run: Callable[[list[str], Path], tuple[int, str]] | None = None) -> Point:
    """Look at whether pip resolves it, as the workflow asks it to, into a place that is thrown away."""
    if _is_the_program(root) or not (root / _REQUIREMENTS).is_file():
        return looked(root)
    with tempfile.TemporaryDirectory(prefix="sovereign-doctor-") as folder:
        words = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--require-hashes", "--no-deps", "--dry-run"]
        words += ["--ignore-installed", "--target", folder, "--requirement", _REQUIREMENTS]
        code, said = (run or _run)(words, root)
    if code == 0:
        return Point(Health.GOOD, "installation resolves", "every file is there under its hash")
    last = next((line for line in reversed(said.splitlines()) if line.strip()), f"exit code {code}")
    return Point(Health.MISSING, "installation resolves", last.strip(), _UPDATE)


def _run(words: list[str], root: Path) -> tuple[int, str]:
    if not shutil.which(words[0]):
        return 1, "no Python to ask"
    try:
        done = programs.run(words, cwd=root, timeout_s=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return 1, f"no answer within {_TIMEOUT_S:.0f} s"
    except programs.TooLongError as error:
        return 1, str(error)
    return done.returncode, (done.stderr + done.stdout).decode("utf-8", "replace")
