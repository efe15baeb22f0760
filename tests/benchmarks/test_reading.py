"""The comparison with other readers counts what is lost and nothing that is left out on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import reading
from sovereign.model import Block, BlockKind, Document, Form

FIRST = "the waxed boats stayed afloat for forty minutes on the pond"
SECOND = "the dry boats went down after twelve minutes in the cold"


def document(*parts: tuple[BlockKind, str]) -> Document:
    """Give a document of these blocks."""
    text, blocks = "", []
    for kind, part in parts:
        start = len(text) + (2 if text else 0)
        text = f"{text}\n\n{part}" if text else part
        blocks.append(Block(kind, start, len(text)))
    return Document("p", Form.PDF, text, (), tuple(blocks))


def share(ours: Document, theirs: str) -> float:
    """Give the counted share where two peers gave the same text."""
    return reading.compared("p", ours, {"one": theirs, "other": theirs}).ours_counted


def test_words_are_the_same_however_they_are_written() -> None:
    """Hyphens at a line's end, ligatures, scripts, accents and numbers of lines make no other words."""
    assert reading.words("The eﬃ-\ncient q_i of Rücklé") == reading.words("the effi-\n 12\ncient qi of Ru\u0308ckle\u0301")


@pytest.mark.parametrize(
    "theirs",
    [
        pytest.param(f"{FIRST} {SECOND}", id="the same"),
        pytest.param(f"{FIRST} 7 {SECOND}", id="a page number between"),
        pytest.param(FIRST.replace("forty", "forty 12"), id="the number of a line"),
        pytest.param(f"{SECOND} {FIRST}", id="blocks in another order"),
    ],
)
def test_what_is_left_out_on_purpose_is_not_counted(theirs: str) -> None:
    """Numbers of pages and lines, and the seams between blocks, are no loss."""
    assert share(document((BlockKind.PROSE, FIRST), (BlockKind.PROSE, SECOND)), theirs) == 1.0


@pytest.mark.parametrize(
    "ours",
    [
        pytest.param(FIRST, id="a paragraph lost"),
        pytest.param(f"{FIRST} {SECOND.replace('twelve ', '')}", id="a word lost"),
        pytest.param(" ".join(f"{a} {b}" for a, b in zip(FIRST.split(), SECOND.split(), strict=True)), id="two columns spliced"),
    ],
)
def test_what_is_lost_is_counted(ours: str) -> None:
    """Words that are missing, and lines read across, lower the share."""
    assert share(document((BlockKind.PROSE, ours)), f"{FIRST} {SECOND}") < 0.8


def test_missing_peers_are_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the other readers are not installed, it says which, and how to get them."""
    monkeypatch.setattr(reading, "installed", list)

    assert reading.main([str(Path("a.pdf"))]) == 2
    said = capsys.readouterr().err
    assert "pdfminer.six" in said
    assert "pip" in said
