"""What the journal of a running bot holds, read beside it as another process would."""

import asyncio
import re
import sqlite3
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.backends.sqlite import SqliteJournal
from bot.backends.sqlite.pseudonyms import Pseudonyms, read_key
from bot.ports import Gateway, JournalEntry, TextPolicy

_MOST = 1_000


async def entries_in(folder: Path) -> list[JournalEntry]:
    """Return what is noted in the journal of a stage's folder, the first begun first."""
    async with await _open(folder) as journal:
        return [entry async for entry in journal.recent(_MOST)][::-1]


async def entries_of(folder: Path, platform: str, asker_id: str) -> list[JournalEntry]:
    """Return what is kept of one asker."""
    async with await _open(folder) as journal:
        return [entry async for entry in journal.entries_of(platform, asker_id)]


async def entries_once(
    folder: Path, is_so: Callable[[list[JournalEntry]], bool], within_s: float = 5.0
) -> list[JournalEntry]:
    """Return what is noted as soon as something is so; a delivery is noted after it is seen."""
    end = time.monotonic() + within_s
    while not is_so(entries := await entries_in(folder)):
        assert time.monotonic() < end, f"not within {within_s} s: {entries}"
        await asyncio.sleep(0.02)
    return entries


async def traces_once_finished(
    folder: Path, platform: str, asker_id: str, message_id: str, text: str, within_s: float = 8.0
) -> list[str]:
    """Return what a journal holds of the only message that the bot looked at, once it has.

    That is: words of it, its id and its author's in any file, and places in any interaction.
    """
    path = folder / "data" / "journal.db"
    end = time.monotonic() + within_s
    with closing(sqlite3.connect(path)) as database:
        while database.execute("SELECT state FROM interactions").fetchall() != [("finished",)]:
            assert time.monotonic() < end, f"not within {within_s} s"
            await asyncio.sleep(0.02)
        places = database.execute(
            "SELECT 'a place' FROM interactions"
            " WHERE coalesce(community_id, channel_id, thread_id) IS NOT NULL"
        ).fetchall()
        files = (path, path.with_name("journal.db-wal"))
        written = b"".join(file.read_bytes() for file in files).lower()
    key = read_key(path.with_name("journal.db.key"))
    assert key is not None
    parts = {word: word.casefold().encode() for word in (*re.findall(r"\w+", text), message_id)}
    parts["the author"] = Pseudonyms(key).asker(platform, asker_id).lower()
    parts["the author's id"] = asker_id.rpartition("_")[-1].casefold().encode()
    return [name for name, part in parts.items() if part in written] + [name for (name,) in places]


async def used(folder: Path, token: str) -> bool:
    """Use a link into the dashboard up, as the process that serves it does."""
    async with await _open(folder) as journal:
        return await journal.desk.accounts.use_link(token)


async def gateways_in(folder: Path) -> list[Gateway]:
    """Return how the bots of a stage's folder are connected."""
    async with await _open(folder) as journal:
        return list(await journal.desk.gateways.known())


async def gateway_once(
    folder: Path, is_so: Callable[[Gateway], bool], within_s: float = 8.0
) -> Gateway:
    """Return how the only bot of a folder is connected, as soon as something is so of it."""
    end = time.monotonic() + within_s
    while True:
        match await gateways_in(folder):
            case [gateway] if is_so(gateway):
                return gateway
            case known:
                assert time.monotonic() < end, f"not within {within_s} s: {known}"
        await asyncio.sleep(0.05)


async def _open(folder: Path) -> SqliteJournal:
    return await SqliteJournal.open(
        folder / "data" / "journal.db",
        clock=time.time,
        new_id=lambda: uuid.uuid4().hex,
        text_policy=TextPolicy.FULL,
    )
