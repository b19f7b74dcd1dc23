"""What is written one at a time: verdicts, failed deliveries, communities, installations.

Each carries itself out inside a transaction of `writer`, to which `operations` brings it.
Requests and replies, of which there are many at once, are `operations`' own. Made by
`journal`, `communities` and `installations`.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import TypeVar

import aiosqlite

from bot.backends.sqlite.writer import Write

ResultT_co = TypeVar("ResultT_co", covariant=True)

_NOTE_FEEDBACK = """
INSERT INTO feedback (request_id, asker, verdict, given_at)
SELECT ?1, ?2, ?3, ?4
WHERE EXISTS (SELECT 1 FROM interactions WHERE request_id = ?1 AND asker IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM opt_outs WHERE asker = ?2)
ON CONFLICT (request_id, asker) DO UPDATE SET
    verdict = excluded.verdict, given_at = excluded.given_at
RETURNING 1
"""

UNDELIVERED = "undelivered: "
"""Stands before an error that came after the reply, to tell it from one in its place."""

_NOTE_UNDELIVERED = """
UPDATE interactions SET error = CASE
    WHEN state <> 'begun' AND asker IS NOT NULL
        AND (error IS NULL OR error GLOB 'undelivered: *') THEN ?2
    ELSE error END
WHERE request_id = ?1 RETURNING 1
"""

_ADD_COMMUNITY = """
INSERT INTO communities (platform, community_id) VALUES (?, ?)
ON CONFLICT (platform, community_id) DO NOTHING
"""

_SET_CHANNEL = """
INSERT INTO channels (platform, community_id, channel_id, mode) VALUES (?, ?, ?, ?)
ON CONFLICT (platform, community_id, channel_id) DO UPDATE SET mode = excluded.mode
"""

_RESET_CHANNEL = """
DELETE FROM channels WHERE platform = ? AND community_id = ? AND channel_id = ?
"""

_GREET = """
UPDATE communities SET greeted_at = ?
WHERE platform = ? AND community_id = ? AND greeted_at IS NULL RETURNING 1
"""

_KEEP_INSTALLATION = """
INSERT INTO installations (platform, community_id, owner, sealed, kept_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (platform, community_id, owner) DO UPDATE SET
    sealed = excluded.sealed, kept_at = excluded.kept_at
"""

_FORGET_INSTALLATIONS = """
DELETE FROM installations
WHERE platform = ?1 AND community_id = ?2 AND owner = coalesce(?3, owner) RETURNING 1
"""

_NOTE_STATE = """
INSERT INTO oauth_states (state, until) VALUES (?, ?)
ON CONFLICT (state) DO UPDATE SET until = excluded.until
"""

_USE_STATE = "DELETE FROM oauth_states WHERE state = ? RETURNING 1"
_SWEEP_STATES = "DELETE FROM oauth_states WHERE until <= ?"


class Deed(Write[ResultT_co]):
    """Something that is written by itself."""

    __slots__ = ()

    @abstractmethod
    async def carry_out(self, connection: aiosqlite.Connection) -> ResultT_co:
        """Write it, inside an open transaction."""


@dataclass(frozen=True, slots=True)
class NoteFeedback(Deed[bool]):
    """Note a verdict; False when there is no such request, or nothing is kept of the member."""

    request_id: str
    asker: bytes
    verdict: str
    now: float

    async def carry_out(self, connection: aiosqlite.Connection) -> bool:
        """Write it, inside an open transaction."""
        values = (self.request_id, self.asker, self.verdict, self.now)
        return bool(list(await connection.execute_fetchall(_NOTE_FEEDBACK, values)))


@dataclass(frozen=True, slots=True)
class NoteUndelivered(Deed[bool]):
    """Note what keeps a reply from its asker; False when there is no such request."""

    request_id: str
    error: str

    async def carry_out(self, connection: aiosqlite.Connection) -> bool:
        """Write it, inside an open transaction."""
        values = (self.request_id, UNDELIVERED + self.error)
        return bool(list(await connection.execute_fetchall(_NOTE_UNDELIVERED, values)))


@dataclass(frozen=True, slots=True)
class SetChannel(Deed[None]):
    """Set a channel's mode; None makes it what all channels are at first."""

    platform: str
    community_id: str
    channel_id: str
    mode: str | None

    async def carry_out(self, connection: aiosqlite.Connection) -> None:
        """Write it, inside an open transaction."""
        community = (self.platform, self.community_id)
        if self.mode is None:
            await connection.execute_fetchall(_RESET_CHANNEL, (*community, self.channel_id))
        else:
            await connection.execute_fetchall(_ADD_COMMUNITY, community)
            values = (*community, self.channel_id, self.mode)
            await connection.execute_fetchall(_SET_CHANNEL, values)


@dataclass(frozen=True, slots=True)
class Greet(Deed[bool]):
    """Note that a community is greeted; True the first time."""

    platform: str
    community_id: str
    now: float

    async def carry_out(self, connection: aiosqlite.Connection) -> bool:
        """Write it, inside an open transaction."""
        community = (self.platform, self.community_id)
        await connection.execute_fetchall(_ADD_COMMUNITY, community)
        return bool(list(await connection.execute_fetchall(_GREET, (self.now, *community))))


@dataclass(frozen=True, slots=True)
class KeepInstallation(Deed[None]):
    """Keep what belongs to an owner; what was kept before gives way to it."""

    platform: str
    community_id: str
    owner: bytes
    sealed: bytes
    now: float

    async def carry_out(self, connection: aiosqlite.Connection) -> None:
        """Write it, inside an open transaction."""
        values = (self.platform, self.community_id, self.owner, self.sealed, self.now)
        await connection.execute_fetchall(_KEEP_INSTALLATION, values)


@dataclass(frozen=True, slots=True)
class ForgetInstallations(Deed[int]):
    """Delete what is kept of an owner, or with None of all; says how many it was."""

    platform: str
    community_id: str
    owner: bytes | None

    async def carry_out(self, connection: aiosqlite.Connection) -> int:
        """Write it, inside an open transaction."""
        values = (self.platform, self.community_id, self.owner)
        return len(list(await connection.execute_fetchall(_FORGET_INSTALLATIONS, values)))


@dataclass(frozen=True, slots=True)
class NoteState(Deed[None]):
    """Note a one-time word; those whose time is over go."""

    state: bytes
    until: float
    now: float

    async def carry_out(self, connection: aiosqlite.Connection) -> None:
        """Write it, inside an open transaction."""
        await connection.execute_fetchall(_SWEEP_STATES, (self.now,))
        await connection.execute_fetchall(_NOTE_STATE, (self.state, self.until))


@dataclass(frozen=True, slots=True)
class UseState(Deed[bool]):
    """Take a one-time word away; False when it is not there, or no longer."""

    state: bytes
    now: float

    async def carry_out(self, connection: aiosqlite.Connection) -> bool:
        """Write it, inside an open transaction."""
        await connection.execute_fetchall(_SWEEP_STATES, (self.now,))
        return bool(list(await connection.execute_fetchall(_USE_STATE, (self.state,))))
