"""What every journal keeps of members who want nothing kept: that, and no more.

A backend's tests inherit `OptingOutContract` beside `JournalContract`.
"""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import JournalError
from bot.ports import Journal, JournalEntry, RateLimits, RequestState, TextPolicy
from bot.types import Feedback, QueryKind, Trigger
from tests.contracts.journal_contract import OpensJournals, entries
from tests.contracts.members_contract import asked_by
from tests.contracts.recollection_contract import (
    QUERY,
    THREE_HERE,
    TWO_EACH,
    finished,
    the_entry,
    waits,
)
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.journal import a_reply, an_interaction

ADA = ("discord", "ada")
WITHHELD = (
    "community_id",
    "channel_id",
    "thread_id",
    "asker",
    "trigger",
    "text",
    "text_hash",
    "kind",
    "query",
    "error",
    "context_messages",
)
"""What an entry has none of when nothing is kept."""


def told_by(entry: JournalEntry) -> dict[str, object]:
    """Return what an entry tells of who asked what, where, and what they were shown."""
    told = {name: getattr(entry, name) for name in WITHHELD if getattr(entry, name) is not None}
    lists = {"shown": entry.shown, "messages": entry.message_ids, "feedback": entry.feedback}
    return told | {name: found for name, found in lists.items() if found}


