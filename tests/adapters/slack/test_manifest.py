"""The manifest and the code ask for the same: commands, shortcuts, events, scopes."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_base_client import AsyncBaseClient
from slack_sdk.web.async_client import AsyncWebClient

import adapters.slack
from adapters.slack.app import SlackApp
from adapters.slack.commands import IN_CHANNEL
from adapters.slack.manifest import (
    EVENTS_PATH,
    REDIRECT_PATH,
    is_for_many,
    manifest_for,
    read_manifest,
    scopes_of,
)
from bot.commands import COMMANDS, MESSAGE_MENUS, SOURCE, SOURCE_ADMIN
from bot.settings import Settings
from bot.types import Trigger
from tests.e2e.slack.grants import BOT_TOKEN, CLIENT_ID, CLIENT_SECRET
from tests.e2e.slack.people import Member

MANIFEST = read_manifest()
FEATURES = MANIFEST["features"]
EVENTS = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
PUBLIC = "https://quotes.example.org"
ADA = "U00000002"

NEEDED_BY_METHODS = {
    "apps_connections_open": set(),  # by the app's own token
    "assistant_threads_setStatus": {"assistant:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
    "auth_test": set(),
    "chat_delete": {"chat:write"},
    "chat_getPermalink": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
}
"""docs.slack.dev/reference/methods"""
NEEDED_BY_EVENTS = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "member_joined_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
    "tokens_revoked": set(),
}
"""docs.slack.dev/reference/events"""
NEEDED_BY_FEATURES = {
    "agent_view": {"assistant:write"},
    "shortcuts": {"commands"},
    "slash_commands": {"commands"},
}
"""docs.slack.dev/reference/app-manifest"""


def calls() -> Iterator[ast.Call]:
    """Yield the calls of something's attribute in the adapter's modules."""
    for path in Path(adapters.slack.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield node


def methods_called() -> set[str]:
    """Return the methods of the Web API that the adapter calls, as the client names them."""
    of_slack = set(dir(AsyncWebClient)) - set(dir(AsyncBaseClient))
    found = set()
    for call in calls():
        assert isinstance(call.func, ast.Attribute)
        if ast.unparse(call.func.value).endswith("client") and call.func.attr in of_slack:
            found.add(call.func.attr)
    return found


def events_heard() -> set[str]:
    """Return the events that listeners are registered for."""
    return {
        str(call.args[0].value)
        for call in calls()
        if ast.unparse(call.func) == "app.event" and isinstance(call.args[0], ast.Constant)
    }


class Silent:
    """Stands for the core; nothing that it would do is waited for."""

    topics = ()
    waiting = 0


@pytest.fixture
def app(client: AsyncWebClient, ada: Member) -> SlackApp:
    """The app with its listeners, as it is made for Socket Mode."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T00000001", bot_token=BOT_TOKEN)

    stand_in: Any = Silent()
    application: Any = SimpleNamespace(settings=Settings(), around=None)
    authorizing: Any = authorize
    return SlackApp(stand_in, stand_in, application, client, authorizing)


async def is_heard(app: SlackApp, body: dict[str, Any]) -> bool:
    """Return whether a listener takes something, which does no more as the process stops."""
    app.work.stop()
    request = AsyncBoltRequest(body=body, mode="socket_mode")
    response = await app.bolt.async_dispatch(request)
    return response.status == 200


def command(name: str) -> dict[str, Any]:
    return {
        "command": name, "text": "", "team_id": "T00000001", "user_id": ADA, "channel_id": "C1",
        "trigger_id": f"1.{name}",
    }  # fmt: skip


def shortcut(callback_id: str) -> dict[str, Any]:
    return {
        "type": "message_action", "callback_id": callback_id, "trigger_id": f"1.{callback_id}",
        "team": {"id": "T00000001"}, "user": {"id": ADA}, "channel": {"id": "C1"},
        "message": {"ts": "1.0", "text": "Trams."},
    }  # fmt: skip


# --- commands and shortcuts


def test_commands_are_those_of_the_table() -> None:
    said = {one["command"]: one["description"] for one in FEATURES["slash_commands"]}
    assert said == {one.slack_name: one.description for one in COMMANDS}


def test_hints_tell_how_commands_are_used() -> None:
    hints = {one["command"]: one.get("usage_hint") for one in FEATURES["slash_commands"]}
    names = " | ".join(one.name for one in SOURCE_ADMIN.subcommands)
    assert hints.pop(SOURCE.slack_name) == f"{SOURCE.options[0].name} [{IN_CHANNEL}]"
    assert hints.pop(SOURCE_ADMIN.slack_name) == names
    assert set(hints.values()) == {None}


def test_channels_come_with_their_ids_where_they_are_named() -> None:
    escaped = [one["command"] for one in FEATURES["slash_commands"] if one["should_escape"]]
    assert escaped == [SOURCE_ADMIN.slack_name]


