"""Take each thing that Slack tells once. Bolt middleware; the core's journal knows requests too.

Slack tells an event again when it saw no acknowledgement in time, and through another socket when
one broke; a signed request can be sent again by others within five minutes. All carry the id of
the first. Requests are known in every process, by the journal; what is here keeps the rest, such
as presses, from being done twice by this one.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.response import BoltResponse

from adapters.messaging.working import Work

_log = logging.getLogger(__name__)

REMEMBERED_S = 24 * 3600.0
"""Seconds for which an id is remembered; Slack tells events again for an hour at most."""
MOST = 100_000
"""Ids that are remembered."""


class Known:
    """Remembers names for a day, or until there are too many.

    Args:
        clock: Seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, float] = OrderedDict()

    def is_new(self, name: str) -> bool:
        """Whether a name comes for the first time; it is remembered from then on."""
        now = self._clock()
        while self._seen:
            oldest, at = next(iter(self._seen.items()))
            if len(self._seen) < MOST and now - at <= REMEMBERED_S:
                break
            del self._seen[oldest]
        if name in self._seen:
            return False
        self._seen[name] = now
        return True

    def forget(self, name: str) -> None:
        """Let a name be new again."""
        self._seen.pop(name, None)


class Once:
    """Lets each event, command and press through once.

    Args:
        work: Knows whether anything is still taken.
        clock: Seconds that only go forward.
    """

    def __init__(self, work: Work, clock: Callable[[], float] = time.monotonic) -> None:
        self._work = work
        self._known = Known(clock)

    async def let_through(
        self, body: Mapping[str, Any], next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        """Pass on what is new; acknowledge the rest, and leave events to the next process."""
        if self._work.is_stopping and "event" in body:
            return BoltResponse(status=503)  # not acknowledged, so that it is told again
        name = name_of(body)
        if name is not None and not self._known.is_new(name):
            _log.info("told_again", extra={"id": name})
            return BoltResponse(status=200)
        await next()
        return None


def name_of(body: Mapping[str, Any]) -> str | None:
    """Return what is the same whenever Slack tells of something again; None if it has no name."""
    if event_id := body.get("event_id"):
        return f"event:{event_id}"
    trigger_id = body.get("trigger_id")
    if not trigger_id:
        return None
    actions = body.get("actions") or [{}]
    return f"trigger:{trigger_id}:{actions[0].get('action_ts', '')}"
