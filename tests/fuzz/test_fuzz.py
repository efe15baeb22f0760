"""Strangers' bytes at every parser: a promised refusal or a value, nothing else; what the long fuzzing found is kept in cases/."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import shapes
from tests.fuzz.target import Target
from tests.fuzz.targets import CASES, TARGETS

KEPT = [pytest.param(path.parent.name, path.read_bytes(), id=f"{path.parent.name}-{path.name}") for path in sorted(CASES.glob("*/*"))]
JSON = [name for name, target in TARGETS.items() if target.is_json]
JUNK = [b"\0", b"\xff\xfe", b"{" * 400, b"<" * 90, b"1e999", b"\xe2\x80\xae", b"null"]


def changed(target: Target) -> st.SearchStrategy[bytes]:
    """Give good inputs with a piece cut out, doubled or replaced, and bytes of any kind."""
    seed = st.sampled_from(target.seeds)
    junk = st.one_of(st.binary(max_size=12), st.sampled_from(JUNK))

    def spoil(parts: tuple[bytes, list[tuple[float, int, bytes]]]) -> bytes:
        data, cuts = parts
        for place, length, put in cuts:
            at = int(place * len(data))
            data = data[:at] + put + data[at + length :]
        return data

    cut = st.tuples(st.floats(0, 1), st.integers(0, 60), junk)
    return st.one_of(st.binary(max_size=200), st.tuples(seed, st.lists(cut, min_size=1, max_size=4)).map(spoil))


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_read(name: str) -> None:
    """Every seed is a good input: a target that refuses everything proves nothing."""
    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes(name: str) -> None:
    """A few dozen spoiled inputs for each parser."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(changed(TARGETS[name]))
    def meet(data: bytes) -> None:
        TARGETS[name].meet(data)

    meet()


@pytest.mark.parametrize("name", JSON)
def test_any_shape(name: str) -> None:
    """JSON in which one value is of another kind than was promised, each value in turn, or is not there."""
    _meet_shapes(name, ("null", '"x"', "[]"))


@pytest.mark.slow
@pytest.mark.parametrize("name", JSON)
def test_any_shape_at_length(name: str) -> None:
    """With every odd value there is."""
    _meet_shapes(name, shapes.ODD)


def _meet_shapes(name: str, odd: Sequence[str]) -> None:
    wrong: dict[str, bytes] = {}
    for seed in TARGETS[name].seeds:
        with suppress(ValueError):  # a seed that is no JSON has no shape
            for data in shapes.spoiled(seed, odd):
                try:
                    TARGETS[name].meet(data)
                except Exception as error:  # noqa: BLE001  # all of them are wanted
                    wrong[f"{type(error).__name__}: {error}"[:200]] = data[-2000:]
    assert not wrong, "\n".join(f"{why}\n    {data!r}" for why, data in wrong.items())


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_at_length(name: str) -> None:
    """Two thousand."""

    @settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
    @given(changed(TARGETS[name]))
    def meet(data: bytes) -> None:
        TARGETS[name].meet(data)

    meet()


@pytest.mark.parametrize(("name", "data"), KEPT)
def test_found_before(name: str, data: bytes) -> None:
    """What fuzzing found once is never found again."""
    TARGETS[name].meet(data)
