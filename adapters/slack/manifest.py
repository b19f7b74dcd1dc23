"""What the app asks of Slack, read from `manifest.json`: the one source of scopes and events.

The file is for Socket Mode and one workspace; `manifest_for` fills in the addresses that HTTP and
an installation by others need. A test holds commands, shortcuts, listeners and scopes to it. Needs
no package of Slack's, so that the command line can print it without them.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.settings import Settings

EVENTS_PATH = "/slack/events"
"""Where Slack delivers events, commands and presses to."""
INSTALL_PATH = "/slack/install"
"""Where an admin begins an installation."""
REDIRECT_PATH = "/slack/oauth_redirect"
"""Where Slack sends an admin back to."""

_FILE = Path(__file__).parent / "manifest.json"


def read_manifest() -> dict[str, Any]:
    """Return the manifest as it lies in the package."""
    manifest: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return manifest


def scopes_of(manifest: Mapping[str, Any]) -> list[str]:
    """Return the scopes that the bot has to be granted."""
    return list(manifest["oauth_config"]["scopes"]["bot"])


def is_for_many(settings: "Settings") -> bool:
    """Whether workspaces install the bot by OAuth, not one by its token."""
    return bool(settings.slack_client_id or settings.slack_client_secret)


def manifest_for(public_url: str, *, by_http: bool, for_many: bool) -> dict[str, Any]:
    """Return the manifest of an installation.

    Args:
        public_url: Where Slack and browsers reach the web server.
        by_http: Whether events come by HTTP, not through a socket.
        for_many: Whether several workspaces install it, by OAuth.
    """
    manifest = read_manifest()
    base = public_url.rstrip("/")
    if by_http:
        events = f"{base}{EVENTS_PATH}"
        settings = manifest["settings"]
        settings["socket_mode_enabled"] = False
        settings["event_subscriptions"]["request_url"] = events
        settings["interactivity"]["request_url"] = events
        settings["interactivity"]["message_menu_options_url"] = events
        for command in manifest["features"]["slash_commands"]:
            command["url"] = events
    if for_many:
        manifest["oauth_config"]["redirect_urls"] = [f"{base}{REDIRECT_PATH}"]
        manifest["settings"]["token_rotation_enabled"] = True
    return manifest
