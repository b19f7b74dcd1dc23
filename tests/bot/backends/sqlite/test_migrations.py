"""Numbered steps take a file from any earlier version to today's, whole or not at all."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.backends.sqlite.connections import connect_writer
from bot.backends.sqlite.migrations import MIGRATIONS, Migration, migrate
from bot.backends.sqlite.pseudonyms import Pseudonyms
from bot.errors import JournalError
from bot.ports import RateLimits
from bot.types import ChannelMode, Feedback
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.contracts.journal_contract import entries
from tests.fakes.clock import ManualClock
from tests.fakes.journal import a_reply, an_interaction

_NEXT = MIGRATIONS[-1].version + 1
_WITH_NEXT = (
    *MIGRATIONS,
    Migration(
        _NEXT,
        "verdicts",
        (
            "CREATE TABLE verdicts (request_id TEXT NOT NULL) STRICT",
            "INSERT INTO verdicts SELECT request_id FROM interactions",
        ),
    ),
)


def ask(path: Path, query: str) -> list[tuple[object, ...]]:
    """Ask a file behind the journal's back."""
    database = sqlite3.connect(path)
    try:
        rows: list[tuple[object, ...]] = database.execute(query).fetchall()
        database.commit()
    finally:
        database.close()
    return rows


def test_versions_count_from_one_without_a_gap() -> None:
    assert [step.version for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


async def test_each_step_is_noted_with_its_time(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal(clock=ManualClock(123.0)):
        pass
    assert ask(path, "SELECT version, applied_at FROM schema_migrations") == [
        (step.version, 123.0) for step in MIGRATIONS
    ]


async def test_a_further_step_keeps_the_data(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        receipt = await journal.begin(an_interaction())
    async with connect_writer(path, 1.0) as connection:
        assert await migrate(connection, path, clock, _WITH_NEXT) == _NEXT
        assert await migrate(connection, path, clock, _WITH_NEXT) == _NEXT
    assert ask(path, "SELECT request_id FROM verdicts") == [(receipt.request_id,)]
    assert ask(path, "SELECT text FROM interactions") == [(an_interaction().text,)]


async def test_a_journal_of_the_first_version_keeps_what_it_holds(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    # With its key, as the first version made it: who asked then can be forgotten now.
    path.with_name("journal.db.key").write_text("ab" * 32, encoding="ascii")
    pseudonyms = Pseudonyms(bytes.fromhex("ab" * 32))
    async with connect_writer(path, 1.0) as connection:
        await migrate(connection, path, clock, MIGRATIONS[:1])
        await connection.execute(
            "INSERT INTO facts VALUES ('key_fingerprint', ?)", (pseudonyms.fingerprint,)
        )
        await connection.execute(
            "INSERT INTO interactions (request_id, platform, interaction_id, community_id,"
            " channel_id, asker, trigger, text, kind, created_at, begun_at, finished_at, process,"
            " state, answered, took_ms, stage_ms) VALUES ('old', 'discord', 'i1', 'river-club',"
            " 'dams', ?, 'mention', 'Do dams help?', 'question', 1.0, ?, 3.0, 'p1', 'delivered',"
            " 1, 9.5, '{}')",
            (pseudonyms.asker("discord", "ada"), clock.now),
        )
        await connection.execute(
            "INSERT INTO shown_quotes VALUES ('old', 'quote', 1, 'rivers', 0, 5, x'00',"
            " 'neutral', 1.0, 0.5)"
        )
        await connection.execute("INSERT INTO deliveries VALUES ('old', 'm1', 4.0)")
    async with await open_journal() as journal:
        assert (await journal.check()).problems == ()
        entry = await journal.entry("old")
        assert entry is not None
        assert (entry.text, entry.query, entry.feedback) == ("Do dams help?", None, ())
        assert (len(entry.shown), entry.message_ids) == (1, ("m1",))
        assert not (await journal.begin(an_interaction(id="i1"))).is_new
        assert await journal.note_feedback("old", "discord", "bo", Feedback.HELPFUL)
        # What was asked before counts towards the limits of now.
        limited = await journal.begin(an_interaction(id="i2"), RateLimits(1, 0))
        assert limited.wait_s == 60.0
        assert await journal.forget("discord", "ada") == 2


async def test_a_journal_of_the_second_version_keeps_what_it_holds(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    path.with_name("journal.db.key").write_text("ab" * 32, encoding="ascii")
    pseudonyms = Pseudonyms(bytes.fromhex("ab" * 32))
    asker = pseudonyms.asker("slack", "ada")
    async with connect_writer(path, 1.0) as connection:
        await migrate(connection, path, clock, MIGRATIONS[:2])
        for statement, values in (
            ("INSERT INTO facts VALUES ('key_fingerprint', ?)", (pseudonyms.fingerprint,)),
            (
                "INSERT INTO interactions (request_id, platform, interaction_id, community_id,"
                " channel_id, asker, trigger, text, created_at, begun_at, process, state,"
                " query_text) VALUES ('old', 'slack', 'i1', 'river-club', 'dams', ?, 'mention',"
                " 'Do dams help?', 1.0, 2.0, 'p1', 'delivered', 'do dams help')",
                (asker,),
            ),
            ("INSERT INTO feedback VALUES ('old', ?, 'helpful', 4.0)", (asker,)),
            ("INSERT INTO communities VALUES ('slack', 'river-club', 1.0)", ()),
            ("INSERT INTO channels VALUES ('slack', 'river-club', 'dams', 'auto')", ()),
            (
                "INSERT INTO reindexes VALUES"
                " (1, 1.0, 2.0, 'slack', 'river-club', ?, 'p1', 'v1', 4, NULL)",
                (asker,),
            ),
        ):
            await connection.execute(statement, values)
    async with await open_journal() as journal:
        assert (await journal.check()).problems == ()
        entry = await journal.entry("old")
        assert (entry.text, entry.feedback) == ("Do dams help?", (Feedback.HELPFUL,))
        communities, installations = journal.communities, journal.installations
        assert await communities.channels("slack", "river-club") == {"dams": ChannelMode.AUTO}
        assert not await communities.greet("slack", "river-club")
        await installations.keep("slack", "river-club", "", b"sealed")
        assert await installations.find("slack", "river-club") == b"sealed"
        # What was set and asked before goes with a community that leaves now.
        await installations.forget_community("slack", "river-club")
        assert await communities.channels("slack", "river-club") == {}
        assert (await journal.entry("old")).text is None
    assert ask(path, "SELECT admin, community_id, version FROM reindexes") == [(None, None, "v1")]


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_a_journal_of_any_version_keeps_its_requests(
    path: Path, open_journal: OpenJournal, clock: ManualClock, version: int
) -> None:
    async with connect_writer(path, 1.0) as connection:
        await migrate(connection, path, clock, MIGRATIONS[:version])
        await connection.execute(
            "INSERT INTO interactions (request_id, platform, interaction_id, asker, text,"
            " created_at, begun_at, process, state) VALUES ('old', 'discord', 'i1', x'aa',"
            " 'Do dams help?', 1.0, 2.0, 'p1', 'delivered')"
        )
        await connection.execute(
            "INSERT INTO shown_quotes VALUES ('old', 'quote', 1, 'rivers', 0, 5, x'00',"
            " 'neutral', 1.0, 0.5)"
        )
    async with await open_journal() as journal:
        assert (await journal.check()).problems == ()
        assert (await journal.check()).schema_version == MIGRATIONS[-1].version
        (entry,) = await entries(journal)
        assert (entry.text, len(entry.shown)) == ("Do dams help?", 1)
        assert entry.context_messages is None
        assert await journal.kept_quote(entry.shown[0].quote_id) is None
        receipt = await journal.begin(an_interaction(id="i2"))
        await journal.finish(receipt.request_id, a_reply())
        assert await journal.expire(clock.now) == 1


async def test_a_journal_of_the_third_version_keeps_its_installations(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with connect_writer(path, 1.0) as connection:
        await migrate(connection, path, clock, MIGRATIONS[:3])
        await connection.execute(
            "INSERT INTO installations VALUES ('slack', 'river-club', x'', x'5ea1', 1.0)"
        )
    async with await open_journal() as journal:
        assert await journal.installations.find("slack", "river-club") == b"\x5e\xa1"


async def test_a_step_that_fails_leaves_the_file_as_it_was(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        await journal.begin(an_interaction())
    broken = Migration(
        _NEXT, "broken", ("DROP TABLE deliveries", "DELETE FROM interactions", "not SQL")
    )
    async with connect_writer(path, 1.0) as connection:
        with pytest.raises(sqlite3.OperationalError, match="syntax error"):
            await migrate(connection, path, clock, (*MIGRATIONS, broken))
    async with await open_journal() as journal:
        assert (await journal.check()).schema_version == MIGRATIONS[-1].version
        assert len(await entries(journal)) == 1
    assert ask(path, "SELECT * FROM deliveries") == []


async def test_a_newer_file_is_refused_and_left_alone(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        await journal.begin(an_interaction())
    ask(path, "INSERT INTO schema_migrations VALUES (99, 'from the future', 0.0)")
    with pytest.raises(JournalError, match=r"journal\.db.*version 99, newer than.*start the newer"):
        await open_journal()
    assert ask(path, "SELECT count(*) FROM interactions") == [(1,)]


async def test_another_programs_database_is_refused(path: Path, open_journal: OpenJournal) -> None:
    ask(path, "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(JournalError, match=r"another program \(with a table 'recipes'\)") as caught:
        await open_journal()
    assert not caught.value.retryable


async def test_openers_at_the_same_time_migrate_once(path: Path, open_journal: OpenJournal) -> None:
    journals = await asyncio.gather(*(open_journal() for _ in range(6)))
    await asyncio.gather(*(journal.begin(an_interaction()) for journal in journals))
    await asyncio.gather(*(journal.close() for journal in journals))
    assert ask(path, "SELECT count(*) FROM schema_migrations") == [(len(MIGRATIONS),)]
    assert ask(path, "SELECT count(*) FROM interactions") == [(1,)]


async def test_two_connections_that_migrate_at_once_are_safe_without_the_openers_lock(
    path: Path, clock: ManualClock
) -> None:
    async with connect_writer(path, 5.0) as first, connect_writer(path, 5.0) as second:
        await asyncio.gather(
            migrate(first, path, clock, _WITH_NEXT), migrate(second, path, clock, _WITH_NEXT)
        )
    assert ask(path, "SELECT count(*) FROM schema_migrations") == [(_NEXT,)]
