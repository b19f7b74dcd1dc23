"""What every journal keeps to; a backend's tests inherit `JournalContract`.

Knows nothing of files. A subclass says how a journal is opened:

    class TestMemoryJournal(JournalContract, RecollectionContract, MembersContract):
        @asynccontextmanager
        async def opened(self, clock, new_id, text_policy): ...

        @asynccontextmanager
        async def succeeded(self, journal, clock, new_id): ...
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import JournalError
from bot.ports import Journal, JournalEntry, QuoteRole, RequestState, TextPolicy
from bot.types import Feedback, QueryKind, Stance, Trigger
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.journal import a_reply, an_interaction


async def entries(journal: Journal, limit: int = 100) -> list[JournalEntry]:
    """Read the newest entries of a journal."""
    return [entry async for entry in journal.recent(limit)]


class OpensJournals(ABC):
    """Opens a journal with a lease of 900 s for each test."""

    @abstractmethod
    def opened(
        self, clock: Callable[[], float], new_id: Callable[[], str], text_policy: TextPolicy
    ) -> AbstractAsyncContextManager[Journal]:
        """Open an empty journal, and close it at the end."""

    @abstractmethod
    def succeeded(
        self, journal: Journal, clock: Callable[[], float], new_id: Callable[[], str]
    ) -> AbstractAsyncContextManager[Journal]:
        """Let the process that has a journal go, and open it in the next one."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    async def journal(self, clock: ManualClock) -> AsyncIterator[Journal]:
        async with self.opened(clock, CountingIds(), TextPolicy.FULL) as journal:
            yield journal


