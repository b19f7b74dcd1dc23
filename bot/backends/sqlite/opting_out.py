"""Members of whom nothing is kept: who they are, and what limits still have to count of them.

`operations` notes their requests. Made by `journal`, which has a `Sweeping` for as long as it is
open.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import aiosqlite

from bot.backends.sqlite.deeds import Deed
from bot.backends.sqlite.forgetting import Forget
from bot.backends.sqlite.operations import COUNT_UNKEPT
from bot.backends.sqlite.pseudonyms import Pseudonyms
from bot.backends.sqlite.writer import GroupedWriter
from bot.errors import JournalError
from bot.types import Trigger

_log = logging.getLogger(__name__)

_AGAIN_S = 60.0
"""Seconds until sweeping is tried again where it failed."""
_SOONEST_S = 0.01

_OPT_OUT = "INSERT INTO opt_outs (asker, since) VALUES (?, ?) ON CONFLICT DO NOTHING"
_OPT_IN = "DELETE FROM opt_outs WHERE asker = ?"
_IS_OUT = "SELECT count(*) FROM opt_outs WHERE asker = ?"

_LATELY = """
SELECT platform, community_id, channel_id, trigger, begun_at FROM interactions
WHERE asker = ?1 AND room_at IS NULL AND begun_at > ?2 - ?3 AND begun_at < ?2 + ?3
"""

# The opposite of what limits count: what is past the window, or from before a clock was set back.
_SWEEP = "DELETE FROM unkept_requests WHERE until <= ?1 OR 2 * begun_at - until >= ?1"
_NEXT = "SELECT min(until) FROM unkept_requests"


@dataclass(frozen=True, slots=True)
class OptOut(Deed[int]):
    """Keep nothing of an asker from now on; says how many interactions were removed.

    Their requests of the last ``window_s`` seconds go on counting towards the limits.
    """

    asker: bytes
    now: float
    window_s: float
    pseudonyms: Pseudonyms

    async def carry_out(self, connection: aiosqlite.Connection) -> int:
        """Write it, inside an open transaction."""
        lately = await connection.execute_fetchall(_LATELY, (self.asker, self.now, self.window_s))
        counts = []
        for platform, community_id, channel_id, trigger, begun_at in lately:
            until = begun_at + self.window_s
            channel = self.pseudonyms.channel(platform, community_id, channel_id)
            counts.append((channel, begun_at, until))
            if trigger != Trigger.AUTO:
                counts.append((self.asker, begun_at, until))
        await connection.executemany(COUNT_UNKEPT, counts)
        await connection.execute_fetchall(_OPT_OUT, (self.asker, self.now))
        return await Forget(self.asker, self.pseudonyms, self.now).carry_out(connection)


@dataclass(frozen=True, slots=True)
class OptIn(Deed[None]):
    """Keep again what an asker asks."""

    asker: bytes

    async def carry_out(self, connection: aiosqlite.Connection) -> None:
        """Write it, inside an open transaction."""
        await connection.execute_fetchall(_OPT_IN, (self.asker,))


@dataclass(frozen=True, slots=True)
class Sweep(Deed[float | None]):
    """Remove what no limit looks back to; see `sweep`."""

    now: float

    async def carry_out(self, connection: aiosqlite.Connection) -> float | None:
        """Write it, inside an open transaction."""
        return await sweep(connection, self.now)


async def sweep(connection: aiosqlite.Connection, now: float) -> float | None:
    """Remove what no limit looks back to; returns when more can go, None when nothing is left."""
    await connection.execute_fetchall(_SWEEP, (now,))
    ((until,),) = await connection.execute_fetchall(_NEXT)
    return None if until is None else float(until)


async def is_out(reader: aiosqlite.Connection, asker: bytes) -> bool:
    """Tell whether an asker, given by the hash, has opted out."""
    ((count,),) = await reader.execute_fetchall(_IS_OUT, (asker,))
    return bool(count)


class Sweeping:
    """Sweeps whenever something is due, as long as there is anything, also when nobody asks.

    Args:
        writer: Writes to the journal; has to outlast this.
        clock: Seconds since the epoch, UTC.
        due_at: When there is something to sweep; None while there is nothing.
        empty_log: Empties the write-ahead log, which still holds what was swept.
    """

    def __init__(
        self,
        writer: GroupedWriter,
        clock: Callable[[], float],
        due_at: float | None,
        empty_log: Callable[[], Awaitable[None]],
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._empty_log = empty_log
        self._is_wanted = False
        self._task: asyncio.Task[None] | None = None
        if due_at is not None:
            self.begin()

    def begin(self) -> None:
        """Sweep from now on; to be called whenever there may be something new."""
        self._is_wanted = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="journal sweeper")

    async def end(self) -> None:
        """Sweep no more; what is left is for whoever opens the journal next."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while self._is_wanted:
            self._is_wanted = False
            wait_s = await self._sweep()
            had_some = wait_s is not None
            while wait_s is not None:
                await asyncio.sleep(wait_s)
                wait_s = await self._sweep()
            if had_some:
                with suppress(JournalError):  # the next checkpoint overwrites it too
                    await self._empty_log()

    async def _sweep(self) -> float | None:
        """Sweep once; returns the seconds until there is more to do, None for never."""
        try:
            due_at = await self._writer.submit(Sweep(self._clock()))
        except JournalError as error:  # the disk may be full now and not the next time
            _log.error("journal_failed", extra={"reason": str(error)})
            return _AGAIN_S
        return None if due_at is None else max(due_at - self._clock(), _SOONEST_S)
