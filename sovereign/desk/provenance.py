"""Which published reports have no proof of origin yet: decided from state, so that a run that was lost heals with the next one.

The proof is an attestation at GitHub: this very file was on the main branch when the workflow `publish.yml` of this repository ran.
https://docs.github.com/actions/concepts/security/artifact-attestations
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

from sovereign.adapters import plain_files
from sovereign.desk.naming import REPORTS, is_slug

PROVED = ("record.json", "report.pdf")
# An attestation names at most 1,024 subjects: https://github.com/actions/attest-build-provenance#attestation-limits
MAX_SUBJECTS = 1000
# Versions are looked at newest first; so many with a proof in a row, and the older ones are taken to have theirs.
_ENOUGH = 20
_VERSION = re.compile(r"v[1-9][0-9]*")


def unproved(root: Path, records: Iterable[PurePosixPath], has_proof: Callable[[str], bool]) -> tuple[PurePosixPath, ...]:
    """Give the files of published versions that have no proof yet, at most `MAX_SUBJECTS`.

    Args:
        root: The checkout.
        records: Every record that was ever added below the reports, newest first; those that are gone or elsewhere are passed over.
        has_proof: Tells of a file's SHA-256, in hexadecimal, whether GitHub holds an attestation of it.
    """
    found: list[PurePosixPath] = []
    in_a_row = 0
    for record in _standing(root, records):
        if has_proof(plain_files.sha256(root / record)):
            in_a_row += 1
        else:
            in_a_row = 0
            found += [path for name in PROVED if _is_plain(root, path := record.with_name(name))]
        if in_a_row == _ENOUGH or len(found) > MAX_SUBJECTS - len(PROVED):
            break
    return tuple(found)


def _standing(root: Path, records: Iterable[PurePosixPath]) -> Iterator[PurePosixPath]:
    """Give the records that stand where a published version's does, each once; their names are safe in a list of paths and globs."""
    for path in dict.fromkeys(records):
        below = path.relative_to(REPORTS).parts if path.is_relative_to(REPORTS) else ()
        if len(below) == len(("slug", "version", "name")) and is_slug(below[0]) and _VERSION.fullmatch(below[1]) and _is_plain(root, path):
            yield path


def _is_plain(root: Path, path: PurePosixPath) -> bool:
    where = root / path
    return where.is_file() and not where.is_symlink()
