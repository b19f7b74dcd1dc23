"""Links that log an owner in to the dashboard once, made in chat.

Whoever opens one of them first is in, so it lasts for minutes, and only its hash is stored: by
the journal, as another process may serve the dashboard. Called by the adapters' admin commands;
`adapters.web.dashboard` uses a link up.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot import admin_texts
from bot.errors import JournalError
from bot.ports import Accounts

ENTER_PATH = "/dashboard/enter"
"""Where links lead; the token stands behind it."""
LINK_S = 600.0
"""Seconds for which a link is good."""

_TOKEN_BYTES = 32


def _new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class LoginLinks:
    """Makes links; asks nobody whether they may have one.

    Args:
        accounts: Where they are noted; None where no log is kept.
        public_url: Where browsers reach the dashboard.
        has_password: Whether a password is set; without one there is no dashboard.
        clock: Seconds since the epoch, UTC.
        new_token: Makes what nobody guesses, fit for an address.
    """

    accounts: Accounts | None
    public_url: str
    has_password: bool
    clock: Callable[[], float] = time.time
    new_token: Callable[[], str] = _new_token

    @property
    def missing(self) -> str | None:
        """What the dashboard lacks, with the way out; None where there is one."""
        if not self.has_password:
            return admin_texts.NO_DASHBOARD
        return None if self.accounts is not None else admin_texts.NO_DASHBOARD_LOG

    async def make(self) -> str:
        """Return the address of a new link, good once and for `LINK_S`.

        Raises:
            JournalError: It cannot be noted.
        """
        if self.accounts is None:
            raise JournalError("No journal is open, so that a link cannot be noted.")
        token = self.new_token()
        await self.accounts.note_link(token, self.clock() + LINK_S)
        return f"{self.public_url.rstrip('/')}{ENTER_PATH}/{token}"
