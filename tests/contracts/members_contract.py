"""What every journal lets members say of replies, and gives back of what it keeps of one.

A backend's tests inherit `MembersContract` beside `JournalContract`.
"""

import pytest

from bot.errors import JournalError
from bot.ports import Journal
from bot.types import Feedback
from tests.contracts.journal_contract import OpensJournals
from tests.contracts.recollection_contract import QUERY, finished, the_entry
from tests.fakes.clock import ManualClock
from tests.fakes.journal import an_interaction


async def asked_by(journal: Journal, platform: str, asker_id: str) -> list[str]:
    """Return the platform's ids of what is kept of an asker."""
    return [entry.interaction_id async for entry in journal.entries_of(platform, asker_id)]


class MembersContract(OpensJournals):
    """Verdicts, and the export of what is kept of a member."""

    # --- verdicts

    async def test_verdicts_of_members_stand_side_by_side(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        request_id = await finished(journal)
        for member, said in (("ada", Feedback.HELPFUL), ("bo", Feedback.OFF_TOPIC)):
            clock.advance(1)
            assert await journal.note_feedback(request_id, "discord", member, said)
        entry = await the_entry(journal, request_id)
        assert entry.feedback == (Feedback.HELPFUL, Feedback.OFF_TOPIC)

    async def test_later_verdict_replaces_the_earlier_one(self, journal: Journal) -> None:
        request_id = await finished(journal)
        for said in (Feedback.HELPFUL, Feedback.WRONG_SIDE):
            assert await journal.note_feedback(request_id, "discord", "ada", said)
        assert (await the_entry(journal, request_id)).feedback == (Feedback.WRONG_SIDE,)

    @pytest.mark.parametrize("said", Feedback)
    async def test_every_verdict_can_be_given(self, journal: Journal, said: Feedback) -> None:
        request_id = await finished(journal)
        await journal.note_feedback(request_id, "discord", "ada", said)
        assert (await the_entry(journal, request_id)).feedback == (said,)

    async def test_verdict_on_an_unknown_request_is_not_taken(self, journal: Journal) -> None:
        assert not await journal.note_feedback("r9", "discord", "ada", Feedback.HELPFUL)

    async def test_verdict_on_a_forgotten_request_is_not_taken(self, journal: Journal) -> None:
        request_id = await finished(journal)
        await journal.forget("discord", "ada")
        assert not await journal.note_feedback(request_id, "discord", "bo", Feedback.HELPFUL)

    async def test_forget_takes_verdicts_by_and_on_the_asker(self, journal: Journal) -> None:
        of_ada = await finished(journal, "i1")
        bo = await journal.begin(an_interaction(id="i2", asker_id="bo"))
        await journal.note_feedback(of_ada, "discord", "bo", Feedback.OTHER)
        await journal.note_feedback(bo.request_id, "discord", "ada", Feedback.HELPFUL)
        await journal.note_feedback(bo.request_id, "discord", "bo", Feedback.OTHER)
        await journal.forget("discord", "ada")
        assert (await the_entry(journal, of_ada)).feedback == ()
        assert (await the_entry(journal, bo.request_id)).feedback == (Feedback.OTHER,)

    # --- what is kept of one member

    async def test_what_one_asked_comes_back_in_the_order_of_asking(self, journal: Journal) -> None:
        for number, asker in enumerate(["ada", "bo", "ada", "ada"]):
            await journal.begin(an_interaction(id=str(number), asker_id=asker))
        assert await asked_by(journal, "discord", "ada") == ["0", "2", "3"]

    async def test_same_id_on_another_platform_is_somebody_else(self, journal: Journal) -> None:
        await journal.begin(an_interaction(platform="discord"))
        assert await asked_by(journal, "slack", "ada") == []

    async def test_what_one_asked_comes_back_whole(self, journal: Journal) -> None:
        request_id = await finished(journal)
        await journal.delivered(request_id, ["m1"])
        await journal.note_feedback(request_id, "discord", "bo", Feedback.OTHER)
        (entry,) = [entry async for entry in journal.entries_of("discord", "ada")]
        assert (entry.query, entry.message_ids, entry.feedback) == (
            QUERY,
            ("m1",),
            (Feedback.OTHER,),
        )
        assert entry == await the_entry(journal, request_id)

    async def test_nothing_comes_back_of_who_was_forgotten(self, journal: Journal) -> None:
        request_id = await finished(journal)
        await journal.note_feedback(request_id, "discord", "ada", Feedback.HELPFUL)
        await journal.forget("discord", "ada")
        assert await asked_by(journal, "discord", "ada") == []
        assert await journal.verdicts_of("discord", "ada") == []

    async def test_verdicts_one_gave_come_back_in_their_order(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        first, second = [await finished(journal, name) for name in ("i1", "i2")]
        for request_id, member, said in (
            (first, "bo", Feedback.HELPFUL),
            (second, "bo", Feedback.OFF_TOPIC),
            (second, "ada", Feedback.OTHER),
            (first, "bo", Feedback.WRONG_SIDE),
        ):
            clock.advance(1)
            await journal.note_feedback(request_id, "discord", member, said)
        assert await journal.verdicts_of("discord", "bo") == [
            (second, Feedback.OFF_TOPIC),
            (first, Feedback.WRONG_SIDE),
        ]

    async def test_after_close_nothing_is_told_of_anybody(self, journal: Journal) -> None:
        await journal.close()
        for call in (asked_by(journal, "discord", "ada"), journal.verdicts_of("discord", "ada")):
            with pytest.raises(JournalError, match="closed"):
                await call
