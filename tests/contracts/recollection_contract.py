"""What every journal remembers of requests and replies, and says of their number.

A backend's tests inherit `RecollectionContract` beside `JournalContract`.
"""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import JournalError
from bot.ports import Journal, JournalEntry, RateLimits, RequestState, TextPolicy
from bot.types import Query, QueryKind, Trigger
from tests.contracts.journal_contract import OpensJournals
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.journal import a_reply, an_interaction

QUERY = Query("castor", QueryKind.TOPIC, "Beavers help.", "beavers", "message-3")
TWO_EACH = RateLimits(per_asker=2, per_channel=0)
THREE_HERE = RateLimits(per_asker=0, per_channel=3)


async def listed(journal: Journal, **filters: str | bool) -> list[str]:
    """Return the platform's ids of the newest interactions."""
    found = journal.recent(100, **filters)  # type: ignore[arg-type]  # keywords of one type each
    return [entry.interaction_id async for entry in found]


async def waits(journal: Journal, limits: RateLimits | None, *ids: str) -> list[float]:
    """Begin requests of Ada's in one channel, and return how long each has to wait."""
    return [(await journal.begin(an_interaction(id=one), limits)).wait_s for one in ids]


async def finished(journal: Journal, interaction_id: str = "i1") -> str:
    """Answer a request and return our id of it."""
    receipt = await journal.begin(an_interaction(id=interaction_id))
    await journal.finish(receipt.request_id, a_reply(query=QUERY))
    return receipt.request_id


async def undelivered(journal: Journal, error: str = "not_in_channel") -> str:
    """Answer a request in vain: the platform does not take the reply."""
    request_id = await finished(journal)
    await journal.undelivered(request_id, error)
    return request_id


async def the_entry(journal: Journal, request_id: str) -> JournalEntry:
    """Read an entry that is there."""
    entry = await journal.entry(request_id)
    assert entry is not None
    return entry


