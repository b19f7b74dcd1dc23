"""Installations of the bot in Slack workspaces, as Slack gives them and as they are found."""

from typing import Any

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore

OLD_KEY = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZCE="
NEW_KEY = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldyE="

RIVERS = "xoxb-rivers"
LAKES = "xoxb-lakes"
RENEWED = "xoxb-renewed"
ADAS = "xoxp-ada"
BOS = "xoxp-bo"


def an_installation(**changes: Any) -> Installation:
    """Return what Slack gives when Ada installs the bot in a workspace, with changes."""
    usual: dict[str, Any] = {
        "app_id": "A1",
        "team_id": "T1",
        "team_name": "River club",
        "bot_token": RIVERS,
        "bot_id": "B1",
        "bot_user_id": "UBOT",
        "bot_scopes": ["chat:write", "commands"],
        "bot_refresh_token": "xoxe-rivers",
        "bot_token_expires_at": 1_750_043_200,
        "user_id": "UADA",
        "token_type": "bot",
        "installed_at": 1_750_000_000.25,
    }
    return Installation(**{**usual, **changes})


def as_values(found: Installation | Bot | None) -> dict[str, Any]:
    """Return all that is known of an installation."""
    assert found is not None
    return found.to_dict_for_copying()


async def tokens_of(
    store: AsyncInstallationStore, user_id: str | None = None
) -> tuple[str, str | None, str | None] | None:
    """Return whose installation is found, with its tokens."""
    found = await store.async_find_installation(enterprise_id=None, team_id="T1", user_id=user_id)
    return (found.user_id, found.bot_token, found.user_token) if found else None
