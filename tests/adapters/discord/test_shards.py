"""A process is connected when each of its shards is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from adapters.discord.client import DiscordClient
from adapters.discord.shards import Client, Shards
from bot.ports import GatewayState


@dataclass
class FakeShard:
    """Open until a test closes it."""

    closed: bool = False

    def is_closed(self) -> bool:
        return self.closed


@dataclass
class FakeClient:
    """A client of two shards, both launched."""

    shard_ids: Sequence[int] | None = None
    shard_count: int | None = 2
    latency: float = 0.045
    shards: Mapping[int, FakeShard] = field(
        default_factory=lambda: {0: FakeShard(), 1: FakeShard()}
    )


def _is_a_client(client: DiscordClient, fake: FakeClient) -> tuple[Client, Client]:
    return client, fake


def test_it_is_down_before_it_began() -> None:
    client = FakeClient(shard_count=None, latency=float("nan"), shards={})
    assert Shards().state_of(client) == GatewayState(is_up=False, latency_ms=None, connects=0)


def test_it_is_up_when_the_last_of_its_shards_is() -> None:
    shards, client = Shards(), FakeClient()
    shards.connected(0)
    assert shards.state_of(client) == GatewayState(is_up=False, latency_ms=None, connects=1)
    shards.connected(1)
    assert shards.state_of(client) == GatewayState(is_up=True, latency_ms=45.0, connects=2)


def test_a_share_of_the_shards_is_all_that_a_process_needs() -> None:
    shards, client = Shards(), FakeClient(shard_ids=[1], shards={1: FakeShard()})
    shards.connected(1)
    assert shards.state_of(client).is_up


def test_a_lost_shard_is_down_until_it_is_back() -> None:
    shards, client = Shards(), FakeClient()
    for number in (0, 1):
        shards.connected(number)
    shards.lost(1)
    assert not shards.state_of(client).is_up
    shards.connected(1)
    state = shards.state_of(client)
    assert (state.is_up, state.connects) == (True, 3)


def test_a_closed_shard_is_down_before_anybody_says_so() -> None:
    shards, client = Shards(), FakeClient()
    for number in (0, 1):
        shards.connected(number)
    client.shards[1].closed = True
    assert not shards.state_of(client).is_up


@pytest.mark.parametrize("latency", [float("inf"), float("nan")])
def test_its_speed_is_not_known_before_a_heartbeat_was_answered(latency: float) -> None:
    shards, client = Shards(), FakeClient(latency=latency)
    for number in (0, 1):
        shards.connected(number)
    assert shards.state_of(client) == GatewayState(is_up=True, latency_ms=None, connects=2)
