"""What Slack tells, in the core's words. The payloads are those of the loopback Slack."""

from typing import Any

import pytest

from adapters.slack.translate import (
    HOME,
    Call,
    community_of,
    from_command,
    from_message,
    from_press,
    interaction,
    is_said_by_a_person,
    mentions,
    said,
    seconds,
    text_of,
)
from bot.types import Message, QueryKind, Trigger, Visibility
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.server import LoopbackSlack

TS = "1700000000.000100"
BODY: dict[str, Any] = {"team_id": "T1", "enterprise": None, "is_enterprise_install": False}


def written(**told: Any) -> dict[str, Any]:
    """Return a message event, or a message of a history."""
    return {"type": "message", "user": "U1", "channel": "C1", "ts": TS, "text": "Trams"} | told


def call() -> Call:
    return from_message(written(), BODY)


# --- calls


def test_a_mention_and_the_message_that_it_is_are_one_call() -> None:
    mention = written(type="app_mention", text="<@UBOT> Trams?")
    message = written(type="message", text="<@UBOT> Trams?", channel_type="channel")
    assert from_message(mention, BODY) == from_message(message, BODY)
    assert from_message(mention, BODY).id == f"T1:C1:{TS}"


def test_the_same_place_in_two_workspaces_is_two() -> None:
    ids = {from_message(written(), BODY | {"team_id": team}).id for team in ("T1", "T2")}
    assert len(ids) == 2


def test_a_message_is_read_as_it_was_typed_where_and_when_it_was() -> None:
    event = written(text="a &amp;lt; b &lt;@U2&gt;", thread_ts="1.0", channel_type="im")
    found = from_message(event, BODY)
    assert found.text == "a &lt; b <@U2>"
    assert (found.thread_ts, found.ts, found.is_direct) == ("1.0", TS, True)
    assert found.at == 1_700_000_000.0001
    assert (found.asker_id, found.community_id) == ("T1_U1", "T1")


async def test_a_command_is_a_call_with_a_place_to_answer_to(
    server: LoopbackSlack, workspace: Workspace, ada: Member
) -> None:
    asked = ada.command(workspace.general, "/source", "a &amp; b")
    found = from_command(asked.delivery.payload, 5.0)
    assert (found.user_id, found.channel_id, found.text) == (ada.id, workspace.general.id, "a & b")
    assert asked.response is not None
    assert found.response_url == asked.response.url
    assert (found.at, found.ts, found.is_direct) == (5.0, None, False)


async def test_a_command_in_direct_messages_is_between_two(ada: Member) -> None:
    asked = ada.command(ada.direct, "/source", "Trams")
    assert from_command(asked.delivery.payload, 5.0).is_direct


async def test_two_commands_are_two_calls(workspace: Workspace, ada: Member) -> None:
    asked = [ada.command(workspace.general, "/source", "Trams") for _ in range(2)]
    assert len({from_command(one.delivery.payload, 5.0).id for one in asked}) == 2


async def test_a_shortcut_names_the_message_and_its_thread(
    workspace: Workspace, ada: Member
) -> None:
    root = ada.say(workspace.general, "Trams are loud.")
    reply = ada.say(workspace.general, "Are they?", thread=root)
    found = from_press(ada.shortcut(reply, "menu_sources").delivery.payload, 5.0)
    assert (found.ts, found.thread_ts) == (reply.ts, root.ts)
    assert (found.channel_id, found.user_id) == (workspace.general.id, ada.id)


async def test_a_press_in_the_home_tab_has_no_channel() -> None:
    body = {
        "user": {"id": "U1", "team_id": "T1"},
        "team": {"id": "T1"},
        "trigger_id": "1.2",
        "container": {"type": "view", "view_id": "V1"},
    }
    found = from_press(body, 5.0)
    assert (found.channel_id, found.response_url) == ("", None)
    assert interaction(found, Trigger.COMMAND).channel_id == f"{HOME}:{found.community_id}"


