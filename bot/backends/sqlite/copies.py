"""Copies of the journal: made while the bot runs, and put back while it does not.

A copy is one file, with the key that goes with it in a second one beside it. Called by the
composition root for an operator; an open journal knows nothing of it.
"""

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiosqlite
from filelock import FileLock, Timeout

from bot.backends.sqlite.connections import connect_reader, connect_writer, use_once
from bot.backends.sqlite.failures import concerns_content, explain, refusal
from bot.backends.sqlite.forgetting import Forget, blank
from bot.backends.sqlite.migrations import migrate
from bot.backends.sqlite.presence import Presence
from bot.backends.sqlite.pseudonyms import Pseudonyms, key_file_of, known_fingerprint, read_key

_BUSY_S = 5.0
_OWNER_ONLY = 0o600

_BLANKED_SINCE = """
SELECT platform, interaction_id, request_id FROM interactions
WHERE asker IS NOT NULL
    AND request_id IN (SELECT request_id FROM now.interactions WHERE asker IS NULL)
"""

_HAS_TABLE = "SELECT count(*) FROM sqlite_schema WHERE name = 'unkept_requests'"
_HAS_OPT_OUTS = "SELECT count(*) FROM now.sqlite_schema WHERE name = 'opt_outs'"
# Under another key the same member has another hash. A copy without one gets the journal's.
_HAS_OTHER_KEY = """
SELECT count(*) FROM facts WHERE name = 'key_fingerprint'
    AND value NOT IN (SELECT value FROM now.facts WHERE name = 'key_fingerprint')
"""
_CARRY_OPT_OUTS = """
INSERT INTO opt_outs (asker, since) SELECT asker, since FROM now.opt_outs WHERE TRUE
ON CONFLICT DO NOTHING
"""
_OPTED_OUT = "SELECT asker FROM opt_outs"
_LEAVE_COUNTS_OUT = "DELETE FROM unkept_requests"


@dataclass(frozen=True, slots=True)
class JournalCopy:
    """A copy that was made: its file, that of the key (None: there is none), what it holds."""

    file: Path
    key_file: Path | None
    interactions: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """A copy that was put back.

    ``aside`` is where the journal that stood there lies now, None if there was none;
    ``blanked`` counts what was forgotten or had expired since the copy was made, None where the
    journal that stood there could not tell.
    """

    interactions: int
    aside: Path | None
    blanked: int | None


def back_up(path: Path, target: Path) -> JournalCopy:
    """Copy a journal as of one moment, whoever writes to it meanwhile, and look the copy over.

    Args:
        path: The journal's file.
        target: The file to write, which only its owner may read; it must not exist. The key
            goes beside it, into ``target.key``.

    Raises:
        JournalError: There is no journal, the target exists, or the copy is not sound.
    """
    _refuse_missing(path, "there is no such journal; nothing has been noted yet")
    key_file, key_copy = key_file_of(path), key_file_of(target)
    for taken in (target, key_copy):
        if taken.exists():
            raise refusal(taken, "the file exists already, and a backup overwrites nothing")
    draft = target.with_name(f"{target.name}.part")
    try:
        _create(draft)
        try:
            _copy(path, draft)
            interactions = _looked_over(draft, path)
            _leave_counts_out(draft)
            has_key = key_file.exists()
            if has_key:
                _create(key_copy)
                key_copy.write_bytes(key_file.read_bytes())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except (sqlite3.Error, OSError) as error:
        raise explain(path if concerns_content(error) else target, error) from error
    return JournalCopy(target, key_copy if has_key else None, interactions, target.stat().st_size)


async def restore(path: Path, source: Path, now: float) -> Restored:
    """Put a copy in a journal's place; the journal that stood there is kept beside it.

    What was forgotten or had expired since the copy was made is blanked in it first, as far
    as the journal that stands there can still be read. Who has opted out in either is out, and
    nothing of theirs comes back.

    Args:
        path: The journal's file.
        source: The copy. Its key is ``source.key``, or else the one that the journal has.
        now: Seconds since the epoch, UTC; names what is kept.

    Raises:
        JournalError: A process has the journal open, or the copy cannot be used.
    """
    _refuse_missing(source, "there is no such file; name a backup")
    _refuse_same(path, source)
    locks = path.with_name(f"{path.name}.locks")
    draft = path.with_name(f"{path.name}.restoring")
    try:
        locks.mkdir(parents=True, exist_ok=True)
        with FileLock(locks / "open.lock", timeout=_BUSY_S):
            _refuse_open(path, locks)
            try:
                _create(draft)
                _copy(source, draft)
                interactions = _looked_over(draft, source)
                key = await _key_of(draft, source, path)
                blanked = await _prepare(draft, path, key, now)
                aside = _set_aside(path, now)
                _put_key(path, key, now)
                draft.replace(path)
            finally:
                for suffix in ("", "-wal", "-shm"):
                    draft.with_name(draft.name + suffix).unlink(missing_ok=True)
    except Timeout:
        raise refusal(path, "a process is opening it; stop the bot, then restore") from None
    except (sqlite3.Error, OSError) as error:
        if not concerns_content(error):
            raise explain(path, error) from error
        raise refusal(
            source, f"it is damaged, locked or no journal ({error}); name a sound backup"
        ) from error
    return Restored(interactions, aside, blanked)