class RecollectionContract(OpensJournals):
    """Queries, single entries, lists by community, failed deliveries, limits."""

    # --- what was searched for

    async def test_query_is_kept_whole(self, journal: Journal) -> None:
        assert (await the_entry(journal, await finished(journal))).query == QUERY

    async def test_request_without_a_query_has_none(self, journal: Journal) -> None:
        receipt = await journal.begin(an_interaction())
        assert (await the_entry(journal, receipt.request_id)).query is None
        await journal.finish(receipt.request_id, a_reply(query=None))
        assert (await the_entry(journal, receipt.request_id)).query is None

    @pytest.mark.parametrize("policy", [TextPolicy.HASHED, TextPolicy.OFF])
    async def test_query_is_not_kept_where_words_are_not(
        self, clock: ManualClock, policy: TextPolicy
    ) -> None:
        async with self.opened(clock, CountingIds(), policy) as journal:
            entry = await the_entry(journal, await finished(journal))
        assert (entry.query, entry.kind) == (None, QueryKind.TOPIC)

    async def test_query_is_forgotten_with_its_asker(self, journal: Journal) -> None:
        request_id = await finished(journal)
        await journal.forget("discord", "ada")
        assert (await the_entry(journal, request_id)).query is None

    async def test_query_that_comes_after_forget_is_not_kept(self, journal: Journal) -> None:
        receipt = await journal.begin(an_interaction())
        await journal.forget("discord", "ada")
        await journal.finish(receipt.request_id, a_reply(query=QUERY))
        assert (await the_entry(journal, receipt.request_id)).query is None

    async def test_query_of_any_kind_comes_back_to_the_character(self, clock: ManualClock) -> None:
        async with self.opened(clock, CountingIds(), TextPolicy.FULL) as journal:
            loop = asyncio.get_running_loop()
            ids = CountingIds("any")

            async def kept(query: Query) -> Query | None:
                receipt = await journal.begin(an_interaction(id=ids()))
                await journal.finish(receipt.request_id, a_reply(query=query))
                return (await the_entry(journal, receipt.request_id)).query

            @given(
                st.builds(
                    Query,
                    st.text(),
                    st.sampled_from(QueryKind),
                    st.none() | st.text(),
                    st.none() | st.text(),
                    st.none() | st.text(),
                )
            )
            def any_query(query: Query) -> None:
                assert asyncio.run_coroutine_threadsafe(kept(query), loop).result(10) == query

            await asyncio.to_thread(any_query)

    # --- one entry

    async def test_entry_is_what_the_list_shows(self, journal: Journal) -> None:
        request_id = await finished(journal)
        (newest,) = [entry async for entry in journal.recent(1)]
        assert await journal.entry(request_id) == newest

    @pytest.mark.parametrize("request_id", ["nobody-began-this", "", "\ud800", "a\x00b"])
    async def test_no_entry_of_an_unknown_id(self, journal: Journal, request_id: str) -> None:
        await finished(journal)
        assert await journal.entry(request_id) is None

    async def test_what_a_process_that_is_gone_delivered_stays_answered(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        first = await journal.begin(an_interaction())
        await journal.finish(first.request_id, a_reply())
        await journal.delivered(first.request_id, ["m1"])
        async with self.succeeded(journal, clock, CountingIds("s")) as after:
            assert not (await after.begin(an_interaction())).is_new

    # --- lists

    async def test_list_is_of_a_community_of_a_platform(self, journal: Journal) -> None:
        for number, (platform, community) in enumerate(
            [("discord", "river"), ("discord", "lake"), ("slack", "river"), ("discord", "river")]
        ):
            made = an_interaction(id=str(number), platform=platform, community_id=community)
            await journal.begin(made)
        assert await listed(journal, platform="discord", community_id="river") == ["3", "0"]
        assert await listed(journal, platform="slack") == ["2"]
        assert await listed(journal, community_id="sea") == []

    async def test_list_of_what_was_asked_in_vain(self, journal: Journal) -> None:
        nothing = a_reply(answered=False, quotes=(), counterpoints=())
        replies = {
            "vain": (nothing, None),
            "answered": (a_reply(), None),
            "failed": (nothing, "IndexUnavailable"),
            "greeting": (a_reply(answered=False, query=None), None),
            "vain too": (nothing, None),
        }
        for name, (reply, error) in replies.items():
            receipt = await journal.begin(an_interaction(id=name))
            await journal.finish(receipt.request_id, reply, error)
        await journal.begin(an_interaction(id="unfinished"))
        assert await listed(journal, unanswered_only=True) == ["vain too", "vain"]

    async def test_limit_counts_what_passes_the_filter(self, journal: Journal) -> None:
        for number in range(4):
            made = an_interaction(id=str(number), community_id="lake" if number % 2 else "river")
            await journal.begin(made)
        found = journal.recent(1, community_id="river")
        assert [entry.interaction_id async for entry in found] == ["2"]

    # --- replies that did not arrive

    async def test_what_kept_a_reply_from_its_asker_is_kept(self, journal: Journal) -> None:
        entry = await the_entry(journal, await undelivered(journal))
        assert (entry.state, entry.error) == (RequestState.FINISHED, "not_in_channel")
        assert (entry.answered, entry.query) == (True, QUERY)

    async def test_later_trouble_with_a_delivery_replaces_the_earlier(
        self, journal: Journal
    ) -> None:
        request_id = await undelivered(journal)
        await journal.undelivered(request_id, "is_archived")
        assert (await the_entry(journal, request_id)).error == "is_archived"

    async def test_duplicate_of_an_undelivered_request_is_finished(self, journal: Journal) -> None:
        request_id = await undelivered(journal)
        again = await journal.begin(an_interaction())
        assert (again.is_new, again.request_id) == (False, request_id)
        assert again.state is RequestState.FINISHED

    async def test_delivery_at_last_clears_what_stood_in_its_way(self, journal: Journal) -> None:
        request_id = await undelivered(journal)
        await journal.delivered(request_id, ["m1"])
        entry = await the_entry(journal, request_id)
        assert (entry.state, entry.error) == (RequestState.DELIVERED, None)

    async def test_error_of_the_reply_outlasts_that_of_its_delivery(self, journal: Journal) -> None:
        receipt = await journal.begin(an_interaction())
        await journal.finish(receipt.request_id, a_reply(answered=False), "IndexUnavailable")
        await journal.undelivered(receipt.request_id, "not_in_channel")
        assert (await the_entry(journal, receipt.request_id)).error == "IndexUnavailable"
        await journal.delivered(receipt.request_id, ["m1"])
        assert (await the_entry(journal, receipt.request_id)).error == "IndexUnavailable"

    async def test_reply_made_anew_has_no_trouble_yet(self, journal: Journal) -> None:
        request_id = await undelivered(journal)
        await journal.finish(request_id, a_reply())
        assert (await the_entry(journal, request_id)).error is None

    async def test_what_arrived_elsewhere_stays_delivered_and_says_why(
        self, journal: Journal
    ) -> None:
        request_id = await finished(journal)
        await journal.delivered(request_id, ["m1"])
        await journal.undelivered(request_id, "not_in_channel")
        entry = await the_entry(journal, request_id)
        assert (entry.state, entry.error) == (RequestState.DELIVERED, "not_in_channel")

    async def test_what_was_asked_in_vain_is_listed_though_nobody_was_told(
        self, journal: Journal
    ) -> None:
        receipt = await journal.begin(an_interaction())
        await journal.finish(receipt.request_id, a_reply(answered=False))
        await journal.undelivered(receipt.request_id, "not_in_channel")
        assert await listed(journal, unanswered_only=True) == ["i1"]

    @pytest.mark.parametrize("is_late", [False, True], ids=["before", "after"])
    async def test_trouble_with_a_delivery_is_forgotten_with_its_asker(
        self, journal: Journal, is_late: bool
    ) -> None:
        request_id = await undelivered(journal)
        await journal.forget("discord", "ada")
        if is_late:
            await journal.undelivered(request_id, "not_in_channel")
        assert (await the_entry(journal, request_id)).error is None

    async def test_trouble_with_an_unknown_request_names_it(self, journal: Journal) -> None:
        with pytest.raises(JournalError, match="nobody-began-this"):
            await journal.undelivered("nobody-began-this", "not_in_channel")

    # --- limits

    async def test_without_limits_nobody_waits(self, journal: Journal) -> None:
        assert await waits(journal, None, *map(str, range(50))) == [0.0] * 50
        assert await waits(journal, RateLimits(0, 0), *map(str, range(50, 60))) == [0.0] * 10

    async def test_asker_waits_until_the_oldest_request_leaves_the_minute(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        assert await waits(journal, TWO_EACH, "1") == [0.0]
        clock.advance(20)
        assert await waits(journal, TWO_EACH, "2", "3") == [0.0, 40.0]
        clock.advance(39.5)
        assert await waits(journal, TWO_EACH, "4") == [0.5]
        clock.advance(0.5)
        assert await waits(journal, TWO_EACH, "5", "6") == [0.0, 20.0]

    async def test_channel_waits_whoever_asks(self, journal: Journal, clock: ManualClock) -> None:
        asked = []
        for number in range(4):
            made = an_interaction(id=str(number), asker_id=f"member-{number}")
            asked.append((await journal.begin(made, THREE_HERE)).wait_s)
            clock.advance(1)
        assert asked == [0.0, 0.0, 0.0, 57.0]

    async def test_what_nobody_asked_counts_for_the_channel_alone(self, journal: Journal) -> None:
        limits = RateLimits(per_asker=1, per_channel=4)
        unasked = [an_interaction(id=f"auto-{n}", trigger=Trigger.AUTO) for n in range(3)]
        assert [(await journal.begin(one, limits)).wait_s for one in unasked] == [0.0] * 3
        assert await waits(journal, limits, "1") == [0.0]
        unasked = [an_interaction(id="auto-4", trigger=Trigger.AUTO)]
        assert [(await journal.begin(one, limits)).wait_s for one in unasked] == [60.0]

    async def test_longer_of_both_waits_counts(self, journal: Journal, clock: ManualClock) -> None:
        await journal.begin(an_interaction(id="1", asker_id="grace"))
        clock.advance(10)
        await journal.begin(an_interaction(id="2"))
        limits = RateLimits(per_asker=1, per_channel=2)
        assert await waits(journal, limits, "3") == [60.0]

    async def test_others_and_elsewhere_are_not_counted(self, journal: Journal) -> None:
        assert await waits(journal, RateLimits(1, 1), "1") == [0.0]
        other = an_interaction(id="2", asker_id="grace", channel_id="ponds")
        slack = an_interaction(id="3", platform="slack")
        namesake = an_interaction(id="4", asker_id="lin", community_id="another")
        for made in (other, slack, namesake):
            assert (await journal.begin(made, RateLimits(1, 1))).wait_s == 0.0

    async def test_refused_requests_do_not_count(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        await waits(journal, TWO_EACH, "1", "2")
        for second in range(59):
            clock.advance(1)
            assert await waits(journal, TWO_EACH, f"again-{second}") == [59.0 - second]
        clock.advance(1)
        assert await waits(journal, TWO_EACH, "3") == [0.0]

    async def test_duplicate_is_neither_refused_nor_counted(self, journal: Journal) -> None:
        for _ in range(5):
            receipt = await journal.begin(an_interaction(id="1"), TWO_EACH)
        assert (receipt.is_new, receipt.wait_s) == (False, 0.0)
        assert await waits(journal, TWO_EACH, "2", "3") == [0.0, 60.0]

    async def test_limit_holds_among_requests_that_come_at_once(self, journal: Journal) -> None:
        limits = RateLimits(per_asker=10, per_channel=0)
        receipts = await asyncio.gather(
            *(journal.begin(an_interaction(id=str(number)), limits) for number in range(200))
        )
        assert sum(receipt.wait_s == 0.0 for receipt in receipts) == 10
        assert all(receipt.is_new for receipt in receipts)

    async def test_clock_that_was_set_back_keeps_nobody_waiting_for_long(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        await waits(journal, TWO_EACH, "1", "2")
        clock.advance(-86_400)
        assert await waits(journal, TWO_EACH, "3") == [0.0]

    async def test_abandoned_request_that_was_refused_is_let_through(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        assert await waits(journal, RateLimits(1, 0), "1", "2") == [0.0, 60.0]
        clock.advance(901)
        receipt = await journal.begin(an_interaction(id="2"), RateLimits(1, 0))
        assert (receipt.is_new, receipt.wait_s) == (True, 0.0)
        assert await waits(journal, RateLimits(1, 0), "3") == [60.0]

    async def test_refused_request_is_kept_like_others(self, journal: Journal) -> None:
        await waits(journal, TWO_EACH, "1", "2")
        receipt = await journal.begin(an_interaction(id="3"), TWO_EACH)
        await journal.finish(receipt.request_id, a_reply(answered=False), "RateLimited")
        entry = await the_entry(journal, receipt.request_id)
        assert (entry.state, entry.error) == (RequestState.FINISHED, "RateLimited")
