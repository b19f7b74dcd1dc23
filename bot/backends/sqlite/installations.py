"""The `Installations` port, in the journal's file and by the journal's writer.

Whose an installation is and which words guard the way to one are kept as keyed hashes;
sealing is left to who calls. Made by `journal`, which opens the file and closes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import aiosqlite

from bot.backends.sqlite.connections import Connect, connect_reader, empty_log, use_once
from bot.backends.sqlite.deeds import ForgetInstallations, KeepInstallation, NoteState, UseState
from bot.backends.sqlite.failures import refuse_closed
from bot.backends.sqlite.forgetting import ForgetCommunity
from bot.backends.sqlite.pseudonyms import Pseudonyms
from bot.backends.sqlite.rows import storable
from bot.backends.sqlite.writer import GroupedWriter

_SEALED = """
SELECT sealed FROM installations WHERE platform = ? AND community_id = ? AND owner = ?
"""


@dataclass(frozen=True, slots=True)
class SqliteInstallations:
    """What platforms gave when the bot was installed; `SqliteJournal.installations` returns one.

    Args:
        path: The journal's file.
        writer: Writes to it.
        pseudonyms: Hides owners and one-time words.
        clock: Seconds since the epoch, UTC.
        connect: Opens a connection that may empty the write-ahead log.
        busy_timeout_s: How long to wait for another process's lock, in seconds.
    """

    path: Path
    writer: GroupedWriter
    pseudonyms: Pseudonyms
    clock: Callable[[], float]
    connect: Connect
    busy_timeout_s: float

    async def keep(self, platform: str, community_id: str, owner_id: str, sealed: bytes) -> None:
        """Keep what belongs to an owner, in place of what was kept before."""
        refuse_closed(self.path, self.writer.closed)
        owner = self.pseudonyms.owner(platform, owner_id)
        community = (storable(platform), storable(community_id))
        await self.writer.submit(KeepInstallation(*community, owner, sealed, self.clock()))

    async def find(self, platform: str, community_id: str, owner_id: str = "") -> bytes | None:
        """Return what is kept of an owner; None when there is nothing."""
        refuse_closed(self.path, self.writer.closed)
        owner = self.pseudonyms.owner(platform, owner_id)
        values = (storable(platform), storable(community_id), owner)

        async def read(reader: aiosqlite.Connection) -> bytes | None:
            rows = list(await reader.execute_fetchall(_SEALED, values))
            return bytes(rows[0][0]) if rows else None

        return await use_once(connect_reader, self.path, self.busy_timeout_s, read)

    async def forget(self, platform: str, community_id: str, owner_id: str | None = None) -> int:
        """Delete what is kept of an owner, or of all; returns how many it was."""
        refuse_closed(self.path, self.writer.closed)
        owner = None if owner_id is None else self.pseudonyms.owner(platform, owner_id)
        community = (storable(platform), storable(community_id))
        count = await self.writer.submit(ForgetInstallations(*community, owner))
        if count:
            await use_once(self.connect, self.path, self.busy_timeout_s, empty_log)
        return count

    async def forget_community(self, platform: str, community_id: str) -> None:
        """Delete what a community gave and set, and blank what was asked there."""
        refuse_closed(self.path, self.writer.closed)
        community = (storable(platform), storable(community_id))
        await self.writer.submit(ForgetCommunity(*community, self.pseudonyms, self.clock()))
        await use_once(self.connect, self.path, self.busy_timeout_s, empty_log)

    async def note_state(self, platform: str, state: str, until: float) -> None:
        """Note a word that may come back once, before ``until``."""
        refuse_closed(self.path, self.writer.closed)
        known = self.pseudonyms.state(platform, state)
        await self.writer.submit(NoteState(known, until, self.clock()))

    async def use_state(self, platform: str, state: str) -> bool:
        """Tell whether a word may come back now; True once only."""
        refuse_closed(self.path, self.writer.closed)
        known = self.pseudonyms.state(platform, state)
        return await self.writer.submit(UseState(known, self.clock()))
