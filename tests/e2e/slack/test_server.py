"""The Web API of the loopback Slack, with a plain slack_sdk: does it behave as Slack does?"""

import asyncio
from typing import Any

import aiohttp
import pytest
import slack_sdk
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.e2e.slack.echo import AGAIN, QUIET, client_of
from tests.e2e.slack.grants import BOT_TOKEN, CLIENT_ID, CLIENT_SECRET
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.reading import text_of
from tests.e2e.slack.server import LoopbackSlack


def test_slack_sdk_is_as_it_was_published() -> None:
    assert AsyncWebClient.api_call.__module__.startswith("slack_sdk.web")
    assert slack_sdk.WebClient.__module__ == "slack_sdk.web.client"


async def test_a_thread_is_read_in_pages(
    server: LoopbackSlack, workspace: Workspace, ada: Member, client: AsyncWebClient
) -> None:
    root = ada.say(workspace.general, "root")
    for number in range(120):
        ada.say(workspace.general, f"{number}", thread=root)
    found: dict[str, str] = {}
    pages = 0
    async for page in await client.conversations_replies(
        channel=workspace.general.id, ts=root.ts, limit=200
    ):
        pages += 1
        found |= {one["ts"]: one["text"] for one in page["messages"]}
    assert list(found.values()) == ["root", *(str(number) for number in range(120))]
    assert pages == 3


async def test_a_history_has_the_newest_first_and_no_replies(
    workspace: Workspace, ada: Member, client: AsyncWebClient
) -> None:
    first, second, third = (ada.say(workspace.general, text) for text in "abc")
    ada.say(workspace.general, "below", thread=first)
    read = await client.conversations_history(channel=workspace.general.id, latest=third.ts)
    assert [one["ts"] for one in read["messages"]] == [second.ts, first.ts]
    assert read["messages"][1]["reply_count"] == 1


async def test_metadata_is_read_back_only_when_asked_for(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    metadata = {"event_type": "asked", "event_payload": {"n": 1}}
    channel = workspace.general.id
    await client.chat_postMessage(channel=channel, text="x", metadata=metadata, **QUIET)
    [plain] = (await client.conversations_history(channel=channel))["messages"]
    [full] = (await client.conversations_history(channel=channel, include_all_metadata=True))[
        "messages"
    ]
    assert (plain.get("metadata"), full["metadata"]) == (None, metadata)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"channel": "{secret}", "text": "x"}, "channel_not_found"),
        ({"channel": "{outside}", "text": "x"}, "not_in_channel"),
        ({"channel": "{closed}", "text": "x"}, "is_archived"),
        ({"channel": "{general}"}, "no_text"),
        ({"channel": "{general}", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "{general}", "text": "x", "thread_ts": "soon"}, "invalid_thread_ts"),
        ({"channel": "{general}", "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel": "{general}", "text": "x", "blocks": [{"type": "?"}]}, "invalid_blocks"),
    ],
)
async def test_what_cannot_be_posted_is_refused(
    workspace: Workspace, client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    workspace.withhold("chat:write.public")
    channels = {
        "general": workspace.general.id,
        "secret": workspace.channel("secret", "group", has_bot=False).id,
        "outside": workspace.channel("outside", has_bot=False).id,
    }
    closed = workspace.channel("closed")
    workspace.archive(closed)
    channel = arguments["channel"].format(closed=closed.id, **channels)
    with pytest.raises(SlackApiError) as refused:
        await client.api_call("chat.postMessage", json={**arguments, "channel": channel})
    assert refused.value.response["error"] == error


async def test_a_missing_scope_is_named(workspace: Workspace, client: AsyncWebClient) -> None:
    workspace.withhold("channels:history")
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_history(channel=workspace.general.id)
    told = refused.value.response
    assert (told["error"], told["needed"]) == ("missing_scope", "channels:history")
    assert "chat:write" in (await client.auth_test()).headers["x-oauth-scopes"]


async def test_a_wrong_token_is_refused(server: LoopbackSlack, workspace: Workspace) -> None:
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await client_of(server, "xoxb-another").auth_test()


async def test_only_own_messages_are_updated(
    workspace: Workspace, ada: Member, client: AsyncWebClient
) -> None:
    channel = workspace.general.id
    said = ada.say(workspace.general, "mine")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=channel, ts=said.ts, text="yours")
    sent = await client.chat_postMessage(channel=channel, text="one", **QUIET)
    await client.chat_update(channel=channel, ts=sent["ts"], text="two")
    [kept] = workspace.team.said_by_bot()
    assert (kept.text, kept.earlier) == ("two", [("one", [])])


