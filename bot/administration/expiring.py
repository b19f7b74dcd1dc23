"""Let go of what is older than the operator wants to keep. Started by `bot.bootstrap`."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from bot.errors import JournalError
from bot.ports import Journal

_log = logging.getLogger(__name__)

_DAY_S = 86_400.0
_EVERY_S = 6 * 3_600.0


@asynccontextmanager
async def expiring(
    journal: Journal | None, days: int, clock: Callable[[], float], every_s: float = _EVERY_S
) -> AsyncIterator[None]:
    """Blank what is older than some days, at once and time and again while the block runs.

    Args:
        journal: The log; None keeps none.
        days: How long a request is kept; 0 for ever.
        clock: Seconds since the epoch, UTC.
        every_s: Seconds from one time to the next.
    """
    if journal is None or days == 0:
        yield
        return
    task = asyncio.create_task(_expire(journal, days, clock, every_s), name="expiring")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _expire(journal: Journal, days: int, clock: Callable[[], float], every_s: float) -> None:
    while True:
        try:
            count = await journal.expire(clock() - days * _DAY_S)
            _log.info("journal_expired", extra={"count": count})
        except JournalError as error:  # the disk may be full now and not the next time
            _log.error("journal_failed", extra={"reason": str(error)})
        await asyncio.sleep(every_s)
