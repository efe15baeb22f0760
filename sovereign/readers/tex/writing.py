"""What a run over LaTeX tokens writes: finished pieces, and what waits for the end of the paragraph."""

from __future__ import annotations

from dataclasses import dataclass, field

from sovereign.model import BlockKind
from sovereign.readers.building import Piece

_PLAIN_PUNCTUATION = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("`", "‘"))


@dataclass(slots=True)
class Writing:
    """What is being written: finished pieces, the paragraph at hand, and floats and notes that wait for its end."""

    pieces: list[Piece] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)

    def flush(self, kind: BlockKind = BlockKind.PROSE) -> None:
        """End the paragraph; what waited for its end follows it."""
        text = "".join(self.line)
        self.line.clear()
        if text.strip(" \n\t\u00a0\ufffd"):  # a placeholder alone stood for how the page looks
            self.pieces.append(Piece(kind, text))
        self.pieces += self.after
        self.after = []


def punctuated(text: str) -> str:
    """Give letters as TeX prints them: its quotes and dashes are typed with signs of a typewriter."""
    for mark, shown in _PLAIN_PUNCTUATION:
        if mark in text:
            text = text.replace(mark, shown)
    return text
