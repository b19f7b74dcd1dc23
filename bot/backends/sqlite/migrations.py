"""The journal's schema, as numbered steps from an empty file to today's tables.

A step that was released is never edited: a change is a further step. The tables are
described for operators in docs/reference/journal.md, which a test holds to this module.
Called by `journal` when it opens a file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiosqlite

from bot.backends.sqlite.failures import refusal


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: ``statements`` run in one transaction and bring the file to ``version``."""

    version: int
    name: str
    statements: tuple[str, ...]


_INTERACTIONS = """
CREATE TABLE interactions (
    number INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE,
    platform TEXT NOT NULL,
    interaction_id TEXT NOT NULL,
    community_id TEXT,
    channel_id TEXT,
    thread_id TEXT,
    asker BLOB,
    trigger TEXT,
    text TEXT,
    text_hash BLOB,
    kind TEXT,
    created_at REAL NOT NULL,
    begun_at REAL NOT NULL,
    finished_at REAL,
    process TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('begun', 'finished', 'delivered')),
    answered INTEGER CHECK (answered IN (0, 1)),
    error TEXT,
    corpus_version TEXT,
    took_ms REAL,
    stage_ms TEXT,
    UNIQUE (platform, interaction_id)
) STRICT
"""

_SHOWN_QUOTES = """
CREATE TABLE shown_quotes (
    request_id TEXT NOT NULL REFERENCES interactions (request_id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('quote', 'counterpoint')),
    rank INTEGER NOT NULL CHECK (rank >= 1),
    document_id TEXT NOT NULL,
    span_start INTEGER NOT NULL CHECK (span_start >= 0),
    span_end INTEGER NOT NULL CHECK (span_end >= span_start),
    text_hash BLOB NOT NULL,
    stance TEXT NOT NULL CHECK (stance IN ('supports', 'opposes', 'neutral')),
    probability REAL NOT NULL,
    score REAL NOT NULL,
    PRIMARY KEY (request_id, role, rank)
) STRICT, WITHOUT ROWID
"""

_DELIVERIES = """
CREATE TABLE deliveries (
    request_id TEXT NOT NULL REFERENCES interactions (request_id) ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    delivered_at REAL NOT NULL,
    PRIMARY KEY (request_id, message_id)
) STRICT, WITHOUT ROWID
"""

_FEEDBACK = """
CREATE TABLE feedback (
    request_id TEXT NOT NULL REFERENCES interactions (request_id) ON DELETE CASCADE,
    asker BLOB NOT NULL,
    verdict TEXT NOT NULL,
    given_at REAL NOT NULL,
    PRIMARY KEY (request_id, asker)
) STRICT, WITHOUT ROWID
"""

_COMMUNITIES = """
CREATE TABLE communities (
    platform TEXT NOT NULL,
    community_id TEXT NOT NULL,
    greeted_at REAL,
    PRIMARY KEY (platform, community_id)
) STRICT, WITHOUT ROWID
"""

_CHANNELS = """
CREATE TABLE channels (
    platform TEXT NOT NULL,
    community_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    mode TEXT NOT NULL,
    PRIMARY KEY (platform, community_id, channel_id),
    FOREIGN KEY (platform, community_id) REFERENCES communities ON DELETE CASCADE
) STRICT, WITHOUT ROWID
"""

_REINDEXES = """
CREATE TABLE reindexes (
    number INTEGER PRIMARY KEY,
    started_at REAL NOT NULL,
    finished_at REAL,
    platform TEXT NOT NULL,
    community_id TEXT,
    admin BLOB,
    process TEXT NOT NULL,
    version TEXT,
    documents INTEGER,
    error TEXT
) STRICT
"""

_INSTALLATIONS = """
CREATE TABLE installations (
    platform TEXT NOT NULL,
    community_id TEXT NOT NULL,
    owner BLOB NOT NULL,
    sealed BLOB NOT NULL,
    kept_at REAL NOT NULL,
    PRIMARY KEY (platform, community_id, owner)
) STRICT
"""

_OAUTH_STATES = """
CREATE TABLE oauth_states (
    state BLOB PRIMARY KEY NOT NULL,
    until REAL NOT NULL
) STRICT, WITHOUT ROWID
"""

