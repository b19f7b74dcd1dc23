"""What platforms give a process when a community installs the bot, kept for all processes.

The values are sealed before they come here: whoever has the store alone can open none.
`bot.backends` implements it. It waits on a disk or a network and is async.
"""

from typing import Protocol


class Installations(Protocol):
    """Sealed installations, and the one-time words that guard the way to one.

    What it acknowledges is on disk. Every method raises `JournalError` when it cannot be read
    or written.
    """

    async def keep(self, platform: str, community_id: str, owner_id: str, sealed: bytes) -> None:
        """Keep what belongs to an owner in a community, in place of what was kept before.

        Args:
            platform: Who gave it.
            community_id: Where it holds.
            owner_id: The member whose it is; empty for the bot's own.
            sealed: What nobody can read without a key that is not kept here.
        """

    async def find(self, platform: str, community_id: str, owner_id: str = "") -> bytes | None:
        """Return what is kept of an owner, the bot by default; None when there is nothing."""

    async def forget(self, platform: str, community_id: str, owner_id: str | None = None) -> int:
        """Delete what is kept of an owner, of all by default; returns how many it was.

        What the community set and asked stays: it may install the bot again.
        """

    async def forget_community(self, platform: str, community_id: str) -> None:
        """Delete what is kept of a community that removed the bot, and what it set.

        What was asked there is blanked as `Journal.forget` does it, so that a late duplicate
        is still known.
        """

    async def note_state(self, platform: str, state: str, until: float) -> None:
        """Note a word that may come back once, before ``until`` (seconds since the epoch, UTC).

        The word itself is not stored, only what recognises it.
        """

    async def use_state(self, platform: str, state: str) -> bool:
        """Tell whether a word may come back now; True once only, over all processes."""