def test_shortcuts_are_those_of_the_table() -> None:
    said = {one["callback_id"]: (one["name"], one["description"]) for one in FEATURES["shortcuts"]}
    assert said == {one.trigger.value: (one.name, one.description) for one in MESSAGE_MENUS}
    assert {one["type"] for one in FEATURES["shortcuts"]} == {"message"}
    assert {Trigger(one) for one in said} == {one.trigger for one in MESSAGE_MENUS}


@pytest.mark.parametrize(
    ("texts", "longest"),
    [
        ([MANIFEST["display_information"]["name"]], 35),
        ([MANIFEST["display_information"]["description"]], 140),
        ([FEATURES["bot_user"]["display_name"]], 80),
        ([FEATURES["agent_view"]["agent_description"]], 300),
        ([one["name"] for one in FEATURES["shortcuts"]], 24),
        ([one["description"] for one in FEATURES["shortcuts"]], 150),
        ([one["callback_id"] for one in FEATURES["shortcuts"]], 255),
        ([one["command"] for one in FEATURES["slash_commands"]], 32),
        ([one["description"] for one in FEATURES["slash_commands"]], 2000),
        ([one.get("usage_hint", "-") for one in FEATURES["slash_commands"]], 1000),
    ],
)
def test_words_keep_to_the_lengths_that_slack_takes(texts: list[str], longest: int) -> None:
    assert [text for text in texts if not 0 < len(text) <= longest] == []


@pytest.mark.parametrize("name", [one["command"] for one in FEATURES["slash_commands"]])
async def test_every_command_has_a_listener(app: SlackApp, name: str) -> None:
    assert await is_heard(app, command(name))


@pytest.mark.parametrize("callback_id", [one["callback_id"] for one in FEATURES["shortcuts"]])
async def test_every_shortcut_has_a_listener(app: SlackApp, callback_id: str) -> None:
    assert await is_heard(app, shortcut(callback_id))


async def test_what_is_not_in_the_manifest_has_none(
    app: SlackApp, caplog: pytest.LogCaptureFixture
) -> None:
    assert not await is_heard(app, command("/sauce"))
    assert not await is_heard(app, shortcut("menu_sauces"))
    assert "Unhandled request" in caplog.text


# --- events


def test_events_are_those_that_are_listened_to() -> None:
    assert {event.partition(".")[0] for event in EVENTS} == events_heard()


def test_the_home_tab_and_messages_are_switched_on() -> None:
    home = FEATURES["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]


# --- scopes


def test_every_method_that_is_called_is_known_with_its_scopes() -> None:
    assert methods_called() == set(NEEDED_BY_METHODS)


def test_scopes_are_those_that_are_needed_and_no_more() -> None:
    needed = set().union(
        *NEEDED_BY_METHODS.values(),
        *(NEEDED_BY_EVENTS[event] for event in EVENTS),
        *(scopes for feature, scopes in NEEDED_BY_FEATURES.items() if feature in FEATURES),
    )
    assert scopes_of(MANIFEST) == sorted(needed)


# --- addresses


def addresses(manifest: dict[str, Any]) -> list[str]:
    """Return every address in a manifest, once."""
    found = []

    def look(value: Any) -> None:
        if isinstance(value, dict):
            list(map(look, value.values()))
        elif isinstance(value, list):
            list(map(look, value))
        elif isinstance(value, str) and value.startswith("https://"):
            found.append(value)

    look(manifest)
    return sorted(set(found))


def test_one_workspace_by_socket_needs_no_address() -> None:
    assert manifest_for(PUBLIC, by_http=False, for_many=False) == MANIFEST
    assert addresses(MANIFEST) == []
    assert MANIFEST["settings"]["socket_mode_enabled"]


def test_http_names_one_address_for_everything_that_slack_delivers() -> None:
    manifest = manifest_for(f"{PUBLIC}/", by_http=True, for_many=False)
    settings, events = manifest["settings"], f"{PUBLIC}{EVENTS_PATH}"
    assert not settings["socket_mode_enabled"]
    assert addresses(manifest) == [events]
    assert settings["event_subscriptions"]["request_url"] == events
    assert settings["interactivity"]["request_url"] == events
    assert settings["interactivity"]["message_menu_options_url"] == events
    assert [one["url"] for one in manifest["features"]["slash_commands"]] == [events] * 5


def test_many_workspaces_come_back_to_the_bot_and_their_tokens_expire() -> None:
    manifest = manifest_for(PUBLIC, by_http=False, for_many=True)
    assert manifest["oauth_config"]["redirect_urls"] == [f"{PUBLIC}{REDIRECT_PATH}"]
    assert manifest["settings"]["token_rotation_enabled"]
    assert manifest["settings"]["socket_mode_enabled"]


@pytest.mark.parametrize(
    ("settings", "many"),
    [
        (Settings(slack_bot_token=BOT_TOKEN), False),
        (Settings(slack_client_id=CLIENT_ID), True),
        (Settings(slack_client_secret=CLIENT_SECRET), True),
    ],
)
def test_one_of_both_secrets_says_that_there_are_many(settings: Settings, many: bool) -> None:
    assert is_for_many(settings) is many
