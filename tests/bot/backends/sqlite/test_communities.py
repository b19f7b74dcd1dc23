"""What communities set lies in the journal's file, and every process sees it."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.backends.sqlite import SqliteJournal
from bot.errors import JournalError
from bot.ports import Communities, TextPolicy
from bot.types import ChannelMode, DocumentChange, ReadFailure
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.contracts.communities_contract import BY, CommunitiesContract, a_report
from tests.fakes.clock import CountingIds, ManualClock


class TestSqliteCommunities(CommunitiesContract):
    """The embedded default."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    @asynccontextmanager
    async def opened(self, clock: Callable[[], float]) -> AsyncIterator[Communities]:
        async with await SqliteJournal.open(
            self.folder / "journal.db",
            clock=clock,
            new_id=CountingIds(),
            text_policy=TextPolicy.OFF,
        ) as journal:
            yield journal.communities


DIFFERENT = replace(
    a_report(),
    changes=(
        DocumentChange("oats", "Oats", "added", 7, 0),
        DocumentChange("rye", "Rye", "changed", 2, 1),
        DocumentChange("rice", "R\ud800ce", "removed", 0, 3),
        DocumentChange("wheat", "Wheat", "kept"),
    ),
    failures=(
        ReadFailure("a.pdf", "It has no text."),
        ReadFailure("a.pdf", "\udcff is no name."),
    ),
)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    """Read what is noted behind the journal's back."""
    database = sqlite3.connect(path)
    found = database.execute(query).fetchall()
    database.close()
    return found


def noted(path: Path) -> list[tuple[object, ...]]:
    """Read what is noted of reindexes behind the journal's back."""
    return rows(
        path,
        "SELECT platform, community_id, admin IS NOT NULL, started_at, finished_at, version,"
        " documents, error FROM reindexes ORDER BY number",
    )


async def test_what_is_set_is_seen_elsewhere_and_after_a_restart(
    open_journal: OpenJournal,
) -> None:
    async with await open_journal() as first, await open_journal() as second:
        await first.communities.set_channel("discord", "river-club", "dams", ChannelMode.AUTO)
        assert await first.communities.greet("discord", "river-club")
        assert not await second.communities.greet("discord", "river-club")
        seen = await second.communities.channels("discord", "river-club")
    async with await open_journal() as third:
        assert await third.communities.channels("discord", "river-club") == seen
        assert seen == {"dams": ChannelMode.AUTO}


async def test_reindex_is_noted_with_its_outcome(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    started = clock.now
    async with await open_journal() as journal:
        permit = await journal.communities.begin_reindex(BY, 0.0)
        assert noted(path) == [("discord", "river-club", 1, started, None, None, None, None)]
        clock.advance(7)
        await journal.communities.end_reindex(permit.number, a_report("abc"), None)
        failing = await journal.communities.begin_reindex(BY, 0.0)
        await journal.communities.end_reindex(failing.number, None, "CorpusError")
    end = clock.now
    assert noted(path) == [
        ("discord", "river-club", 1, started, end, "abc", 4, None),
        ("discord", "river-club", 1, end, end, None, None, "CorpusError"),
    ]


async def test_local_reindex_names_nobody(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        number = await journal.communities.begin_local_reindex()
        await journal.communities.end_reindex(number, a_report("abc"), None)
    assert noted(path) == [("cli", None, 0, clock.now, clock.now, "abc", 4, None)]


async def test_what_a_reindex_did_is_noted_document_by_document(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        number = await journal.communities.begin_local_reindex()
        for _ in range(2):  # whoever ends it once more replaces what was noted
            await journal.communities.end_reindex(number, DIFFERENT, None)
    assert rows(path, "SELECT * FROM reindex_changes") == [
        (number, "oats", "Oats", "added", 7, 0),
        (number, "rice", "R\\ud800ce", "removed", 0, 3),
        (number, "rye", "Rye", "changed", 2, 1),
    ]
    assert rows(path, "SELECT * FROM reindex_failures") == [
        (number, 1, "a.pdf", "It has no text."),
        (number, 2, "a.pdf", "\\udcff is no name."),
    ]
    assert rows(path, "SELECT passages FROM reindexes") == [(400,)]


async def test_what_stopped_a_reindex_is_noted_with_its_reason(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        number = await journal.communities.begin_local_reindex()
        await journal.communities.end_reindex(number, None, "CorpusError", "topics.toml: \ud800")
    assert rows(path, "SELECT error, reason, version FROM reindexes") == [
        ("CorpusError", "topics.toml: \\ud800", None)
    ]


async def test_local_reindex_finds_that_another_one_died(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        await journal.communities.begin_local_reindex()
    async with await open_journal() as journal:
        await journal.communities.begin_local_reindex()
    assert [row[-1] for row in noted(path)] == ["ProcessDied", None]


async def test_documents_stay_when_their_admin_is_forgotten(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        permit = await journal.communities.begin_reindex(BY, 0.0)
        await journal.communities.end_reindex(permit.number, DIFFERENT, None)
        await journal.forget("discord", "ada")
    assert len(rows(path, "SELECT * FROM reindex_changes")) == 3


async def test_reindex_of_another_process_is_waited_for_while_that_lives(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as second:
        async with await open_journal() as first:
            await first.communities.begin_reindex(BY, 60.0)
            assert (await second.communities.begin_reindex(BY, 60.0)).is_busy
        assert (await second.communities.begin_reindex(BY, 60.0)).number is not None
    assert noted(path)[0][-1] == "ProcessDied"


async def test_reindex_that_nobody_ended_is_over_some_time(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        await journal.communities.begin_reindex(BY, 0.0)
        clock.advance(3600)
        assert (await journal.communities.begin_reindex(BY, 0.0)).is_busy
        clock.advance(1)
        assert (await journal.communities.begin_reindex(BY, 0.0)).number is not None


async def test_forgotten_admin_is_named_nowhere(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        await journal.communities.begin_reindex(BY, 0.0)
        assert await journal.forget("discord", "ada") == 0
    assert noted(path)[0][:3] == ("discord", None, 0)


async def test_names_of_any_kind_are_kept(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        for name in ("", "\ud800", "a\x00b", "'; --"):
            await journal.communities.set_channel(name, name, name, ChannelMode.DENY)
            assert len(await journal.communities.channels(name, name)) == 1
            assert await journal.communities.greet(name, name)


async def test_every_call_after_close_says_so(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        communities = journal.communities
    calls = (
        communities.channels("discord", "river-club"),
        communities.set_channel("discord", "river-club", "dams", ChannelMode.DENY),
        communities.greet("discord", "river-club"),
        communities.begin_reindex(BY, 0.0),
        communities.begin_local_reindex(),
        communities.end_reindex(1, None, None),
    )
    for call in calls:
        with pytest.raises(JournalError, match="closed"):
            await call