def _refuse_missing(path: Path, reason: str) -> None:
    if not path.is_file():
        raise refusal(path, reason)


def _refuse_same(path: Path, source: Path) -> None:
    if path.exists() and source.samefile(path):
        raise refusal(source, "it is the journal itself; name a backup")


def _refuse_open(path: Path, locks: Path) -> None:
    presence = Presence(locks, "restore")
    for sign in sorted(locks.glob("*.alive")):
        if not presence.is_gone(sign.name.removesuffix(".alive")):
            raise refusal(path, "a process has it open; stop the bot, then restore")


def _create(path: Path) -> None:
    """Create a file that only its owner may read; an older one gives way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(source, timeout=_BUSY_S)) as reader,
        closing(sqlite3.connect(target)) as writer,
    ):
        # In one step: a writer would make a copy in several begin again and again.
        reader.backup(writer, pages=-1)
        writer.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _looked_over(copy: Path, source: Path) -> int:
    """Return how many interactions a copy of ``source`` holds.

    Raises:
        JournalError: It is damaged, or no journal.
    """
    with closing(sqlite3.connect(copy)) as database:
        problems = [row[0] for row in database.execute("PRAGMA integrity_check")]
        if problems != ["ok"]:
            raise refusal(source, f"it is damaged ({problems[0]}); put a sound backup in its place")
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_schema")}
        if not {"schema_migrations", "interactions"} <= tables:
            raise refusal(source, "it is the database of another program; name a journal")
        ((count,),) = database.execute("SELECT count(*) FROM interactions")
    return int(count)


def _leave_counts_out(copy: Path) -> None:
    """Take out of a copy what limits count of those who opted out: it may lie for years."""
    with closing(sqlite3.connect(copy)) as database:
        if database.execute(_HAS_TABLE).fetchone()[0]:
            database.execute("PRAGMA secure_delete = ON")
            database.execute(_LEAVE_COUNTS_OUT)
            database.commit()


async def _key_of(draft: Path, source: Path, path: Path) -> bytes | None:
    """Return the key that a copy was made with; None when it never had one."""
    known = await use_once(connect_reader, draft, _BUSY_S, known_fingerprint)
    if known is None:
        return None
    for file in (key_file_of(source), key_file_of(path)):
        key = read_key(file)
        if key is not None and Pseudonyms(key).fingerprint == known:
            return key
    raise refusal(
        source, f"its key is missing; put the key that was backed up with it at {source}.key"
    )


async def _prepare(draft: Path, path: Path, key: bytes | None, now: float) -> int | None:
    """Bring a copy to today's tables, and have it know who was forgotten or opted out since."""
    stands = await asyncio.to_thread(path.exists)
    async with connect_writer(draft, _BUSY_S) as connection:
        await migrate(connection, draft, lambda: now)
        if not stands:
            return 0
        await connection.execute_fetchall("PRAGMA secure_delete = ON")
        try:
            await connection.execute_fetchall("ATTACH ? AS now", (str(path),))
            await connection.execute_fetchall("BEGIN")
            is_known = await _carry_opt_outs(connection)
            count = 0 if key is None else await _forget_again(connection, Pseudonyms(key), now)
            await connection.execute_fetchall("COMMIT")
        except sqlite3.Error:
            return None  # a journal that cannot be read may be why a copy is put back
    return count if is_known else None


async def _carry_opt_outs(connection: aiosqlite.Connection) -> bool:
    """Have those be out who are in the journal that stands, beside those who are in the copy.

    Returns:
        False where another key hid them, so that nobody can tell who they are.
    """
    ((has_opt_outs,),) = await connection.execute_fetchall(_HAS_OPT_OUTS)
    ((has_other_key,),) = await connection.execute_fetchall(_HAS_OTHER_KEY)
    if has_opt_outs and not has_other_key:
        await connection.execute_fetchall(_CARRY_OPT_OUTS)
    return not has_other_key


async def _forget_again(
    connection: aiosqlite.Connection, pseudonyms: Pseudonyms, now: float
) -> int:
    """Blank what was forgotten or had expired since, and all of those who are out."""
    count = await blank(connection, pseudonyms, _BLANKED_SINCE, ())
    for (asker,) in list(await connection.execute_fetchall(_OPTED_OUT)):
        count += await Forget(asker, pseudonyms, now).carry_out(connection)
    return count


def _set_aside(path: Path, now: float) -> Path | None:
    """Keep the journal under another name too; its place is never empty meanwhile."""
    if not path.exists():
        return None
    aside = _aside(path, now)
    # What a killed process left in the log belongs to the file; a damaged one keeps its log.
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    _link(path, aside)
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        log.replace(aside.with_name(f"{aside.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    return aside


def _put_key(path: Path, key: bytes | None, now: float) -> None:
    key_file = key_file_of(path)
    if key is None or (key_file.exists() and key_file.read_text("utf-8") == key.hex()):
        return
    if key_file.exists():
        _link(key_file, key_file_of(_aside(path, now)))
    draft = key_file.with_name(f"{key_file.name}.draft")
    _create(draft)
    draft.write_text(key.hex(), "ascii")
    draft.replace(key_file)


def _aside(path: Path, now: float) -> Path:
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    return path.with_name(f"{path.name}.before-{stamp}")


def _link(path: Path, name: Path) -> None:
    try:
        os.link(path, name)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        shutil.copy2(path, name)