class JournalContract(OpensJournals):
    """The behaviour of a journal."""

    # --- begin

    async def test_a_request_seen_for_the_first_time_is_new(self, journal: Journal) -> None:
        receipt = await journal.begin(an_interaction())
        assert receipt.is_new
        assert receipt.request_id

    async def test_a_duplicate_is_not_new_and_has_the_same_request_id(
        self, journal: Journal
    ) -> None:
        first = await journal.begin(an_interaction())
        again = await journal.begin(an_interaction(text="edited"))
        assert (again.is_new, again.request_id) == (False, first.request_id)

    async def test_the_same_id_on_another_platform_is_another_request(
        self, journal: Journal
    ) -> None:
        first = await journal.begin(an_interaction(platform="discord"))
        second = await journal.begin(an_interaction(platform="slack"))
        assert second.is_new
        assert second.request_id != first.request_id

    async def test_of_many_concurrent_begins_exactly_one_is_new(self, journal: Journal) -> None:
        receipts = await asyncio.gather(*(journal.begin(an_interaction()) for _ in range(50)))
        assert sum(receipt.is_new for receipt in receipts) == 1
        assert len({receipt.request_id for receipt in receipts}) == 1

    async def test_an_unfinished_request_is_new_again_after_its_lease(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        first = await journal.begin(an_interaction())
        clock.advance(900)
        assert not (await journal.begin(an_interaction())).is_new
        clock.advance(1)
        receipts = [await journal.begin(an_interaction()) for _ in range(2)]
        assert [receipt.is_new for receipt in receipts] == [True, False]
        assert {receipt.request_id for receipt in receipts} == {first.request_id}

    async def test_a_finished_request_is_never_new_again(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        receipt = await journal.begin(an_interaction())
        await journal.finish(receipt.request_id, a_reply())
        clock.advance(1_000_000)
        again = await journal.begin(an_interaction())
        assert (again.is_new, again.state) == (False, RequestState.FINISHED)

    @pytest.mark.parametrize("is_finished", [False, True], ids=["begun", "finished"])
    async def test_what_a_process_that_is_gone_did_not_deliver_is_new_once_again(
        self, journal: Journal, clock: ManualClock, is_finished: bool
    ) -> None:
        first = await journal.begin(an_interaction())
        if is_finished:
            await journal.finish(first.request_id, a_reply())
        async with self.succeeded(journal, clock, CountingIds("s")) as after:
            receipts = [await after.begin(an_interaction()) for _ in range(2)]
        assert [receipt.is_new for receipt in receipts] == [True, False]
        assert {receipt.request_id for receipt in receipts} == {first.request_id}

    async def test_a_receipt_tells_a_delivered_request_from_one_still_to_send(
        self, journal: Journal
    ) -> None:
        receipt = await journal.begin(an_interaction())
        assert receipt.state is RequestState.BEGUN
        await journal.finish(receipt.request_id, a_reply())
        await journal.delivered(receipt.request_id, ["m1"])
        assert (await journal.begin(an_interaction())).state is RequestState.DELIVERED

    # --- what is kept

    async def test_a_request_is_kept_as_it_was_made(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        made = an_interaction(kind=QueryKind.TOPIC, trigger=Trigger.COMMAND)
        await journal.begin(made)
        (entry,) = await entries(journal)
        assert (
            entry.platform,
            entry.interaction_id,
            entry.community_id,
            entry.channel_id,
            entry.thread_id,
            entry.trigger,
            entry.text,
            entry.kind,
            entry.created_at,
        ) == (
            made.platform,
            made.id,
            made.community_id,
            made.channel_id,
            made.thread_id,
            Trigger.COMMAND,
            made.text,
            QueryKind.TOPIC,
            made.created_at,
        )
        assert (entry.state, entry.begun_at) == (RequestState.BEGUN, clock.now)
        assert (entry.answered, entry.finished_at, entry.shown) == (None, None, ())

    async def test_a_reply_is_kept_with_its_figures(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        receipt = await journal.begin(an_interaction())
        clock.advance(2)
        await journal.finish(receipt.request_id, a_reply())
        (entry,) = await entries(journal)
        assert entry.state is RequestState.FINISHED
        assert entry.answered is True
        assert entry.kind is QueryKind.CLAIM
        assert entry.corpus_version == "c0ffee"
        assert entry.took_ms == 12.5
        assert entry.stage_ms == {"search": 8.0, "stance": 4.5}
        assert entry.finished_at == clock.now
        assert entry.error is None

    async def test_shown_quotes_are_kept_in_order_with_their_hashes(self, journal: Journal) -> None:
        receipt = await journal.begin(an_interaction())
        await journal.finish(receipt.request_id, a_reply())
        (entry,) = await entries(journal)
        assert [(quote.role, quote.rank, quote.stance) for quote in entry.shown] == [
            (QuoteRole.QUOTE, 1, Stance.SUPPORTS),
            (QuoteRole.QUOTE, 2, Stance.NEUTRAL),
            (QuoteRole.COUNTERPOINT, 1, Stance.OPPOSES),
        ]
        first = entry.shown[0]
        assert (first.document_id, first.start, first.end) == ("wetlands", 10, 30)
        assert (first.probability, first.score) == (0.9, 0.8)
        assert first.text_hash == sha256(b"Dams slow the water.").hexdigest()

    async def test_an_error_is_kept_beside_an_unanswered_reply(self, journal: Journal) -> None:
        receipt = await journal.begin(an_interaction(kind=QueryKind.QUESTION))
        failed = a_reply(answered=False, quotes=(), counterpoints=(), query=None, stage_ms={})
        await journal.finish(receipt.request_id, failed, error="IndexUnavailable")
        (entry,) = await entries(journal)
        assert (entry.answered, entry.error) == (False, "IndexUnavailable")
        assert entry.kind is QueryKind.QUESTION
        assert entry.shown == ()

    async def test_a_second_finish_replaces_the_first(self, journal: Journal) -> None:
        receipt = await journal.begin(an_interaction())
        await journal.finish(receipt.request_id, a_reply(), error="too slow")
        await journal.finish(receipt.request_id, a_reply(counterpoints=()))
        (entry,) = await entries(journal)
        assert entry.error is None
        assert [quote.role for quote in entry.shown] == [QuoteRole.QUOTE, QuoteRole.QUOTE]

    async def test_deliveries_are_kept_once_however_often_they_are_noted(
        self, journal: Journal
    ) -> None:
        receipt = await journal.begin(an_interaction())
        await journal.finish(receipt.request_id, a_reply())
        await journal.delivered(receipt.request_id, ["m1", "m2"])
        await journal.delivered(receipt.request_id, ["m2"])
        (entry,) = await entries(journal)
        assert (entry.state, entry.message_ids) == (RequestState.DELIVERED, ("m1", "m2"))

    async def test_a_delivery_without_message_ids_is_a_delivery(self, journal: Journal) -> None:
        receipt = await journal.begin(an_interaction())
        await journal.finish(receipt.request_id, a_reply())
        await journal.delivered(receipt.request_id, [])
        (entry,) = await entries(journal)
        assert (entry.state, entry.message_ids) == (RequestState.DELIVERED, ())

    async def test_finish_of_an_unknown_request_names_it(self, journal: Journal) -> None:
        with pytest.raises(JournalError, match="nobody-began-this"):
            await journal.finish("nobody-began-this", a_reply())

    async def test_delivery_of_an_unknown_request_names_it(self, journal: Journal) -> None:
        with pytest.raises(JournalError, match="nobody-began-this"):
            await journal.delivered("nobody-began-this", ["m1"])

    # --- the text that people typed

    @pytest.mark.parametrize(
        ("policy", "keeps_words", "keeps_hash"),
        [
            (TextPolicy.FULL, True, True),
            (TextPolicy.HASHED, False, True),
            (TextPolicy.OFF, False, False),
        ],
    )
    async def test_text_is_kept_as_the_policy_says(
        self, clock: ManualClock, policy: TextPolicy, keeps_words: bool, keeps_hash: bool
    ) -> None:
        async with self.opened(clock, CountingIds(), policy) as journal:
            await journal.begin(an_interaction())
            (entry,) = await entries(journal)
        assert (entry.text is not None, entry.text_hash is not None) == (keeps_words, keeps_hash)

    async def test_equal_texts_have_equal_hashes_and_others_do_not(self, journal: Journal) -> None:
        for number, text in enumerate(["same", "same", "other"]):
            await journal.begin(an_interaction(id=str(number), text=text))
        other, second, first = await entries(journal)
        assert first.text_hash == second.text_hash != other.text_hash

    async def test_an_asker_is_known_by_a_hash_of_the_platform_and_the_id(
        self, journal: Journal
    ) -> None:
        asker_id = "gwen"  # no hexadecimal digits, which a hash could spell by chance
        await journal.begin(an_interaction(id="1", asker_id=asker_id))
        await journal.begin(an_interaction(id="2", asker_id=asker_id))
        await journal.begin(an_interaction(id="3", asker_id=asker_id, platform="slack"))
        elsewhere, second, first = await entries(journal)
        assert first.asker == second.asker != elsewhere.asker
        assert asker_id not in str(first)

    async def test_text_of_any_kind_is_taken_and_known_again(self, clock: ManualClock) -> None:
        async with self.opened(clock, CountingIds(), TextPolicy.FULL) as journal:
            loop = asyncio.get_running_loop()

            async def take(text: str, interaction_id: str) -> bool:
                made = an_interaction(id=interaction_id, text=text, thread_id=text, asker_id=text)
                first = await journal.begin(made)
                await journal.finish(first.request_id, a_reply(), error=text)
                await journal.delivered(first.request_id, [text])
                again = await journal.begin(made)
                return again.request_id == first.request_id and not again.is_new

            @given(st.text(_ANY_CHARACTER), st.text(_ANY_CHARACTER, min_size=1))
            def any_text(text: str, interaction_id: str) -> None:
                taken = asyncio.run_coroutine_threadsafe(take(text, interaction_id), loop)
                assert taken.result(10)

            await asyncio.to_thread(any_text)

    @pytest.mark.parametrize(
        "text", ["", "a\x00b", "\r\n", "שלום", "👩\u200d🚀", "e\u0301", "'; --", "x" * 200_000]
    )
    async def test_text_comes_back_to_the_character(self, journal: Journal, text: str) -> None:
        await journal.begin(an_interaction(text=text))
        (entry,) = await entries(journal)
        assert entry.text == text

    # --- forget

    async def test_forget_counts_the_interactions_of_that_asker_only(
        self, journal: Journal
    ) -> None:
        await journal.begin(an_interaction(id="1"))
        await journal.begin(an_interaction(id="2"))
        await journal.begin(an_interaction(id="3", asker_id="grace"))
        await journal.begin(an_interaction(id="4", platform="slack"))
        assert await journal.forget("discord", "ada") == 2
        slack, grace, *_ = await entries(journal)
        assert slack.text is not None
        assert grace.text is not None

    async def test_forget_blanks_whatever_tells_who_asked_what(self, journal: Journal) -> None:
        receipt = await journal.begin(an_interaction())
        await journal.finish(receipt.request_id, a_reply(), error="said something")
        await journal.delivered(receipt.request_id, ["m1"])
        await journal.forget("discord", "ada")
        (entry,) = await entries(journal)
        kept = (entry.community_id, entry.channel_id, entry.thread_id, entry.asker, entry.trigger)
        assert set(kept) == {None}
        assert (entry.text, entry.text_hash, entry.kind, entry.error) == (None,) * 4
        assert (entry.shown, entry.message_ids) == ((), ())
        assert entry.interaction_id.startswith("forgotten:")

    async def test_forgetting_twice_finds_nothing_more(self, journal: Journal) -> None:
        await journal.begin(an_interaction())
        assert [await journal.forget("discord", "ada") for _ in range(2)] == [1, 0]

    async def test_what_finishes_after_forget_leaves_no_trace_of_the_asker(
        self, journal: Journal
    ) -> None:
        receipt = await journal.begin(an_interaction())
        await journal.forget("discord", "ada")
        await journal.finish(receipt.request_id, a_reply(), error="said something")
        await journal.delivered(receipt.request_id, ["m1"])
        (entry,) = await entries(journal)
        assert (entry.state, entry.error) == (RequestState.DELIVERED, None)
        assert (entry.shown, entry.message_ids) == ((), ())

    async def test_a_late_duplicate_of_a_forgotten_request_is_still_known(
        self, journal: Journal
    ) -> None:
        first = await journal.begin(an_interaction())
        await journal.finish(first.request_id, a_reply())
        await journal.forget("discord", "ada")
        again = await journal.begin(an_interaction())
        assert (again.is_new, again.request_id) == (False, first.request_id)

    # --- reading

    async def test_recent_yields_the_last_begun_first_up_to_the_limit(
        self, journal: Journal
    ) -> None:
        for number in range(5):
            await journal.begin(an_interaction(id=str(number)))
        assert [entry.interaction_id for entry in await entries(journal, 3)] == ["4", "3", "2"]

    @pytest.mark.parametrize("limit", [0, -1])
    async def test_recent_of_nothing_is_empty(self, journal: Journal, limit: int) -> None:
        await journal.begin(an_interaction())
        assert await entries(journal, limit) == []

    async def test_check_finds_an_empty_journal_sound(self, journal: Journal) -> None:
        health = await journal.check()
        assert (health.problems, health.interactions, health.last_write) == ((), 0, None)

    async def test_check_counts_and_dates_what_was_written(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        receipt = await journal.begin(an_interaction())
        clock.advance(3)
        await journal.finish(receipt.request_id, a_reply())
        health = await journal.check()
        assert (health.interactions, health.last_write) == (1, clock.now)

    # --- close

    async def test_close_may_be_called_twice(self, journal: Journal) -> None:
        await journal.close()
        await journal.close()

    async def test_every_call_after_close_says_so(self, journal: Journal) -> None:
        await journal.begin(an_interaction())
        await journal.close()
        calls = (
            journal.begin(an_interaction(id="2")),
            journal.finish("r1", a_reply()),
            journal.delivered("r1", ["m1"]),
            journal.undelivered("r1", "not_in_channel"),
            journal.forget("discord", "ada"),
            journal.check(),
            journal.entry("r1"),
            journal.note_feedback("r1", "discord", "ada", Feedback.HELPFUL),
            entries(journal),
        )
        for call in calls:
            with pytest.raises(JournalError, match="closed"):
                await call


_ANY_CHARACTER = st.characters(exclude_categories=())  # lone surrogates and NUL too
