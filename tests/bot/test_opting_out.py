"""A member of whom nothing is kept is answered like everybody else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot import texts
from bot.errors import JournalError
from bot.ports import RateLimits, RequestState
from bot.types import Feedback, Message, Trigger
from tests.bot.test_service import AGAINST, CLAIM, FOR, Bench
from tests.contracts.opting_out_contract import ADA, told_by
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.journal import MemoryJournal, an_interaction


@pytest.fixture
def bench() -> Iterator[Bench]:
    with ThreadPoolExecutor(2) as executor:
        yield Bench(executor, journal=MemoryJournal(ManualClock(), CountingIds("noted")))


async def test_reply_is_the_same_and_says_that_it_cannot_be_made_again(bench: Bench) -> None:
    bench.log_required = True
    kept = await bench.ask()
    assert await bench.bot().opt_out(*ADA) == 1
    reply = await bench.bot().handle(an_interaction(id="i2", text=CLAIM))
    assert reply is not None
    assert (kept.is_kept, reply.is_kept) == (True, False)
    assert [one.quote.text for one in reply.quotes] == [FOR]
    assert [one.quote.text for one in reply.counterpoints] == [AGAINST]
    await bench.bot().delivered(reply, ["m1"])
    entry = await bench.entry()
    assert told_by(entry) == {}
    assert (entry.request_id, entry.state) == (reply.id, RequestState.DELIVERED)
    assert (entry.answered, entry.corpus_version) == (True, reply.corpus_version)


async def test_nothing_of_theirs_is_recalled_exported_or_rated(bench: Bench) -> None:
    bot = bench.bot()
    await bot.opt_out(*ADA)
    reply = await bench.ask()
    assert await bot.recall(reply.id) is None
    assert not await bot.rate(reply.id, "discord", "bo", Feedback.HELPFUL)
    assert await bot.kept_of(*ADA) == []
    assert await bot.verdicts_of(*ADA) == []


async def test_failure_is_told_with_an_id_that_leads_to_nobody(bench: Bench) -> None:
    await bench.bot().opt_out(*ADA)
    bench.store.serving = None
    reply = await bench.ask()
    assert reply.headline == texts.error("error_index", reply.id)
    assert told_by(await bench.entry()) == {}


async def test_limits_hold(bench: Bench) -> None:
    await bench.bot().opt_out(*ADA)
    bench.limits = RateLimits(per_asker=1, per_channel=0)
    bot = bench.bot()
    replies = [await bot.handle(an_interaction(id=one, text=CLAIM)) for one in ("i1", "i2")]
    assert [one and one.error for one in replies] == [None, "error_rate"]


async def test_duplicate_gets_no_reply(bench: Bench) -> None:
    bot = bench.bot()
    await bot.opt_out(*ADA)
    assert await bot.handle(an_interaction()) is not None
    assert await bot.handle(an_interaction()) is None


async def test_who_wants_to_be_kept_again_is(bench: Bench) -> None:
    bot = bench.bot()
    await bot.opt_out(*ADA)
    assert await bot.has_opted_out(*ADA)
    await bot.opt_in(*ADA)
    assert not await bot.has_opted_out(*ADA)
    assert (await bench.ask()).is_kept
    assert (await bench.entry()).text == CLAIM


async def test_message_of_theirs_that_somebody_asks_about_is_a_request_of_the_caller(
    bench: Bench,
) -> None:
    bot = bench.bot()
    await bot.opt_out(*ADA)
    said = Message("m1", "ada", CLAIM, is_reply_target=True)
    asked = an_interaction(asker_id="bo", text="", trigger=Trigger.MENU_SOURCES, context=(said,))
    reply = await bot.handle(asked)
    assert reply is not None
    assert (reply.answered, reply.is_kept) == (True, True)
    [entry] = await bot.kept_of("discord", "bo")
    assert entry.query is not None
    assert (entry.query.text, entry.query.answers) == (CLAIM, "m1")


async def test_choice_that_cannot_be_remembered_is_not_promised(bench: Bench) -> None:
    bench.journal = None
    bot = bench.bot()
    for choosing in (bot.opt_out(*ADA), bot.opt_in(*ADA)):
        with pytest.raises(JournalError, match="nobody's choice can be remembered"):
            await choosing
    assert not await bot.has_opted_out(*ADA)
