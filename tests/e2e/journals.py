"""What the journal of a running bot holds, read beside it as another process would."""

import asyncio
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from bot.backends.sqlite import SqliteJournal
from bot.ports import JournalEntry, TextPolicy

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


async def _open(folder: Path) -> SqliteJournal:
    return await SqliteJournal.open(
        folder / "data" / "journal.db",
        clock=time.time,
        new_id=lambda: uuid.uuid4().hex,
        text_policy=TextPolicy.FULL,
    )
