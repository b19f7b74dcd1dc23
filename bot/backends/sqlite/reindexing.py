"""What is written of reindexes: when each began, what it changed, and how it ended.

Each carries itself out inside a transaction of `writer`. Made by `communities`.
"""

import asyncio
from dataclasses import dataclass

import aiosqlite

from bot.backends.sqlite.deeds import Deed
from bot.backends.sqlite.presence import Presence
from bot.backends.sqlite.rows import storable
from bot.ports import COMMAND_LINE, PROCESS_DIED, ReindexPermit
from bot.types import IndexReport

_UNFINISHED = "SELECT number, process, started_at FROM reindexes WHERE finished_at IS NULL"

# Who runs the bot may reindex as often as they like, and keeps no admin waiting by it.
_LAST_EFFECT = """
SELECT finished_at FROM reindexes
WHERE error IS NULL AND finished_at IS NOT NULL AND platform <> ?
ORDER BY number DESC LIMIT 1
"""

# Of an admin who has opted out nothing is noted, as it would be had they been forgotten.
_BEGIN_REINDEX = """
INSERT INTO reindexes (started_at, platform, community_id, admin, process)
SELECT ?1, ?2, iif(is_out, NULL, ?3), iif(is_out, NULL, ?4), ?5
FROM (SELECT EXISTS (SELECT 1 FROM opt_outs WHERE asker = ?4) AS is_out) RETURNING number
"""

_END_REINDEX = """
UPDATE reindexes SET
    finished_at = ?, version = ?, documents = ?, passages = ?, error = ?, reason = ?
WHERE number = ?
"""

_CLEAR_CHANGES = "DELETE FROM reindex_changes WHERE reindex = ?"
_CLEAR_FAILURES = "DELETE FROM reindex_failures WHERE reindex = ?"

_NOTE_CHANGE = """
INSERT INTO reindex_changes (reindex, document_id, title, change, quotes_added, quotes_removed)
VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""

_NOTE_FAILURE = "INSERT INTO reindex_failures (reindex, place, path, reason) VALUES (?, ?, ?, ?)"

_KEPT = "kept"
"""What a report says of a document that is as it was; there is nothing to note of it."""


@dataclass(frozen=True, slots=True)
class BeginReindex(Deed[ReindexPermit]):
    """Note that a reindex begins, unless one runs or the last was too short a time ago.

    One whose process is gone, or that began more than ``lease_s`` ago, runs no more.
    ``cooldown_s`` is None for one that is noted whatever runs.
    """

    platform: str
    community_id: str | None
    admin: bytes | None
    now: float
    cooldown_s: float | None
    lease_s: float
    presence: Presence

    async def carry_out(self, connection: aiosqlite.Connection) -> ReindexPermit:
        """Write it, inside an open transaction."""
        is_busy = await self._is_busy(connection)
        if self.cooldown_s is not None:
            if is_busy:
                return ReindexPermit(None, is_busy=True)
            wait_s = await self._wait_s(connection, self.cooldown_s)
            if wait_s > 0:
                return ReindexPermit(None, wait_s=wait_s)
        values = (
            self.now, self.platform, self.community_id, self.admin, self.presence.process,
        )  # fmt: skip
        ((number,),) = list(await connection.execute_fetchall(_BEGIN_REINDEX, values))
        return ReindexPermit(number)

    async def _is_busy(self, connection: aiosqlite.Connection) -> bool:
        """Tell whether a reindex runs; one that does not any more is ended."""
        is_busy = False
        for number, process, started_at in list(await connection.execute_fetchall(_UNFINISHED)):
            is_recent = self.now - started_at <= self.lease_s
            if is_recent and not await asyncio.to_thread(self.presence.is_gone, process):
                is_busy = True
                continue
            died = (self.now, None, None, None, PROCESS_DIED, None, number)
            await connection.execute_fetchall(_END_REINDEX, died)
        return is_busy

    async def _wait_s(self, connection: aiosqlite.Connection, cooldown_s: float) -> float:
        rows = list(await connection.execute_fetchall(_LAST_EFFECT, (COMMAND_LINE,)))
        wait_s = rows[0][0] + cooldown_s - self.now if rows else 0.0
        # A clock that was set back keeps nobody waiting for longer than the cool-down.
        return float(wait_s) if 0 < wait_s <= cooldown_s else 0.0


@dataclass(frozen=True, slots=True)
class EndReindex(Deed[None]):
    """Note how a reindex ended, and document by document what it did."""

    number: int
    now: float
    report: IndexReport | None
    error: str | None
    reason: str | None

    async def carry_out(self, connection: aiosqlite.Connection) -> None:
        """Write it, inside an open transaction."""
        report, number = self.report, self.number
        made = (report.version, report.documents, report.passages) if report else (None,) * 3
        reason = None if self.reason is None else storable(self.reason)
        values = (self.now, *made, self.error, reason, number)
        await connection.execute_fetchall(_END_REINDEX, values)
        for statement in (_CLEAR_CHANGES, _CLEAR_FAILURES):  # of one that is ended once more
            await connection.execute_fetchall(statement, (number,))
        if report is None:
            return
        changes = [
            (
                number,
                storable(one.document_id),
                storable(one.title),
                one.change,
                one.quotes_added,
                one.quotes_removed,
            )
            for one in report.changes
            if one.change != _KEPT
        ]
        await connection.executemany(_NOTE_CHANGE, changes)
        failures = [
            (number, place, storable(one.path), storable(one.reason))
            for place, one in enumerate(report.failures, start=1)
        ]
        await connection.executemany(_NOTE_FAILURE, failures)
