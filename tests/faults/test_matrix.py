"""Every cell of the matrix, against servers on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from standins import shelf
from standins.chat import serve
from standins.chat_player import Character, play
from standins.faulty import Fault
from tests.faults.desk import KEY, Desk
from tests.faults.matrix import Cell, cells
from tests.faults.proxy import Proxy, Trouble
from tests.faults.services import SERVICES, Outcome, When, paper_world

CELLS = cells()
QUICK = {"arXiv search", "arXiv full text", "chat model", "embeddings", "Git remote"}
QUICK_FAULTS = {Fault.RESET, Fault.UNAUTHORIZED, Fault.TOO_MANY_LONG, Fault.HTML}
NEVER = ("Traceback", KEY, "loopback-token")


def marked(cell: Cell) -> object:
    """Leave the cells that take long, or whose like is among the quick ones, to the slow suite."""
    is_quick = cell.service == "GitHub" or (cell.service in QUICK and (cell.fault in QUICK_FAULTS or cell.fault is Trouble.REFUSED))
    return pytest.param(cell, id=cell.name, marks=() if is_quick else pytest.mark.slow)


def test_no_cell_is_undefined() -> None:
    """Every service meets every fault; and the three outcomes all occur."""
    assert len(CELLS) == len({(cell.service, cell.fault, cell.when) for cell in CELLS}) >= 120
    assert {cell.service for cell in CELLS} == set(SERVICES)
    assert {cell.outcome for cell in CELLS} == set(Outcome)
    assert {cell.fault for cell in CELLS if cell.when is When.ALWAYS} == {*Fault, *Trouble}


@pytest.mark.parametrize("cell", [marked(cell) for cell in CELLS])
def test_cell(cell: Cell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ends as the table says; what could not be done is told to the owner in words, and no key is among them."""
    seen = SERVICES[cell.service](tmp_path, monkeypatch, cell.fault, cell.when)

    assert (seen.outcome, seen.code) == (cell.outcome, cell.code), seen
    assert not any(word in seen.words for word in NEVER)
    if cell.outcome is Outcome.STOPPED:
        assert "ERROR" in seen.words
        assert "TIP" in seen.words
        assert not seen.facts.get("report")
        assert seen.facts.get("untouched", True)
    if cell.outcome is Outcome.DEGRADED:
        assert seen.words, "what could not be done must stand in the report"


def test_an_embedder_that_is_retired_midway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run begins anew with the embedded one, whose vectors alone it then uses; the report says why, and nothing is fetched twice."""
    desk = Desk(tmp_path / "desk", monkeypatch)
    desk.ask(shelf.goal(papers=2))
    with paper_world(None, When.ALWAYS, "search") as environ, serve(play(Character.HONEST)) as service, Proxy(service.base_url) as proxy:
        service.script = lambda _name, body: service.vectors(body)
        proxy.faults, proxy.always = [None, None, None], Fault.GONE
        desk.use(proxy.url, embeds=True)
        ran = desk.run(environ=environ)

    assert ran.code == 0, ran.said
    assert len(proxy.served) == 3
    assert [why for why in ran.whys if "retired" in why and "embedded embedder took its place" in why]
    assert ran.report
    assert "some/embedder" not in " ".join(part.name for part in ran.report.parts)
