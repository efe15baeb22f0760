"""A new desk: everything that a repository needs to research, review and publish, written from the package's own template."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from sovereign.adapters import goal_file
from sovereign.desk import wheel
from sovereign.desk.naming import slug_for
from sovereign.errors import PublishError, UsageError
from sovereign.exports.citation import citation_cff
from sovereign.model import Goal
from sovereign.text import escape_markdown, fold

FIRST_QUESTION = "How does sparse mixture-of-experts routing change the inference throughput of vision-language models against dense ones?"
# Packages leave out files whose names begin with a dot, so the template has them without.
_DOTTED = {"github": ".github", "gitignore": ".gitignore"}
WHEELS = PurePosixPath("vendor")
# What the owner said when the desk was made: an update fills the templates of then and of now with it.
ANSWERS = WHEELS / "desk.json"
SCHEMA = PurePosixPath("site/schemas/goal.schema.json")
_PACKAGE = re.compile(r"[^\s#-]\S*(?: @ \S+)?(?: --hash=sha256:[0-9a-f]{64})+")
_HANDLE = re.compile(r"@?([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:/[A-Za-z0-9._-]+)?)")
_HERE = PurePosixPath()
_PLACE = re.compile(r"@@([A-Z_]+)@@")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new desk shall be.

    Attributes:
        owner: GitHub handle or org/team that reviews; empty for none yet.
        package: What pip installs on GitHub's machines, as a line of requirements.txt with its hash; empty for what is running now, which
            is put into the desk as a wheel. No name is taken from an index: one that is not there could be registered by anybody.
    """

    name: str
    owner: str = ""
    question: str = FIRST_QUESTION
    package: str = ""


def desk_files(wanted: Wanted) -> dict[PurePosixPath, bytes]:
    """Give every file of the new desk by its path.

    Raises:
        UsageError: The owner is no handle, the package is no single line, or the question is no goal.
    """
    owner = _HANDLE.fullmatch(wanted.owner) if wanted.owner else None
    if wanted.owner and owner is None:
        raise UsageError(f"owner: expected a GitHub handle or org/team, got {wanted.owner!r}")
    if wanted.package and not _PACKAGE.fullmatch(wanted.package.strip()):
        tip = "for example a wheel's address, and --hash=sha256:… behind it; without --package the desk holds what is running now"
        raise UsageError("package: expected one line of a requirements file with its SHA-256", tip=tip)
    vendored = {} if wanted.package else {WHEELS / wheel.name(): wheel.built()}
    package = wanted.package.strip() or "".join(
        f"./{path} --hash=sha256:{sha256(content).hexdigest()}" for path, content in vendored.items()
    )
    filled = values(wanted, package=package)
    found = {path: fill(text, filled).encode() for path, text in template(files("sovereign") / "desk" / "template")}
    found |= vendored
    kept = {"name": fold(wanted.name), "owner": owner[1] if owner else ""}
    found[ANSWERS] = (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()
    found[SCHEMA] = (json.dumps(goal_file.schema(), indent=1, ensure_ascii=False) + "\n").encode()
    goal = Goal(
        slug=slug_for(wanted.question),
        question=fold(wanted.question) or "?",
        reviewers=(owner[1],) if owner and "/" not in owner[1] else (),
    )
    found[PurePosixPath("CITATION.cff")] = citation_cff(fold(wanted.name)).encode()
    path = PurePosixPath("goals") / f"{goal.slug}.yaml"
    found[path] = goal_file.dump(goal).encode()
    goal_file.parse(str(path), found[path])
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """Give a text of the template with its places filled."""
    return _PLACE.sub(lambda place: values[place[1]], text)


def values(wanted: Wanted, *, package: str) -> dict[str, str]:
    """Give what stands in the template's places."""
    owner = wanted.owner.removeprefix("@")
    return {
        "NAME": json.dumps(fold(wanted.name), ensure_ascii=False),
        "NAME_MARKDOWN": escape_markdown(wanted.name),
        "CODEOWNERS": f"* @{owner}" if owner else "# * @your-handle",
        "PACKAGE": package,
    }


def dotted(path: PurePosixPath) -> PurePosixPath:
    """Give a template's path as it is in a desk."""
    return PurePosixPath(*(_DOTTED.get(part, part) for part in path.parts))


def template(folder: Traversable, below: PurePosixPath = _HERE) -> list[tuple[PurePosixPath, str]]:
    """Give every text of a template, by its path in a desk."""
    found: list[tuple[PurePosixPath, str]] = []
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = below / _DOTTED.get(item.name, item.name)
        found += template(item, path) if item.is_dir() else [(path, item.read_text(encoding="utf-8"))]
    return found


def write(root: Path, wanted: Wanted) -> tuple[PurePosixPath, ...]:
    """Write the desk into a folder that is empty, missing, or a fresh repository; give the files in order.

    Raises:
        UsageError: The folder holds something already; nothing is written then.
        PublishError: It cannot be written.
    """
    made = desk_files(wanted)
    if root.exists() and (not root.is_dir() or any(item.name != ".git" for item in root.iterdir())):
        raise UsageError(f"{root}: expected an empty folder or a new name, found files there", tip="choose another folder")
    try:
        for path, content in made.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    except OSError as error:
        raise PublishError(f"{root}: cannot be written: {error.strerror}", tip="check space and rights there") from error
    return tuple(sorted(made))
