"""What every journal lets go with time, and gives back from the first request on.

A backend's tests inherit `RetentionContract` beside `JournalContract`.
"""

import pytest

from bot.errors import JournalError
from bot.ports import Journal, RequestState
from bot.types import Feedback
from tests.contracts.journal_contract import OpensJournals, entries
from tests.contracts.recollection_contract import finished, the_entry
from tests.fakes.clock import ManualClock
from tests.fakes.journal import an_interaction

DAY_S = 86_400.0


async def told(journal: Journal, **filters: float | str) -> list[str]:
    """Return the platform's ids of the history."""
    found = journal.history(**filters)  # type: ignore[arg-type]  # keywords of one type each
    return [entry.interaction_id async for entry in found]


class RetentionContract(OpensJournals):
    """Expiry, and the whole history."""

    # --- expiry

    async def test_what_is_older_expires_and_the_rest_stays(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        old = await finished(journal, "old")
        clock.advance(DAY_S)
        new = await finished(journal, "new")
        assert await journal.expire(clock.now) == 1
        assert (await the_entry(journal, old)).asker is None
        assert (await the_entry(journal, new)).text is not None

    async def test_what_expires_is_blanked_as_if_its_asker_were_forgotten(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        expired = await finished(journal, "i1")
        await journal.delivered(expired, ["m1"])
        await journal.note_feedback(expired, "discord", "bo", Feedback.HELPFUL)
        await journal.expire(clock.now + 1)
        entry = await the_entry(journal, expired)
        assert (entry.text, entry.text_hash, entry.query, entry.kind) == (None,) * 4
        assert (entry.community_id, entry.channel_id, entry.trigger) == (None,) * 3
        assert (entry.shown, entry.message_ids, entry.feedback) == ((), (), ())
        assert entry.interaction_id.startswith("forgotten:")
        assert entry.state is RequestState.DELIVERED

    async def test_expiring_twice_finds_nothing_more(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        for number in range(250):
            await journal.begin(an_interaction(id=str(number), asker_id=str(number % 3)))
        assert [await journal.expire(clock.now + 1) for _ in range(2)] == [250, 0]

    async def test_late_duplicate_of_what_expired_is_still_known(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        first = await finished(journal)
        await journal.expire(clock.now + 1)
        again = await journal.begin(an_interaction())
        assert (again.is_new, again.request_id) == (False, first)

    async def test_reply_that_is_ready_after_its_request_expired_leaves_no_trace(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        receipt = await journal.begin(an_interaction())
        await journal.expire(clock.now + 1)
        await journal.delivered(receipt.request_id, ["m1"])
        (entry,) = await entries(journal)
        assert (entry.shown, entry.message_ids) == ((), ())

    # --- history

    async def test_history_is_everything_in_the_order_of_asking(self, journal: Journal) -> None:
        for number in range(5):
            await journal.begin(an_interaction(id=str(number)))
        assert await told(journal) == ["0", "1", "2", "3", "4"]

    async def test_history_is_as_long_as_the_journal(self, journal: Journal) -> None:
        ids = [str(number) for number in range(1_001)]
        for one in ids:
            await journal.begin(an_interaction(id=one))
        assert await told(journal) == ids

    async def test_history_is_of_a_platform_and_from_a_moment_on(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        for number, platform in enumerate(["discord", "slack", "discord", "slack"]):
            await journal.begin(an_interaction(id=str(number), platform=platform))
            clock.advance(10)
        assert await told(journal, platform="slack") == ["1", "3"]
        assert await told(journal, since=clock.now - 20) == ["2", "3"]
        assert await told(journal, since=clock.now - 20, platform="discord") == ["2"]

    async def test_history_holds_entries_whole(self, journal: Journal) -> None:
        request_id = await finished(journal)
        assert [entry async for entry in journal.history()] == [
            await the_entry(journal, request_id)
        ]

    async def test_closed_journal_has_no_history_and_lets_nothing_go(
        self, journal: Journal
    ) -> None:
        await journal.close()
        with pytest.raises(JournalError, match="closed"):
            await told(journal)
        with pytest.raises(JournalError, match="closed"):
            await journal.expire(0.0)
