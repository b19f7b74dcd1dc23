"""The SQL that writes what there is to write of requests.

A group of one kind of write (`records`) goes to SQLite in a single call. Runs inside the
transactions of `writer`.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from bot.backends.sqlite.deeds import Deed
from bot.backends.sqlite.failures import unknown_request
from bot.backends.sqlite.forgetting import HAS_SINCE_FORGOTTEN, blank_these
from bot.backends.sqlite.presence import Presence
from bot.backends.sqlite.records import WAS_ASKED, Begin, BeginRow, Deliver, Finish
from bot.backends.sqlite.writer import Write
from bot.ports import Receipt, RequestState

WriteT = TypeVar("WriteT", bound=Write[Any])

# What is refused has in room_at when there will be room: when the oldest of the last
# ``per_asker`` (or ``per_channel``) requests that were let through leaves the window. One that
# lies in the future was noted before the clock was set back, and counts for a window at most.
# What the bot answered unasked counts for its channel, and not for whoever wrote there.
_ROOM_AT = """
nullif(max(
    coalesce((
        SELECT begun_at + ?18 FROM (
            SELECT begun_at FROM interactions
            WHERE asker = ?7 AND room_at IS NULL
                AND begun_at > ?13 - ?18 AND begun_at < ?13 + ?18 AND trigger <> 'auto'
            UNION ALL
            SELECT begun_at FROM unkept_requests
            WHERE counts_for = ?7 AND begun_at > ?13 - ?18 AND begun_at < ?13 + ?18
            ORDER BY begun_at DESC LIMIT min(?16, 1) OFFSET max(?16 - 1, 0)
        )
    ), 0.0),
    coalesce((
        SELECT begun_at + ?18 FROM (
            SELECT begun_at FROM interactions
            WHERE platform = ?2 AND channel_id = ?5 AND community_id = ?4
                AND room_at IS NULL AND begun_at > ?13 - ?18 AND begun_at < ?13 + ?18
            UNION ALL
            SELECT begun_at FROM unkept_requests
            WHERE counts_for = ?20 AND begun_at > ?13 - ?18 AND begun_at < ?13 + ?18
            ORDER BY begun_at DESC LIMIT min(?17, 1) OFFSET max(?17 - 1, 0)
        )
    ), 0.0)
), 0.0)
"""

# A request of somebody who opted out is left to `_BEGIN_UNKEPT`.
_BEGIN = f"""
INSERT INTO interactions (
    request_id, platform, interaction_id, community_id, channel_id, thread_id, asker, trigger,
    text, text_hash, kind, created_at, begun_at, process, state, context_messages, room_at
)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 'begun', ?19, {_ROOM_AT}
WHERE NOT EXISTS (SELECT 1 FROM interactions WHERE platform = ?2 AND interaction_id = ?15)
    AND NOT EXISTS (SELECT 1 FROM opt_outs WHERE asker = ?7)
ON CONFLICT (platform, interaction_id) DO NOTHING
"""  # noqa: S608 (no part of it comes from outside)

# The platform's own time would lead back to the message.
_BEGIN_UNKEPT = f"""
INSERT INTO interactions (
    request_id, platform, interaction_id, created_at, begun_at, process, state, room_at
)
VALUES (?1, ?2, ?15, ?13, ?13, ?14, 'begun', {_ROOM_AT})
RETURNING room_at, EXISTS (SELECT 1 FROM opt_outs WHERE asker = ?7)
"""  # noqa: S608 (no part of it comes from outside)

COUNT_UNKEPT = "INSERT INTO unkept_requests (counts_for, begun_at, until) VALUES (?, ?, ?)"
"""Has limits count a request that is not kept: for a member or a channel, until then."""

_WHICH_EXIST = """
SELECT request_id, room_at FROM interactions
WHERE request_id IN (SELECT value FROM json_each(?))
"""

_STOP_COUNTING = """
DELETE FROM unkept_requests WHERE rowid = (
    SELECT rowid FROM unkept_requests WHERE counts_for = ?20 AND begun_at = ?13 LIMIT 1
) AND EXISTS (SELECT 1 FROM interactions WHERE request_id = ?1 AND asker IS NOT NULL)
"""

_EARLIER = f"""
SELECT request_id, state, begun_at, process, asker IS NOT NULL, {WAS_ASKED},
    EXISTS (SELECT 1 FROM opt_outs WHERE asker = ?)
