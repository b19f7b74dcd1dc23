"""Several processes on one journal: who answers, and what a kill leaves."""

from pathlib import Path

import pytest

from tests.bot.backends.sqlite.child import SHARED_REQUESTS
from tests.bot.backends.sqlite.killing import child, kill_and_count, line, opened
from tests.fakes.journal import a_reply, an_interaction


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
    toll = await kill_and_count(path, kills=5)
    assert (toll.lost, toll.problems) == (0, ())
    assert toll.acknowledged > 10 * toll.kills


@pytest.mark.slow
async def test_what_was_acknowledged_survives_many_kills(path: Path) -> None:
    toll = await kill_and_count(path, kills=20)
    assert (toll.lost, toll.problems) == (0, ())
    assert toll.acknowledged > 10 * toll.kills


async def test_a_file_that_may_not_grow_is_told_and_loses_nothing(path: Path) -> None:
    async with child("fill", path) as process:
        acknowledged = []
        while (said := (await line(process)).split(" ", 2))[0] == "begun":
            acknowledged.append(said[1])
        assert said[:2] == ["failed", "True"]
        assert f"Journal {path}: the disk" in said[2]
        assert "free space" in said[2]
        assert process.stdin is not None
        process.stdin.write(b"go on\n")
        acknowledged.append((await line(process)).split()[1])
    assert len(acknowledged) > 10
    async with await opened(path) as journal:
        assert (await journal.check()).problems == ()
        kept = [entry.request_id async for entry in journal.history()]
    assert kept == acknowledged
