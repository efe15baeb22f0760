"""A hostile paper is shown to the owner, never obeyed, and no report that rests on it is approved by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from sovereign.model import Action, Document, SignKind
from sovereign.readers.html import read_html
from tests.hostile import measure
from tests.hostile.papers import Variant, variants

EVERY = tuple(variants())
MIN_DETECTED = 0.99
QUICK = tuple(variant for variant in EVERY if variant.kind in {"hiding place", "characters", "references"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder of honest papers."""
    return measure.honest(tmp_path_factory.mktemp("shelf") / "papers")


def test_honest_papers_are_approved(folder: Path) -> None:
    """The lenient policy approves the honest shelf by itself: what follows is the hostile paper's doing."""
    report = measure.run(folder)

    assert report.decision.action is Action.AUTO_APPROVE
    assert report.signs == ()


@pytest.mark.parametrize("variant", [pytest.param(variant, id=f"{variant.kind}: {variant.name}") for variant in QUICK])
def test_hiding_places(variant: Variant, folder: Path) -> None:
    """Wherever an order stands, it is told, it is no claim, and the owner is asked."""
    met = measure.meet(variant, folder)

    assert (met.is_detected, met.is_approved, met.is_obeyed) == (True, False, False)


@pytest.mark.slow
def test_every_variant(folder: Path) -> None:
    """All wordings, hidden and in the open: the rate that SECURITY.md states, and none obeyed or approved unseen."""
    met = [measure.meet(variant, folder) for variant in EVERY]
    missed = [(each.variant.kind, each.variant.name) for each in met if not each.is_detected]
    print(measure.table(met), missed)  # noqa: T201  # shown with pytest -s

    assert len(met) >= 60
    assert len(missed) <= (1 - MIN_DETECTED) * len(met), missed
    assert not [each.variant.name for each in met if each.is_approved and each.is_detected]
    assert not [each.variant.name for each in met if each.is_obeyed]


def test_a_hostile_paper_says_what_was_hidden(folder: Path) -> None:
    """The owner reads the order's own words, and where they stood."""
    (variant,) = [each for each in EVERY if each.name == "white on white" and each.kind == "hiding place"]
    from pathlib import PurePosixPath

    document: Document = read_html("p", {PurePosixPath("p.html"): variant.content.encode()})

    assert any(sign.kind is SignKind.INSTRUCTION and "ignore all previous instructions" in sign.words for sign in document.signs)
