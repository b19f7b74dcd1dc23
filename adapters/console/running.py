"""Keep a bot open between the lines of a terminal. Called by `chat` and ``counterpoint ask``."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.bootstrap import Application
    from bot.service import Bot


@contextmanager
def open_bot(
    application: "Application", keeps_log: bool = True
) -> Iterator[tuple[asyncio.Runner, "Bot"]]:
    """Open the bot, and an event loop that runs only while something is asked.

    Input is read while the loop stands still, so that Ctrl-C reaches whoever waits for it.

    Args:
        application: What to open the bot of.
        keeps_log: Whether the journal notes what is asked.
    """
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        bot = runner.run(stack.enter_async_context(application.bot(keeps_log)))
        try:
            yield runner, bot
        finally:
            runner.run(stack.aclose())
