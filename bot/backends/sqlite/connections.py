"""Connections to the journal's file: one kind that writes, one that only reads.

Called by `journal`, `communities` and `installations`; who opens a connection closes it again.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import aiosqlite

from bot.backends.sqlite.failures import explain, refusal

ResultT = TypeVar("ResultT")

Connect = Callable[[Path, float], aiosqlite.Connection]
"""Makes a connection to a file that opens when it is awaited or entered, once.

The second argument says how many seconds it waits for another process's lock.
"""

_THREAD_ENDS_S = 0.02
_OLDEST_SQLITE = (3, 37, 0)  # the first with STRICT tables


def connect_writer(path: Path, busy_timeout_s: float) -> aiosqlite.Connection:
    """Connect to a file for writing, without implicit transactions."""
    return aiosqlite.connect(path, timeout=busy_timeout_s, isolation_level=None)


def connect_reader(path: Path, busy_timeout_s: float) -> aiosqlite.Connection:
    """Connect to an existing file for reading only."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    return aiosqlite.connect(address, uri=True, timeout=busy_timeout_s, isolation_level=None)


def make_private(path: Path) -> None:
    """Begin a new journal's file for its owner only; SQLite would let everybody read it."""
    with suppress(FileExistsError):
        path.touch(mode=0o600, exist_ok=False)


async def make_durable(connection: aiosqlite.Connection, path: Path) -> None:
    """Set what the journal promises: a commit is on disk, forgotten bytes are overwritten.

    Raises:
        JournalError: This SQLite is too old, or the file's disk cannot do write-ahead logs.
    """
    if aiosqlite.sqlite_version_info < _OLDEST_SQLITE:
        raise refusal(
            path,
            f"it needs SQLite 3.37 or later and this Python has {aiosqlite.sqlite_version}; "
            "use a newer Python",
        )
    ((mode,),) = await connection.execute_fetchall("PRAGMA journal_mode = WAL")
    if mode != "wal":
        raise refusal(
            path,
            f"it allows no write-ahead log (SQLite answers {mode!r}); put it on a local disk",
        )
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        await connection.execute_fetchall(f"PRAGMA {pragma}")


async def empty_log(connection: aiosqlite.Connection) -> None:
    """Empty the write-ahead log, which still holds old pages, as far as no reader needs it."""
    await connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")


async def use_once(
    connect: Connect,
    path: Path,
    busy_timeout_s: float,
    use: Callable[[aiosqlite.Connection], Awaitable[ResultT]],
) -> ResultT:
    """Open a connection for one use, and close it.

    Raises:
        JournalError: What went wrong, with the way out.
    """
    try:
        async with connect(path, busy_timeout_s) as connection:
            return await use(connection)
    except (sqlite3.Error, OSError) as error:
        # The thread of a connection that did not open ends by itself, and tells this loop so.
        await asyncio.sleep(_THREAD_ENDS_S)
        raise explain(path, error) from error
