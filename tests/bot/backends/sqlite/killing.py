"""Kill a process that writes a journal, time after time, and count what it lost.

For the tests of the journal and its benchmark.
"""

import asyncio
import random
import sqlite3
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.backends.sqlite import SqliteJournal
from bot.ports import TextPolicy

_ROOT = Path(__file__).parents[4]

_KNOWN = {
    "begun": "SELECT request_id FROM interactions",
    "finished": "SELECT request_id FROM shown_quotes GROUP BY 1 HAVING count(*) = 3",
    "delivered": "SELECT request_id FROM deliveries",
}


@dataclass(frozen=True, slots=True)
class Toll:
    """What was acknowledged before the kills, what of it is lost, and what check finds."""

    kills: int
    acknowledged: int
    lost: int
    problems: tuple[str, ...]


@asynccontextmanager
async def child(what: str, path: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the child process, and kill it at the end if it still lives."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.bot.backends.sqlite.child", what, str(path)),
        cwd=_ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line(process: asyncio.subprocess.Process) -> str:
    """Read a line that the child printed."""
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()


async def opened(path: Path) -> SqliteJournal:
    """Open a journal under the clock and with ids that all processes share."""
    return await SqliteJournal.open(
        path, clock=time.time, new_id=lambda: uuid.uuid4().hex, text_policy=TextPolicy.FULL
    )


async def kill_and_count(path: Path, kills: int, seed: int = 20) -> Toll:
    """Kill a writer at random moments, each time with SIGKILL, and look for what it noted.

    Args:
        path: The journal's file.
        kills: How many times.
        seed: Of the moments.
    """
    moments = random.Random(seed)  # noqa: S311  # no secret
    acknowledged: set[tuple[str, str]] = set()
    for _ in range(kills):
        async with child("write", path) as process:
            assert (await line(process)).startswith("begun")
            await asyncio.sleep(moments.uniform(0.0, 0.3))
            process.kill()
            assert process.stdout is not None
            printed = (await process.stdout.read()).decode()
            await process.wait()
        whole_lines = printed.split("\n")[:-1]  # the kill may have cut the last one short
        acknowledged |= {(what, request_id) for what, request_id in map(str.split, whole_lines)}
    async with await opened(path) as journal:  # recovers the write-ahead log
        problems = (await journal.check()).problems
    database = sqlite3.connect(path)
    found = {
        (what, request_id)
        for what, query in _KNOWN.items()
        for (request_id,) in database.execute(query)
    }
    database.close()
    return Toll(kills, len(acknowledged), len(acknowledged - found), problems)
