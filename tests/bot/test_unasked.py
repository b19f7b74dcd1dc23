"""Messages that nobody asked the bot about: kept when it answers, and else not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.ports import RateLimits, RequestState
from bot.types import Feedback, Query, QueryKind, Reply, Trigger
from tests.bot.test_service import CLAIM, Bench
from tests.contracts.opting_out_contract import ADA, told_by
from tests.contracts.recollection_contract import the_entry
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.journal import MemoryJournal, an_interaction

CHATTER = "Zebrafinches whistle quatrains at dusk."


@pytest.fixture
def bench() -> Iterator[Bench]:
    with ThreadPoolExecutor(2) as executor:
        yield Bench(executor, journal=MemoryJournal(ManualClock(), CountingIds("noted")))


async def hear(bench: Bench, text: str, message_id: str = "i1") -> Reply:
    """Have the bot look at a message where it may speak uncalled."""
    said = an_interaction(id=message_id, text=text, trigger=Trigger.AUTO)
    reply = await bench.bot().handle(said)
    assert reply is not None
    return reply


async def told_of(bench: Bench, reply: Reply) -> dict[str, object]:
    """Return what the journal tells of a message that was looked at."""
    assert bench.journal is not None
    return told_by(await the_entry(bench.journal, reply.id))


async def test_answer_is_kept_and_can_be_made_again(bench: Bench) -> None:
    reply = await hear(bench, CLAIM)
    assert (reply.answered, reply.is_kept) == (True, True)
    await bench.bot().delivered(reply, ["m1"])
    entry = await bench.entry()
    assert (entry.request_id, entry.text, entry.trigger) == (reply.id, CLAIM, Trigger.AUTO)
    assert (entry.query, entry.state) == (reply.query, RequestState.DELIVERED)
    assert entry.query == Query(CLAIM, QueryKind.CLAIM, CLAIM)
    assert await bench.bot().recall(reply.id) is not None
    assert await bench.bot().rate(reply.id, *ADA, Feedback.HELPFUL)


@pytest.mark.parametrize("text", [CHATTER, "hello!", "?"])
async def test_what_the_corpus_does_not_hold_is_not_kept(bench: Bench, text: str) -> None:
    reply = await hear(bench, text)
    assert not reply.answered
    assert await told_of(bench, reply) == {}
    assert await bench.bot().kept_of(*ADA) == []


async def test_what_fails_is_not_kept(bench: Bench) -> None:
    bench.store.serving = None
    reply = await hear(bench, CLAIM)
    assert reply.error == "error_index"
    assert await told_of(bench, reply) == {}


async def test_what_a_limit_refuses_is_not_kept(bench: Bench) -> None:
    bench.limits = RateLimits(per_asker=0, per_channel=1)
    await hear(bench, CHATTER)
    reply = await hear(bench, CLAIM, "i2")
    assert reply.error == "error_rate"
    assert await told_of(bench, reply) == {}
