"""Know people by name, and whether they look after their workspace. Asks Slack, and remembers.

Called by `gathering`, for whom a message is from, and by `admin`.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.retrying import LOST
from bot import texts

_log = logging.getLogger(__name__)

STALE_S = 60.0
"""Seconds after which somebody is looked up again: an admin may be one no more."""
MOST = 5_000
"""People that are remembered."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of somebody: the name that others see, and whether they manage the place."""

    name: str
    manages: bool


UNKNOWN = Profile(texts.SOMEBODY, manages=False)


class Profiles:
    """Looks people up.

    Args:
        clock: Seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], tuple[float, Profile]] = OrderedDict()

    async def of(self, client: AsyncWebClient, team_id: str, user_id: str) -> Profile:
        """Return what is known of somebody; `UNKNOWN` when Slack does not tell."""
        key = (team_id, user_id)
        at, known = self._known.get(key, (0.0, None))
        if known is not None and self._clock() - at <= STALE_S:
            return known
        try:
            response = await client.users_info(user=user_id)
        except (SlackClientError, *LOST) as error:
            _log.warning("profile_unknown", extra={"user": user_id, "reason": str(error)})
            return UNKNOWN
        user = response.get("user") or {}
        told = user.get("profile") or {}
        name = told.get("display_name") or told.get("real_name") or user.get("name")
        manages = any(user.get(flag) for flag in ("is_admin", "is_owner", "is_primary_owner"))
        profile = Profile(str(name or texts.SOMEBODY), manages)
        self._known[key] = (self._clock(), profile)
        self._known.move_to_end(key)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return profile
