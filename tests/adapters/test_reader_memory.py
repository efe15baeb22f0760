"""The same bytes are read once, under whatever name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest

from sovereign.adapters.reader_memory import RememberingReader
from sovereign.model import Document, Form, Gap, Sign, SignKind

ONE = {PurePosixPath("a.html"): b"one"}


class Counting:
    """A reader that counts, and cannot read "bad"."""

    def __init__(self) -> None:
        self.read: list[bytes] = []

    def __call__(self, paper: str, files: Mapping[PurePosixPath, bytes]) -> Document:
        """Read the one file."""
        (data,) = files.values()
        self.read.append(data)
        if data == b"bad":
            raise ValueError("not a paper")
        sign = Sign(SignKind.INVISIBLE, paper, "page 1", "x")
        return Document(paper, Form.HTML, data.decode(), signs=(sign,), gaps=(Gap("read", paper, "no table"), Gap("read", "other", "why")))


def test_the_same_bytes_are_read_once() -> None:
    """The second time under another id, which stands wherever the first did."""
    inner = Counting()
    reader = RememberingReader(inner)

    first, again = reader("file:1", ONE), reader("arxiv:1", dict(ONE))

    assert inner.read == [b"one"]
    assert (first.paper, again.paper, again.text) == ("file:1", "arxiv:1", "one")
    assert again.signs[0].paper == "arxiv:1"
    assert [gap.subject for gap in again.gaps] == ["arxiv:1", "other"]
    assert reader("file:1", ONE) == first


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({PurePosixPath("a.html"): b"two"}, id="other bytes"),
        pytest.param({PurePosixPath("b.html"): b"one"}, id="other name"),
    ],
)
def test_other_files_are_read(files: Mapping[PurePosixPath, bytes]) -> None:
    """Names count too: LaTeX finds its parts by them."""
    inner = Counting()
    reader = RememberingReader(inner)
    reader("file:1", ONE)
    reader("file:1", files)

    assert len(inner.read) == 2


def test_what_cannot_be_read_is_not_tried_twice() -> None:
    """The same words both times."""
    inner = Counting()
    reader = RememberingReader(inner)

    for _ in range(2):
        with pytest.raises(ValueError, match="not a paper"):
            reader("file:1", {PurePosixPath("a"): b"bad"})

    assert inner.read == [b"bad"]
