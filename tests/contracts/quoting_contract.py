"""What every journal keeps of the quotes that replies showed.

A backend's tests inherit `QuotingContract` beside `JournalContract`.
"""

import pytest

from bot.errors import JournalError
from bot.ports import Journal, TextPolicy
from bot.types import Message, Stance
from tests.contracts.journal_contract import OpensJournals
from tests.contracts.recollection_contract import the_entry
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.journal import a_reply, an_interaction, some_evidence

DAMS = some_evidence("Dams slow the water.", Stance.SUPPORTS)
PONDS = some_evidence("Ponds, “not dams”, store it.\n", Stance.OPPOSES, start=90)


async def shown(journal: Journal, *evidence: object, interaction_id: str = "i1") -> list[str]:
    """Answer a request with quotes, and return the last parts of their permalinks."""
    receipt = await journal.begin(an_interaction(id=interaction_id))
    await journal.finish(receipt.request_id, a_reply(quotes=evidence, counterpoints=()))
    return [one.quote_id for one in (await the_entry(journal, receipt.request_id)).shown]


class QuotingContract(OpensJournals):
    """Quotes as they were shown, and how much of a conversation was read."""

    async def test_quote_is_kept_as_it_was_shown(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        _, ponds = await shown(journal, DAMS, PONDS)
        kept = await journal.kept_quote(ponds)
        assert kept is not None
        assert (kept.document_id, kept.start, kept.end) == ("wetlands", 90, 90 + len(kept.text))
        assert (kept.text, kept.title) == (PONDS.quote.text, "On wetlands")
        assert ponds == f"wetlands-{kept.start}-{kept.end}-{kept.digest}"
        assert kept.first_shown_at == clock.now // 86_400 * 86_400

    async def test_counterpoint_is_kept_like_a_quote(self, journal: Journal) -> None:
        receipt = await journal.begin(an_interaction())
        await journal.finish(receipt.request_id, a_reply(quotes=(), counterpoints=(PONDS,)))
        (one,) = (await the_entry(journal, receipt.request_id)).shown
        assert await journal.kept_quote(one.quote_id) is not None

    async def test_quote_is_kept_as_it_was_the_first_time(
        self, journal: Journal, clock: ManualClock
    ) -> None:
        (dams,) = await shown(journal, DAMS)
        first = await journal.kept_quote(dams)
        clock.advance(3 * 86_400)
        assert await shown(journal, DAMS, DAMS, interaction_id="i2") == [dams, dams]
        assert await journal.kept_quote(dams) == first

    async def test_another_text_at_the_same_place_is_another_quote(self, journal: Journal) -> None:
        other = some_evidence("Dams halt the water.", Stance.SUPPORTS)
        before, after = await shown(journal, DAMS, other)
        assert before != after
        for quote_id, evidence in ((before, DAMS), (after, other)):
            kept = await journal.kept_quote(quote_id)
            assert kept is not None
            assert kept.text == evidence.quote.text

    async def test_quote_stays_when_its_asker_is_forgotten(self, journal: Journal) -> None:
        (dams,) = await shown(journal, DAMS)
        await journal.forget("discord", "ada")
        assert await journal.kept_quote(dams) is not None

    @pytest.mark.parametrize("policy", [TextPolicy.HASHED, TextPolicy.OFF])
    async def test_quote_is_kept_though_words_of_askers_are_not(
        self, clock: ManualClock, policy: TextPolicy
    ) -> None:
        async with self.opened(clock, CountingIds(), policy) as journal:
            (dams,) = await shown(journal, DAMS)
            assert await journal.kept_quote(dams) is not None

    @pytest.mark.parametrize(
        "quote_id",
        ["", "wetlands", "wetlands-10-30", "wetlands-10-30-00000000", "wetlands-x-30-7e5ad59d",
         "-1-2-3", "wetlands-10-99999999999999999999-00000000", "\ud800-1-2-00000000"],
    )  # fmt: skip
    async def test_no_quote_goes_by_what_was_never_shown(
        self, journal: Journal, quote_id: str
    ) -> None:
        await shown(journal, DAMS)
        assert await journal.kept_quote(quote_id) is None

    async def test_id_with_other_digits_is_no_quote(self, journal: Journal) -> None:
        (dams,) = await shown(journal, DAMS)
        assert await journal.kept_quote(dams.replace("-10-", "-010-")) is None

    async def test_closed_journal_tells_no_quote(self, journal: Journal) -> None:
        await journal.close()
        with pytest.raises(JournalError, match="closed"):
            await journal.kept_quote("wetlands-10-30-00000000")

    async def test_messages_read_with_a_request_are_counted(self, journal: Journal) -> None:
        said = Message("m1", "bo", "Beavers flood my field.")
        receipt = await journal.begin(an_interaction(context=(said, said)))
        assert (await the_entry(journal, receipt.request_id)).context_messages == 2
        await journal.forget("discord", "ada")
        assert (await the_entry(journal, receipt.request_id)).context_messages is None
