"""Installations lie in the journal's file, hidden, and go with their community."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.backends.sqlite import SqliteJournal
from bot.errors import JournalError
from bot.ports import Installations, RequestState, TextPolicy
from bot.types import AdminRequest, ChannelMode, Feedback
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.contracts.communities_contract import a_report
from tests.contracts.installations_contract import InstallationsContract
from tests.contracts.journal_contract import entries
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.journal import a_reply, an_interaction


class TestSqliteInstallations(InstallationsContract):
    """The embedded default."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    @asynccontextmanager
    async def opened(self, clock: Callable[[], float]) -> AsyncIterator[Installations]:
        async with await SqliteJournal.open(
            self.folder / "journal.db",
            clock=clock,
            new_id=CountingIds(),
            text_policy=TextPolicy.OFF,
        ) as journal:
            yield journal.installations


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    """Ask a file behind the journal's back."""
    database = sqlite3.connect(path)
    rows: list[tuple[object, ...]] = database.execute(query).fetchall()
    database.close()
    return rows


def files_with(folder: Path, word: bytes) -> list[str]:
    """Name the files of a folder that hold a word."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [file.name for file in files if word in file.read_bytes()]


# --- shared by processes


async def test_what_is_kept_is_found_elsewhere_and_after_a_restart(
    open_journal: OpenJournal,
) -> None:
    async with await open_journal() as first, await open_journal() as second:
        await first.installations.keep("slack", "river-club", "ada", b"sealed")
        assert await second.installations.find("slack", "river-club", "ada") == b"sealed"
    async with await open_journal() as third:
        assert await third.installations.find("slack", "river-club", "ada") == b"sealed"


async def test_word_comes_back_once_over_all_processes(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as first, await open_journal() as second:
        await first.installations.note_state("slack", "heron", clock.now + 600)
        used = await asyncio.gather(
            *(journal.installations.use_state("slack", "heron") for journal in (first, second))
        )
    assert sorted(used) == [False, True]


# --- what the file tells


async def test_time_of_the_last_change_is_noted(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        await journal.installations.keep("slack", "river-club", "", b"first")
        clock.advance(60)
        await journal.installations.keep("slack", "river-club", "", b"second")
    assert ask(path, "SELECT * FROM installations") == [
        ("slack", "river-club", b"", b"second", clock.now)
    ]


async def test_owners_and_words_are_nowhere_in_the_files(
    tmp_path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        await journal.installations.keep("slack", "river-club", "okapi-1", b"sealed")
        await journal.installations.note_state("slack", "heron-and-egret", clock.now + 600)
        assert files_with(tmp_path, b"river-club") != []
        assert files_with(tmp_path, b"okapi-1") == []
        assert files_with(tmp_path, b"heron-and-egret") == []


async def test_words_whose_time_is_over_are_swept(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        for number in range(5):
            await journal.installations.note_state("slack", f"heron-{number}", clock.now + 60)
        clock.advance(60)
        await journal.installations.note_state("slack", "egret", clock.now + 60)
        assert ask(path, "SELECT count(*) FROM oauth_states") == [(1,)]
        clock.advance(60)
        await journal.installations.use_state("slack", "no word")
        assert ask(path, "SELECT count(*) FROM oauth_states") == [(0,)]


async def test_forgotten_bytes_are_gone_from_every_file(
    tmp_path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        await journal.installations.keep("slack", "river-club", "", b"quagga" * 2000)
        await journal.installations.keep("slack", "lake-club", "", b"tapir" * 2000)
        assert len(files_with(tmp_path, b"quagga") + files_with(tmp_path, b"tapir")) >= 2
        await journal.installations.forget("slack", "river-club")
        assert files_with(tmp_path, b"quagga") == []
        await journal.installations.forget_community("slack", "lake-club")
        assert files_with(tmp_path, b"tapir") == []


async def test_member_who_is_forgotten_leaves_no_token(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        for owner in ("", "ada", "bo"):
            await journal.installations.keep("slack", "river-club", owner, owner.encode())
        await journal.forget("slack", "ada")
    assert ask(path, "SELECT sealed FROM installations") == [(b"",), (b"bo",)]


# --- a community that removed the bot


async def asked(journal: SqliteJournal, **changes: str) -> str:
    """Let somebody ask on Slack and be answered; returns the request's id."""
    receipt = await journal.begin(an_interaction(platform="slack", **changes))
    await journal.finish(receipt.request_id, a_reply())
    await journal.delivered(receipt.request_id, ["m1"])
    await journal.note_feedback(receipt.request_id, "slack", "bo", Feedback.HELPFUL)
    return receipt.request_id


