"""Run a platform's connection until the process is told to stop, and stop without losing anything.

On SIGTERM or SIGINT nothing new is taken and a reindex is broken off, what else is held is
finished in time, and the connection is closed.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from adapters.messaging.working import Work
from bot.administration import Administration

_log = logging.getLogger(__name__)

_STOPS = (signal.SIGTERM, signal.SIGINT)


async def until_stopped(
    run: Coroutine[Any, Any, None],
    close: Callable[[], Awaitable[None]],
    work: Work,
    administration: Administration,
    timeout_s: float,
) -> None:
    """Run until a signal comes, or until the connection ends by itself.

    Args:
        run: Is connected until it is closed; what it raises is passed on.
        close: Ends it.
        work: What the process holds.
        administration: Whose reindex is broken off.
        timeout_s: Seconds that a stop waits for what is held.
    """
    stopped = asyncio.Event()

    def stop() -> None:
        work.stop()  # at once: what comes in from here on is for the next process
        administration.stop()  # while there is a connection to tell its admin by
        stopped.set()

    loop = asyncio.get_running_loop()
    for number in _STOPS:
        loop.add_signal_handler(number, stop)
    running = asyncio.create_task(run)
    waiting = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            left = await work.finish(timeout_s)
            level = logging.WARNING if left else logging.INFO
            _log.log(level, "stopped", extra={"unfinished": left})
    finally:
        waiting.cancel()
        for number in _STOPS:
            loop.remove_signal_handler(number)
        await close()
        await running
