"""How bots are connected to their platforms, as each of their processes notes it.

A bot on Discord's gateway or on Slack's socket has no port of its own to be asked on; whoever
watches over it reads here. `bot.backends` implements it. It waits on a disk and is async.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

SILENT_S = 60.0
"""Seconds without a note from which on a process that lives hangs, and counts as not connected."""


@dataclass(frozen=True, slots=True)
class GatewayState:
    """How a process is connected.

    ``latency_ms`` is the last round trip of a heartbeat, None where it is not known. ``connects``
    counts how often it connected or resumed since its start, on all its shards together.
    """

    is_up: bool
    latency_ms: float | None = None
    connects: int = 0


@dataclass(frozen=True, slots=True)
class Gateway:
    """How a process was connected when it noted that last, in seconds since the epoch, UTC.

    ``number`` tells the processes of a platform apart; a new one gets the lowest that is free.
    """

    platform: str
    number: int
    state: GatewayState
    noted_at: float

    def as_of(self, now: float) -> "Gateway":
        """Return it as it counts at a moment: not connected when it has been silent for long."""
        # A clock that was set back makes nobody seem connected who is not heard of.
        if abs(now - self.noted_at) <= SILENT_S:
            return self
        return replace(self, state=replace(self.state, is_up=False, latency_ms=None))


class Gateways(Protocol):
    """What processes note of their connections. Every method raises `JournalError` on failure."""

    async def note(self, platform: str, state: GatewayState) -> None:
        """Note how this process is connected to a platform, in place of what it noted before."""

    async def leave(self) -> None:
        """Take away what this process noted; called when it ends."""

    async def known(self) -> Sequence[Gateway]:
        """Return those of the processes that live, by platform and number, as they count now."""
