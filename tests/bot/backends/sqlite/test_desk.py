"""What admins decide is on disk and seen by all, and what they look at adds up."""

import logging
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from bot.backends.sqlite import CorrectionsOnFile
from bot.errors import JournalError
from bot.ports import (
    Accounts,
    Corrections,
    CorrectionsInForce,
    RateLimits,
    Ruling,
    Standing,
    Verdict,
)
from bot.ports.figures import Figures
from bot.types import Feedback, Stance
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.fakes.clock import ManualClock
from tests.fakes.journal import a_reply, an_interaction

RULING = Ruling(Verdict.SIDE, "r1", "rye", "It keeps.", claim="Rye keeps.", stance=Stance.OPPOSES)


def damage(path: Path) -> None:
    """Make a file one that no database is."""
    path.write_bytes(b"no journal" * 1_000)


def put(path: Path, content: bytes) -> None:
    """Make a file hold just this."""
    path.write_bytes(content)


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


async def ruled(path: Path, open_journal: OpenJournal) -> Standing:
    """Rule on something, and return what holds as a process that ended knew it."""
    async with await open_journal() as journal:
        await journal.desk.corrections.note(RULING)
    reader = CorrectionsOnFile(path)
    known = reader.current()
    reader.close()
    return known


def copy_of(path: Path) -> Path:
    """Return where what holds is copied to."""
    return path.with_name(f"{path.name}.corrections.json")


async def test_verdicts_hold_when_a_process_starts_while_the_journal_is_damaged(
    path: Path, open_journal: OpenJournal, caplog: pytest.LogCaptureFixture
) -> None:
    known = await ruled(path, open_journal)
    good = bytes_of(path)
    damage(path)
    reader = CorrectionsOnFile(path)
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            assert reader.current() is reader.current()
        assert reader.current().corrections == known.corrections
        assert reader.current().version != "0.0"
        assert reader.claim_hash("rye keeps") == known.corrections[0].claim_hash
        assert [one.message for one in caplog.records] == [
            "corrections_unreadable",
            "corrections_from_copy",
        ]
        put(path, good)
        assert reader.current() == known
        assert caplog.records[-1].message == "corrections_readable"
        reader.close()
        damage(path)
        for _ in range(3):
            assert reader.current() == known
    messages = [one.message for one in caplog.records]
    assert messages[3:] == ["corrections_unreadable"]


async def test_the_journal_is_believed_over_the_copy_once_it_can_be_read(
    path: Path, open_journal: OpenJournal
) -> None:
    known = await ruled(path, open_journal)
    good = bytes_of(path)
    put(copy_of(path), bytes_of(copy_of(path)).replace(b"It keeps.", b"It stays."))
    damage(path)
    reader = CorrectionsOnFile(path)
    assert reader.current().corrections[0].text == "It stays."
    put(path, good)
    assert reader.current() == known
    reader.close()


async def test_what_was_undone_does_not_come_back_from_the_copy(
    path: Path, open_journal: OpenJournal
) -> None:
    (held,) = (await ruled(path, open_journal)).corrections
    async with await open_journal() as journal:
        await journal.desk.corrections.undo(held.number)
    reader = CorrectionsOnFile(path)
    reader.current()
    reader.close()
    damage(path)
    assert CorrectionsOnFile(path).current().corrections == ()


