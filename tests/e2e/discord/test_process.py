"""`counterpoint serve discord` as an operator runs it: a process, its environment, its signals."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.e2e.corpus import CLAIM, QUESTION
from tests.e2e.discord.reading import answers_to, words_of
from tests.e2e.discord.stage import Stage

PROGRAM = "from adapters.cli import main; main()"
SLOW_S = 60.0
"""A process loads its models itself, on a machine that may be busy."""


@asynccontextmanager
async def served(stage: Stage, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `counterpoint serve discord`; killed in the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        "serve",
        "discord",
        cwd=stage.folder,
        env={**os.environ, "PYTHONPATH": os.getcwd(), **stage.environment(), **settings},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_sigterm_stops_it_cleanly_and_what_it_held_is_answered(stage: Stage) -> None:
    await stage.stop()
    identified = stage.server.gateway.identified
    async with served(stage) as process:
        await stage.until(lambda: stage.server.gateway.identified > identified, SLOW_S)
        fault = stage.server.faults.delay("POST", "/channels/*/messages", 1.0)
        asked = stage.ada.ask(stage.general, QUESTION)
        await stage.until(lambda: fault.hits)
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)  # until it has heard of that
        ignored = stage.ada.ask(stage.general, CLAIM)
        _, told = await asyncio.wait_for(process.communicate(), 15)
        assert process.returncode == 0, told.decode()
    [answer] = answers_to(stage.server, asked)
    assert CLAIM in words_of(answer)
    assert answers_to(stage.server, ignored) == []
    await stage.start()
    assert words_of(await stage.answer(ignored))  # late, and not lost


async def test_a_wrong_token_is_told_with_the_way_out(stage: Stage) -> None:
    await stage.stop()
    async with served(stage, DISCORD_TOKEN="another") as process:  # noqa: S106  it opens nothing
        _, told = await asyncio.wait_for(process.communicate(), SLOW_S)
    assert process.returncode not in (0, None)
    assert "DISCORD_TOKEN" in told.decode()
    assert "another" not in told.decode()
    assert "Traceback" not in told.decode()
