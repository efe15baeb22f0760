"""Strangers' bytes at every parser: a promised refusal or a value, nothing else; what the long fuzzing found is kept in cases/."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import CASES, TARGETS, Target

KEPT = [pytest.param(path.parent.name, path.read_bytes(), id=f"{path.parent.name}-{path.name}") for path in sorted(CASES.glob("*/*"))]


JUNK = [b"\0", b"\xff\xfe", b"{" * 400, b"<" * 90, b"1e999", b"\xe2\x80\xae", b"null"]


def changed(target: Target) -> st.SearchStrategy[bytes]:
    """Give good inputs with a piece cut out, doubled or replaced, and bytes of any kind."""
    seed = st.sampled_from(target.seeds)
    junk = st.one_of(
        st.binary(max_size=12), st.sampled_from([b"\0", b"\xff\xfe", b"{" * 400, b"<" * 90, b"1e999", b"\xe2\x80\xae", b"null"])
    )

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
