"""What every journal keeps of messages that nobody asked the bot about, answered or not.

A backend's tests inherit `UnaskedContract` beside `JournalContract`.
"""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.ports import Journal, RateLimits, Receipt, RequestState, TextPolicy
from bot.types import Feedback, Interaction, Query, QueryKind, Reply, Trigger
from tests.contracts.journal_contract import OpensJournals, entries
from tests.contracts.members_contract import asked_by
from tests.contracts.opting_out_contract import ADA, told_by
from tests.contracts.recollection_contract import THREE_HERE, finished, listed, the_entry, waits
from tests.contracts.retention_contract import told
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.journal import a_reply, an_interaction

QUERY = Query("Beavers lower the risk of floods.", QueryKind.CLAIM, "Beavers help.", "beavers")
NOTHING = a_reply(answered=False, quotes=(), counterpoints=(), query=QUERY)
FAILED = replace(NOTHING, query=None, corpus_version=None, stage_ms={})
UNANSWERED = pytest.mark.parametrize(
    ("reply", "error"),
    [(NOTHING, None), (FAILED, "IndexUnavailable"), (FAILED, "RateLimited")],
    ids=["nothing found", "an error", "a limit"],
)


def said(**changes: Any) -> Interaction:
    """Return what somebody says where the bot may speak uncalled, with changes."""
    return an_interaction(trigger=Trigger.AUTO, **changes)


async def looked_at(journal: Journal, reply: Reply = NOTHING, **changes: Any) -> str:
    """Look at a message, with some outcome; returns our id of it."""
    receipt = await journal.begin(said(**changes))
    await journal.finish(receipt.request_id, reply)
    return receipt.request_id