async def test_a_press_on_what_one_person_sees_names_it_by_its_container() -> None:
    container = {"channel_id": "C1", "message_ts": TS, "thread_ts": "1.0"}
    body = {"user": {"id": "U1", "team_id": "T1"}, "trigger_id": "1.2", "container": container}
    found = from_press(body, 5.0)
    assert (found.team_id, found.channel_id) == ("T1", "C1")
    assert (found.ts, found.thread_ts) == (TS, "1.0")


# --- whom an installation serves


@pytest.mark.parametrize(
    ("told", "community"),
    [
        ({}, "T1"),
        ({"enterprise": {"id": "E1"}}, "T1"),
        ({"enterprise": {"id": "E1"}, "is_enterprise_install": True}, "E1"),
        ({"enterprise_id": "E1", "is_enterprise_install": True}, "E1"),
        ({"enterprise_id": "E1", "is_enterprise_install": "true"}, "E1"),
        ({"enterprise_id": "E1", "is_enterprise_install": "false"}, "T1"),
    ],
)
def test_a_community_is_the_workspace_or_the_organisation_that_installed(
    told: dict[str, Any], community: str
) -> None:
    assert from_message(written(), BODY | told).community_id == community


def test_nobody_is_no_community() -> None:
    assert community_of(None, None) is None
    assert community_of("E1", None) == "E1"


# --- requests


def test_a_request_has_the_platform_the_place_and_who_sees_it() -> None:
    context = (Message("1", "T1_U2", "Loud."),)
    asked = interaction(
        call(), Trigger.MENU_SOURCES, Visibility.ASKER, context=context, kind=QueryKind.TOPIC
    )
    assert (asked.platform, asked.community_id, asked.channel_id) == ("slack", "T1", "C1")
    assert (asked.asker_id, asked.text, asked.trigger) == ("T1_U1", "Trams", Trigger.MENU_SOURCES)
    assert (asked.visibility, asked.context, asked.kind) == (
        Visibility.ASKER, context, QueryKind.TOPIC,
    )  # fmt: skip


# --- who says what


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, True),
        ({"subtype": "thread_broadcast"}, True),
        ({"subtype": "file_share"}, True),
        ({"subtype": "message_changed"}, False),
        ({"subtype": "channel_join"}, False),
        ({"subtype": "bot_message"}, False),
        ({"bot_id": "B1"}, False),
        ({"edited": {"user": "U1", "ts": "2.0"}}, False),
        ({"hidden": True}, False),
        ({"user": None}, False),
    ],
)
def test_people_are_told_from_bots_edits_and_notices(told: dict[str, Any], expected: bool) -> None:
    assert is_said_by_a_person(written(**told)) is expected


def test_words_are_a_message_or_what_it_has_attached() -> None:
    attached = [{"text": "Loud."}, {"fallback": "Slow."}, {"title": "T"}]
    assert text_of(written(attachments=attached)) == "Trams"
    assert text_of(written(text="", attachments=attached)) == "Loud.\nSlow."
    assert text_of({"ts": TS}) == ""


def test_what_others_said_keeps_who_and_whether_it_is_pointed_at() -> None:
    told = said(written(user="U2", bot_id="B1", text="a &amp; b"), "T1", is_reply_target=True)
    assert told == Message(TS, "T1_U2", "a & b", is_bot=True, is_reply_target=True)
    assert said({"ts": TS, "bot_id": "B1"}, "T1").author_id == "T1_B1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("hey <@U1>", True), ("hey <@U1|ann>", True), ("<@U12>", False), ("@U1", False)],
)
def test_a_mention_is_of_one_alone(text: str, expected: bool) -> None:
    assert mentions(text, "U1") is expected


def test_what_is_no_time_is_the_beginning_of_time() -> None:
    assert [seconds(text) for text in ("1.5", "", "soon")] == [1.5, 0.0, 0.0]
