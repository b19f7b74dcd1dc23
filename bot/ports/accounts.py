"""What is known of those who log in: links that let them in, and sessions that they ended.

`bot.backends` implements it. It waits on a disk and is async.
"""

from typing import Protocol


class Accounts(Protocol):
    """Ended sessions and links that log in, known to all processes; what is noted is on disk.

    Every method raises `JournalError` when it cannot be read or written.
    """

    async def end_session(self, session_id: str, until: float) -> None:
        """Note that a session has ended, for as long as its cookie could be shown.

        Args:
            session_id: The session; only a hash of it is stored.
            until: When nobody would take it any more, in seconds since the epoch, UTC.
        """

    async def has_ended(self, session_id: str) -> bool:
        """Tell whether a session has been ended."""

    async def note_link(self, token: str, until: float) -> None:
        """Note a link that logs somebody in once.

        Args:
            token: What the link holds, long and random; only a hash of it is stored.
            until: When it is over, in seconds since the epoch, UTC.
        """

    async def use_link(self, token: str) -> bool:
        """Use a link up: of all who try, in whichever process, one is told True.

        Returns:
            False when it was used before, is over, or never was.
        """
