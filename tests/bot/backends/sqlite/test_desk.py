"""What admins decide is on disk and seen by all, and what they look at adds up."""

import logging
from pathlib import Path

import pytest

from bot.backends.sqlite import CorrectionsOnFile
from bot.errors import JournalError
from bot.ports import Accounts, Corrections, CorrectionsInForce, Ruling, Verdict
from bot.ports.figures import Figures
from bot.types import Feedback, Stance
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.fakes.clock import ManualClock
from tests.fakes.journal import a_reply, an_interaction

RULING = Ruling(Verdict.SIDE, "r1", "rye", "It keeps.", claim="Rye keeps.", stance=Stance.OPPOSES)


def damage(path: Path) -> None:
    """Make a file one that no database is."""
    path.write_bytes(b"no journal" * 1_000)


def bytes_of(path: Path) -> bytes:
    """Return what a file holds."""
    return path.read_bytes()


async def test_a_ruling_is_seen_by_another_process(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        corrections: Corrections = journal.desk.corrections
        reader = CorrectionsOnFile(path)
        in_force: CorrectionsInForce = reader
        before = in_force.current()
        assert before.corrections == ()
        number = await corrections.note(RULING)
        standing = in_force.current()
        assert standing.version != before.version
        assert in_force.current() is standing
        (found,) = standing.corrections
        assert found == (await corrections.holding())[0]
        assert (found.verdict, found.text, found.stance) == (Verdict.SIDE, "It keeps.", "opposes")
        assert found.claim_hash == in_force.claim_hash("  rye KEEPS")
        assert found.claim_hash != in_force.claim_hash("Rye keeps well.")
        assert await corrections.undo(number)
        assert in_force.current().corrections == ()
        assert not await corrections.undo(number)
        assert not await corrections.undo(99)
        reader.close()


async def test_rulings_hold_without_an_open_journal(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        await journal.desk.corrections.note(RULING)
    reader = CorrectionsOnFile(path)
    assert len(reader.current().corrections) == 1
    reader.close()
    reader.close()
    assert len(reader.current().corrections) == 1
    reader.close()


def test_where_there_is_no_journal_nothing_holds(path: Path) -> None:
    assert CorrectionsOnFile(path).current().corrections == ()


async def test_what_cannot_be_read_holds_on(
    path: Path, open_journal: OpenJournal, caplog: pytest.LogCaptureFixture
) -> None:
    async with await open_journal() as journal:
        await journal.desk.corrections.note(RULING)
    reader = CorrectionsOnFile(path)
    known = reader.current()
    reader.close()
    damage(path)
    with caplog.at_level(logging.ERROR):
        assert reader.current() is known
    assert [one.message for one in caplog.records] == ["corrections_unreadable"]


async def test_no_claim_is_kept_in_its_words(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        await journal.desk.corrections.note(RULING)
    assert b"Rye keeps" not in bytes_of(path)


async def test_words_that_are_no_utf_8_can_be_ruled_on(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        corrections = journal.desk.corrections
        await corrections.note(Ruling(Verdict.SPEAKER, "r\ud800", "d", "a\ud800", speaker="\udfff"))
        assert len(await corrections.holding()) == 1


async def test_a_session_ends_for_good(open_journal: OpenJournal, clock: ManualClock) -> None:
    async with await open_journal() as journal:
        accounts: Accounts = journal.desk.accounts
        await accounts.end_session("one", clock.now + 10)
        await accounts.end_session("one", clock.now + 10)
        assert await accounts.has_ended("one")
        assert not await accounts.has_ended("two")
    async with await open_journal() as journal:
        assert await journal.desk.accounts.has_ended("one")
        clock.advance(11)
        await journal.desk.accounts.end_session("two", clock.now + 10)
        assert not await journal.desk.accounts.has_ended("one")


async def test_nothing_is_taken_once_it_is_closed(open_journal: OpenJournal) -> None:
    journal = await open_journal()
    await journal.close()
    with pytest.raises(JournalError):
        await journal.desk.corrections.note(RULING)
    with pytest.raises(JournalError):
        await journal.desk.accounts.has_ended("one")


async def test_figures_add_up(open_journal: OpenJournal, clock: ManualClock) -> None:
    async with await open_journal() as journal:
        figures: Figures = journal.desk.figures
        since = clock.now
        for number in range(3):
            receipt = await journal.begin(an_interaction(id=str(number)))
            await journal.finish(receipt.request_id, a_reply())
        await journal.note_feedback(receipt.request_id, "discord", "bo", Feedback.WRONG_SIDE)
        await journal.note_feedback(receipt.request_id, "discord", "cy", Feedback.HELPFUL)
        counts = await figures.asked(since)
        assert sum(one.requests for one in counts) == 3
        assert sum(one.answered for one in counts) == 3
        (period,) = await figures.by_period(since, 3600)
        assert (period.answered, period.unanswered, len(period.took_ms)) == (3, 0, 3)
        shown = await figures.shown(since, 10)
        assert {one.times for one in shown} == {3}
        assert dict(await figures.feedback(since))[Feedback.WRONG_SIDE] == 1
        (complaint,) = await figures.complaints(10)
        assert complaint.request_id == receipt.request_id
        assert complaint.counts == ((Feedback.WRONG_SIDE, 1),)
        texts = await figures.shown_in(receipt.request_id)
        assert len(texts) == len(shown)
        assert await figures.asked(clock.now + 1) == []
        assert await figures.missed(since, 10) == []
        assert await figures.reindexes(10) == []
