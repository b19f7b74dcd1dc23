"""Every dispute that is open is found and counted, however many there are."""

from bot.backends.sqlite import SqliteJournal
from bot.ports import Ruling, Verdict
from bot.ports.figures import Complaints
from bot.types import Feedback
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.fakes.clock import ManualClock
from tests.fakes.journal import a_reply, an_interaction


async def disputed(journal: SqliteJournal, clock: ManualClock, count: int) -> list[str]:
    """Let members dispute replies, a second apart; returns their ids, the first first."""
    ids = []
    for number in range(count):
        receipt = await journal.begin(an_interaction(id=f"d{number}", asker_id=f"asker{number}"))
        await journal.finish(receipt.request_id, a_reply())
        clock.advance(1)
        await journal.note_feedback(receipt.request_id, "discord", "bo", Feedback.WRONG_SIDE)
        ids.append(receipt.request_id)
    return ids


def told(complaints: Complaints) -> list[tuple[str, bool]]:
    """Return which complaints were found, and whether they are open."""
    return [(one.request_id, one.is_open) for one in complaints.found]


async def test_an_open_dispute_is_found_behind_however_many_settled_ones(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        first, *others = await disputed(journal, clock, 8)
        for one in others:
            await journal.desk.corrections.note(Ruling(Verdict.DISMISS, one))
        found = await journal.desk.figures.complaints(3, 2)
        assert told(found) == [(first, True), (others[-1], False), (others[-2], False)]
        assert (found.opened, found.settled) == (1, 7)


async def test_of_many_open_disputes_the_newest_are_found_and_all_are_counted(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        ids = await disputed(journal, clock, 6)
        found = await journal.desk.figures.complaints(2, 2)
        assert told(found) == [(ids[5], True), (ids[4], True)]
        assert (found.opened, found.settled) == (6, 0)


async def test_a_dispute_is_open_again_when_somebody_disputes_or_undoes_it(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        first, second = await disputed(journal, clock, 2)
        figures, corrections = journal.desk.figures, journal.desk.corrections
        clock.advance(1)
        numbers = [
            await corrections.note(Ruling(Verdict.DISMISS, one)) for one in (first, second, second)
        ]
        assert (await figures.complaints(9, 9)).settled == 2
        clock.advance(1)
        await journal.note_feedback(first, "discord", "cy", Feedback.MISATTRIBUTED)
        assert told(await figures.complaints(9, 9)) == [(first, True), (second, False)]
        await corrections.undo(numbers[1])
        assert told(await figures.complaints(9, 9)) == [(first, True), (second, False)]
        await corrections.undo(numbers[2])
        assert told(await figures.complaints(9, 9)) == [(first, True), (second, True)]


async def test_a_dispute_whose_asker_is_forgotten_does_not_count(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        first, second = await disputed(journal, clock, 2)
        await journal.forget("discord", "asker0")
        found = await journal.desk.figures.complaints(9, 9)
        assert told(found) == [(second, True)]
        assert found.opened == 1
        assert first not in repr(found)
