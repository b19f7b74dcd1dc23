from collections.abc import Mapping
from typing import Any

import pytest
from slack_bolt.response import BoltResponse

from adapters.messaging.working import Work
from adapters.slack import once
from adapters.slack.once import Once, name_of
from tests.fakes.clock import ManualClock

EVENT = {"event_id": "Ev1", "event": {"type": "app_mention"}}
COMMAND = {"trigger_id": "1.2.a", "command": "/source"}
PRESS = {"trigger_id": "1.2.b", "actions": [{"action_ts": "1700000000.1"}]}


class Listener:
    """Counts what gets through to it."""

    def __init__(self, once: Once) -> None:
        self.count = 0
        self._once = once

    async def told(self, body: Mapping[str, Any]) -> int | None:
        """Return the status that Slack sees, if the listeners have no say in it."""

        async def take() -> BoltResponse:
            self.count += 1
            return BoltResponse(status=200)

        response = await self._once.let_through(body, take)
        return response.status if response is not None else None


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(0.0)


@pytest.fixture
def listener(clock: ManualClock) -> Listener:
    return Listener(Once(Work(), clock))


@pytest.mark.parametrize("body", [EVENT, COMMAND, PRESS])
async def test_what_is_told_again_is_acknowledged_and_let_be(
    listener: Listener, body: Mapping[str, Any]
) -> None:
    assert [await listener.told(body) for _ in range(3)] == [None, 200, 200]
    assert listener.count == 1


async def test_two_presses_on_one_message_are_two(listener: Listener) -> None:
    other = PRESS | {"actions": [{"action_ts": "1700000000.2"}]}
    assert [await listener.told(PRESS), await listener.told(other)] == [None, None]


async def test_what_has_no_name_is_always_let_through(listener: Listener) -> None:
    typing = {"type": "block_suggestion", "value": "tra"}
    assert [await listener.told(typing) for _ in range(2)] == [None, None]


async def test_an_id_is_forgotten_after_a_day(listener: Listener, clock: ManualClock) -> None:
    await listener.told(EVENT)
    clock.advance(once.REMEMBERED_S)
    assert await listener.told(EVENT) == 200
    clock.advance(1.0)
    assert await listener.told(EVENT) is None


async def test_only_so_many_ids_are_remembered(listener: Listener) -> None:
    for number in range(once.MOST + 1):
        await listener.told({"event_id": f"Ev{number}", "event": {}})
    assert await listener.told({"event_id": f"Ev{once.MOST}", "event": {}}) == 200
    assert await listener.told({"event_id": "Ev0", "event": {}}) is None


async def test_an_event_during_a_stop_is_left_to_the_next_process() -> None:
    work = Work()
    work.stop()
    listener = Listener(Once(work))
    assert await listener.told(EVENT) == 503
    assert listener.count == 0


async def test_whoever_presses_during_a_stop_is_told() -> None:
    work = Work()
    work.stop()
    listener = Listener(Once(work))
    assert [await listener.told(PRESS), await listener.told(COMMAND)] == [None, None]


def test_names_are_the_same_each_time_and_of_one_kind_alone() -> None:
    names = [name_of(body) for body in (EVENT, COMMAND, PRESS)]
    assert len(set(names)) == 3
    assert name_of({"trigger_id": "Ev1"}) != name_of({"event_id": "Ev1"})
    assert name_of({}) is None