class OptingOutContract(OpensJournals):
    """Who is out, what is removed, what is noted of them since, and the limits."""

    # --- who has opted out

    async def test_nobody_is_out_who_has_not_asked_for_it(self, journal: Journal) -> None:
        await journal.begin(an_interaction())
        assert not await journal.has_opted_out(*ADA)
        assert (await journal.begin(an_interaction(id="2"))).is_kept

    async def test_who_opts_out_is_out_and_nobody_else(self, journal: Journal) -> None:
        await journal.opt_out(*ADA)
        assert await journal.has_opted_out(*ADA)
        assert not await journal.has_opted_out("discord", "bo")
        assert not await journal.has_opted_out("slack", "ada")
        for number, other in enumerate(({"asker_id": "bo"}, {"platform": "slack"})):
            receipt = await journal.begin(an_interaction(id=str(number), **other))
            assert receipt.is_kept
            assert (await the_entry(journal, receipt.request_id)).text is not None

    async def test_who_opts_in_is_kept_again(self, journal: Journal) -> None:
        await journal.opt_out(*ADA)
        for _ in range(2):
            await journal.opt_in(*ADA)
        assert not await journal.has_opted_out(*ADA)
        request_id = await finished(journal)
        assert await asked_by(journal, *ADA) == ["i1"]
        assert await journal.note_feedback(request_id, *ADA, Feedback.HELPFUL)

    async def test_opting_out_twice_finds_nothing_more(self, journal: Journal) -> None:
        await finished(journal)
        assert [await journal.opt_out(*ADA) for _ in range(2)] == [1, 0]
        await journal.opt_in(*ADA)
        assert not await journal.has_opted_out(*ADA)

    async def test_next_process_knows_who_is_out(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        await journal.opt_out(*ADA)
        async with self.succeeded(journal, clock, CountingIds("s")) as after:
            assert await after.has_opted_out(*ADA)
            assert not (await after.begin(an_interaction())).is_kept

    async def test_neither_forgetting_nor_expiry_undoes_it(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        await journal.opt_out(*ADA)
        await journal.begin(an_interaction())
        clock.advance(1_000_000)
        assert await journal.forget(*ADA) == 0
        assert await journal.expire(clock.now) == 0
        assert await journal.has_opted_out(*ADA)

    # --- what is removed

    async def test_what_was_kept_goes_and_is_counted(self, journal: Journal) -> None:
        mine = [await finished(journal, name) for name in ("1", "2")]
        others = (await journal.begin(an_interaction(id="3", asker_id="bo"))).request_id
        await journal.delivered(mine[0], ["m1"])
        await journal.note_feedback(mine[0], "discord", "bo", Feedback.OTHER)
        await journal.note_feedback(others, *ADA, Feedback.HELPFUL)
        assert await journal.opt_out(*ADA) == 2
        assert await asked_by(journal, *ADA) == []
        assert await journal.verdicts_of(*ADA) == []
        assert [told_by(await the_entry(journal, one)) for one in mine] == [{}, {}]
        assert (await the_entry(journal, others)).text is not None

    async def test_request_that_is_being_answered_leaves_no_trace_either(
        self, journal: Journal
    ) -> None:
        receipt = await journal.begin(an_interaction())
        assert await journal.opt_out(*ADA) == 1
        again = await journal.begin(an_interaction())
        assert (again.is_new, again.request_id) == (False, receipt.request_id)
        await journal.finish(receipt.request_id, a_reply(query=QUERY), "IndexUnavailable")
        await journal.delivered(receipt.request_id, ["m1"])
        await journal.undelivered(receipt.request_id, "not_in_channel")
        assert told_by(await the_entry(journal, receipt.request_id)) == {}

    # --- what is noted since

    @pytest.mark.parametrize("policy", TextPolicy)
    async def test_request_is_noted_as_one_that_was_forgotten(
        self, clock: ManualClock, policy: TextPolicy
    ) -> None:
        async with self.opened(clock, CountingIds(), policy) as journal:
            await journal.opt_out(*ADA)
            made = an_interaction(kind=QueryKind.TOPIC, trigger=Trigger.COMMAND)
            receipt = await journal.begin(made)
            assert (receipt.is_new, receipt.is_kept, receipt.wait_s) == (True, False, 0.0)
            entry = await the_entry(journal, receipt.request_id)
        assert told_by(entry) == {}
        assert entry.interaction_id.startswith("forgotten:")
        assert made.id not in entry.interaction_id
        assert (entry.platform, entry.state) == ("discord", RequestState.BEGUN)
        assert entry.begun_at == entry.created_at == clock.now

    async def test_it_is_written_like_one_that_was_forgotten_later(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        kept = await finished(journal)
        await journal.forget(*ADA)
        forgotten = await the_entry(journal, kept)
        await journal.opt_out(*ADA)
        unkept = await the_entry(journal, await finished(journal, "i2"))
        event = forgotten.interaction_id
        assert replace(unkept, request_id=kept, interaction_id=event) == forgotten

    async def test_answer_adds_its_figures_and_nothing_that_was_shown(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        await journal.opt_out(*ADA)
        receipt = await journal.begin(an_interaction())
        clock.advance(2)
        await journal.finish(receipt.request_id, a_reply(query=QUERY), "said something")
        await journal.delivered(receipt.request_id, ["m1"])
        await journal.undelivered(receipt.request_id, "not_in_channel")
        entry = await the_entry(journal, receipt.request_id)
        assert told_by(entry) == {}
        assert (entry.state, entry.answered) == (RequestState.DELIVERED, True)
        assert (entry.took_ms, entry.finished_at) == (12.5, clock.now)
        assert await asked_by(journal, *ADA) == []
        assert (await journal.check()).interactions == 1

    async def test_no_verdict_on_it_is_taken(self, journal: Journal) -> None:
        await journal.opt_out(*ADA)
        request_id = await finished(journal)
        for member in ("bo", "ada"):
            taken = await journal.note_feedback(request_id, "discord", member, Feedback.OTHER)
            assert not taken
        assert (await the_entry(journal, request_id)).feedback == ()

    async def test_no_verdict_of_theirs_is_taken(self, journal: Journal) -> None:
        others = (await journal.begin(an_interaction(asker_id="bo"))).request_id
        await journal.opt_out(*ADA)
        assert not await journal.note_feedback(others, *ADA, Feedback.HELPFUL)
        assert await journal.note_feedback(others, "discord", "bo", Feedback.OTHER)
        assert (await the_entry(journal, others)).feedback == (Feedback.OTHER,)

    # --- once

    @pytest.mark.parametrize("is_in_again", [False, True], ids=["out", "in again"])
    async def test_late_duplicate_of_theirs_is_known(
        self, journal: Journal, is_in_again: bool
    ) -> None:
        await journal.opt_out(*ADA)
        first = await finished(journal)
        await journal.delivered(first, [])
        if is_in_again:
            await journal.opt_in(*ADA)
        again = await journal.begin(an_interaction())
        assert (again.is_new, again.request_id, again.is_kept) == (False, first, False)
        assert again.state is RequestState.DELIVERED
        assert len(await entries(journal)) == 1

    async def test_of_many_concurrent_begins_of_theirs_one_is_new(self, journal: Journal) -> None:
        await journal.opt_out(*ADA)
        receipts = await asyncio.gather(*(journal.begin(an_interaction()) for _ in range(50)))
        assert sum(receipt.is_new for receipt in receipts) == 1
        assert len({receipt.request_id for receipt in receipts}) == 1

    async def test_request_from_before_is_known_too(self, journal: Journal) -> None:
        first = await finished(journal)
        await journal.opt_out(*ADA)
        again = await journal.begin(an_interaction())
        assert (again.is_new, again.request_id) == (False, first)

    @pytest.mark.parametrize("is_finished", [False, True], ids=["begun", "finished"])
    async def test_what_a_process_that_is_gone_did_not_deliver_to_them_is_new_once_again(
        self, journal: Journal, clock: ManualClock, is_finished: bool
    ) -> None:
        await journal.opt_out(*ADA)
        first = await journal.begin(an_interaction())
        if is_finished:
            await journal.finish(first.request_id, a_reply())
        async with self.succeeded(journal, clock, CountingIds("s")) as after:
            receipts = [await after.begin(an_interaction()) for _ in range(2)]
            assert [receipt.is_new for receipt in receipts] == [True, False]
            assert {receipt.request_id for receipt in receipts} == {first.request_id}
            assert not receipts[0].is_kept
            await after.finish(first.request_id, a_reply(query=QUERY))
            assert told_by(await the_entry(after, first.request_id)) == {}

    # --- limits

    async def test_limit_of_an_asker_holds(self, journal: Journal, clock: ManualClock) -> None:
        await journal.opt_out(*ADA)
        assert await waits(journal, TWO_EACH, "1") == [0.0]
        clock.advance(20)
        assert await waits(journal, TWO_EACH, "2", "3") == [0.0, 40.0]
        clock.advance(40)
        assert await waits(journal, TWO_EACH, "4", "5") == [0.0, 20.0]

    async def test_limit_holds_among_requests_of_theirs_that_come_at_once(
        self, journal: Journal
    ) -> None:
        await journal.opt_out(*ADA)
        limits = RateLimits(per_asker=10, per_channel=0)
        receipts = await asyncio.gather(
            *(journal.begin(an_interaction(id=str(number)), limits) for number in range(100))
        )
        assert sum(receipt.wait_s == 0.0 for receipt in receipts) == 10
        assert all(receipt.is_new for receipt in receipts)

    async def test_channel_counts_them_with_all_others(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        await journal.opt_out(*ADA)
        asked = []
        for number, asker in enumerate(("ada", "bo", "ada", "bo", "ada")):
            made = an_interaction(id=str(number), asker_id=asker)
            asked.append((await journal.begin(made, THREE_HERE)).wait_s)
            clock.advance(1)
        assert asked == [0.0, 0.0, 0.0, 57.0, 56.0]
        for number, elsewhere in enumerate(
            ({"channel_id": "ponds"}, {"community_id": "lake"}, {"platform": "slack"})
        ):
            made = an_interaction(id=f"elsewhere-{number}", asker_id="bo", **elsewhere)
            assert (await journal.begin(made, THREE_HERE)).wait_s == 0.0

    async def test_what_they_did_not_ask_counts_for_the_channel_alone(
        self, journal: Journal
    ) -> None:
        await journal.opt_out(*ADA)
        limits = RateLimits(per_asker=1, per_channel=3)
        unasked = [an_interaction(id=f"auto-{n}", trigger=Trigger.AUTO) for n in range(2)]
        assert [(await journal.begin(one, limits)).wait_s for one in unasked] == [0.0] * 2
        assert await waits(journal, limits, "1") == [0.0]
        assert (await journal.begin(an_interaction(id="2", asker_id="bo"), limits)).wait_s == 60.0

    async def test_neither_opting_out_nor_in_begins_the_count_anew(self, journal: Journal) -> None:
        assert await waits(journal, TWO_EACH, "1") == [0.0]
        await journal.opt_out(*ADA)
        assert await waits(journal, TWO_EACH, "2", "3") == [0.0, 60.0]
        await journal.opt_in(*ADA)
        assert await waits(journal, TWO_EACH, "4") == [60.0]

    async def test_opting_out_does_not_empty_a_channel(self, journal: Journal) -> None:
        assert await waits(journal, THREE_HERE, "1", "2", "3") == [0.0] * 3
        await journal.opt_out(*ADA)
        others = an_interaction(id="4", asker_id="bo")
        assert (await journal.begin(others, THREE_HERE)).wait_s == 60.0

    async def test_refused_request_does_not_count_and_tells_nothing(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        await journal.opt_out(*ADA)
        await waits(journal, TWO_EACH, "1", "2")
        clock.advance(30)
        refused = await journal.begin(an_interaction(id="3"), TWO_EACH)
        assert (refused.wait_s, refused.is_kept) == (30.0, False)
        assert told_by(await the_entry(journal, refused.request_id)) == {}
        clock.advance(30)
        assert await waits(journal, TWO_EACH, "4", "5", "6") == [0.0, 0.0, 60.0]

    async def test_duplicate_of_theirs_is_neither_refused_nor_counted(
        self, journal: Journal
    ) -> None:
        await journal.opt_out(*ADA)
        for _ in range(5):
            receipt = await journal.begin(an_interaction(id="1"), TWO_EACH)
        assert (receipt.is_new, receipt.wait_s) == (False, 0.0)
        assert await waits(journal, TWO_EACH, "2", "3") == [0.0, 60.0]

    async def test_clock_that_was_set_back_keeps_none_of_them_waiting_for_long(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        await journal.opt_out(*ADA)
        await waits(journal, TWO_EACH, "1", "2")
        clock.advance(-86_400)
        assert await waits(journal, TWO_EACH, "3") == [0.0]

    async def test_abandoned_request_counts_when_it_is_begun_again(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        await journal.opt_out(*ADA)
        assert await waits(journal, RateLimits(1, 0), "1", "2") == [0.0, 60.0]
        clock.advance(901)
        receipt = await journal.begin(an_interaction(id="2"), RateLimits(1, 0))
        assert (receipt.is_new, receipt.wait_s) == (True, 0.0)
        assert await waits(journal, RateLimits(1, 0), "3") == [60.0]

    # --- close

    async def test_closed_journal_knows_nothing_of_it(self, journal: Journal) -> None:
        await journal.close()
        calls = (journal.opt_out(*ADA), journal.opt_in(*ADA), journal.has_opted_out(*ADA))
        for call in calls:
            with pytest.raises(JournalError, match="closed"):
                await call
