"""The `Vitals` port, on the journal's file and beside its writer.

Rows that are long over do not change any more, so that they are counted once; each further count
reads the rows of the last hour. Times are counted from the hour before the first count on: taking
those of a million rows apart would take ten seconds. Made by `desk`.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import aiosqlite

from bot.backends.sqlite.connections import connect_reader, connect_writer, make_durable, use_once
from bot.ports.gateways import Gateways
from bot.ports.vitals import BOUNDS_MS, TOTAL, RequestCount, Tally, TimesCount

_SETTLED_AFTER_S = 3600.0
_WAITING_WITHIN_S = 900.0
"""The lease of a request: one that was begun before is abandoned."""

_BOUNDARY = "SELECT coalesce(max(number), ?1) FROM interactions WHERE number > ?1 AND begun_at < ?2"

_REQUESTS = """
SELECT platform, kind, answered, error, count(*) FROM interactions
WHERE number > ? AND number <= ? GROUP BY 1, 2, 3, 4
"""

_STEPS = ", ".join(f"total(ms <= {bound})" for bound in BOUNDS_MS)

_TIMES = f"""
WITH times (stage, ms) AS (
    SELECT each.key, each.value FROM interactions, json_each(stage_ms) AS each
    WHERE number > ?1 AND number <= ?2 AND stage_ms IS NOT NULL
    UNION ALL
    SELECT '{TOTAL}', took_ms FROM interactions
    WHERE number > ?1 AND number <= ?2 AND took_ms IS NOT NULL
)
SELECT stage, count(*), total(ms), {_STEPS} FROM times WHERE typeof(ms) IN ('real', 'integer')
GROUP BY stage
"""  # noqa: S608 (numbers and a name of ours)

_WAITING = "SELECT count(*) FROM interactions WHERE number > ? AND state = 'begun' AND begun_at > ?"

_REINDEXES = """
SELECT CASE WHEN finished_at IS NULL THEN 'running' WHEN error IS NULL THEN 'done' ELSE 'failed' END
    AS outcome, count(*) FROM reindexes GROUP BY outcome ORDER BY outcome
"""

_FEEDBACK = "SELECT verdict, count(*) FROM feedback GROUP BY verdict ORDER BY verdict"

_PROBE = """
INSERT INTO facts (name, value) VALUES ('probed_at', ?1)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""

_END = 2**62
_Sort = tuple[str, str | None, int | None, str | None]


@dataclass
class _Counts:
    """What rows up to one of them came to."""

    upto: int = 0
    requests: Counter[_Sort] = field(default_factory=Counter)
    times: dict[str, list[float]] = field(default_factory=dict)

    async def add(self, reader: aiosqlite.Connection, upto: int) -> None:
        """Count the rows that follow."""
        span = (self.upto, upto)
        for platform, kind, answered, error, count in await reader.execute_fetchall(
            _REQUESTS, span
        ):
            self.requests[platform, kind, answered, error] += count
        if self.upto == 0 and upto < _END:  # a first count
            span = (upto, upto)
        for stage, *figures in await reader.execute_fetchall(_TIMES, span):
            before = self.times.get(stage, [0.0] * len(figures))
            self.times[stage] = [one + more for one, more in zip(before, figures, strict=True)]
        self.upto = upto

    def copy(self) -> "_Counts":
        """Return the same counts, to add to."""
        return _Counts(self.upto, Counter(self.requests), dict(self.times))


class SqliteVitals:
    """Says how the journal in a file fares.

    Args:
        path: The journal's file; its tables are there.
        clock: Seconds since the epoch, UTC.
        gateways: How the bots that share it are connected.
        busy_timeout_s: How long to wait for another process's lock, in seconds.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], float],
        gateways: Gateways,
        busy_timeout_s: float = 5.0,
    ) -> None:
        self.gateways = gateways
        self._path = path
        self._clock = clock
        self._busy_timeout_s = busy_timeout_s
        self._settled = _Counts()
        self._one_at_a_time = asyncio.Lock()

    async def tally(self) -> Tally:
        """Count what was noted; see `Vitals.tally`."""
        async with self._one_at_a_time:
            return await use_once(connect_reader, self._path, self._busy_timeout_s, self._tally)

    async def probe(self) -> None:
        """Write something that nobody reads; returns once it is on disk."""
        await use_once(connect_writer, self._path, self._busy_timeout_s, self._probe)

    async def _tally(self, reader: aiosqlite.Connection) -> Tally:
        now = self._clock()
        await reader.execute_fetchall("BEGIN")  # all that follows reads the same state
        settled = self._settled.copy()
        boundary = (settled.upto, now - _SETTLED_AFTER_S)
        ((upto,),) = await reader.execute_fetchall(_BOUNDARY, boundary)
        await settled.add(reader, upto)
        self._settled = settled
        counts = settled.copy()
        await counts.add(reader, _END)
        waiting_since = (settled.upto, now - _WAITING_WITHIN_S)
        ((waiting,),) = await reader.execute_fetchall(_WAITING, waiting_since)
        return Tally(
            requests=tuple(
                RequestCount(platform, kind, None if answered is None else bool(answered), error, n)
                for (platform, kind, answered, error), n in sorted(
                    counts.requests.items(), key=lambda one: tuple(map(str, one[0]))
                )
            ),
            times=tuple(
                TimesCount(stage, int(figures[0]), figures[1], tuple(map(int, figures[2:])))
                for stage, figures in sorted(counts.times.items())
            ),
            waiting=waiting,
            reindexes=_pairs(await reader.execute_fetchall(_REINDEXES)),
            feedback=_pairs(await reader.execute_fetchall(_FEEDBACK)),
        )

    async def _probe(self, connection: aiosqlite.Connection) -> None:
        await make_durable(connection, self._path)
        await connection.execute_fetchall(_PROBE, (str(self._clock()).encode(),))


def _pairs(rows: Iterable[sqlite3.Row]) -> tuple[tuple[str, int], ...]:
    return tuple((str(name), int(count)) for name, count in rows)
