"""What the journal writes, and the SQL that writes it.

Each kind of write is a tuple of its statement's parameters in order, so that a group of
one kind goes to SQLite in a single call. Runs inside the transactions of `writer`;
`rows` makes these from the core's values.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import aiosqlite

from bot.backends.sqlite.deeds import Deed
from bot.backends.sqlite.failures import unknown_request
from bot.backends.sqlite.presence import Presence
from bot.backends.sqlite.writer import Write
from bot.ports import Receipt, RequestState

WriteT = TypeVar("WriteT", bound=Write[Any])


class BeginRow(NamedTuple):
    """A new interaction, and the limits that hold for it.

    ``forgotten_id`` is its id should its asker have been forgotten; of ``per_asker`` and
    ``per_channel``, 0 sets no limit.
    """

    request_id: str
    platform: str
    interaction_id: str
    community_id: str
    channel_id: str
    thread_id: str | None
    asker: bytes
    trigger: str
    text: str | None
    text_hash: bytes | None
    kind: str | None
    created_at: float
    begun_at: float
    process: str
    forgotten_id: str
    per_asker: int
    per_channel: int
    window_s: float
    context_messages: int


class FinishRow(NamedTuple):
    """What a reply adds to its interaction; ``answered`` is 0 or 1, ``stage_ms`` JSON."""

    request_id: str
    kind: str | None
    answered: int
    error: str | None
    corpus_version: str | None
    took_ms: float
    stage_ms: str
    finished_at: float
    query_text: str | None
    query_claim: str | None
    query_topic: str | None
    query_answers: str | None


class QuoteRow(NamedTuple):
    """A quote that a reply showed."""

    request_id: str
    role: str
    rank: int
    document_id: str
    span_start: int
    span_end: int
    text_hash: bytes
    stance: str
    probability: float
    score: float


class KeptRow(NamedTuple):
    """A quote as it is shown, for as long as the journal lasts."""

    document_id: str
    span_start: int
    span_end: int
    digest: str
    text: str
    title: str
    first_shown_at: float


class DeliveryRow(NamedTuple):
    """A message that carried a reply."""

    request_id: str
    message_id: str
    delivered_at: float


@dataclass(frozen=True, slots=True)
class Begin(Write[Receipt]):
    """Note a request, unless it is known."""

    row: BeginRow


@dataclass(frozen=True, slots=True)
class Finish(Write[None]):
    """Note a reply; one that was noted before gives way to it."""

    row: FinishRow
    quotes: tuple[QuoteRow, ...]
    kept: tuple[KeptRow, ...]


@dataclass(frozen=True, slots=True)
class Deliver(Write[None]):
    """Note that a reply arrived."""

    request_id: str
    rows: tuple[DeliveryRow, ...]


# What is refused has in room_at when there will be room: when the oldest of the last
# ``per_asker`` (or ``per_channel``) requests that were let through leaves the window. One that
# lies in the future was noted before the clock was set back, and counts for a window at most.
# What the bot answered unasked counts for its channel, and not for whoever wrote there.
_BEGIN = """
INSERT INTO interactions (
    request_id, platform, interaction_id, community_id, channel_id, thread_id, asker, trigger,
    text, text_hash, kind, created_at, begun_at, process, state, context_messages, room_at
)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 'begun', ?19,
    nullif(max(
    coalesce((
        SELECT begun_at + ?18 FROM interactions
        WHERE asker = ?7 AND room_at IS NULL AND begun_at > ?13 - ?18 AND begun_at < ?13 + ?18
            AND trigger <> 'auto'
        ORDER BY begun_at DESC LIMIT min(?16, 1) OFFSET max(?16 - 1, 0)
    ), 0.0),
    coalesce((
        SELECT begun_at + ?18 FROM interactions
        WHERE platform = ?2 AND channel_id = ?5 AND community_id = ?4
            AND room_at IS NULL AND begun_at > ?13 - ?18 AND begun_at < ?13 + ?18
        ORDER BY begun_at DESC LIMIT min(?17, 1) OFFSET max(?17 - 1, 0)
    ), 0.0)
), 0.0)
WHERE NOT EXISTS (SELECT 1 FROM interactions WHERE platform = ?2 AND interaction_id = ?15)
ON CONFLICT (platform, interaction_id) DO NOTHING
"""

_WHICH_EXIST = """
SELECT request_id, room_at FROM interactions
WHERE request_id IN (SELECT value FROM json_each(?))
"""

_EARLIER = """
SELECT request_id, state, begun_at, process FROM interactions
WHERE platform = ? AND interaction_id IN (?, ?)
"""

_TAKE_OVER = """
UPDATE interactions SET begun_at = ?, process = ?, room_at = NULL WHERE request_id = ?
"""

_FINISH = """
UPDATE interactions SET
    state = 'finished', kind = coalesce(?2, kind), answered = ?3,
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
        await connection.executemany(_BEGIN, [begin.row for begin in begins])
        ids = json.dumps([begin.row.request_id for begin in begins])
        rows = await connection.execute_fetchall(_WHICH_EXIST, (ids,))
        room_at: dict[str, float | None] = {row[0]: row[1] for row in rows}
        return [
            _new_receipt(begin.row, room_at[begin.row.request_id])
            if begin.row.request_id in room_at
            else await self._begin_again(connection, begin.row)
            for begin in begins
        ]

    async def _begin_again(self, connection: aiosqlite.Connection, row: BeginRow) -> Receipt:
        ((request_id, state, begun_at, process),) = await connection.execute_fetchall(
            _EARLIER, (row.platform, row.interaction_id, row.forgotten_id)
        )
        # A reply that was not delivered is lost with its process, which alone held it.
        has_expired = state == RequestState.BEGUN and row.begun_at - begun_at > self._lease_s
        if has_expired or (
            state != RequestState.DELIVERED
            and await asyncio.to_thread(self._presence.is_gone, process)
        ):
            await connection.execute_fetchall(_TAKE_OVER, (row.begun_at, row.process, request_id))
            return Receipt(request_id, is_new=True)
        return Receipt(request_id, is_new=False, state=RequestState(state))

    async def _finish(self, connection: aiosqlite.Connection, finishes: Sequence[Finish]) -> None:
        if not finishes:
            return
        ids = [(finish.row.request_id,) for finish in finishes]
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


def _new_receipt(row: BeginRow, room_at: float | None) -> Receipt:
    return Receipt(row.request_id, is_new=True, wait_s=(room_at or row.begun_at) - row.begun_at)


def _only(writes: Sequence[Write[Any]], kind: type[WriteT]) -> list[WriteT]:
    return [write for write in writes if isinstance(write, kind)]
