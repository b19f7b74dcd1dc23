"""The `Journal` port on one SQLite file: opens it, writes in groups, reads beside.

Holds the promises (acknowledged means on disk, a request is new once, nothing after
close) and leaves the parts to this package's other modules. Called by the composition
root, which opens one for the life of the process:

    async with await SqliteJournal.open(path, clock=..., new_id=..., text_policy=...) as journal:
        receipt = await journal.begin(interaction)
"""

import secrets
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import aiosqlite
from filelock import AsyncFileLock, Timeout

from bot.backends.sqlite.communities import SqliteCommunities
from bot.backends.sqlite.connections import (
    Connect,
    connect_reader,
    connect_writer,
    empty_log,
    make_durable,
    make_private,
    use_once,
)
from bot.backends.sqlite.deeds import Deed, NoteFeedback, NoteUndelivered
from bot.backends.sqlite.desk import SqliteDesk
from bot.backends.sqlite.entries import (
    entries_after,
    entries_by,
    entry_of,
    expired_ids,
    newest_entries,
    quote_of,
    verdicts_by,
)
from bot.backends.sqlite.failures import explain, refusal, refuse_closed, unknown_request
from bot.backends.sqlite.forgetting import Expire, Forget
from bot.backends.sqlite.health import health_of
from bot.backends.sqlite.installations import SqliteInstallations
from bot.backends.sqlite.migrations import migrate
from bot.backends.sqlite.operations import JournalWrites
from bot.backends.sqlite.opting_out import OptIn, OptOut, Sweeping, is_out, sweep
from bot.backends.sqlite.presence import Presence
from bot.backends.sqlite.pseudonyms import FEWEST_KEY_BYTES, Pseudonyms, settled_key
from bot.backends.sqlite.requests import Requests
from bot.backends.sqlite.rows import Rows, storable
from bot.backends.sqlite.writer import GroupedWriter
from bot.errors import JournalError
from bot.ports import JournalEntry, JournalHealth, KeptQuote, RateLimits, Receipt, TextPolicy
from bot.types import Feedback, Interaction, Reply

_ResultT = TypeVar("_ResultT")

_PAGE = 500
_EXPIRING = 100
_EXPIRED_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class _Parts:
    clock: Callable[[], float]
    new_id: Callable[[], str]
    busy_timeout_s: float
    connect: Connect
    pseudonyms: Pseudonyms
    presence: Presence
    requests: Requests
    writer: GroupedWriter
    sweeping: Sweeping


