"""Rows of the journal as the core's values again.

Every reading is of one moment. Called by `journal`, on connections that only read.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import aiosqlite

from bot.backends.sqlite.deeds import UNDELIVERED
from bot.backends.sqlite.records import IS_LISTED
from bot.backends.sqlite.rows import storable
from bot.ports import JournalEntry, KeptQuote, QuoteRole, RequestState, ShownQuote
from bot.types import Feedback, Query, QueryKind, Stance, Trigger

_QUOTE_ID = re.compile(
    r"(.+)-(0|[1-9]\d{0,8})-(0|[1-9]\d{0,8})-([0-9a-f]{8})", re.ASCII | re.DOTALL
)

_ENTRIES = """
SELECT request_id, platform, interaction_id, community_id, channel_id, thread_id, asker, trigger,
    text, text_hash, kind, created_at, begun_at, finished_at, state, answered, error,
    corpus_version, took_ms, stage_ms, context_messages,
    query_text, query_claim, query_topic, query_answers
FROM interactions WHERE
"""

_BY_ID = f"{_ENTRIES} request_id = ?"
_AFTER = """
number > coalesce((SELECT number FROM interactions WHERE request_id = ?1), 0)
    AND begun_at >= ?2 AND (?3 IS NULL OR platform = ?3)
ORDER BY number LIMIT ?4
"""
_NEXT_PAGE = f"{_ENTRIES} {IS_LISTED} AND {_AFTER}"
_BY_ASKER = f"{_ENTRIES} asker = ? ORDER BY number"

# What has no kind asked for nothing: a greeting, an empty message.
_UNANSWERED = "answered = 0 AND (error IS NULL OR error GLOB 'undelivered: *') AND kind IS NOT NULL"

_SHOWN = """
SELECT request_id, role, rank, document_id, span_start, span_end, text_hash, stance, probability,
    score
