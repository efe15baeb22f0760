"""An old desk brought forward: the template of then, the template of now and what its owner made of it become one.

Which template it was is known from the desk itself: it holds the wheel that wrote it, and what its owner answered. A desk from before that
was written from the first template, which is kept here. What an owner changed stays; where both changed the same lines, the owner's file
stays and the new one is put beside it. Pins of actions are no such change: Dependabot moves them in the desk, and the newer pin stays.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path, PurePosixPath

from sovereign import foreign
from sovereign.adapters import plain_files
from sovereign.adapters.git_merge import merged
from sovereign.desk import initiate
from sovereign.desk.initiate import ANSWERS, SCHEMA, WHEELS, Wanted
from sovereign.errors import PublishError, UsageError

_TEMPLATE = "sovereign/desk/template/"
_BESIDE = ".new"
_NAME = re.compile(r"^site_name:\s*(.+)$", re.MULTILINE)
_OWNER = re.compile(r"^[^#\n]*\s@(\S+)", re.MULTILINE)
_MAX_FILE_BYTES = 5_000_000
_MAX_WHEEL_BYTES = 200_000_000
_USES = re.compile(rb"(?P<uses>uses: )(?P<action>[\w./-]+)(?P<pin>@[0-9a-f]{40}(?: # v(?P<version>[0-9.]+))?)")


class Became(StrEnum):
    """What became of a file."""

    WRITTEN = "written"
    UPDATED = "updated"
    MERGED = "merged with your changes"
    KEPT = "kept as you have it"
    CONFLICT = "changed by you and by the program: yours stays, the new one is beside it"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Step:
    """One file of the update; content is what is written (None: removed, or nothing to write)."""

    path: PurePosixPath
    became: Became
    content: bytes | None = None


def answers(root: Path, given: Wanted) -> Wanted:
    """Give what the desk's owner answered when it was made, and what is given now before that.

    Raises:
        UsageError: The folder is no desk.
    """
    settings = root / "mkdocs.yml"
    if not settings.is_file():
        raise UsageError(f"{root}: expected a desk, found no mkdocs.yml", tip="without --update a new desk is made in an empty folder")
    path = root / ANSWERS
    said = _read(path) if path.is_file() else {}
    named = _NAME.search(_text(settings))
    owners = root / ".github" / "CODEOWNERS"
    owned = _OWNER.search(_text(owners)) if owners.is_file() else None
    name = said.get("name") or (_plain(named[1]) if named else root.resolve().name)
    return Wanted(given.name or name, given.owner or said.get("owner") or (owned[1] if owned else ""), given.question, given.package)


def _text(path: Path) -> str:
    try:
        return plain_files.read(path, _MAX_FILE_BYTES).decode("utf-8", "replace")
    except ValueError as error:
        raise UsageError(f"{path}: {error}", tip="restore it from Git") from error


def _read(path: Path) -> dict[str, str]:
    try:
        told = foreign.read(plain_files.read(path, _MAX_FILE_BYTES))
        if not isinstance(told, dict):
            raise TypeError("expected an object")  # noqa: TRY301  # one message for every way to be wrong
        return {name: foreign.text(told[name]) for name in ("name", "owner") if name in told}
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{path}: expected what `sovereign init` wrote, got something else: {error}", tip="restore it from Git") from error


def _plain(text: str) -> str:
    """Give a name as YAML has it: in JSON's quotes, as `init` writes it, or bare."""
    try:
        return foreign.text(foreign.read(text.strip()))
    except (ValueError, TypeError):
        return text.strip().strip("'\"")


def plan(root: Path, wanted: Wanted) -> tuple[Step, ...]:
    """Work out what becomes of every file; nothing is written.

    Raises:
        UsageError: The folder is no desk, or the wheel that it holds cannot be read.
    """
    new = initiate.desk_files(wanted)
    base = _base(root, wanted)
    own = {PurePosixPath("requirements.txt"), SCHEMA, ANSWERS, *(path for path in new if path.parts[0] == str(WHEELS))}
    found = [_replaced(root, path, new[path]) for path in sorted(own & set(new))]
    rest = [path for path in sorted(set(new) - own) if path.parts[0] != "goals" and path.name != "CITATION.cff"]
    found += [_step(root, path, new[path], base.get(path)) for path in rest]
    found += [
        Step(PurePosixPath(path.relative_to(root).as_posix()), Became.REMOVED)
        for path in sorted((root / WHEELS).glob("sovereign_desk-*.whl"))
        if PurePosixPath(path.relative_to(root).as_posix()) not in new
    ]
    return tuple(step for step in found if step is not None)


