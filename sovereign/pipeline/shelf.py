"""What one run has read so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from sovereign.model import Document, Paper, Passage, Sign


@dataclass(slots=True)
class Shelf:
    """Papers in reading order, with their documents and passages by paper id."""

    papers: list[Paper] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    passages: dict[str, tuple[Passage, ...]] = field(default_factory=dict)

    def put(self, paper: Paper, document: Document, passages: tuple[Passage, ...]) -> None:
        """Add one paper."""
        self.papers.append(paper)
        self.documents[paper.id] = document
        self.passages[paper.id] = passages

    @property
    def by_id(self) -> dict[str, Paper]:
        """The papers by id."""
        return {paper.id: paper for paper in self.papers}

    @property
    def signs(self) -> tuple[Sign, ...]:
        """Every suspicious sign of every document, in reading order, each once."""
        return tuple(dict.fromkeys(sign for paper in self.papers for sign in self.documents[paper.id].signs))