class UnaskedContract(OpensJournals):
    """What is written before there is an answer, with one, without one, and the limits."""

    # --- before it is known whether it is answered

    @pytest.mark.parametrize("policy", TextPolicy)
    async def test_nothing_is_told_of_what_is_only_looked_at(
        self, clock: ManualClock, policy: TextPolicy
    ) -> None:
        async with self.opened(clock, CountingIds(), policy) as journal:
            made = said(kind=QueryKind.CLAIM)
            receipt = await journal.begin(made, THREE_HERE)
            assert receipt == Receipt(receipt.request_id, is_new=True)
            entry = await the_entry(journal, receipt.request_id)
            assert await asked_by(journal, *ADA) == []
        assert told_by(entry) == {}
        assert entry.interaction_id.startswith("forgotten:")
        assert made.id not in entry.interaction_id
        assert (entry.state, entry.answered) == (RequestState.BEGUN, None)
        assert entry.begun_at == entry.created_at == clock.now

    # --- with an answer

    @pytest.mark.parametrize("policy", TextPolicy)
    async def test_what_is_answered_is_kept_like_what_was_asked(
        self, clock: ManualClock, policy: TextPolicy
    ) -> None:
        async with self.opened(clock, CountingIds(), policy) as journal:
            kept = []
            for number, trigger in enumerate((Trigger.AUTO, Trigger.MENTION)):
                made = an_interaction(id=str(number), trigger=trigger, kind=QueryKind.CLAIM)
                receipt = await journal.begin(made)
                await journal.finish(receipt.request_id, a_reply(query=QUERY))
                await journal.delivered(receipt.request_id, ["m1"])
                assert await journal.note_feedback(receipt.request_id, *ADA, Feedback.HELPFUL)
                kept.append(await the_entry(journal, receipt.request_id))
        unasked, asked = kept
        own = {name: getattr(asked, name) for name in ("request_id", "interaction_id", "trigger")}
        assert (unasked.interaction_id, unasked.trigger) == ("0", Trigger.AUTO)
        assert replace(unasked, **own) == asked

    async def test_what_is_answered_is_in_the_lists_and_goes_with_its_author(
        self, journal: Journal
    ) -> None:
        request_id = await looked_at(journal, a_reply(query=QUERY))
        assert await listed(journal) == await told(journal) == await asked_by(journal, *ADA)
        assert await journal.forget(*ADA) == 1
        assert told_by(await the_entry(journal, request_id)) == {}

    @pytest.mark.parametrize("text", ["", "a\x00b", "\ud800", "x" * 200_000])
    async def test_text_of_any_kind_is_taken(self, journal: Journal, text: str) -> None:
        request_id = await looked_at(
            journal, a_reply(), id=f"i{text[:2]}", text=text, thread_id=text[:2]
        )
        assert (await the_entry(journal, request_id)).text is not None

    # --- without one

    @UNANSWERED
    async def test_what_is_not_answered_leaves_nothing_but_that_it_was(
        self, journal: Journal, clock: ManualClock, reply: Reply, error: str | None
    ) -> None:
        receipt = await journal.begin(said())
        clock.advance(2)
        await journal.finish(receipt.request_id, reply, error)
        entry = await the_entry(journal, receipt.request_id)
        assert told_by(entry) == {}
        assert entry.interaction_id.startswith("forgotten:")
        assert (entry.state, entry.answered) == (RequestState.FINISHED, None)
        assert (entry.corpus_version, entry.took_ms, entry.stage_ms) == (None, None, {})
        assert (entry.begun_at, entry.finished_at) == (clock.now - 2, clock.now)
        assert entry.created_at == entry.begun_at

    async def test_what_is_not_answered_is_in_no_list(self, journal: Journal) -> None:
        await looked_at(journal, id="1")
        await finished(journal, "2")
        await looked_at(journal, id="3")
        assert await listed(journal) == await told(journal) == ["2"]
        assert await listed(journal, unanswered_only=True) == []
        assert await asked_by(journal, *ADA) == ["2"]
        assert len(await entries(journal, 1)) == 1
        assert (await journal.check()).interactions == 3

    async def test_what_was_asked_in_vain_is_listed_as_ever(self, journal: Journal) -> None:
        await looked_at(journal, id="1")
        receipt = await journal.begin(an_interaction(id="2"))
        await journal.finish(receipt.request_id, NOTHING)
        assert await listed(journal, unanswered_only=True) == ["2"]

    async def test_no_verdict_on_what_was_not_answered_is_taken(self, journal: Journal) -> None:
        request_id = await looked_at(journal)
        assert not await journal.note_feedback(request_id, "discord", "bo", Feedback.OTHER)
        await journal.undelivered(request_id, "not_in_channel")
        assert told_by(await the_entry(journal, request_id)) == {}

    # --- once

    @pytest.mark.parametrize("reply", [None, NOTHING, a_reply()], ids=["begun", "no", "answered"])
    async def test_late_duplicate_of_a_message_is_known(
        self, journal: Journal, reply: Reply | None
    ) -> None:
        first = await journal.begin(said())
        if reply is not None:
            await journal.finish(first.request_id, reply)
        again = await journal.begin(said())
        assert (again.is_new, again.request_id) == (False, first.request_id)
        assert (await journal.check()).interactions == 1

    async def test_of_many_concurrent_looks_one_is_new(self, journal: Journal) -> None:
        receipts = await asyncio.gather(*(journal.begin(said()) for _ in range(50)))
        assert sum(receipt.is_new for receipt in receipts) == 1
        assert len({receipt.request_id for receipt in receipts}) == 1

    async def test_what_was_not_answered_is_never_new_again(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        first = await looked_at(journal)
        clock.advance(1_000)
        async with self.succeeded(journal, clock, CountingIds("s")) as after:
            again = await after.begin(said())
            assert (again.is_new, again.request_id) == (False, first)

    async def test_message_whose_process_died_is_new_and_kept_if_it_is_answered_then(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        first = await journal.begin(said())
        async with self.succeeded(journal, clock, CountingIds("s")) as after:
            receipts = [await after.begin(said()) for _ in range(2)]
            assert [receipt.is_new for receipt in receipts] == [True, False]
            assert {receipt.request_id for receipt in receipts} == {first.request_id}
            assert receipts[0].is_kept
            assert told_by(await the_entry(after, first.request_id)) == {}
            await after.finish(first.request_id, a_reply(query=QUERY))
            entry = await the_entry(after, first.request_id)
            assert (entry.text, entry.query, len(entry.shown)) == (said().text, QUERY, 3)

    async def test_message_is_new_again_after_its_lease(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        first = await journal.begin(said())
        clock.advance(901)
        receipts = [await journal.begin(said()) for _ in range(2)]
        assert [receipt.is_new for receipt in receipts] == [True, False]
        await journal.finish(first.request_id, a_reply())
        assert (await the_entry(journal, first.request_id)).text == said().text

    @pytest.mark.parametrize("is_answered", [False, True], ids=["no", "answered"])
    async def test_answer_that_was_lost_with_its_process_is_looked_for_anew(
        self, journal: Journal, clock: ManualClock, is_answered: bool
    ) -> None:
        first = await looked_at(journal, a_reply(query=QUERY))
        async with self.succeeded(journal, clock, CountingIds("s")) as after:
            again = await after.begin(said())
            assert (again.is_new, again.request_id, again.is_kept) == (True, first, True)
            assert told_by(await the_entry(after, first)) == {}
            await after.finish(first, a_reply() if is_answered else NOTHING)
            assert bool(told_by(await the_entry(after, first))) is is_answered

    # --- members who want nothing kept

    async def test_who_is_forgotten_meanwhile_is_not_kept(self, journal: Journal) -> None:
        receipt = await journal.begin(said())
        await journal.forget(*ADA)
        await journal.finish(receipt.request_id, a_reply(query=QUERY))
        await journal.delivered(receipt.request_id, ["m1"])
        assert told_by(await the_entry(journal, receipt.request_id)) == {}

    @pytest.mark.parametrize("is_in_again", [False, True], ids=["out", "in again"])
    async def test_who_opts_out_meanwhile_is_not_kept(
        self, journal: Journal, is_in_again: bool
    ) -> None:
        receipt = await journal.begin(said())
        await journal.opt_out(*ADA)
        if is_in_again:
            await journal.opt_in(*ADA)
        await journal.finish(receipt.request_id, a_reply(query=QUERY))
        entry = await the_entry(journal, receipt.request_id)
        assert (told_by(entry), entry.answered) == ({}, True)

    async def test_what_is_said_after_that_is_kept_again(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        await journal.opt_out(*ADA)
        await journal.opt_in(*ADA)
        clock.advance(10)
        request_id = await looked_at(journal, a_reply(), created_at=clock.now)
        assert (await the_entry(journal, request_id)).text is not None

    @pytest.mark.parametrize("reply", [NOTHING, a_reply()], ids=["no", "answered"])
    async def test_who_has_opted_out_is_not_kept(
        self, journal: Journal, clock: ManualClock, reply: Reply
    ) -> None:
        await journal.opt_out(*ADA)
        clock.advance(86_400)
        receipt = await journal.begin(said(created_at=clock.now))
        assert (receipt.is_new, receipt.is_kept) == (True, False)
        await journal.finish(receipt.request_id, reply)
        entry = await the_entry(journal, receipt.request_id)
        assert (told_by(entry), entry.answered) == ({}, True if reply.answered else None)
        assert not (await journal.begin(said())).is_new

    # --- limits

    @pytest.mark.parametrize("reply", [None, NOTHING, a_reply()], ids=["begun", "no", "answered"])
    async def test_each_counts_once_for_its_channel(
        self, journal: Journal, clock: ManualClock, reply: Reply | None
    ) -> None:
        for number in range(2):
            receipt = await journal.begin(said(id=str(number)), THREE_HERE)
            if reply is not None:
                await journal.finish(receipt.request_id, reply)
            clock.advance(1)
        assert await waits(journal, THREE_HERE, "2", "3") == [0.0, 58.0]
        clock.advance(58)
        assert await waits(journal, THREE_HERE, "4", "5") == [0.0, 1.0]

    @pytest.mark.parametrize("reply", [NOTHING, a_reply()], ids=["no", "answered"])
    async def test_none_counts_for_its_author(self, journal: Journal, reply: Reply) -> None:
        limits = RateLimits(per_asker=1, per_channel=0)
        for number in range(3):
            receipt = await journal.begin(said(id=str(number)), limits)
            assert receipt.wait_s == 0.0
            await journal.finish(receipt.request_id, reply)
        assert await waits(journal, limits, "4", "5") == [0.0, 60.0]

    async def test_elsewhere_is_not_counted(self, journal: Journal) -> None:
        await journal.begin(said(), RateLimits(0, 1))
        for number, place in enumerate(
            ({"channel_id": "ponds"}, {"community_id": "lake"}, {"platform": "slack"})
        ):
            made = said(id=f"elsewhere-{number}", **place)
            assert (await journal.begin(made, RateLimits(0, 1))).wait_s == 0.0

    async def test_limit_holds_among_messages_that_come_at_once(self, journal: Journal) -> None:
        limits = RateLimits(per_asker=0, per_channel=10)
        receipts = await asyncio.gather(
            *(journal.begin(said(id=str(number)), limits) for number in range(100))
        )
        assert sum(receipt.wait_s == 0.0 for receipt in receipts) == 10
        assert all(receipt.is_new for receipt in receipts)

    async def test_message_that_was_refused_does_not_count_and_tells_nothing(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        await waits(journal, THREE_HERE, "1", "2", "3")
        clock.advance(30)
        refused = await journal.begin(said(id="4"), THREE_HERE)
        assert (refused.wait_s, refused.is_kept) == (30.0, True)
        await journal.finish(refused.request_id, FAILED, "RateLimited")
        assert told_by(await the_entry(journal, refused.request_id)) == {}
        clock.advance(30)
        assert await waits(journal, THREE_HERE, "5", "6", "7", "8") == [0.0, 0.0, 0.0, 60.0]

    async def test_duplicate_of_a_message_is_neither_refused_nor_counted(
        self, journal: Journal
    ) -> None:
        for _ in range(5):
            receipt = await journal.begin(said(id="1"), THREE_HERE)
        assert (receipt.is_new, receipt.wait_s) == (False, 0.0)
        assert await waits(journal, THREE_HERE, "2", "3", "4") == [0.0, 0.0, 60.0]

    async def test_message_that_is_begun_again_counts_from_then_on(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        await journal.begin(said(), THREE_HERE)
        clock.advance(901)
        assert (await journal.begin(said(), THREE_HERE)).is_new
        assert await waits(journal, THREE_HERE, "2", "3", "4") == [0.0, 0.0, 60.0]
