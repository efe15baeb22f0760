"""The table: what becomes of a run for every service, fault and moment; a cell that is not here does not exist.

Read it as rules with their exceptions: a fault that may pass is recovered when it meets one request; where it meets every request, a
service that the run can do without costs a Gap, and one that it cannot do without ends it with a sentence and an exit code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from standins.faulty import PASSING, Fault
from tests.faults.proxy import ABSENT, Spoiler, Trouble
from tests.faults.services import SERVICES, Outcome, When

FAULTS: tuple[Spoiler, ...] = (*Fault, *Trouble)
_ONCE = tuple(fault for fault in FAULTS if fault not in ABSENT)


@dataclass(frozen=True, slots=True)
class Cell:
    """One expectation; code is the exit code of the run."""

    service: str
    fault: Spoiler
    when: When
    outcome: Outcome
    code: int

    @property
    def name(self) -> str:
        """The cell's name in tests."""
        return f"{self.service}-{self.fault}-{self.when}"


def _usual(fault: Spoiler, when: When, lasting: Outcome) -> Outcome:
    """Give the rule: a passing fault met once is recovered, anything else is what the service's loss means."""
    return Outcome.RECOVERED if when is When.ONCE and (fault in PASSING or fault is Trouble.UNEXPECTED) else lasting


_LASTING: Mapping[str, Outcome] = {
    "arXiv search": Outcome.STOPPED,
    "arXiv full text": Outcome.DEGRADED,
    "OpenAlex": Outcome.STOPPED,
    "arXiv search beside OpenAlex": Outcome.DEGRADED,
    "OpenAlex beside arXiv": Outcome.DEGRADED,
    "chat model": Outcome.DEGRADED,
    "embeddings": Outcome.DEGRADED,
    "GitHub": Outcome.STOPPED,
    "Git remote": Outcome.STOPPED,
}
_CODE = {"GitHub": 4, "Git remote": 4}
_REFUSALS = (Fault.BAD_REQUEST, Fault.UNAUTHORIZED, Fault.FORBIDDEN, Fault.NOT_FOUND, Fault.GONE)
_MANY_SEARCHES = ("arXiv search", "OpenAlex", "arXiv search beside OpenAlex", "OpenAlex beside arXiv")
EXCEPTIONS: dict[tuple[str, Spoiler, When], Outcome] = {
    # One search of several was refused for good: the others stand, and the report names the one that does not.
    **{(name, fault, When.ONCE): Outcome.DEGRADED for name in _MANY_SEARCHES for fault in (*_REFUSALS, Fault.BOMB, Fault.INNER)},
    # A redirection that leads back to itself once leads to the answer the second time; the model's key is never carried along.
    **{(name, Fault.LOOP, When.ONCE): Outcome.RECOVERED for name in SERVICES if name not in {"chat model", "embeddings"}},
    # JSON and XML say themselves how they are encoded.
    **{(name, Fault.WRONG_ENCODING, When.ALWAYS): Outcome.RECOVERED for name in SERVICES if name not in {"arXiv full text", "Git remote"}},
    # An answer from GitHub that drips, or speaks of other things, is no outage: the step ends at once and is run again as a whole.
    **{("GitHub", fault, When.ONCE): Outcome.STOPPED for fault in (Fault.DRIP, Fault.HEADER_DRIP, Fault.HINTS, Trouble.UNEXPECTED)},
    # To Git a bomb is an answer that does not end in time, and a Retry-After is nothing it tells of: both are asked for again.
    **{("Git remote", fault, When.ONCE): Outcome.RECOVERED for fault in (Fault.BOMB, Fault.TOO_MANY_LONG)},
    # The HTML is refused, the same paper's source or PDF is asked for, and is not there.
    ("arXiv full text", Fault.BOMB, When.ONCE): Outcome.DEGRADED,
}


def cells() -> tuple[Cell, ...]:
    """Give every cell."""
    return tuple(_cell(service, fault, when) for service in SERVICES for when in When for fault in (_ONCE if when is When.ONCE else FAULTS))


def _cell(service: str, fault: Spoiler, when: When) -> Cell:
    outcome = EXCEPTIONS.get((service, fault, when), _usual(fault, when, _LASTING[service]))
    return Cell(service, fault, when, outcome, _CODE.get(service, 3) if outcome is Outcome.STOPPED else 0)
