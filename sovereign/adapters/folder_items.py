"""One paper of a folder: what its bytes told when it was found; they are read again, from the disk, when somebody reads it.

Nothing is held meanwhile: forty archives of 100 kB each unfold to more memory than a machine has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sovereign.model import Form, digest

Files = Mapping[PurePosixPath, bytes]


@dataclass(frozen=True, slots=True)
class Item:
    """One paper file or LaTeX folder below the root, as found.

    Attributes:
        content_hash: Of names and bytes, 12 hex digits; names count only inside a LaTeX folder.
        size: Of all its files together, unpacked, in bytes.
    """

    form: Form
    path: PurePosixPath
    content_hash: str
    size: int
    files: Files = field(repr=False)


def found(form: Form, path: PurePosixPath, files: Files, again: Callable[[], Files]) -> Item:
    """Give the item that these files are; `again` reads them once more."""
    told = _hash(files)
    return Item(form, path, told, sum(map(len, files.values())), _OnDisk(tuple(files), told, again))


def _hash(files: Files) -> str:
    if len(files) == 1:
        return hashlib.sha256(next(iter(files.values()))).hexdigest()[:12]
    return digest(*(f"{name}:{hashlib.sha256(data).hexdigest()}" for name, data in sorted(files.items())))


class _OnDisk(Mapping[PurePosixPath, bytes]):
    """An item's files, read together each time that they are asked for.

    Raises:
        ValueError: When they are read: they are gone, cannot be read any more, or are others than were found.
    """

    def __init__(self, names: tuple[PurePosixPath, ...], told: str, again: Callable[[], Files]) -> None:
        self._names = names
        self._told = told
        self._again = again

    def __getitem__(self, name: PurePosixPath) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        return self._read()[name]

    def __iter__(self) -> Iterator[PurePosixPath]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def items(self) -> ItemsView[PurePosixPath, bytes]:
        return self._read().items()

    def values(self) -> ValuesView[bytes]:
        return self._read().values()

    def _read(self) -> Files:
        files = self._again()
        if _hash(files) != self._told:
            raise ValueError("it was changed while the folder was read")
        return files