FROM interactions WHERE platform = ? AND interaction_id IN (?, ?)
"""  # noqa: S608 (no part of it comes from outside)

_TAKE_OVER = """
UPDATE interactions SET begun_at = ?, process = ?, room_at = NULL WHERE request_id = ?
"""

# Nobody had asked, and there is an answer: from here on it is a request like any other.
_KEEP = f"""
UPDATE interactions SET
    interaction_id = ?3, community_id = ?4, channel_id = ?5, thread_id = ?6, asker = ?7,
    trigger = ?8, text = ?9, text_hash = ?10, kind = ?11, created_at = ?12, context_messages = ?19
WHERE request_id = ?1 AND asker IS NULL
    AND NOT EXISTS (SELECT 1 FROM opt_outs WHERE asker = ?7)
    AND NOT {HAS_SINCE_FORGOTTEN.format(since="min(?12, ?13)", now="?21")}
"""  # noqa: S608 (no part of it comes from outside)

_FINISH = """
UPDATE interactions SET
    state = 'finished', kind = iif(asker IS NULL, NULL, coalesce(?2, kind)), answered = ?3,
    error = iif(asker IS NULL, NULL, ?4),
    corpus_version = ?5, took_ms = ?6, stage_ms = ?7, finished_at = ?8,
    query_text = iif(asker IS NULL, NULL, ?9), query_claim = iif(asker IS NULL, NULL, ?10),
    query_topic = iif(asker IS NULL, NULL, ?11), query_answers = iif(asker IS NULL, NULL, ?12)
WHERE request_id = ?1
"""

_CLEAR_QUOTES = "DELETE FROM shown_quotes WHERE request_id = ?"

# A reply that is finished or delivered after its asker was forgotten leaves no rows.
_SHOW_QUOTE = """
INSERT INTO shown_quotes (
    request_id, role, rank, document_id, span_start, span_end, text_hash, stance, probability,
    score
)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
WHERE NOT EXISTS (SELECT 1 FROM interactions WHERE request_id = ?1 AND asker IS NULL)
"""

_KEEP_QUOTE = """
INSERT INTO quotes (document_id, span_start, span_end, digest, text, title, first_shown_at)
VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""

_MARK_DELIVERED = """
UPDATE interactions SET
    state = 'delivered', error = iif(error GLOB 'undelivered: *', NULL, error)
WHERE request_id = ?
"""

_DELIVER = """
INSERT INTO deliveries (request_id, message_id, delivered_at)
SELECT ?1, ?2, ?3
WHERE NOT EXISTS (SELECT 1 FROM interactions WHERE request_id = ?1 AND asker IS NULL)
ON CONFLICT (request_id, message_id) DO NOTHING
"""


