"""Know which shards of this process are connected, and how often they came to be.

`client` tells it what discord.py tells; `serving` has it noted.
"""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Protocol

from bot.ports import GatewayState


class Shard(Protocol):
    """What is looked at of a shard."""

    def is_closed(self) -> bool:
        """Tell whether its connection is closed."""


class Client(Protocol):
    """What is looked at of a client."""

    @property
    def shard_ids(self) -> Sequence[int] | None:
        """The shards of this process; None where it has them all."""

    @property
    def shard_count(self) -> int | None:
        """How many there are over all processes; None until that is known."""

    @property
    def shards(self) -> Mapping[int, Shard]:
        """The shards that were connected once, by number."""

    @property
    def latency(self) -> float:
        """Mean of the shards' heartbeats, in seconds."""


class Shards:
    """The shards that were heard of."""

    def __init__(self) -> None:
        self._connected: set[int] = set()
        self._connects = 0

    def connected(self, shard_id: int) -> None:
        """Note that a shard has a session, a new one or one that it resumed."""
        self._connected.add(shard_id)
        self._connects += 1

    def lost(self, shard_id: int) -> None:
        """Note that a shard has lost its connection."""
        self._connected.discard(shard_id)

    def state_of(self, client: Client) -> GatewayState:
        """Return how a client is connected: on all of its shards, or it is not."""
        # discord.py tells of a loss when it attends to it, one shard after the other.
        open_ones = {number for number, shard in client.shards.items() if not shard.is_closed()}
        own = client.shard_ids or range(client.shard_count or 1)
        is_up = self._connected & open_ones >= set(own)
        is_known = is_up and isfinite(client.latency)
        return GatewayState(is_up, client.latency * 1000 if is_known else None, self._connects)
