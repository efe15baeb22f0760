"""One run at a time talks to arXiv: a run waits until those before it are done (https://info.arxiv.org/help/api/tou.html: one connection).

A concurrency group of GitHub's would cancel the run that waits when a third one comes, and with it what somebody asked for by hand.
"""

from __future__ import annotations

from collections.abc import Callable

from sovereign.errors import OutsideError

LOOK_EVERY_S = 30.0
LONGEST_S = 5 * 3600.0


def wait(earlier: Callable[[], tuple[int, ...]], sleep: Callable[[float], None], tell: Callable[[str], None]) -> None:
    """Come back when no earlier run is unfinished.

    Raises:
        OutsideError: An earlier run is still going after five hours.
    """
    waited = 0.0
    while runs := earlier():
        if waited >= LONGEST_S:
            raise OutsideError(
                f"run {runs[0]}: expected it to end within {LONGEST_S / 3600:.0f} hours, it still goes", tip="cancel it; the next run heals"
            )
        tell(f"waiting for run {', '.join(map(str, runs))}")
        sleep(LOOK_EVERY_S)
        waited += LOOK_EVERY_S
