"""What is known of those who log in: which of their sessions have ended before their time.

`bot.backends` implements it. It waits on a disk and is async.
"""

from typing import Protocol


class Accounts(Protocol):
    """Ended sessions, known to all processes; what it acknowledges is on disk.

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
