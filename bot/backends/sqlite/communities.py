"""The `Communities` port, in the journal's file and by the journal's writer.

What one process sets, all that have the file open see. Made by `journal`, which opens the
file and closes it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiosqlite

from bot.backends.sqlite.connections import connect_reader, use_once
from bot.backends.sqlite.deeds import Greet, SetChannel
from bot.backends.sqlite.failures import refuse_closed
from bot.backends.sqlite.presence import Presence
from bot.backends.sqlite.pseudonyms import Pseudonyms
from bot.backends.sqlite.reindexing import BeginReindex, EndReindex
from bot.backends.sqlite.rows import storable
from bot.backends.sqlite.writer import GroupedWriter
from bot.ports import COMMAND_LINE, ReindexPermit
from bot.types import AdminRequest, ChannelMode, IndexReport

_REINDEX_LEASE_S = 3600.0
"""After how many seconds a reindex that nobody ended counts as over; the index has its own lock."""

_CHANNELS = "SELECT channel_id, mode FROM channels WHERE platform = ? AND community_id = ?"


@dataclass(frozen=True, slots=True)
class SqliteCommunities:
    """What communities set and did; `SqliteJournal.communities` returns one.

    Args:
        path: The journal's file.
        writer: Writes to it.
        pseudonyms: Hides who asked.
        presence: Tells whether another process is alive.
        clock: Seconds since the epoch, UTC.
        busy_timeout_s: How long to wait for another process's lock, in seconds.
    """

    path: Path
    writer: GroupedWriter
    pseudonyms: Pseudonyms
    presence: Presence
    clock: Callable[[], float]
    busy_timeout_s: float

    async def channels(self, platform: str, community_id: str) -> Mapping[str, ChannelMode]:
        """Return the channels that are not as they all begin."""
        refuse_closed(self.path, self.writer.closed)
        values = (storable(platform), storable(community_id))

        async def read(reader: aiosqlite.Connection) -> Mapping[str, ChannelMode]:
            rows = await reader.execute_fetchall(_CHANNELS, values)
            return {channel: ChannelMode(mode) for channel, mode in rows}

        return await use_once(connect_reader, self.path, self.busy_timeout_s, read)

    async def set_channel(
        self, platform: str, community_id: str, channel_id: str, mode: ChannelMode
    ) -> None:
        """Say what the bot does in a channel."""
        refuse_closed(self.path, self.writer.closed)
        kept = None if mode is ChannelMode.ALLOW else mode.value
        names = (storable(platform), storable(community_id), storable(channel_id))
        await self.writer.submit(SetChannel(*names, kept))

    async def greet(self, platform: str, community_id: str) -> bool:
        """Note that a community is greeted; True the first time only."""
        refuse_closed(self.path, self.writer.closed)
        greet = Greet(storable(platform), storable(community_id), self.clock())
        return await self.writer.submit(greet)

    async def begin_reindex(self, by: AdminRequest, cooldown_s: float) -> ReindexPermit:
        """Note that a reindex begins, if it may."""
        refuse_closed(self.path, self.writer.closed)
        begin = BeginReindex(
            storable(by.platform),
            storable(by.community_id),
            self.pseudonyms.asker(by.platform, by.user_id),
            self.clock(),
            cooldown_s,
            _REINDEX_LEASE_S,
            self.presence,
        )
        return await self.writer.submit(begin)

    async def begin_local_reindex(self) -> int:
        """Note that a reindex begins at the command line, whatever runs."""
        refuse_closed(self.path, self.writer.closed)
        begin = BeginReindex(
            COMMAND_LINE, None, None, self.clock(), None, _REINDEX_LEASE_S, self.presence
        )
        permit = await self.writer.submit(begin)
        if permit.number is None:  # what waits for nothing is always let through
            raise RuntimeError("a reindex at the command line was refused")
        return permit.number

    async def end_reindex(
        self,
        number: int,
        report: IndexReport | None,
        error: str | None,
        reason: str | None = None,
    ) -> None:
        """Note how a reindex ended; see `Communities.end_reindex`."""
        refuse_closed(self.path, self.writer.closed)
        await self.writer.submit(EndReindex(number, self.clock(), report, error, reason))
