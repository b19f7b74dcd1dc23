"""Several processes on one journal: who answers, and what a kill leaves."""

import asyncio
import random
import sqlite3
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.backends.sqlite import SqliteJournal
from bot.ports import TextPolicy
from tests.bot.backends.sqlite.child import SHARED_REQUESTS
from tests.fakes.journal import a_reply, an_interaction

_ROOT = Path(__file__).parents[4]


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


async def test_two_processes_that_begin_the_same_requests_share_them_out(path: Path) -> None:
    async with child("begin", path) as process, await opened(path) as journal:
        assert await line(process) == "ready"
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        ours = []
        for number in range(SHARED_REQUESTS):
            ours.append(await journal.begin(an_interaction(id=str(number))))
        theirs = [(await line(process)).split() for _ in range(SHARED_REQUESTS)]
    for receipt, (_, is_new, request_id) in zip(ours, theirs, strict=True):
        assert receipt.is_new != (is_new == "True")
        assert receipt.request_id == request_id


async def test_a_request_of_a_killed_process_is_new_again_at_once(path: Path) -> None:
    async with await opened(path) as journal:
        async with child("hold", path) as process:
            held = await line(process)
            assert not (await journal.begin(an_interaction(id="held"))).is_new
            process.kill()
            await process.wait()
        receipts = [await journal.begin(an_interaction(id="held")) for _ in range(2)]
    assert [receipt.is_new for receipt in receipts] == [True, False]
    assert {receipt.request_id for receipt in receipts} == {held}


async def test_a_delivered_request_of_an_ended_process_is_not_new(path: Path) -> None:
    async with await opened(path) as journal:
        first = await journal.begin(an_interaction())
        await journal.finish(first.request_id, a_reply())
        await journal.delivered(first.request_id, ["m1"])
    async with await opened(path) as journal:
        assert not (await journal.begin(an_interaction())).is_new


async def test_what_was_acknowledged_survives_kills(path: Path) -> None:
    await _kill_and_compare(path, kills=5)


@pytest.mark.slow
async def test_what_was_acknowledged_survives_many_kills(path: Path) -> None:
    await _kill_and_compare(path, kills=20)


async def _kill_and_compare(path: Path, kills: int) -> None:
    moments = random.Random(20)  # noqa: S311  # no secret
    acknowledged: list[tuple[str, str]] = []
    for _ in range(kills):
        async with child("write", path) as process:
            assert (await line(process)).startswith("begun")
            await asyncio.sleep(moments.uniform(0.0, 0.3))
            process.kill()
            assert process.stdout is not None
            printed = (await process.stdout.read()).decode()
        whole_lines = printed.split("\n")[:-1]  # the kill may have cut the last one short
        acknowledged += [(what, request_id) for what, request_id in map(str.split, whole_lines)]
    assert len(acknowledged) > 10 * kills

    async with await opened(path) as journal:  # recovers the write-ahead log
        assert (await journal.check()).problems == ()
    database = sqlite3.connect(path)
    known = {
        "begun": "SELECT request_id FROM interactions",
        "finished": "SELECT request_id FROM shown_quotes GROUP BY 1 HAVING count(*) = 3",
        "delivered": "SELECT request_id FROM deliveries",
    }
    for what, query in known.items():
        found = {request_id for (request_id,) in database.execute(query)}
        lost = {request_id for said, request_id in acknowledged if said == what} - found
        assert not lost
    database.close()
