"""What is removed: all that is kept of an asker, of a community that left, of a time past.

An interaction is blanked rather than deleted: what is left names nobody, keeps the counts
right and a late duplicate from being answered again. Made by `journal` and `installations`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import aiosqlite

from bot.backends.sqlite.deeds import Deed
from bot.backends.sqlite.pseudonyms import Pseudonyms

_OF_ASKER = "SELECT platform, interaction_id, request_id FROM interactions WHERE asker = ?"

_OF_COMMUNITY = """
SELECT platform, interaction_id, request_id FROM interactions
WHERE platform = ? AND community_id = ?
"""

_OF_THESE = """
SELECT platform, interaction_id, request_id FROM interactions
WHERE request_id IN (SELECT value FROM json_each(?)) AND begun_at < ? AND asker IS NOT NULL
"""

# The platform's own time would lead back to the message.
_BLANK = """
UPDATE interactions SET
    interaction_id = ?, community_id = NULL, channel_id = NULL, thread_id = NULL, asker = NULL,
    trigger = NULL, text = NULL, text_hash = NULL, kind = NULL, error = NULL,
    context_messages = NULL, created_at = begun_at,
    query_text = NULL, query_claim = NULL, query_topic = NULL, query_answers = NULL
WHERE request_id = ?
"""

_NOTE_FORGETTING = """
INSERT INTO facts (name, value) VALUES ('forgotten_at', ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""

HAS_SINCE_FORGOTTEN = """EXISTS (
    SELECT 1 FROM facts WHERE name = 'forgotten_at'
        AND CAST(CAST(value AS TEXT) AS REAL) BETWEEN {since} AND {now}
)"""
"""Tells, with two moments put in, whether anybody was forgotten since.

What a process holds of a request and has not written (`requests`) cannot be found and blanked. So
whoever writes it looks here whether it may have been meant.
"""

_CLEAR_RELATED = (
    "DELETE FROM shown_quotes WHERE request_id = ?",
    "DELETE FROM deliveries WHERE request_id = ?",
    "DELETE FROM feedback WHERE request_id = ?",
)

_LEAVE_ASKER = (
    "DELETE FROM feedback WHERE asker = ?",
    "DELETE FROM installations WHERE owner = ?",
    "UPDATE reindexes SET admin = NULL, community_id = NULL WHERE admin = ?",
)

_EXPIRE_REINDEXES = """
UPDATE reindexes SET admin = NULL, community_id = NULL WHERE started_at < ? AND admin IS NOT NULL
"""

_LEAVE_COMMUNITY = (
    "DELETE FROM installations WHERE platform = ? AND community_id = ?",
    "DELETE FROM communities WHERE platform = ? AND community_id = ?",  # and its channels
    "UPDATE reindexes SET admin = NULL, community_id = NULL "
    "WHERE platform = ? AND community_id = ?",
)


@dataclass(frozen=True, slots=True)
class Forget(Deed[int]):
    """Blank what an asker left; says how many interactions it was."""

    asker: bytes
    pseudonyms: Pseudonyms
    now: float

    async def carry_out(self, connection: aiosqlite.Connection) -> int:
        """Write it, inside an open transaction."""
        await _note_forgetting(connection, self.now)
        for statement in _LEAVE_ASKER:
            await connection.execute_fetchall(statement, (self.asker,))
        return await blank(connection, self.pseudonyms, _OF_ASKER, (self.asker,))


@dataclass(frozen=True, slots=True)
class ForgetCommunity(Deed[None]):
    """Delete what a community gave and set, and blank what was asked there."""

    platform: str
    community_id: str
    pseudonyms: Pseudonyms
    now: float

    async def carry_out(self, connection: aiosqlite.Connection) -> None:
        """Write it, inside an open transaction."""
        await _note_forgetting(connection, self.now)
        community = (self.platform, self.community_id)
        for statement in _LEAVE_COMMUNITY:
            await connection.execute_fetchall(statement, community)
        await blank(connection, self.pseudonyms, _OF_COMMUNITY, community)


@dataclass(frozen=True, slots=True)
class Expire(Deed[int]):
    """Blank those of some interactions that are old, and who asked for old reindexes."""

    request_ids: tuple[str, ...]
    before: float
    pseudonyms: Pseudonyms

    async def carry_out(self, connection: aiosqlite.Connection) -> int:
        """Write it, inside an open transaction."""
        await connection.execute_fetchall(_EXPIRE_REINDEXES, (self.before,))
        # Looked at again: a request that was begun anew meanwhile is not old.
        values = (json.dumps(self.request_ids), self.before)
        return await blank(connection, self.pseudonyms, _OF_THESE, values)


async def blank(
    connection: aiosqlite.Connection,
    pseudonyms: Pseudonyms,
    query: str,
    values: tuple[str | bytes | float, ...],
) -> int:
    """Blank the interactions that a query names by platform, id there and request id.

    Returns:
        How many it was.
    """
    rows = list(await connection.execute_fetchall(query, values))
    blanks = [
        (pseudonyms.forgotten(platform, interaction_id), request_id)
        for platform, interaction_id, request_id in rows
    ]
    await blank_these(connection, blanks)
    return len(blanks)


async def blank_these(connection: aiosqlite.Connection, blanks: Sequence[tuple[str, str]]) -> None:
    """Blank interactions, each given by its id there from now on and its request id."""
    ids = [(request_id,) for _, request_id in blanks]
    for statement in _CLEAR_RELATED:
        await connection.executemany(statement, ids)
    await connection.executemany(_BLANK, blanks)


async def _note_forgetting(connection: aiosqlite.Connection, now: float) -> None:
    await connection.execute_fetchall(_NOTE_FORGETTING, (str(now).encode(),))
