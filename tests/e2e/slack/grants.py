"""Who gave the app what: tokens, OAuth codes, rotation and what ends them.

https://docs.slack.dev/authentication/using-token-rotation
"""

import time
from dataclasses import dataclass
from itertools import count

from tests.e2e.slack.workspace import Team

APP_TOKEN = "xapp-1-loopback"  # noqa: S105  it opens nothing
BOT_TOKEN = "xoxb-loopback"  # noqa: S105
CLIENT_ID = "1.loopback"
CLIENT_SECRET = "loopback-client-secret"  # noqa: S105
SIGNING_SECRET = "loopback-signing-secret"  # noqa: S105
LIFE_S = 43_200
"""How long a rotating token lives."""


@dataclass(slots=True, eq=False)
class Token:
    """A bot's token; one that rotates has an end and what renews it."""

    value: str
    team: Team
    expires_at: float | None = None
    renewed_by: str = ""
    is_revoked: bool = False

    def error(self) -> str:
        """Return what is wrong with it, or nothing."""
        if self.is_revoked:
            return "token_revoked"
        if self.expires_at is not None and self.expires_at < time.time():
            return "token_expired"
        return "" if self.team.is_installed else "account_inactive"


@dataclass(slots=True, eq=False)
class Code:
    """What an installer brings back to the bot; it can be changed into a token once."""

    team: Team
    user_id: str
    scopes: tuple[str, ...]
    redirect_uri: str
    is_used: bool = False


class Grants:
    """All tokens of the app.

    Attributes:
        rotates: Whether the app has token rotation switched on.
        life_s: How long a rotating token lives.
    """

    def __init__(self) -> None:
        self.rotates = False
        self.life_s = LIFE_S
        self.tokens: dict[str, Token] = {}
        self.codes: dict[str, Code] = {}
        self._numbers = count(1)

    def adopt(self, team: Team) -> None:
        """Take over the token that a team was made with."""
        self.tokens[team.token] = Token(team.token, team)

    def issue(self, team: Team) -> Token:
        """Make a token for a team, which from now on has the bot."""
        number = next(self._numbers)
        token = Token(f"xoxb-{team.id}-{number}", team)
        if self.rotates:
            token.value = f"xoxe.xoxb-{team.id}-{number}"
            token.expires_at = time.time() + self.life_s
            token.renewed_by = f"xoxe-{team.id}-{number}"
        self.tokens[token.value] = token
        team.token, team.is_installed = token.value, True
        return token

    def renew(self, renewed_by: str) -> Token | None:
        """Change what renews a token into a new token; it does so once."""
        for token in self.tokens.values():
            if renewed_by and token.renewed_by == renewed_by:
                token.renewed_by = ""
                return self.issue(token.team)
        return None

    def code(
        self, team: Team, user_id: str, *, scopes: tuple[str, ...] = (), redirect_uri: str = ""
    ) -> str:
        """Let somebody allow the installation, and return the code that they come back with."""
        value = f"code-{next(self._numbers)}"
        self.codes[value] = Code(team, user_id, scopes, redirect_uri)
        return value

    def expire(self, team: Team) -> None:
        """Let the hours pass after which rotating tokens end."""
        for token in self.tokens.values():
            if token.team is team and token.expires_at is not None:
                token.expires_at = 0.0

    def revoke(self, team: Team) -> None:
        """Take away every token of a team."""
        for token in self.tokens.values():
            if token.team is team:
                token.is_revoked = True
        team.is_installed = False
