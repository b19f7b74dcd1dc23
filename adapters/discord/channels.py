"""What a server has set for its channels. Used by `mentions` and `commands`."""

import logging
from collections.abc import Mapping
from typing import Protocol

from adapters.discord.translate import PLATFORM
from bot.errors import JournalError
from bot.types import ChannelMode

_log = logging.getLogger(__name__)


class ChannelSettings(Protocol):
    """Where it is kept."""

    async def channels(self, platform: str, community_id: str) -> Mapping[str, ChannelMode]:
        """Return the channels for which something is set."""


async def mode_of(
    settings: ChannelSettings, community_id: str, channel_id: str, thread_id: str | None
) -> ChannelMode:
    """Return what is set for a thread, else for its channel, else that it may be used.

    It may be used as well when that cannot be found out: those who ask shall hear something.
    """
    try:
        modes = await settings.channels(PLATFORM, community_id)
    except JournalError as error:
        _log.error("channels_unknown", extra={"reason": str(error)})
        return ChannelMode.ALLOW
    own = modes.get(thread_id) if thread_id else None
    return own or modes.get(channel_id) or ChannelMode.ALLOW
