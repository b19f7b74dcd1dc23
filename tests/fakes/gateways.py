"""Gateways in memory; pass the contract that every backend passes."""

from collections.abc import Callable, Sequence
from itertools import count

from bot.ports import Gateway, Gateways, GatewayState

Noted = dict[tuple["MemoryGateways", str], Gateway]


class MemoryGateways:
    """Keeps what one process notes; those that share ``noted`` know each other's.

    ``states`` holds every note of its own, the first one first.
    """

    def __init__(self, clock: Callable[[], float], noted: Noted | None = None) -> None:
        self._clock = clock
        self.noted: Noted = {} if noted is None else noted
        self.states: list[GatewayState] = []

    async def note(self, platform: str, state: GatewayState) -> None:
        self.states.append(state)
        before = self.noted.get((self, platform))
        taken = {one.number for one in self.noted.values() if one.platform == platform}
        number = next(n for n in count(1) if n not in taken) if before is None else before.number
        self.noted[self, platform] = Gateway(platform, number, state, self._clock())

    async def leave(self) -> None:
        for key in [key for key in self.noted if key[0] is self]:
            del self.noted[key]

    async def known(self) -> Sequence[Gateway]:
        ordered = sorted(self.noted.values(), key=lambda one: (one.platform, one.number))
        return [one.as_of(self._clock()) for one in ordered]


def _keeps_the_port(gateways: MemoryGateways) -> Gateways:
    return gateways  # the type checker says when the fake drifts from its port