FROM shown_quotes WHERE request_id IN (SELECT value FROM json_each(?))
ORDER BY role DESC, rank
"""

_MESSAGES = """
SELECT request_id, message_id FROM deliveries
WHERE request_id IN (SELECT value FROM json_each(?)) ORDER BY delivered_at, message_id
"""

_FEEDBACK = """
SELECT request_id, verdict FROM feedback
WHERE request_id IN (SELECT value FROM json_each(?)) ORDER BY given_at, asker
"""

_EXPIRED = """
SELECT request_id FROM interactions WHERE begun_at < ? AND asker IS NOT NULL LIMIT ?
"""

_KEPT = """
SELECT document_id, span_start, span_end, digest, text, title, first_shown_at FROM quotes
WHERE document_id = ? AND span_start = ? AND span_end = ? AND digest = ?
"""

_FEEDBACK_BY = "SELECT request_id, verdict FROM feedback WHERE asker = ? ORDER BY given_at"


async def newest_entries(
    reader: aiosqlite.Connection,
    limit: int,
    platform: str | None = None,
    community_id: str | None = None,
    unanswered_only: bool = False,
) -> list[JournalEntry]:
    """Read the last begun interactions, newest first; see `Journal.recent`."""
    conditions, values = [IS_LISTED], []
    for column, value in (("platform", platform), ("community_id", community_id)):
        if value is not None:
            conditions.append(f"{column} = ?")
            values.append(storable(value))
    if unanswered_only:
        conditions.append(_UNANSWERED)
    query = f"{_ENTRIES} {' AND '.join(conditions)} ORDER BY number DESC LIMIT ?"
    return await _read(reader, query, (*values, limit))


async def entry_of(reader: aiosqlite.Connection, request_id: str) -> JournalEntry | None:
    """Read one interaction; None when there is none of that id."""
    found = await _read(reader, _BY_ID, (storable(request_id),))
    return found[0] if found else None


async def entries_by(reader: aiosqlite.Connection, asker: bytes) -> list[JournalEntry]:
    """Read the interactions of an asker, given by the hash, oldest first."""
    return await _read(reader, _BY_ASKER, (asker,))


async def entries_after(
    reader: aiosqlite.Connection,
    request_id: str | None,
    since: float,
    platform: str | None,
    limit: int,
) -> list[JournalEntry]:
    """Read what came after a request, or from the first on, oldest first; see `history`."""
    known = None if platform is None else storable(platform)
    return await _read(reader, _NEXT_PAGE, (request_id, since, known, limit))


async def expired_ids(reader: aiosqlite.Connection, before: float, limit: int) -> list[str]:
    """Read which interactions were begun before a moment and are not blank yet."""
    rows = await reader.execute_fetchall(_EXPIRED, (before, limit))
    return [request_id for (request_id,) in rows]


async def verdicts_by(reader: aiosqlite.Connection, asker: bytes) -> list[tuple[str, Feedback]]:
    """Read which verdicts an asker gave, and on which requests, oldest first."""
    rows = await reader.execute_fetchall(_FEEDBACK_BY, (asker,))
    return [(request_id, Feedback(verdict)) for request_id, verdict in rows]


async def quote_of(reader: aiosqlite.Connection, quote_id: str) -> KeptQuote | None:
    """Read a quote as it was shown, by the last part of its permalink; None when it never was."""
    named = _QUOTE_ID.fullmatch(quote_id)
    if named is None:
        return None
    document_id, start, end, digest = named.groups()
    values = (storable(document_id), int(start), int(end), digest)
    rows = list(await reader.execute_fetchall(_KEPT, values))
    return KeptQuote(*rows[0]) if rows else None


async def _read(
    reader: aiosqlite.Connection, query: str, values: Sequence[object]
) -> list[JournalEntry]:
    await reader.execute_fetchall("BEGIN")
    found = list(await reader.execute_fetchall(query, values))
    ids = json.dumps([row[0] for row in found])
    shown = await reader.execute_fetchall(_SHOWN, (ids,))
    messages = await reader.execute_fetchall(_MESSAGES, (ids,))
    feedback = await reader.execute_fetchall(_FEEDBACK, (ids,))
    await reader.execute_fetchall("COMMIT")

    quotes_of = _grouped(shown, _shown_quote)
    messages_of = _grouped(messages, lambda row: str(row[1]))
    feedback_of = _grouped(feedback, lambda row: Feedback(row[1]))
    return [
        _entry(
            row,
            tuple(quotes_of[row[0]]),
            tuple(messages_of[row[0]]),
            tuple(feedback_of[row[0]]),
        )
        for row in found
    ]


def _grouped(rows: Iterable[Any], value: Callable[[Any], Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row[0]].append(value(row))
    return groups


def _shown_quote(row: Any) -> ShownQuote:
    _, role, rank, document_id, start, end, text_hash, stance, probability, score = row
    return ShownQuote(
        QuoteRole(role),
        rank,
        document_id,
        start,
        end,
        text_hash.hex(),
        Stance(stance),
        probability,
        score,
    )


def _entry(
    row: Any,
    shown: tuple[ShownQuote, ...],
    messages: tuple[str, ...],
    feedback: tuple[Feedback, ...],
) -> JournalEntry:
    (
        request_id,
        platform,
        interaction_id,
        community_id,
        channel_id,
        thread_id,
        asker,
        trigger,
        text,
        text_hash,
        kind,
        created_at,
        begun_at,
        finished_at,
        state,
        answered,
        error,
        corpus_version,
        took_ms,
        stage_ms,
        context_messages,
        *query,
    ) = row
    return JournalEntry(
        request_id=request_id,
        platform=platform,
        interaction_id=interaction_id,
        community_id=community_id,
        channel_id=channel_id,
        thread_id=thread_id,
        asker=None if asker is None else asker.hex(),
        trigger=None if trigger is None else Trigger(trigger),
        text=text,
        text_hash=None if text_hash is None else text_hash.hex(),
        kind=None if kind is None else QueryKind(kind),
        query=_query(kind, *query),
        created_at=created_at,
        begun_at=begun_at,
        finished_at=finished_at,
        state=RequestState(state),
        answered=None if answered is None else bool(answered),
        error=None if error is None else error.removeprefix(UNDELIVERED),
        corpus_version=corpus_version,
        took_ms=took_ms,
        stage_ms={} if stage_ms is None else json.loads(stage_ms),
        shown=shown,
        message_ids=messages,
        feedback=feedback,
        context_messages=context_messages,
    )


def _query(
    kind: str | None, text: str | None, claim: str | None, topic: str | None, answers: str | None
) -> Query | None:
    if kind is None or text is None:
        return None
    return Query(text, QueryKind(kind), claim, topic, answers)