async def test_what_the_community_set_goes(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        communities = journal.communities
        for place in ("river-club", "lake-club"):
            await communities.set_channel("slack", place, "dams", ChannelMode.AUTO)
            await communities.greet("slack", place)
        await journal.installations.forget_community("slack", "river-club")
        assert await communities.channels("slack", "river-club") == {}
        assert await communities.greet("slack", "river-club")
        assert await communities.channels("slack", "lake-club") == {"dams": ChannelMode.AUTO}
        assert not await communities.greet("slack", "lake-club")


async def test_what_was_asked_there_names_nobody(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        request_id = await asked(journal)
        await journal.installations.forget_community("slack", "river-club")
        entry = await journal.entry(request_id)
        assert entry is not None
        places = (entry.community_id, entry.channel_id, entry.thread_id, entry.asker)
        assert (*places, entry.text, entry.text_hash, entry.query) == (None,) * 7
        assert (entry.shown, entry.message_ids, entry.feedback) == ((), (), ())
        assert (entry.state, entry.answered) == (RequestState.DELIVERED, True)


async def test_what_was_asked_elsewhere_stays(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        await asked(journal, id="i2", community_id="lake-club")
        await journal.begin(an_interaction(id="i3", platform="discord"))
        before = await entries(journal)
        await journal.installations.forget_community("slack", "river-club")
        assert await entries(journal) == before


async def test_late_duplicate_is_known_after_the_community_left(
    open_journal: OpenJournal,
) -> None:
    async with await open_journal() as journal:
        request_id = await asked(journal)
        await journal.installations.forget_community("slack", "river-club")
        again = await journal.begin(an_interaction(platform="slack"))
        assert (again.is_new, again.request_id) == (False, request_id)


async def test_what_finishes_after_the_community_left_leaves_no_trace(
    open_journal: OpenJournal,
) -> None:
    async with await open_journal() as journal:
        receipt = await journal.begin(an_interaction(platform="slack"))
        await journal.installations.forget_community("slack", "river-club")
        await journal.finish(receipt.request_id, a_reply(), error="said something")
        await journal.delivered(receipt.request_id, ["m1"])
        (entry,) = await entries(journal)
        assert (entry.query, entry.error, entry.shown, entry.message_ids) == (None, None, (), ())


async def test_reindexes_name_no_community_that_left(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        for place in ("river-club", "lake-club"):
            permit = await journal.communities.begin_reindex(AdminRequest("slack", place, "a"), 0.0)
            await journal.communities.end_reindex(permit.number, a_report(), None)
        await journal.installations.forget_community("slack", "river-club")
    assert ask(path, "SELECT community_id, admin IS NULL FROM reindexes") == [
        (None, 1),
        ("lake-club", 0),
    ]


async def test_file_is_sound_after_a_community_left(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        await asked(journal)
        await journal.communities.set_channel("slack", "river-club", "dams", ChannelMode.DENY)
        await journal.installations.forget_community("slack", "river-club")
        assert (await journal.check()).problems == ()


# --- edges


async def test_names_of_any_kind_are_kept(open_journal: OpenJournal, clock: ManualClock) -> None:
    async with await open_journal() as journal:
        installations = journal.installations
        for name in ("", "\ud800", "a\x00b", "'; --"):
            await installations.keep(name, name, name, b"sealed")
            assert await installations.find(name, name, name) == b"sealed"
            await installations.note_state(name, name, clock.now + 600)
            assert await installations.use_state(name, name)
            assert await installations.forget(name, name, name) == 1


async def test_every_call_after_close_says_so(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        installations = journal.installations
    calls = (
        installations.keep("slack", "river-club", "", b"sealed"),
        installations.find("slack", "river-club"),
        installations.forget("slack", "river-club"),
        installations.forget_community("slack", "river-club"),
        installations.note_state("slack", "heron", 0.0),
        installations.use_state("slack", "heron"),
    )
    for call in calls:
        with pytest.raises(JournalError, match="closed"):
            await call
