"""The same goal again, with nothing changed: then the report that stands there is the answer, and nothing is computed.

A run of the local engine is a function of the goal, the day, the program's files, the settings, the papers and what servers said. Where
none of these changed since the last run, its report is read instead. Whatever is in doubt is researched anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path

import sovereign
from sovereign import foreign, record
from sovereign.adapters import atomic_files, plain_files
from sovereign.adapters.folder import MAX_FILE_BYTES
from sovereign.adapters.site_dir import SiteDir
from sovereign.cli.world import CACHE, Wish, kept_web
from sovereign.desk.publication import Published
from sovereign.model import Engine, Goal

FORMAT = 1
MAX_HASHED_BYTES = 4 << 30
"""Of the papers' folder: beyond it a file's size and time tell whether it is the same, as they do for the program's own."""
MAX_NOTE_BYTES = 16 << 20
_ENVIRONMENT = ("SOVEREIGN_", "OPENALEX_")


def find(goal: Goal, wish: Wish, place: SiteDir, state: str) -> Published | None:
    """Give the report of the last run over this goal (made by `aimed`), where it would come out again; None where that is not sure.

    Args:
        state: What `inputs` gives now.
    """
    try:
        kept = foreign.read(plain_files.read(_note(goal, wish), MAX_NOTE_BYTES))
        version = foreign.whole(kept["version"])
        folder = place.root / goal.slug / f"v{version}"
        text = plain_files.text(folder / "record.json", record.MAX_BYTES)
        used = {key: (str(what), None if keep_s is None else float(keep_s)) for key, (what, keep_s) in kept["used"].items()}
        is_same = kept["format"] == FORMAT and kept["inputs"] == state != ""
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    web = kept_web(wish)
    if not is_same or kept["record"] != _sha256(text.encode()) or not web.stands(used) or not place.slot(goal.slug, text).is_same:
        return None
    return Published(record.from_json(text, name=str(folder / "record.json")), folder, version, is_same=True)


def note(goal: Goal, wish: Wish, published: Published, before: str, after: str) -> None:
    """Keep what the next run needs to know that nothing changed; nothing is kept of a run that rests on more than it can look up.

    Args:
        before: What `inputs` gave before the run, and after: what it gives now. Where papers or settings changed meanwhile, nobody knows
            which of them the report rests on.
    """
    if not before or before != after:
        return
    if published.report.engine is not Engine.LOCAL or goal.engine is Engine.MODEL or not wish.ledger.is_whole:  # no engine named: local
        return
    try:
        text = plain_files.read(published.folder / "record.json", record.MAX_BYTES)
        facts = {"format": FORMAT, "inputs": before, "version": published.version, "record": _sha256(text), "used": wish.ledger.used}
        path = _note(goal, wish)
        atomic_files.write(path, json.dumps(facts).encode(), path.parent)
    except (OSError, ValueError):
        return  # the next run computes, which is never wrong


def _note(goal: Goal, wish: Wish) -> Path:
    return wish.desk / CACHE / "same" / f"{goal.slug}.json"


def inputs(goal: Goal, wish: Wish, place: SiteDir, *, with_pdf: bool) -> str:
    """Give a hash over everything but the servers' answers that a run of the local engine depends on; empty where a file went meanwhile."""
    try:
        return _hashed(goal, wish, place, with_pdf=with_pdf)
    except OSError:
        return ""


def _hashed(goal: Goal, wish: Wish, place: SiteDir, *, with_pdf: bool) -> str:
    seen = hashlib.sha256(json.dumps(asdict(goal), sort_keys=True, default=str).encode())
    told = (wish.offline, wish.is_example, bool(wish.papers), str(place.root.resolve()), with_pdf)
    day = wish.today or date.today()  # noqa: DTZ011  # the day where the researcher sits
    seen.update(repr((day.isoformat(), *told)).encode())
    for name in sorted(os.environ):
        if name.startswith(_ENVIRONMENT):
            seen.update(f"{name}={os.environ[name]}".encode())
    for path in _settings(wish.desk):
        seen.update(plain_files.sha256(path).encode())
    for path in _files(Path(sovereign.__file__).parent):
        state = path.stat()
        seen.update(os.fsencode(path) + f":{state.st_size}:{state.st_mtime_ns}".encode())
    hashed = 0
    for path in _files(wish.papers) if wish.papers else ():
        facts = path.stat()
        hashed += facts.st_size if facts.st_size <= MAX_FILE_BYTES else 0
        # What is larger than any paper is not read, and not hashed either: a film of 20 GB would take minutes, as a hundred short ones do.
        is_hashed = facts.st_size <= MAX_FILE_BYTES and hashed <= MAX_HASHED_BYTES
        what = plain_files.sha256(path) if is_hashed else f"{facts.st_size} bytes, changed at {facts.st_mtime_ns}"
        seen.update(os.fsencode(path) + f":{what}".encode())
    return seen.hexdigest()


def _settings(desk: Path) -> Iterator[Path]:
    for folder in (desk.resolve(), *desk.resolve().parents):
        if (folder / "pyproject.toml").is_file():
            yield folder / "pyproject.toml"


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in plain_files.below(folder) if "__pycache__" not in path.parts)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
