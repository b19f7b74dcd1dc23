"""What communities set and did, shared by all processes that serve them.

`bot.backends` implements it. It waits on a disk or a network and is async.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.types import AdminRequest, ChannelMode, IndexReport

COMMAND_LINE = "cli"
"""The name under which it is noted what was asked and done at the command line."""
PROCESS_DIED = "ProcessDied"
"""Stands as the error of a reindex that nobody ended; it is found when the next one begins."""


@dataclass(frozen=True, slots=True)
class ReindexPermit:
    """Whether a reindex may begin.

    ``number`` names it when it may and is None when it may not: because another one runs
    (``is_busy``), or because the last one was so short a time ago (``wait_s`` to go).
    """

    number: int | None
    is_busy: bool = False
    wait_s: float = 0.0


class Communities(Protocol):
    """What is known of communities; what it acknowledges is on disk.

    Every method raises `JournalError` when it cannot be read or written.
    """

    async def channels(self, platform: str, community_id: str) -> Mapping[str, ChannelMode]:
        """Return the channels that are not as they all begin (`ChannelMode.ALLOW`)."""

    async def set_channel(
        self, platform: str, community_id: str, channel_id: str, mode: ChannelMode
    ) -> None:
        """Say what the bot does in a channel."""

    async def greet(self, platform: str, community_id: str) -> bool:
        """Note that a community is greeted; True the first time only."""

    async def begin_reindex(self, by: AdminRequest, cooldown_s: float) -> ReindexPermit:
        """Note that a reindex begins that an admin asked for, if it may.

        Args:
            by: Who wants it.
            cooldown_s: So many seconds have to pass after the last one of this sort that took
                effect; 0 for none.
        """

    async def begin_local_reindex(self) -> int:
        """Note that a reindex begins at the command line; returns its number.

        Nobody is named, nothing keeps it waiting, and no cool-down counts from it. It is noted
        while another one runs too: the index itself lets only one of them through.
        """

    async def end_reindex(
        self,
        number: int,
        report: IndexReport | None,
        error: str | None,
        reason: str | None = None,
    ) -> None:
        """Note how a reindex ended: what it made, or the error that stopped it.

        Args:
            number: Which one.
            report: What it did, document by document; None when it did nothing.
            error: The name of what stopped it.
            reason: Why, in a sentence for the operator (never a member's words).
        """
