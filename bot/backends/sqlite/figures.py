"""The `Figures` port: sums over the journal's tables. `SqliteJournal.desk` returns one."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite

from bot.backends.sqlite.connections import connect_reader, use_once
from bot.backends.sqlite.records import IS_LISTED
from bot.backends.sqlite.rows import storable
from bot.ports import KeptQuote, QuoteRole
from bot.ports.figures import (
    AskedCount,
    Complaint,
    Complaints,
    Missed,
    PeriodCount,
    ReindexNote,
    ShownCount,
    SideCount,
)
from bot.types import DocumentChange, Feedback, QueryKind, ReadFailure, Stance

DISPUTES = (Feedback.MISATTRIBUTED, Feedback.OUT_OF_CONTEXT, Feedback.WRONG_SIDE)
"""What a member says who finds a quote wrong."""

# An error that only concerned the delivery left the answer as it was.
_OUTCOMES = """
    count(*), coalesce(sum(answered = 1), 0),
    coalesce(sum(answered = 0 AND kind IS NOT NULL
        AND (error IS NULL OR error GLOB 'undelivered: *')), 0),
    coalesce(sum(room_at IS NULL AND error IS NOT NULL AND error NOT GLOB 'undelivered: *'), 0),
    coalesce(sum(room_at IS NOT NULL), 0)
"""

_ASKED = f"""
SELECT platform, community_id, channel_id, kind, {_OUTCOMES} FROM interactions
WHERE begun_at >= ? AND {IS_LISTED} GROUP BY platform, community_id, channel_id, kind
ORDER BY count(*) DESC, platform, community_id, channel_id, kind
"""  # noqa: S608 (no part of it comes from outside)

_BY_PERIOD = f"""
SELECT CAST(begun_at / ?2 AS INTEGER) AS period, {_OUTCOMES}
FROM interactions WHERE begun_at >= ?1 AND {IS_LISTED}
GROUP BY period ORDER BY period
"""  # noqa: S608 (no part of it comes from outside)

_TOOK = """
SELECT CAST(begun_at / ?2 AS INTEGER), took_ms FROM interactions
WHERE begun_at >= ?1 AND room_at IS NULL AND took_ms IS NOT NULL ORDER BY took_ms
"""

_VERDICTS = """
SELECT verdict, count(*) FROM feedback WHERE given_at >= ?
GROUP BY verdict ORDER BY count(*) DESC, verdict
"""

_MISSED = """
SELECT coalesce(query_text, text) AS asked, count(*), max(begun_at) FROM interactions
WHERE begun_at >= ? AND answered = 0 AND kind IS NOT NULL
    AND (error IS NULL OR error GLOB 'undelivered: *') AND asked IS NOT NULL
GROUP BY asked ORDER BY count(*) DESC, max(begun_at) DESC LIMIT ?
"""

# With one max(), SQLite takes what is not grouped from the row that has it
# (sqlite.org/lang_select.html#bareagg).
_SHOWN = """
SELECT s.document_id, q.title, q.text, count(*), q.span_start, q.span_end, max(i.begun_at)
FROM shown_quotes s
JOIN interactions i ON i.request_id = s.request_id
JOIN quotes q ON q.document_id = s.document_id AND q.span_start = s.span_start
    AND q.span_end = s.span_end AND q.digest = lower(substr(hex(s.text_hash), 1, 8))
WHERE i.begun_at >= ?
GROUP BY s.document_id, s.text_hash ORDER BY count(*) DESC, s.document_id, q.text LIMIT ?
"""

_SIDES = """
SELECT i.query_topic, s.stance, count(*) FROM shown_quotes s
JOIN interactions i ON i.request_id = s.request_id
WHERE i.begun_at >= ? AND i.query_topic IS NOT NULL
GROUP BY i.query_topic, s.stance ORDER BY i.query_topic, s.stance
"""

_REINDEXES = """
WITH last AS (SELECT * FROM reindexes ORDER BY number DESC LIMIT ?),
changes AS (
    SELECT reindex, sum(change = 'added') AS added, sum(change = 'changed') AS changed,
        sum(change = 'removed') AS removed, sum(quotes_added) AS more,
        sum(quotes_removed) AS fewer
    FROM reindex_changes WHERE reindex IN (SELECT number FROM last) GROUP BY reindex
),
failures AS (
    SELECT reindex, count(*) AS unread
    FROM reindex_failures WHERE reindex IN (SELECT number FROM last) GROUP BY reindex
)
SELECT number, started_at, finished_at, platform, version, documents, passages, error, reason,
    coalesce(added, 0), coalesce(changed, 0), coalesce(removed, 0), coalesce(more, 0),
    coalesce(fewer, 0), coalesce(unread, 0)
