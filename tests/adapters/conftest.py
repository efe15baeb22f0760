"""What the adapters' tests share: a web that waits for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sovereign.adapters.web import Pacer, Patience, PoliteWeb

AGENT = "sovereign/test (tests@example.org)"
HASTE = Patience(
    attempts=3, total_s=5.0, wait_s=0.01, connect_s=1.0, read_s=0.25, answer_s=0.6, retry_after_s=2.0, later_s=0.01, rest_s=60.0
)
"""The same rules as in earnest, hundreds of times faster."""

MakeWeb = Callable[..., PoliteWeb]


@pytest.fixture
def make_web() -> Iterator[MakeWeb]:
    """Give a maker of hasty webs; all are closed afterwards."""
    made: list[PoliteWeb] = []

    def make(**options: object) -> PoliteWeb:
        settings: dict[str, object] = {"agent": AGENT, "patience": HASTE, "inner": {"127.0.0.1"}, **options}
        made.append(PoliteWeb(Pacer(0.0), **settings))  # type: ignore[arg-type]  # options by name
        return made[-1]

    yield make
    for web in made:
        web.close()


@pytest.fixture
def web(make_web: MakeWeb) -> PoliteWeb:
    """Give one hasty web."""
    return make_web()
