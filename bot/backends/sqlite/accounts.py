"""The `Accounts` port, in the journal's file and by the journal's writer. Made by `journal`."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import aiosqlite

from bot.backends.sqlite.connections import connect_reader, use_once
from bot.backends.sqlite.deeds import Deed
from bot.backends.sqlite.failures import refuse_closed
from bot.backends.sqlite.writer import GroupedWriter

_SWEEP = "DELETE FROM ended_sessions WHERE until <= ?"
_END = """
INSERT INTO ended_sessions (session_hash, until) VALUES (?, ?)
ON CONFLICT (session_hash) DO NOTHING
"""
_HAS_ENDED = "SELECT count(*) FROM ended_sessions WHERE session_hash = ?"

_SWEEP_LINKS = "DELETE FROM login_links WHERE until <= ?"
_NOTE_LINK = """
INSERT INTO login_links (link_hash, until) VALUES (?, ?)
ON CONFLICT (link_hash) DO UPDATE SET until = excluded.until
"""
_USE_LINK = "DELETE FROM login_links WHERE link_hash = ? RETURNING 1"


@dataclass(frozen=True, slots=True)
class EndSession(Deed[None]):
    """Note that a session has ended; those that nobody would take any more go."""

    session_hash: bytes
    until: float
    now: float

    async def carry_out(self, connection: aiosqlite.Connection) -> None:
        """Write it, inside an open transaction."""
        await connection.execute_fetchall(_SWEEP, (self.now,))
        await connection.execute_fetchall(_END, (self.session_hash, self.until))


@dataclass(frozen=True, slots=True)
class NoteLink(Deed[None]):
    """Note a link that logs somebody in; those whose time is over go."""

    link_hash: bytes
    until: float
    now: float

    async def carry_out(self, connection: aiosqlite.Connection) -> None:
        """Write it, inside an open transaction."""
        await connection.execute_fetchall(_SWEEP_LINKS, (self.now,))
        await connection.execute_fetchall(_NOTE_LINK, (self.link_hash, self.until))


@dataclass(frozen=True, slots=True)
class UseLink(Deed[bool]):
    """Take a link away; False when it is not there, or no longer."""

    link_hash: bytes
    now: float

    async def carry_out(self, connection: aiosqlite.Connection) -> bool:
        """Write it, inside an open transaction."""
        await connection.execute_fetchall(_SWEEP_LINKS, (self.now,))
        return bool(list(await connection.execute_fetchall(_USE_LINK, (self.link_hash,))))


@dataclass(frozen=True, slots=True)
class SqliteAccounts:
    """Which sessions have ended, and which links let in; `SqliteDesk.accounts` returns one.

    Args:
        path: The journal's file.
        writer: Writes to it.
        clock: Seconds since the epoch, UTC.
        busy_timeout_s: How long to wait for another process's lock, in seconds.
    """

    path: Path
    writer: GroupedWriter
    clock: Callable[[], float]
    busy_timeout_s: float

    async def end_session(self, session_id: str, until: float) -> None:
        """Note that a session has ended."""
        refuse_closed(self.path, self.writer.closed)
        await self.writer.submit(EndSession(_hash(session_id), until, self.clock()))

    async def has_ended(self, session_id: str) -> bool:
        """Tell whether a session has been ended."""
        refuse_closed(self.path, self.writer.closed)

        async def read(reader: aiosqlite.Connection) -> bool:
            rows = await reader.execute_fetchall(_HAS_ENDED, (_hash(session_id),))
            return any(count for (count,) in rows)

        return await use_once(connect_reader, self.path, self.busy_timeout_s, read)

    async def note_link(self, token: str, until: float) -> None:
        """Note a link that logs somebody in once."""
        refuse_closed(self.path, self.writer.closed)
        await self.writer.submit(NoteLink(_hash(token), until, self.clock()))

    async def use_link(self, token: str) -> bool:
        """Use a link up: of all who try, in whichever process, one is told True."""
        refuse_closed(self.path, self.writer.closed)
        return await self.writer.submit(UseLink(_hash(token), self.clock()))


def _hash(secret: str) -> bytes:
    # Random and long: nobody finds it by trying, so that no key is needed.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