FROM last LEFT JOIN changes ON changes.reindex = number
    LEFT JOIN failures ON failures.reindex = number
ORDER BY number DESC
"""

# The oldest of the last reindexes; where there are fewer, all of them.
_SINCE = """
coalesce((SELECT number FROM reindexes ORDER BY number DESC LIMIT 1 OFFSET ?1 - 1), 0)
"""

_REINDEX_CHANGES = f"""
SELECT reindex, document_id, title, change, quotes_added, quotes_removed FROM (
    SELECT *, row_number() OVER (PARTITION BY reindex ORDER BY document_id) AS place
    FROM reindex_changes WHERE reindex >= {_SINCE}
) WHERE place <= ?2 ORDER BY reindex DESC, place
"""  # noqa: S608 (no part of it comes from outside)

_REINDEX_FAILURES = f"""
SELECT reindex, path, reason FROM reindex_failures WHERE reindex >= {_SINCE} AND place <= ?2
ORDER BY reindex DESC, place
"""  # noqa: S608 (no part of it comes from outside)

_KEPT = """
SELECT document_id, span_start, span_end, digest, text, title, first_shown_at FROM quotes
"""
_KEPT_OF = f"{_KEPT} WHERE document_id IN (SELECT value FROM json_each(?))"  # noqa: S608 (no part of it comes from outside)

_TIMES_SHOWN = """
SELECT document_id, span_start, span_end, lower(substr(hex(text_hash), 1, 8)) AS digest, count(*)
FROM shown_quotes WHERE document_id IN (SELECT value FROM json_each(?)) GROUP BY 1, 2, 3, 4
"""

# However many are settled, what is open is found.
_COMPLAINTS = """
WITH said AS (
    SELECT request_id, max(given_at) AS last_at FROM feedback JOIN interactions USING (request_id)
    WHERE verdict IN (?, ?, ?) AND interactions.asker IS NOT NULL GROUP BY request_id
),
ruled AS (
    SELECT request_id, max(made_at) AS made_at FROM corrections
    WHERE undone_at IS NULL GROUP BY request_id
),
judged AS (
    SELECT request_id, last_at, made_at IS NULL OR made_at < last_at AS is_open
    FROM said LEFT JOIN ruled USING (request_id)
),
placed AS (
    SELECT *, count(*) OVER (PARTITION BY is_open) AS in_all,
        row_number() OVER (PARTITION BY is_open ORDER BY last_at DESC, request_id) AS place
    FROM judged
)
SELECT request_id, last_at, is_open, in_all FROM placed
WHERE place <= CASE is_open WHEN 1 THEN ? ELSE ? END
ORDER BY is_open DESC, place
"""

_COMPLAINED = """
SELECT verdict, count(*) FROM feedback WHERE request_id = ? AND verdict IN (?, ?, ?)
GROUP BY verdict ORDER BY count(*) DESC, verdict
"""

_SHOWN_IN = """
SELECT s.role, s.rank, q.text, q.title FROM shown_quotes s
JOIN quotes q ON q.document_id = s.document_id AND q.span_start = s.span_start
    AND q.span_end = s.span_end AND q.digest = lower(substr(hex(s.text_hash), 1, 8))
