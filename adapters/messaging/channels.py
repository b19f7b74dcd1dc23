"""What a community has set for its channels. Used by what takes messages and commands."""

import logging
from collections.abc import Mapping
from typing import Protocol

from bot.errors import JournalError
from bot.types import ChannelMode, Interaction

_log = logging.getLogger(__name__)


class ChannelSettings(Protocol):
    """Where it is kept."""

    async def channels(self, platform: str, community_id: str) -> Mapping[str, ChannelMode]:
        """Return the channels for which something is set."""


async def mode_of(settings: ChannelSettings, asked: Interaction) -> ChannelMode:
    """Return what is set for the thread of a request, else for its channel, else allowed.

    It may be used as well when that cannot be found out: those who ask shall hear something.
    """
    try:
        modes = await settings.channels(asked.platform, asked.community_id)
    except JournalError as error:
        _log.error("channels_unknown", extra={"reason": str(error)})
        return ChannelMode.ALLOW
    own = modes.get(asked.thread_id) if asked.thread_id else None
    return own or modes.get(asked.channel_id) or ChannelMode.ALLOW