async def test_an_update_keeps_blocks_unless_they_are_taken_away(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    channel = workspace.general.id
    sent = await client.chat_postMessage(channel=channel, text="x", blocks=[AGAIN], **QUIET)
    await client.chat_update(channel=channel, ts=sent["ts"], text="y")
    [kept] = workspace.team.said_by_bot()
    assert len(kept.blocks) == 1
    await client.chat_update(channel=channel, ts=sent["ts"], text="y", blocks=[])
    assert kept.blocks == []


async def test_a_response_url_is_used_five_times_at_most(
    server: LoopbackSlack, workspace: Workspace, ada: Member
) -> None:
    said = ada.command(workspace.general, "/say")
    assert said.response is not None
    hook = AsyncWebhookClient(said.response.url, retry_handlers=[])
    answers = [await hook.send(text=f"{number}") for number in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [404]
    assert "used_url" in answers[-1].body
    assert [text_of(one) for one in ada.sees()] == list("01234")


async def test_a_response_url_replaces_and_deletes_the_message_pressed(
    server: LoopbackSlack, workspace: Workspace, ada: Member, client: AsyncWebClient
) -> None:
    channel = workspace.general
    channel.members.add(ada.id)
    await client.chat_postEphemeral(channel=channel.id, user=ada.id, text="x", blocks=[AGAIN])
    [shown] = ada.sees()
    pressed = ada.press(shown, "Again")
    assert pressed.response is not None
    hook = AsyncWebhookClient(pressed.response.url, retry_handlers=[])
    await hook.send(text="y", replace_original=True)
    assert [text_of(one) for one in ada.sees()] == ["y"]
    await hook.send(delete_original=True)
    assert ada.sees() == []
    await hook.send(text="z")
    assert "response_url: the answer to a button must say replace_original" in server.problems()


async def test_a_lost_response_leaves_its_work_done(
    server: LoopbackSlack, workspace: Workspace, client: AsyncWebClient
) -> None:
    server.faults.lose_response("chat.postMessage")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=workspace.general.id, text="once", **QUIET)
    assert [one.text for one in workspace.team.said_by_bot()] == ["once"]
    assert server.sent("chat.postMessage")[0].status == 0


async def test_a_lost_request_leaves_nothing_done(
    server: LoopbackSlack, workspace: Workspace, client: AsyncWebClient
) -> None:
    server.faults.lose_request("chat.postMessage")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=workspace.general.id, text="once", **QUIET)
    assert list(workspace.team.said_by_bot()) == []


async def test_a_rate_limit_tells_how_long_to_wait(
    server: LoopbackSlack, workspace: Workspace, client: AsyncWebClient
) -> None:
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    server.faults.rate_limit("chat.*", retry_after_s=0)
    await client.chat_postMessage(channel=workspace.general.id, text="x", **QUIET)
    assert [one.status for one in server.sent("chat.postMessage")] == [429, 200]


async def test_two_workspaces_know_nothing_of_each_other(server: LoopbackSlack) -> None:
    one, other = server.workspace("One"), server.workspace("Other")
    assert one.general.id == other.general.id
    one.member("Ada").say(one.general, "for one")
    client = client_of(server, other.team.token)
    read = await client.conversations_history(channel=other.general.id)
    assert read["messages"] == []
    assert (await client.auth_test())["team_id"] == other.id


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack_sdk's
async def test_an_installation_gives_a_token_that_rotates(server: LoopbackSlack) -> None:
    server.grants.rotates = True
    workspace = server.workspace(installs=False)
    asked = f"https://slack.com/oauth/v2/authorize?client_id={CLIENT_ID}&scope=chat:write&state=s"
    back = workspace.member("Ada").consent(asked + "&redirect_uri=http://127.0.0.1/back")
    assert back.startswith("http://127.0.0.1/back?code=code-1&state=s")
    client = client_of(server, "")
    known = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    first = await client.oauth_v2_access(
        code="code-1", redirect_uri="http://127.0.0.1/back", **known
    )
    assert (first["scope"], first["expires_in"]) == ("chat:write", 43_200)
    server.grants.expire(workspace.team)
    with pytest.raises(SlackApiError, match="token_expired"):
        await client_of(server, first["access_token"]).auth_test()
    renewal = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = await client.oauth_v2_access(**known, **renewal)
    assert (await client_of(server, second["access_token"]).auth_test())["ok"]
    with pytest.raises(SlackApiError, match="invalid_refresh_token"):
        await client.oauth_v2_access(**known, **renewal)


async def test_a_file_is_fetched_with_the_token_only(
    server: LoopbackSlack, workspace: Workspace, ada: Member
) -> None:
    shared = ada.upload(workspace.general, "notes.txt", b"text", "see")
    url = shared.files[0].url
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with session.get(url, headers=headers) as response:
            assert await response.read() == b"text"
        async with session.get(url) as response:
            assert "Sign in" in await response.text()


async def test_a_modal_cannot_be_opened_too_late(
    server: LoopbackSlack, workspace: Workspace, ada: Member, client: AsyncWebClient
) -> None:
    server.trigger_life_s = 0.01
    said = ada.command(workspace.general, "/say")
    await asyncio.sleep(0.02)
    view = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=said.trigger_id, view=view)


async def test_prompts_of_an_agent_are_for_no_thread(
    workspace: Workspace, ada: Member, client: AsyncWebClient
) -> None:
    prompts = [{"title": "t", "message": "m"}]
    told = ada.tell("hello")
    channel_id = ada.direct.id
    await client.assistant_threads_setSuggestedPrompts(
        channel_id=channel_id, thread_ts=told.ts, prompts=prompts
    )
    assert workspace.team.prompts == []
    await client.assistant_threads_setSuggestedPrompts(
        channel_id=channel_id, thread_ts="", prompts=prompts
    )
    await client.assistant_threads_setStatus(
        channel_id=channel_id, thread_ts=told.ts, status="is looking"
    )
    assert workspace.team.prompts[0].prompts == (("t", "m"),)
    assert workspace.team.statuses[0].status == "is looking"
