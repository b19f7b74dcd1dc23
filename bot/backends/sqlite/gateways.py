"""The `Gateways` port, in the journal's file and by the journal's writer. Made by `desk`."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import aiosqlite

from bot.backends.sqlite.connections import connect_reader, use_once
from bot.backends.sqlite.deeds import Deed
from bot.backends.sqlite.failures import explain, refuse_closed
from bot.backends.sqlite.presence import Presence
from bot.backends.sqlite.writer import GroupedWriter
from bot.ports.gateways import Gateway, GatewayState

_NOTE = """
UPDATE gateways SET is_up = ?3, latency_ms = ?4, connects = ?5, noted_at = ?6
WHERE platform = ?1 AND process = ?2 RETURNING 1
"""
_NUMBERS = "SELECT platform, number, process FROM gateways"
_ENTER = """
INSERT INTO gateways (platform, process, is_up, latency_ms, connects, noted_at, number)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_LEAVE = "DELETE FROM gateways WHERE process = ?"
_ALL = """
SELECT platform, number, is_up, latency_ms, connects, noted_at, process FROM gateways
ORDER BY platform, number
"""


@dataclass(frozen=True, slots=True)
class NoteGateway(Deed[None]):
    """Note how a process is connected; the first time, the rows of those that are gone go."""

    platform: str
    state: GatewayState
    now: float
    presence: Presence

    async def carry_out(self, connection: aiosqlite.Connection) -> None:
        """Write it, inside an open transaction."""
        state = self.state
        values = (
            self.platform, self.presence.process, state.is_up, state.latency_ms, state.connects,
            self.now,
        )  # fmt: skip
        if not list(await connection.execute_fetchall(_NOTE, values)):
            number = await self._free_number(connection)
            await connection.execute_fetchall(_ENTER, (*values, number))

    async def _free_number(self, connection: aiosqlite.Connection) -> int:
        taken = set()
        for platform, number, process in list(await connection.execute_fetchall(_NUMBERS)):
            if await asyncio.to_thread(self.presence.is_gone, process):
                await connection.execute_fetchall(_LEAVE, (process,))
            elif platform == self.platform:
                taken.add(number)
        return next(number for number in count(1) if number not in taken)


@dataclass(frozen=True, slots=True)
class LeaveGateway(Deed[None]):
    """Take away what a process noted."""

    process: str

    async def carry_out(self, connection: aiosqlite.Connection) -> None:
        """Write it, inside an open transaction."""
        await connection.execute_fetchall(_LEAVE, (self.process,))


@dataclass(frozen=True, slots=True)
class SqliteGateways:
    """How bots are connected; `SqliteDesk.gateways` returns one.

    Args:
        path: The journal's file.
        writer: Writes to it.
        presence: Tells whether another process is alive.
        clock: Seconds since the epoch, UTC.
        busy_timeout_s: How long to wait for another process's lock, in seconds.
    """

    path: Path
    writer: GroupedWriter
    presence: Presence
    clock: Callable[[], float]
    busy_timeout_s: float

    async def note(self, platform: str, state: GatewayState) -> None:
        """Note how this process is connected to a platform."""
        refuse_closed(self.path, self.writer.closed)
        await self.writer.submit(NoteGateway(platform, state, self.clock(), self.presence))

    async def leave(self) -> None:
        """Take away what this process noted."""
        refuse_closed(self.path, self.writer.closed)
        await self.writer.submit(LeaveGateway(self.presence.process))

    async def known(self) -> Sequence[Gateway]:
        """Return those of the processes that live, by platform and number."""
        refuse_closed(self.path, self.writer.closed)
        rows = await use_once(
            connect_reader,
            self.path,
            self.busy_timeout_s,
            lambda reader: reader.execute_fetchall(_ALL),
        )
        now = self.clock()
        try:
            return [
                Gateway(
                    platform, number, GatewayState(bool(is_up), latency_ms, connects), noted_at
                ).as_of(now)
                for platform, number, is_up, latency_ms, connects, noted_at, process in rows
                if not await asyncio.to_thread(self.presence.is_gone, process)
            ]
        except OSError as error:  # of the files by which processes are told to live
            raise explain(self.path, error) from error