class JournalWrites:
    """Applies groups of writes inside a transaction.

    Args:
        path: The journal's file, for messages.
        presence: Tells whether the process that began a request is gone.
        lease_s: After how many seconds an unfinished request may be begun again.
    """

    def __init__(self, path: Path, presence: Presence, lease_s: float) -> None:
        self._path = path
        self._presence = presence
        self._lease_s = lease_s

    async def apply(
        self, connection: aiosqlite.Connection, writes: Sequence[Write[Any]]
    ) -> list[Any]:
        """Write all; returns one answer a write, in order.

        Kind by kind: a request's finish can share a group only with writes that its own
        caller did not wait for, so that no order between kinds is owed.

        Raises:
            JournalError: A reply or a delivery belongs to no request.
            sqlite3.Error: SQLite refused.
        """
        receipts = iter(await self._begin(connection, _only(writes, Begin)))
        await self._finish(connection, _only(writes, Finish))
        await self._deliver(connection, _only(writes, Deliver))
        answers: list[Any] = []
        for write in writes:
            match write:
                case Begin():
                    answers.append(next(receipts))
                case Deed():
                    answers.append(await write.carry_out(connection))
                case _:
                    answers.append(None)
        return answers

    async def _begin(
        self, connection: aiosqlite.Connection, begins: Sequence[Begin]
    ) -> list[Receipt]:
        if not begins:
            return []
        asked = [begin.row for begin in begins if not begin.row.is_unasked]
        await connection.executemany(_BEGIN, asked)
        ids = json.dumps([row.request_id for row in asked])
        rows = await connection.execute_fetchall(_WHICH_EXIST, (ids,))
        room_at: dict[str, float | None] = {row[0]: row[1] for row in rows}
        return [
            _new_receipt(begin.row, room_at[begin.row.request_id])
            if begin.row.request_id in room_at
            else await self._begin_again(connection, begin.row)
            for begin in begins
        ]

    async def _begin_again(self, connection: aiosqlite.Connection, row: BeginRow) -> Receipt:
        values = (row.asker, row.platform, row.interaction_id, row.forgotten_id)
        found = list(await connection.execute_fetchall(_EARLIER, values))
        if not found:  # it is not known, and was not noted: nothing of it is kept, or not yet
            return await self._begin_unkept(connection, row)
        ((request_id, state, begun_at, process, is_kept, was_asked, is_out),) = found
        # A reply that was not delivered is lost with its process, which alone held it. What
        # nobody asked and was not answered waits for none.
        has_expired = state == RequestState.BEGUN and row.begun_at - begun_at > self._lease_s
        if has_expired or (
            state != RequestState.DELIVERED
            and was_asked
            and await asyncio.to_thread(self._presence.is_gone, process)
        ):
            await connection.execute_fetchall(_TAKE_OVER, (row.begun_at, row.process, request_id))
            if row.is_unasked and is_kept:  # as it was before it was answered
                await blank_these(connection, [(row.forgotten_id, request_id)])
            if row.is_unasked or not is_kept:
                await _count_unkept(connection, row)
            is_kept = is_kept or (row.is_unasked and not is_out)
            return Receipt(request_id, is_new=True, is_kept=bool(is_kept))
        return Receipt(request_id, is_new=False, state=RequestState(state), is_kept=bool(is_kept))

    async def _begin_unkept(self, connection: aiosqlite.Connection, row: BeginRow) -> Receipt:
        ((room_at, is_out),) = await connection.execute_fetchall(_BEGIN_UNKEPT, row)
        if room_at is None:
            await _count_unkept(connection, row)
        return replace(_new_receipt(row, room_at), is_kept=not is_out)

    async def _finish(self, connection: aiosqlite.Connection, finishes: Sequence[Finish]) -> None:
        if not finishes:
            return
        ids = [(finish.row.request_id,) for finish in finishes]
        unasked = [(one.begun, one.row.finished_at) for one in finishes if one.begun is not None]
        if unasked:
            await connection.executemany(_KEEP, [(*begun, now) for begun, now in unasked])
            await connection.executemany(_STOP_COUNTING, [begun for begun, _ in unasked])
        cursor = await connection.executemany(_FINISH, [finish.row for finish in finishes])
        self._expect_known(cursor, ids)
        await connection.executemany(_CLEAR_QUOTES, ids)
        quotes = [quote for finish in finishes for quote in finish.quotes]
        await connection.executemany(_SHOW_QUOTE, quotes)
        kept = {row[:4]: row for finish in finishes for row in finish.kept}
        await connection.executemany(_KEEP_QUOTE, list(kept.values()))

    async def _deliver(
        self, connection: aiosqlite.Connection, deliveries: Sequence[Deliver]
    ) -> None:
        if not deliveries:
            return
        ids = [(delivery.request_id,) for delivery in deliveries]
        cursor = await connection.executemany(_MARK_DELIVERED, ids)
        self._expect_known(cursor, ids)
        await connection.executemany(_DELIVER, [row for each in deliveries for row in each.rows])

    def _expect_known(self, cursor: aiosqlite.Cursor, ids: Sequence[tuple[str]]) -> None:
        if cursor.rowcount != len(ids):
            raise unknown_request(self._path, [request_id for (request_id,) in ids])


async def _count_unkept(connection: aiosqlite.Connection, row: BeginRow) -> None:
    limits = ((row.asker, row.per_asker), (row.channel, row.per_channel))
    until = row.begun_at + row.window_s
    counts = [(counts_for, row.begun_at, until) for counts_for, limit in limits if limit > 0]
    await connection.executemany(COUNT_UNKEPT, counts)


def _new_receipt(row: BeginRow, room_at: float | None) -> Receipt:
    return Receipt(row.request_id, is_new=True, wait_s=(room_at or row.begun_at) - row.begun_at)


def _only(writes: Sequence[Write[Any]], kind: type[WriteT]) -> list[WriteT]:
    return [write for write in writes if isinstance(write, kind)]
