"""Attend to a request, so that whoever made it always hears something.

Refuses while the process stops, tells errors with an id, and logs the same id.
"""

import logging
from collections.abc import Awaitable, Callable

from adapters.messaging.working import Work
from bot import texts
from bot.errors import BotError, DeliveryError, DeliveryUnknown, TooSoon

_log = logging.getLogger(__name__)


async def attend(
    request_id: str,
    work: Work,
    deed: Callable[[], Awaitable[None]],
    tell: Callable[[str], Awaitable[None]],
) -> None:
    """Do what a request asks for, and tell what went wrong.

    Args:
        request_id: Names it, in the log and to whoever made it.
        work: Knows whether anything is still taken.
        deed: What is to be done.
        tell: Tells whoever made it a sentence; raises nothing.
    """
    is_refused = work.is_stopping
    with work.held():
        if is_refused:
            await tell(texts.RESTARTING)
            return
        try:
            await deed()
        except DeliveryUnknown as error:
            _log.error("delivery_unknown", extra={"id": request_id, "reason": str(error)})
            await tell(texts.error(error.key, request_id))
        except DeliveryError as error:
            _log.error("delivery_failed", extra={"id": request_id, "reason": str(error)})
        except BotError as error:
            _log.warning("request_refused", extra={"id": request_id, "reason": str(error)})
            await tell(sentence_for(error, request_id))
        except Exception:  # the adapter's edge: nobody is left before a spinner
            _log.exception("request_failed", extra={"id": request_id})
            await tell(texts.error("error_internal", request_id))


def sentence_for(error: BotError, request_id: str) -> str:
    """Return what a member is told of an error."""
    if isinstance(error, TooSoon):
        told = texts.cooling_down if error.key == "error_cooling_down" else texts.slow_down
        return told(error.seconds)
    return texts.error(error.key, request_id)