def _replaced(root: Path, path: PurePosixPath, content: bytes) -> Step | None:
    """Give the step for a file that is the program's own."""
    now = _now(root, path)
    return None if now == content else Step(path, Became.UPDATED if now is not None else Became.WRITTEN, content)


def _step(root: Path, path: PurePosixPath, new: bytes, base: bytes | None) -> Step | None:
    found = _now(root, path)
    if found is None:
        # A file that was there and is gone was removed by its owner.
        return Step(path, Became.KEPT) if base is not None else Step(path, Became.WRITTEN, new)
    now, base, new = _pinned_alike(found, base, new)
    if now == new:
        return None if new == found else Step(path, Became.UPDATED, new)
    if now == base:
        return Step(path, Became.UPDATED, new)
    if new == base:
        return Step(path, Became.KEPT) if now == found else Step(path, Became.MERGED, now)
    both = merged(now, base, new) if base is not None else None
    if both is None:
        return Step(path.with_name(path.name + _BESIDE), Became.CONFLICT, new)
    return None if both == found else Step(path, Became.MERGED, both)


def _pinned_alike(now: bytes, base: bytes | None, new: bytes) -> tuple[bytes, bytes | None, bytes]:
    """Give the three with each action at its newest pin among the desk's and the program's.

    Dependabot moves the pins in the desk, and the program in its template: the same lines, and no quarrel.
    """
    pins: dict[bytes, tuple[tuple[int, ...], bytes]] = {}
    for text in (now, new):
        for found in _USES.finditer(text):
            version = tuple(int(part) for part in (found["version"] or b"").split(b".") if part)
            pins[found["action"]] = max(pins.get(found["action"], (version, found["pin"])), (version, found["pin"]), key=lambda pin: pin[0])

    def moved(text: bytes) -> bytes:
        return _USES.sub(lambda found: found["uses"] + found["action"] + pins.get(found["action"], ((), found["pin"]))[1], text)

    return moved(now), moved(base) if base is not None else None, moved(new)


def _now(root: Path, path: PurePosixPath) -> bytes | None:
    where = root / path
    if not plain_files.is_plain(where):
        return None
    try:
        return plain_files.read(where, _MAX_WHEEL_BYTES)  # the wheel that wrote the desk is one of its files
    except ValueError as error:
        raise UsageError(f"{where}: {error}", tip="restore it from Git") from error


def _base(root: Path, wanted: Wanted) -> dict[PurePosixPath, bytes]:
    """Give the files of the template that the desk was made from, filled with the same answers."""
    wheels = sorted((root / WHEELS).glob("sovereign_desk-*.whl"))
    texts = _held(wheels[-1]) if wheels else dict(initiate.template(files("sovereign") / "desk" / "earlier" / "first"))
    values = initiate.values(wanted, package="")
    return {path: initiate.fill(text, values | _then(text, wanted)).encode() for path, text in texts.items()}


def _then(text: str, wanted: Wanted) -> dict[str, str]:
    """Give the owners as the first template's program wrote them: it named three folders, and not everything."""
    if "@@CODEOWNERS@@" not in text or "everything" in text:
        return {}
    owner = wanted.owner.removeprefix("@")
    places = ("goals", "site", ".github") if owner else ("goals", "site")
    return {"CODEOWNERS": "\n".join(f"/{name}/ @{owner}" if owner else f"# /{name}/ @your-handle" for name in places)}


def _held(path: Path) -> dict[PurePosixPath, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(plain_files.read(path, _MAX_WHEEL_BYTES))) as archive:
            entries = [item for item in archive.infolist() if item.filename.startswith(_TEMPLATE) and item.file_size <= _MAX_FILE_BYTES]
            return {
                initiate.dotted(PurePosixPath(item.filename.removeprefix(_TEMPLATE))): archive.read(item).decode("utf-8")
                for item in entries
                if not item.is_dir()
            }
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, zlib.error) as error:
        raise UsageError(f"{path}: expected the wheel that wrote this desk, {error}", tip="restore it from Git") from error


def apply(root: Path, steps: tuple[Step, ...]) -> None:
    """Write what was worked out.

    Raises:
        PublishError: It cannot be written.
    """
    try:
        for step in steps:
            place = root / step.path
            if step.became is Became.REMOVED:
                place.unlink(missing_ok=True)
            elif step.content is not None:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(step.content)
    except OSError as error:
        raise PublishError(f"{root}: cannot be written: {error.strerror}", tip="check space and rights there") from error
