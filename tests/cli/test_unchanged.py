"""The same goal again: nothing is asked and nothing computed, unless anything at all that a report depends on changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sovereign import pipeline
from sovereign.ports import Tell, World
from standins import shelf
from standins.faulty import Fault
from tests.faults.desk import Desk, Ran
from tests.faults.services import When, paper_world


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give a desk."""
    return Desk(tmp_path / "desk", monkeypatch)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the goals that were really researched."""
    done: list[str] = []
    research = pipeline.research

    def watched(goal: object, world: World, tell: Tell) -> object:
        done.append("researched")
        return research(goal, world, tell)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(pipeline, "research", watched)
    return done


def test_nothing_changed(desk: Desk, computed: list[str]) -> None:
    """The second run reads the first one's report; the third, offline, is another question and computes, with no request."""
    with shelf.arxiv(3) as arxiv:
        environ = {"SOVEREIGN_ARXIV_API_URL": arxiv.url, "SOVEREIGN_ARXIV_URL": arxiv.url}
        first = desk.run(environ=environ)
        asked = len(arxiv.asked)
        again = desk.run(environ=environ)
        offline = desk.run("--offline", environ=environ)

    assert (first.code, again.code, offline.code) == (0, 0, 0)
    assert again.out == first.out == offline.out
    assert len(arxiv.asked) == asked
    assert computed == ["researched"] * 2


def test_a_goal_that_names_no_engine(desk: Desk, computed: list[str]) -> None:
    """Most goals name none, and the local one answers: such a report is read again too."""
    path = desk.folder / "goals" / "boats.yaml"
    path.write_text("".join(line for line in path.read_text("utf-8").splitlines(keepends=True) if not line.startswith("engine:")), "utf-8")
    with paper_world(None, When.ALWAYS, "search") as environ:
        assert desk.run(environ=environ).code == 0
        assert desk.run(environ=environ).code == 0

    assert "engine" not in path.read_text("utf-8")
    assert computed == ["researched"]


def _goal(folder: Path) -> None:
    (folder / "goals" / "boats.yaml").write_text(shelf.goal(papers=2), "utf-8")


def _page(folder: Path) -> None:
    (folder / "site" / "reports" / "boats" / "index.md").unlink()


def _record(folder: Path) -> None:
    path = folder / "site" / "reports" / "boats" / "v1" / "record.json"
    path.write_text(path.read_text("utf-8").replace('"claims"', '"claims" ', 1), "utf-8")


def _answers(folder: Path) -> None:
    for path in (folder / ".sovereign" / "cache" / "web" / "bodies").rglob("*"):
        if path.is_file():
            path.unlink()


def _settings(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.sovereign]\n", "utf-8")


def _note(folder: Path) -> None:
    (folder / ".sovereign" / "cache" / "same" / "boats.json").write_text("[]", "utf-8")


@pytest.mark.parametrize("change", [_goal, _page, _record, _answers, _settings, _note], ids=lambda change: change.__name__)
def test_anything_that_changed_is_researched(change: Callable[[Path], None], desk: Desk, computed: list[str]) -> None:
    """Goal, page, record, kept answers, settings, the note itself: whatever is in doubt is computed anew."""
    with paper_world(None, When.ALWAYS, "search") as environ:
        assert desk.run(environ=environ).code == 0
        change(desk.folder)
        again: Ran = desk.run(environ=environ)

    assert again.code == 0, again.said
    assert computed == ["researched"] * 2


def test_an_outage_is_no_state_of_the_world(desk: Desk, computed: list[str]) -> None:
    """A run that a fault touched is not taken for the last word: the next one asks again."""
    with paper_world(Fault.SERVER_ERROR, When.ALWAYS, "text") as environ:
        assert desk.run(environ=environ).code == 0
        assert desk.run(environ=environ).code == 0

    assert computed == ["researched"] * 2