async def test_without_a_copy_a_damaged_journal_leaves_no_verdicts_and_is_told_once(
    path: Path, open_journal: OpenJournal, caplog: pytest.LogCaptureFixture
) -> None:
    await ruled(path, open_journal)
    damage(path)
    copy_of(path).unlink()
    reader = CorrectionsOnFile(path)
    for _ in range(3):
        assert reader.current().corrections == ()
    assert [one.message for one in caplog.records] == ["corrections_unreadable"]


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"version": "1.0", "corrections": [{}]}', "\ud800", "null"]
)
async def test_a_damaged_copy_is_told_once_and_made_anew(
    path: Path, open_journal: OpenJournal, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    known = await ruled(path, open_journal)
    copy_of(path).write_text(text, "utf-8", "surrogatepass")
    good = bytes_of(path)
    damage(path)
    reader = CorrectionsOnFile(path)
    for _ in range(3):
        assert reader.current().corrections == ()
    assert [one.message for one in caplog.records] == [
        "corrections_unreadable",
        "corrections_copy_unreadable",
    ]
    put(path, good)
    other = CorrectionsOnFile(path)
    assert other.current() == known
    other.close()
    damage(path)
    assert CorrectionsOnFile(path).current().corrections == known.corrections


async def test_the_copy_is_its_owners_and_holds_no_claim(
    path: Path, open_journal: OpenJournal
) -> None:
    await ruled(path, open_journal)
    assert stat.S_IMODE(copy_of(path).stat().st_mode) == 0o600
    assert b"Rye keeps" not in bytes_of(copy_of(path))
    assert b"It keeps." in bytes_of(copy_of(path))
    assert list(path.parent.glob("*.draft")) == []


async def test_where_nothing_was_ever_ruled_there_is_no_copy(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal():
        reader = CorrectionsOnFile(path)
        reader.current()
        reader.close()
    assert not copy_of(path).exists()


async def test_a_journal_begun_anew_says_what_no_longer_holds(
    path: Path, open_journal: OpenJournal, caplog: pytest.LogCaptureFixture
) -> None:
    await ruled(path, open_journal)
    held = bytes_of(copy_of(path))
    for file in path.parent.glob(f"{path.name}*"):
        if file.is_file() and file != copy_of(path):
            file.unlink()
    async with await open_journal():
        reader = CorrectionsOnFile(path)
        for _ in range(3):
            assert reader.current().corrections == ()
        reader.close()
    assert [one.message for one in caplog.records] == ["corrections_begun_anew"]
    assert bytes_of(copy_of(path)) == held


async def test_a_copy_that_cannot_be_written_is_told_and_verdicts_hold(
    path: Path, open_journal: OpenJournal, caplog: pytest.LogCaptureFixture
) -> None:
    copy_of(path).mkdir(parents=True)
    assert len((await ruled(path, open_journal)).corrections) == 1
    assert [one.message for one in caplog.records] == ["corrections_not_copied"]


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


async def test_groups_of_requests_add_up(open_journal: OpenJournal, clock: ManualClock) -> None:
    nothing = replace(a_reply(), answered=False, quotes=(), counterpoints=())
    came_of_it = [
        (a_reply(), None),
        (nothing, None),
        (replace(nothing, query=None), None),
        (replace(nothing, query=None), "IndexUnavailable"),
    ]
    async with await open_journal() as journal:
        figures: Figures = journal.desk.figures
        for number, (reply, error) in enumerate(came_of_it):
            receipt = await journal.begin(an_interaction(id=str(number)))
            await journal.finish(receipt.request_id, reply, error)
        receipt = await journal.begin(
            an_interaction(id="limited"), RateLimits(per_asker=4, per_channel=0)
        )
        assert receipt.wait_s > 0
        await journal.finish(receipt.request_id, replace(nothing, query=None), "RateLimited")
        await journal.begin(an_interaction(id="waiting"))
        (period,) = await figures.by_period(0, 3600)
        asked = await figures.asked(0)
    assert (period.requests, sum(one.requests for one in asked)) == (6, 6)
    groups = ("answered", "unanswered", "failed", "refused", "other")
    assert [getattr(period, group) for group in groups] == [1, 1, 1, 1, 2]
    assert [sum(getattr(one, group) for one in asked) for group in groups] == [1, 1, 1, 1, 2]
    assert len(period.took_ms) == 4


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
        complaints = await figures.complaints(10, 10)
        (complaint,) = complaints.found
        assert (complaints.opened, complaints.settled) == (1, 0)
        assert complaint.request_id == receipt.request_id
        assert complaint.counts == ((Feedback.WRONG_SIDE, 1),)
        texts = await figures.shown_in(receipt.request_id)
        assert len(texts) == len(shown)
        assert await figures.asked(clock.now + 1) == []
        assert await figures.missed(since, 10) == []
        assert await figures.reindexes(10) == []
