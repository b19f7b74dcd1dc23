"""How the journal fares, for whoever watches over the processes that share it.

`bot.backends` implements it. It waits on a disk or a network and is async.
"""

from dataclasses import dataclass
from typing import Protocol

from bot.ports.gateways import Gateways

BOUNDS_MS = (5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1_000.0, 2_500.0, 5_000.0, 10_000.0)
"""Times are counted in steps: how many took at most so long."""


@dataclass(frozen=True, slots=True)
class RequestCount:
    """How many requests were of one sort and ended in one way.

    ``kind`` and ``answered`` are None where they are not known, or were forgotten, and of what
    nobody asked and the bot did not answer, which is work too; ``error`` is what stood in the way
    of an answer, else of its delivery.
    """

    platform: str
    kind: str | None
    answered: bool | None
    error: str | None
    count: int


@dataclass(frozen=True, slots=True)
class TimesCount:
    """How long one stage of answering took: ``within[i]`` took at most ``BOUNDS_MS[i]``."""

    stage: str
    count: int
    total_ms: float
    within: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """What the journal counts, of all processes that share it.

    ``times`` holds the stages by name, and the whole of it as ``TOTAL``; it may leave out what was
    long over at the first count, the rest may not. ``waiting`` counts the
    requests that were begun of late and are not finished. ``reindexes`` (done, failed, running)
    are those of chat and of the command line; ``feedback`` counts verdicts. Each is a pair.
    """

    requests: tuple[RequestCount, ...] = ()
    times: tuple[TimesCount, ...] = ()
    waiting: int = 0
    reindexes: tuple[tuple[str, int], ...] = ()
    feedback: tuple[tuple[str, int], ...] = ()


TOTAL = "all"
"""The stage that stands for the whole of an answer."""


class Vitals(Protocol):
    """Says how the journal fares. Both methods raise `JournalError` when it fares badly."""

    @property
    def gateways(self) -> Gateways:
        """How the bots that share the journal are connected."""

    async def tally(self) -> Tally:
        """Count what was noted; cheap to call again, as what is long over is counted once."""

    async def probe(self) -> None:
        """Write something that nobody reads; returns once it is on disk."""
