"""Note how a process is connected to its platform, for whoever watches over it.

The platform's `serving` runs it beside the connection, and says how to look.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from bot.errors import JournalError
from bot.ports import Gateways, GatewayState

_log = logging.getLogger(__name__)

NOTED_EVERY_S = 15.0
LOOKED_EVERY_S = 1.0
"""How soon a change is noted; a connection that comes and goes faster costs no more writes."""

Look = Callable[[], Awaitable[GatewayState]]


@asynccontextmanager
async def noting(
    gateways: Gateways | None,
    platform: str,
    look: Look,
    noted_every_s: float = NOTED_EVERY_S,
    looked_every_s: float = LOOKED_EVERY_S,
) -> AsyncIterator[None]:
    """Note the connection while the block runs: when it changes, and time and again.

    A journal that fails is logged; the bot goes on.

    Args:
        gateways: Where it is noted; None notes nothing.
        platform: What it is a connection to.
        look: Says how it is now.
        noted_every_s: Seconds from one note to the next while nothing changes.
        looked_every_s: Seconds from one look to the next.
    """
    if gateways is None:
        yield
        return
    note = _note(gateways, platform, look, noted_every_s, looked_every_s)
    task = asyncio.create_task(note, name="noting the connection")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        try:
            await gateways.leave()
        except JournalError as error:  # it counts as gone with the process all the same
            _log.warning("gateway_not_noted", extra={"reason": str(error)})


async def _note(
    gateways: Gateways, platform: str, look: Look, noted_every_s: float, looked_every_s: float
) -> None:
    noted: tuple[bool, int] | None = None
    due_at = 0.0
    while True:
        state = await look()
        seen = (state.is_up, state.connects)
        if seen != noted or time.monotonic() >= due_at:
            noted, due_at = seen, time.monotonic() + noted_every_s
            try:
                await gateways.note(platform, state)
            except JournalError as error:  # the disk may be full now and not the next time
                _log.warning("gateway_not_noted", extra={"reason": str(error)})
        await asyncio.sleep(looked_every_s)