WHERE s.request_id = ?
"""


@dataclass(frozen=True, slots=True)
class SqliteFigures:
    """Sums over the journal; each answer is of one moment.

    Args:
        path: The journal's file.
        busy_timeout_s: How long to wait for another process's lock, in seconds.
    """

    path: Path
    busy_timeout_s: float

    async def asked(self, since: float) -> Sequence[AskedCount]:
        """Return how much was asked where, most first."""
        rows = await self._rows(_ASKED, since)
        return [
            AskedCount(platform, community, channel, QueryKind(kind) if kind else None, *counts)
            for platform, community, channel, kind, *counts in rows
        ]

    async def by_period(self, since: float, period_s: int) -> Sequence[PeriodCount]:
        """Return how much was asked when, in order."""
        took: dict[int, list[float]] = defaultdict(list)
        for period, took_ms in await self._rows(_TOOK, since, period_s):
            took[period].append(took_ms)
        return [
            PeriodCount(
                period, requests, answered, unanswered, failed, refused, tuple(took[period])
            )
            for period, requests, answered, unanswered, failed, refused in await self._rows(
                _BY_PERIOD, since, period_s
            )
        ]

    async def feedback(self, since: float) -> Sequence[tuple[Feedback, int]]:
        """Return how often members said what of replies, most first."""
        return [(Feedback(one), times) for one, times in await self._rows(_VERDICTS, since)]

    async def missed(self, since: float, limit: int) -> Sequence[Missed]:
        """Return what was searched for in vain, most often first."""
        return [Missed(*row) for row in await self._rows(_MISSED, since, limit)]

    async def shown(self, since: float, limit: int) -> Sequence[ShownCount]:
        """Return which quotes were shown how often, most often first."""
        return [ShownCount(*row[:-1]) for row in await self._rows(_SHOWN, since, limit)]

    async def sides(self, since: float) -> Sequence[SideCount]:
        """Return how many quotes of each side were shown on each topic that was named."""
        rows = await self._rows(_SIDES, since)
        return [SideCount(topic, Stance(stance), times) for topic, stance, times in rows]

    async def reindexes(self, limit: int) -> Sequence[ReindexNote]:
        """Return the last reindexes, newest first."""
        return [ReindexNote(*row) for row in await self._rows(_REINDEXES, limit)]

    async def reindex_changes(
        self, limit: int, of_each: int
    ) -> Sequence[tuple[int, DocumentChange]]:
        """Return what the last reindexes changed; see `Figures.reindex_changes`."""
        rows = await self._rows(_REINDEX_CHANGES, limit, of_each)
        return [(number, DocumentChange(*change)) for number, *change in rows]

    async def reindex_failures(self, limit: int, of_each: int) -> Sequence[tuple[int, ReadFailure]]:
        """Return what the last reindexes could not read."""
        rows = await self._rows(_REINDEX_FAILURES, limit, of_each)
        return [(number, ReadFailure(*failure)) for number, *failure in rows]

    async def kept_quotes(self, document_ids: Collection[str] | None = None) -> Sequence[KeptQuote]:
        """Return the quotes that were ever shown: of some documents, or all."""
        if document_ids is None:
            rows = await self._rows(_KEPT)
        else:
            rows = await self._rows(_KEPT_OF, _listed(document_ids))
        return [KeptQuote(*row) for row in rows]

    async def times_shown(self, document_ids: Collection[str]) -> Mapping[str, int]:
        """Return how often the quotes of some documents were shown, by their ids."""
        rows = await self._rows(_TIMES_SHOWN, _listed(document_ids))
        return {"-".join(map(str, quote)): times for *quote, times in rows}

    async def complaints(self, opened: int, settled: int) -> Complaints:
        """Return the replies that members found wrong; see `Figures.complaints`."""

        async def read(reader: aiosqlite.Connection) -> Complaints:
            found = await reader.execute_fetchall(_COMPLAINTS, (*DISPUTES, opened, settled))
            complaints = []
            in_all = {True: 0, False: 0}
            for request_id, last_at, is_open, count in found:
                in_all[bool(is_open)] = count
                rows = await reader.execute_fetchall(_COMPLAINED, (request_id, *DISPUTES))
                counts = tuple((Feedback(verdict), times) for verdict, times in rows)
                complaints.append(Complaint(request_id, last_at, counts, bool(is_open)))
            return Complaints(tuple(complaints), in_all[True], in_all[False])

        return await use_once(connect_reader, self.path, self.busy_timeout_s, read)

    async def shown_in(self, request_id: str) -> Mapping[tuple[QuoteRole, int], tuple[str, str]]:
        """Return text and title of each quote of a reply, by its role and rank, as shown."""
        rows = await self._rows(_SHOWN_IN, storable(request_id))
        return {(QuoteRole(role), rank): (text, title) for role, rank, text, title in rows}

    async def _rows(self, query: str, *values: str | float) -> list[Any]:
        async def read(reader: aiosqlite.Connection) -> list[Any]:
            return list(await reader.execute_fetchall(query, values))

        return await use_once(connect_reader, self.path, self.busy_timeout_s, read)


def _listed(names: Collection[str]) -> str:
    return json.dumps([storable(name) for name in names])