class SqliteJournal:
    """The log of interactions in one file; made by `open`.

    Safe in several processes at once, each with its own. Within a process it belongs to
    the event loop that opened it. It has to be closed: its connection runs a thread, for
    which Python waits at exit.
    """

    def __init__(self, path: Path, parts: _Parts) -> None:
        self._path = path
        self._parts = parts

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        clock: Callable[[], float],
        new_id: Callable[[], str],
        text_policy: TextPolicy,
        asker_key: bytes | None = None,
        lease_s: float = 900.0,
        busy_timeout_s: float = 5.0,
        max_batch: int = 512,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
        connect: Connect = connect_writer,
    ) -> Self:
        """Open a journal, creating or migrating its file.

        Beside the file ``path`` lie ``path-wal`` and ``path-shm`` (SQLite's), ``path.locks/``
        and, unless a key is given, ``path.key``.

        Args:
            path: The file; its folder is created.
            clock: Seconds since the epoch, UTC.
            new_id: Makes ids that no other process makes, fit for file names.
            text_policy: What is kept of the text that people type.
            asker_key: Secret of at least 16 bytes that hides who asked; by default a random
                one, kept in ``path.key`` for its owner only.
            lease_s: After how many seconds an unfinished request counts as abandoned, even
                if its process lives. The default is the life of a Discord token.
            busy_timeout_s: How long to wait for another process's lock, in seconds.
            max_batch: The most writes in one transaction.
            random_bytes: Makes a key of so many bytes.
            connect: Opens the writing connection.

        Raises:
            JournalError: The file cannot be used; the message names it and the way out.
        """
        if asker_key is not None and len(asker_key) < FEWEST_KEY_BYTES:
            raise refusal(
                path,
                f"the key that hides who asked has {len(asker_key)} bytes; "
                f"it needs at least {FEWEST_KEY_BYTES} random ones",
            )
        locks = path.with_name(f"{path.name}.locks")
        try:
            locks.mkdir(parents=True, exist_ok=True)
            # One opener at a time: switching to a write-ahead log and creating the key are
            # not safe side by side, and nobody may sweep a lock file that is half made.
            async with (
                AsyncFileLock(locks / "open.lock", timeout=busy_timeout_s),
                AsyncExitStack() as undo,
            ):
                make_private(path)
                connection = await connect(path, busy_timeout_s)
                undo.push_async_callback(connection.close)
                await make_durable(connection, path)
                await migrate(connection, path, clock)
                pseudonyms = Pseudonyms(
                    await settled_key(connection, path, asker_key, random_bytes)
                )
                presence = Presence(locks, new_id())
                unswept = await sweep(connection, clock())
                presence.enter()
                undo.pop_all()
        except Timeout:
            raise JournalError(
                f"Journal {path}: another process has been opening it for more than "
                f"{busy_timeout_s:g} s; try again, or stop that process."
            ) from None
        except (sqlite3.Error, OSError) as error:
            raise explain(path, error) from error
        writes = JournalWrites(path, presence, lease_s)
        writer = GroupedWriter(
            connection, writes.apply, lambda error: explain(path, error), max_batch
        )
        emptied = partial(use_once, connect, path, busy_timeout_s, empty_log)
        sweeping = Sweeping(writer, clock, unswept, emptied)
        rows = Rows(pseudonyms, text_policy, presence.process)
        parts = _Parts(
            clock=clock,
            new_id=new_id,
            busy_timeout_s=busy_timeout_s,
            connect=connect,
            pseudonyms=pseudonyms,
            presence=presence,
            requests=Requests(rows, writer, sweeping, lease_s),
            writer=writer,
            sweeping=sweeping,
        )
        return cls(path, parts)

    async def __aenter__(self) -> Self:
        """Return the journal; leaving the block closes it."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the journal."""
        await self.close()

    @property
    def communities(self) -> SqliteCommunities:
        """What communities set and did, in the same file; closed with the journal."""
        parts = self._parts
        return SqliteCommunities(
            self._path,
            parts.writer,
            parts.pseudonyms,
            parts.presence,
            parts.clock,
            parts.busy_timeout_s,
        )

    @property
    def installations(self) -> SqliteInstallations:
        """What platforms gave when the bot was installed, in the same file; closed with it."""
        parts = self._parts
        return SqliteInstallations(
            self._path,
            parts.writer,
            parts.pseudonyms,
            parts.clock,
            parts.connect,
            parts.busy_timeout_s,
        )

    @property
    def desk(self) -> SqliteDesk:
        """What admins and operators look at, in the same file; closed with it."""
        parts = self._parts
        return SqliteDesk(
            self._path,
            parts.writer,
            parts.pseudonyms,
            parts.presence,
            parts.clock,
            parts.busy_timeout_s,
        )

    async def begin(self, interaction: Interaction, limits: RateLimits | None = None) -> Receipt:
        """Note a request before it is answered; see `Journal.begin`."""
        parts = self._opened()
        return await parts.requests.begin(interaction, parts.new_id(), parts.clock(), limits)

    async def finish(self, request_id: str, reply: Reply, error: str | None = None) -> None:
        """Note the reply, or the error that stood in its way; a second one replaces it."""
        parts = self._opened()
        await parts.requests.finish(request_id, reply, error, parts.clock())

    async def delivered(self, request_id: str, message_ids: Sequence[str]) -> None:
        """Note that the platform took the reply, and under which ids; safe to repeat."""
        parts = self._opened()
        await parts.requests.deliver(request_id, message_ids, parts.clock())

    async def undelivered(self, request_id: str, error: str) -> None:
        """Note what keeps a finished reply from being delivered; see `Journal.undelivered`."""
        parts = self._opened()
        write = NoteUndelivered(storable(request_id), storable(error))
        if not await parts.writer.submit(write):
            raise unknown_request(self._path, [request_id])

    async def note_feedback(
        self, request_id: str, platform: str, asker_id: str, feedback: Feedback
    ) -> bool:
        """Note a member's verdict on a reply; see `Journal.note_feedback`."""
        parts = self._opened()
        asker = parts.pseudonyms.asker(platform, asker_id)
        write = NoteFeedback(storable(request_id), asker, feedback.value, parts.clock())
        return await parts.writer.submit(write)

    async def forget(self, platform: str, asker_id: str) -> int:
        """Remove everything about an asker at once; returns how many interactions it was.

        The bytes are overwritten, and the write-ahead log, which still holds old pages, is
        emptied; while a reader holds that back, the next checkpoint does it.
        """
        parts = self._opened()
        asker = parts.pseudonyms.asker(platform, asker_id)
        return await self._removed(Forget(asker, parts.pseudonyms, parts.clock()))

    async def opt_out(self, platform: str, asker_id: str) -> int:
        """Keep nothing of an asker from now on; see `Journal.opt_out`."""
        parts = self._opened()
        asker, window_s = parts.pseudonyms.asker(platform, asker_id), RateLimits(0, 0).window_s
        count = await self._removed(OptOut(asker, parts.clock(), window_s, parts.pseudonyms))
        parts.sweeping.begin()
        return count

    async def opt_in(self, platform: str, asker_id: str) -> None:
        """Keep again what an asker asks from now on. Safe to repeat."""
        parts = self._opened()
        await parts.writer.submit(OptIn(parts.pseudonyms.asker(platform, asker_id)))

    async def has_opted_out(self, platform: str, asker_id: str) -> bool:
        """Tell whether nothing of an asker is kept."""
        asker = self._opened().pseudonyms.asker(platform, asker_id)
        return await self._with(connect_reader, lambda reader: is_out(reader, asker))

    async def expire(self, before: float) -> int:
        """Blank every interaction that was begun before a moment; see `Journal.expire`."""
        parts = self._opened()
        count = 0
        while True:
            # Looked for by a reader: only what is blanked holds others up, a little at a time.
            ids = await self._with(
                connect_reader, lambda reader: expired_ids(reader, before, _EXPIRED_AT_ONCE)
            )
            for first in range(0, max(len(ids), 1), _EXPIRING):
                some = tuple(ids[first : first + _EXPIRING])
                count += await parts.writer.submit(Expire(some, before, parts.pseudonyms))
            if not ids:
                break
        if count:
            await self._with(parts.connect, empty_log)
        return count

    async def entry(self, request_id: str) -> JournalEntry | None:
        """Return one interaction; None when there is none of that id."""
        self._opened()
        return await self._with(connect_reader, lambda reader: entry_of(reader, request_id))

    async def kept_quote(self, quote_id: str) -> KeptQuote | None:
        """Return a quote as it was when it was first shown; None when it never was."""
        self._opened()
        return await self._with(connect_reader, lambda reader: quote_of(reader, quote_id))

    async def recent(
        self,
        limit: int,
        *,
        platform: str | None = None,
        community_id: str | None = None,
        unanswered_only: bool = False,
    ) -> AsyncIterator[JournalEntry]:
        """Yield up to ``limit`` interactions, the last begun first; see `Journal.recent`."""
        self._opened()
        # Read whole, then yielded: a consumer that stops early leaves no thread behind.
        entries = await self._with(
            connect_reader,
            lambda reader: newest_entries(
                reader, max(limit, 0), platform, community_id, unanswered_only
            ),
        )
        for entry in entries:
            yield entry

    async def history(
        self, *, since: float = 0.0, platform: str | None = None
    ) -> AsyncIterator[JournalEntry]:
        """Yield all interactions, the first that came first; see `Journal.history`."""
        self._opened()
        last: str | None = None
        while True:
            page = await self._with(
                connect_reader,
                partial(
                    entries_after, request_id=last, since=since, platform=platform, limit=_PAGE
                ),
            )
            for entry in page:
                yield entry
            if len(page) < _PAGE:
                return
            last = page[-1].request_id

    async def entries_of(self, platform: str, asker_id: str) -> AsyncIterator[JournalEntry]:
        """Yield everything that is kept of what one asker asked, the first begun first."""
        asker = self._opened().pseudonyms.asker(platform, asker_id)
        for entry in await self._with(connect_reader, lambda reader: entries_by(reader, asker)):
            yield entry

    async def verdicts_of(self, platform: str, asker_id: str) -> list[tuple[str, Feedback]]:
        """Return each verdict of a member with the request's id, the first given first."""
        asker = self._opened().pseudonyms.asker(platform, asker_id)
        return await self._with(connect_reader, lambda reader: verdicts_by(reader, asker))

    async def check(self) -> JournalHealth:
        """Look the whole file over; takes time in proportion to its size."""
        self._opened()
        return await self._with(connect_reader, lambda reader: health_of(reader, self._path))

    async def close(self) -> None:
        """Write what is queued and release the file. Safe to call twice."""
        await self._parts.sweeping.end()
        await self._parts.writer.close()
        self._parts.presence.leave()

    def _opened(self) -> _Parts:
        refuse_closed(self._path, self._parts.writer.closed)
        return self._parts

    async def _removed(self, deed: Deed[int]) -> int:
        parts = self._opened()
        count = await parts.writer.submit(deed)
        await self._with(parts.connect, empty_log)  # a verdict, too, leaves its member there
        return count

    async def _with(
        self, connect: Connect, use: Callable[[aiosqlite.Connection], Awaitable[_ResultT]]
    ) -> _ResultT:
        return await use_once(connect, self._path, self._parts.busy_timeout_s, use)