# Without a row's number, and dated to the day: neither its place nor its time tells which
# forgotten request a quote answered.
_QUOTES = """
CREATE TABLE quotes (
    document_id TEXT NOT NULL,
    span_start INTEGER NOT NULL CHECK (span_start >= 0),
    span_end INTEGER NOT NULL CHECK (span_end >= span_start),
    digest TEXT NOT NULL,
    text TEXT NOT NULL,
    title TEXT NOT NULL,
    first_shown_at REAL NOT NULL,
    PRIMARY KEY (document_id, span_start, span_end, digest)
) STRICT, WITHOUT ROWID
"""

# A quote is known by its words: it may stand elsewhere after the next reindex. What was claimed
# is a member's, and only recognised. The interaction may have been moved away with an old journal.
_CORRECTIONS = """
CREATE TABLE corrections (
    number INTEGER PRIMARY KEY,
    verdict TEXT NOT NULL
        CHECK (verdict IN ('hide', 'speaker', 'reported', 'side', 'dismiss')),
    request_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    text TEXT NOT NULL,
    text_hash BLOB NOT NULL,
    speaker TEXT,
    claim_hash BLOB,
    stance TEXT CHECK (stance IN ('supports', 'opposes', 'neutral')),
    made_at REAL NOT NULL,
    undone_at REAL
) STRICT
"""

_ENDED_SESSIONS = """
CREATE TABLE ended_sessions (
    session_hash BLOB PRIMARY KEY NOT NULL,
    until REAL NOT NULL
) STRICT, WITHOUT ROWID
"""

# Members who asked that nothing of theirs be kept; that alone is.
_OPT_OUTS = """
CREATE TABLE opt_outs (
    asker BLOB PRIMARY KEY NOT NULL,
    since REAL NOT NULL
) STRICT, WITHOUT ROWID
"""

# What limits count of requests that are not kept, for as long as a limit looks back: that a
# member, or a channel, had one then.
_UNKEPT_REQUESTS = """
CREATE TABLE unkept_requests (
    counts_for BLOB NOT NULL,
    begun_at REAL NOT NULL,
    until REAL NOT NULL
) STRICT
"""

# Links that let an owner in to the dashboard once.
_LOGIN_LINKS = """
CREATE TABLE login_links (
    link_hash BLOB PRIMARY KEY NOT NULL,
    until REAL NOT NULL
) STRICT, WITHOUT ROWID
"""

_REINDEX_CHANGES = """
CREATE TABLE reindex_changes (
    reindex INTEGER NOT NULL REFERENCES reindexes (number) ON DELETE CASCADE,
    document_id TEXT NOT NULL,
    title TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('added', 'changed', 'removed')),
    quotes_added INTEGER NOT NULL,
    quotes_removed INTEGER NOT NULL,
    PRIMARY KEY (reindex, document_id)
) STRICT, WITHOUT ROWID
"""

_REINDEX_FAILURES = """
CREATE TABLE reindex_failures (
    reindex INTEGER NOT NULL REFERENCES reindexes (number) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (reindex, place)
) STRICT, WITHOUT ROWID
"""

# How a process is connected to its platform, as it last told.
_GATEWAYS = """
CREATE TABLE gateways (
    platform TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 1),
    process TEXT NOT NULL,
    is_up INTEGER NOT NULL CHECK (is_up IN (0, 1)),
    latency_ms REAL,
    connects INTEGER NOT NULL,
    noted_at REAL NOT NULL,
    PRIMARY KEY (platform, number)
) STRICT, WITHOUT ROWID
"""

# Partial, so that what a limit refused costs the next count nothing.
_ADMITTED_BY_ASKER = """
CREATE INDEX interactions_admitted_by_asker ON interactions (asker, begun_at)
WHERE room_at IS NULL AND asker IS NOT NULL
"""

_ADMITTED_BY_CHANNEL = """
CREATE INDEX interactions_admitted_by_channel ON interactions (platform, channel_id, begun_at)
WHERE room_at IS NULL AND channel_id IS NOT NULL
"""

MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        version=1,
        name="interactions, shown quotes and deliveries",
        statements=(
            "CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT",
            _INTERACTIONS,
            "CREATE INDEX interactions_by_asker ON interactions (asker) WHERE asker IS NOT NULL",
            _SHOWN_QUOTES,
            _DELIVERIES,
        ),
    ),
    Migration(
        version=2,
        name="queries, limits, feedback, communities and reindexes",
        statements=(
            "ALTER TABLE interactions ADD COLUMN query_text TEXT",
            "ALTER TABLE interactions ADD COLUMN query_claim TEXT",
            "ALTER TABLE interactions ADD COLUMN query_topic TEXT",
            "ALTER TABLE interactions ADD COLUMN query_answers TEXT",
            "ALTER TABLE interactions ADD COLUMN room_at REAL",
            _ADMITTED_BY_ASKER,
            _ADMITTED_BY_CHANNEL,
            "CREATE INDEX interactions_by_community ON interactions (platform, community_id)",
            _FEEDBACK,
            "CREATE INDEX feedback_by_asker ON feedback (asker)",
            _COMMUNITIES,
            _CHANNELS,
            _REINDEXES,
        ),
    ),
    Migration(
        version=3,
        name="installations",
        statements=(
            _INSTALLATIONS,
            "CREATE INDEX installations_by_owner ON installations (owner)",
            _OAUTH_STATES,
            "CREATE INDEX oauth_states_by_end ON oauth_states (until)",
        ),
    ),
    Migration(
        version=4,
        name="quotes as they were shown, and how much context was read",
        statements=(
            _QUOTES,
            "ALTER TABLE interactions ADD COLUMN context_messages INTEGER",
        ),
    ),
    Migration(
        version=5,
        name="corrections, and sessions that have ended",
        statements=(_CORRECTIONS, _ENDED_SESSIONS),
    ),
    Migration(
        version=6,
        name="opt-outs, links that log in, what reindexes changed, and gateways",
        statements=(
            _OPT_OUTS,
            _UNKEPT_REQUESTS,
            "CREATE INDEX unkept_requests_counted ON unkept_requests (counts_for, begun_at)",
            _LOGIN_LINKS,
            "ALTER TABLE reindexes ADD COLUMN passages INTEGER",
            "ALTER TABLE reindexes ADD COLUMN reason TEXT",
            _REINDEX_CHANGES,
            _REINDEX_FAILURES,
            _GATEWAYS,
        ),
    ),
)

_CREATE_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at REAL NOT NULL
) STRICT
"""


async def migrate(
    connection: aiosqlite.Connection,
    path: Path,
    clock: Callable[[], float],
    migrations: Sequence[Migration] = MIGRATIONS,
) -> int:
    """Bring a file's schema to the last of ``migrations``; returns its version.

    Each step is one transaction, which begins by looking again at how far the file is:
    several processes may migrate at once, and a step that fails leaves no trace.

    Raises:
        JournalError: The file was written by newer code, or by another program.
    """
    newest = migrations[-1].version
    await _refuse_foreign_file(connection, path)
    for migration in migrations:
        await connection.execute_fetchall("BEGIN IMMEDIATE")
        try:
            await connection.execute_fetchall(_CREATE_LEDGER)
            version = await schema_version(connection)
            if version > newest:
                raise refusal(
                    path,
                    f"its schema is version {version}, newer than this program's {newest}; "
                    "start the newer program, or move the journal away to begin a new one",
                )
            if version < migration.version:
                for statement in migration.statements:
                    await connection.execute_fetchall(statement)
                await connection.execute_fetchall(
                    "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?, ?, ?)",
                    (migration.version, migration.name, clock()),
                )
            await connection.execute_fetchall("COMMIT")
        except BaseException:
            if connection.in_transaction:  # some errors make SQLite roll back by itself
                await connection.execute_fetchall("ROLLBACK")
            raise
    return newest


async def schema_version(connection: aiosqlite.Connection) -> int:
    """Return the version of the last step that a journal has taken; 0 before the first."""
    ((version,),) = await connection.execute_fetchall(
        "SELECT coalesce(max(version), 0) FROM schema_migrations"
    )
    return int(version)


async def _refuse_foreign_file(connection: aiosqlite.Connection, path: Path) -> None:
    tables = {
        name
        for (name,) in await connection.execute_fetchall(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
        )
    }
    if tables and "schema_migrations" not in tables:
        raise refusal(
            path,
            f"it is the database of another program (with a table {min(tables)!r}); "
            "name another file",
        )
