"""What the bot does with what it remembers: limits, replies made again, verdicts, forgetting."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot import texts
from bot.errors import IndexUnavailable, JournalError
from bot.ports import JournalEntry, RateLimits, RequestState, TextPolicy
from bot.retrieval.analysis import Analyzer
from bot.types import Feedback, QueryKind, Recalled, Reply
from tests.bot.test_service import AGAINST, CLAIM, FOR, Bench, logged
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.corpus import index_of
from tests.fakes.journal import MemoryJournal, a_reply, an_interaction
from tests.fakes.models import HashingEncoder


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    with ThreadPoolExecutor(2) as executor:
        yield Bench(executor, journal=MemoryJournal(clock, CountingIds("noted")))


def serve(bench: Bench, **texts_of: str) -> None:
    bench.store.serving = index_of(texts_of, HashingEncoder(), Analyzer())


async def recalled(bench: Bench, request_id: str) -> Recalled:
    found = await bench.bot().recall(request_id)
    assert found is not None
    return found


def same(reply: Reply) -> tuple[object, ...]:
    """Return what a reply made again shares with the first one."""
    return (reply.id, reply.answered, reply.headline, reply.quotes, reply.counterpoints,
            reply.query, reply.corpus_version, reply.error)  # fmt: skip


# --- limits -----------------------------------------------------------------------


async def test_limit_is_told_with_the_time_to_come_back(bench: Bench, clock: ManualClock) -> None:
    bench.limits = RateLimits(per_asker=1, per_channel=0)
    bot = bench.bot()
    assert await bot.handle(an_interaction(id="i1")) is not None
    clock.advance(17.5)
    refused = await bot.handle(an_interaction(id="i2"))
    assert refused is not None
    assert (refused.answered, refused.error) == (False, "error_rate")
    assert refused.headline == texts.slow_down(43, refused.id)
    assert (refused.quotes, refused.query) == ((), None)
    entry = await bench.entry()
    assert (entry.request_id, entry.error) == (refused.id, "RateLimited")
    assert entry.state is RequestState.FINISHED


async def test_limit_ends(bench: Bench, clock: ManualClock) -> None:
    bench.limits = RateLimits(per_asker=1, per_channel=0)
    bot = bench.bot()
    for number in range(3):
        reply = await bot.handle(an_interaction(id=str(number), text=CLAIM))
        assert reply is not None
        assert reply.answered
        clock.advance(60)


async def test_without_a_journal_nothing_is_limited(bench: Bench) -> None:
    bench.journal, bench.limits = None, RateLimits(per_asker=1, per_channel=1)
    bot = bench.bot()
    replies = [await bot.handle(an_interaction(id=str(n), text=CLAIM)) for n in range(3)]
    assert all(reply is not None and reply.answered for reply in replies)


# --- replies made again -----------------------------------------------------------


@pytest.mark.parametrize(
    "text", [CLAIM, "castor", "Do beaver dams lower the risk of floods?", "Zebras on Mars?"]
)
async def test_reply_is_made_again_as_it_was(bench: Bench, text: str) -> None:
    reply = await bench.ask(text)
    again = await recalled(bench, reply.id)
    assert same(again.reply) == same(reply)
    assert again.gone == 0


async def test_small_talk_is_made_again(bench: Bench) -> None:
    reply = await bench.ask("hello!")
    assert (await recalled(bench, reply.id)).reply.headline == texts.HOW_TO_ASK


@pytest.mark.parametrize("policy", [TextPolicy.HASHED, TextPolicy.OFF])
@pytest.mark.parametrize("text", [CLAIM, "castor", "Do beaver dams lower the risk of floods?"])
async def test_reply_is_made_again_where_words_are_not_kept(
    bench: Bench, policy: TextPolicy, text: str
) -> None:
    bench.journal = MemoryJournal(ManualClock(), CountingIds("noted"), policy)
    reply = await bench.ask(text)
    again = (await recalled(bench, reply.id)).reply
    assert (again.quotes, again.counterpoints) == (reply.quotes, reply.counterpoints)
    assert again.query is None
    assert again.headline.startswith(("1 passage", "2 passages"))


async def test_quote_that_is_gone_is_left_out_and_counted(bench: Bench) -> None:
    reply = await bench.ask()
    serve(bench, rivers=FOR, farms="Beaver dams raise the risk of floods in spring.")
    again = await recalled(bench, reply.id)
    assert (again.gone, again.reply.counterpoints) == (1, ())
    assert again.reply.quotes == reply.quotes
    assert again.reply.headline == texts.claim_headline(1, 0, 0)


async def test_reply_of_which_nothing_is_left_says_so(bench: Bench) -> None:
    reply = await bench.ask()
    serve(bench, rivers="Otters eat fish.", lakes=AGAINST)
    again = await recalled(bench, reply.id)
    assert (again.gone, again.reply.answered) == (2, False)
    assert again.reply.headline == texts.quotes_gone(2)


async def test_quote_that_moved_is_found_where_it_stands_now(bench: Bench) -> None:
    reply = await bench.ask()
    before = "Otters eat fish. "
    serve(bench, rivers=before + FOR, farms=AGAINST)
    again = await recalled(bench, reply.id)
    assert again.gone == 0
    (quote,) = [one.quote for one in again.reply.quotes]
    assert (quote.text, quote.start) == (FOR, len(before))
    assert bench.store.serving is not None
    document = bench.store.serving.document("rivers")
    assert document.text[quote.start : quote.end] == quote.text


async def test_quote_whose_lines_are_wrapped_anew_is_shown_as_it_stands_now(bench: Bench) -> None:
    reply = await bench.ask()
    wrapped = FOR.replace(" ", "\n")
    serve(bench, rivers=wrapped, farms=AGAINST)
    again = await recalled(bench, reply.id)
    assert again.gone == 0
    assert [one.quote.text for one in again.reply.quotes] == [wrapped]


async def test_quote_that_stands_twice_is_the_nearer_one(bench: Bench) -> None:
    filler = "Otters eat fish. "
    serve(bench, rivers=filler * 3 + FOR)
    reply = await bench.ask()
    serve(bench, rivers=FOR + " " + filler * 2 + FOR)
    again = await recalled(bench, reply.id)
    assert again.reply.quotes[0].quote.start == len(FOR) + 1 + 2 * len(filler)


async def test_failure_is_not_made_an_answer(bench: Bench) -> None:
    serving, bench.store.serving = bench.store.serving, None
    reply = await bench.ask()
    bench.store.serving = serving
    again = (await recalled(bench, reply.id)).reply
    assert (again.answered, again.error) == (False, "error_internal")
    assert reply.id in again.headline


async def test_what_nobody_asked_is_not_made_again(bench: Bench) -> None:
    assert await bench.bot().recall("noted99") is None


async def test_what_was_forgotten_is_not_made_again(bench: Bench) -> None:
    reply = await bench.ask()
    assert await bench.bot().forget("discord", "ada") == 1
    assert await bench.bot().recall(reply.id) is None


async def test_what_is_not_finished_is_not_made_again(bench: Bench) -> None:
    assert bench.journal is not None
    receipt = await bench.journal.begin(an_interaction())
    assert await bench.bot().recall(receipt.request_id) is None


async def test_without_an_index_nothing_is_made_again(bench: Bench) -> None:
    reply = await bench.ask()
    bench.store.serving = None
    with pytest.raises(IndexUnavailable):
        await bench.bot().recall(reply.id)


async def test_quote_with_another_hash_is_gone(bench: Bench) -> None:
    class Changed(MemoryJournal):
        async def entry(self, request_id: str) -> JournalEntry | None:
            entry = await super().entry(request_id)
            assert entry is not None
            return replace(entry, shown=tuple(replace(one, text_hash="0") for one in entry.shown))

    bench.journal = Changed(ManualClock(), CountingIds("noted"))
    reply = await bench.ask()
    assert (await recalled(bench, reply.id)).gone == 2


async def test_answer_that_did_not_arrive_is_made_again(bench: Bench) -> None:
    reply = await bench.ask()
    await bench.bot().undelivered(reply, "not_in_channel")
    assert same((await recalled(bench, reply.id)).reply) == same(reply)


async def test_that_nothing_was_found_is_made_again_though_nobody_was_told(bench: Bench) -> None:
    reply = await bench.ask("Zebras on Mars?")
    await bench.bot().undelivered(reply, "not_in_channel")
    assert (await recalled(bench, reply.id)).reply.headline == reply.headline


# --- replies that do not arrive ---------------------------------------------------


async def test_what_keeps_a_reply_from_its_asker_is_noted(bench: Bench) -> None:
    reply = await bench.ask()
    await bench.bot().undelivered(reply, "not_in_channel")
    entry = await bench.entry()
    assert (entry.state, entry.error) == (RequestState.FINISHED, "not_in_channel")


async def test_trouble_that_cannot_be_noted_is_logged(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    reply = await bench.ask()
    assert bench.journal is not None
    await bench.journal.close()
    await bench.bot().undelivered(reply, "not_in_channel")
    assert logged(caplog) == {"journal_failed": reply.id}


# --- verdicts and forgetting ------------------------------------------------------


async def test_verdict_is_noted(bench: Bench) -> None:
    reply = await bench.ask()
    assert await bench.bot().rate(reply.id, "discord", "bo", Feedback.WRONG_SIDE)
    assert (await bench.entry()).feedback == (Feedback.WRONG_SIDE,)
    assert not await bench.bot().rate("noted99", "discord", "bo", Feedback.HELPFUL)


async def test_member_is_told_what_is_kept_of_them(bench: Bench) -> None:
    reply, bot = await bench.ask(), bench.bot()
    await bot.rate(reply.id, "discord", "bo", Feedback.OTHER)
    assert await bot.kept_of("discord", "ada") == [await bench.entry()]
    assert await bot.kept_of("discord", "bo") == []
    assert await bot.verdicts_of("discord", "bo") == [(reply.id, Feedback.OTHER)]


async def test_forgetting_removes_what_was_searched_for(bench: Bench) -> None:
    await bench.ask()
    entry = await bench.entry()
    assert entry.query is not None
    assert (entry.query.text, entry.query.kind) == (CLAIM, QueryKind.CLAIM)
    assert await bench.bot().forget("discord", "ada") == 1
    assert (await bench.entry()).query is None


async def test_without_a_journal_nothing_is_remembered(bench: Bench) -> None:
    bench.journal = None
    bot = bench.bot()
    assert await bot.recall("own1") is None
    assert not await bot.rate("own1", "discord", "ada", Feedback.HELPFUL)
    assert await bot.forget("discord", "ada") == 0
    assert await bot.kept_of("discord", "ada") == []
    assert await bot.verdicts_of("discord", "ada") == []
    await bot.undelivered(a_reply(), "not_in_channel")


async def test_journal_that_fails_is_said(bench: Bench) -> None:
    assert bench.journal is not None
    await bench.journal.close()
    bot = bench.bot()
    with pytest.raises(JournalError):
        await bot.recall("noted1")
    with pytest.raises(JournalError):
        await bot.rate("noted1", "discord", "ada", Feedback.HELPFUL)
    with pytest.raises(JournalError):
        await bot.forget("discord", "ada")
    with pytest.raises(JournalError):
        await bot.kept_of("discord", "ada")
    with pytest.raises(JournalError):
        await bot.verdicts_of("discord", "ada")
