"""Which requests a client makes again, by the client's own hand against a loopback Slack."""

import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import retrying
from adapters.slack.retrying import SAFE, handlers
from tests.e2e.slack.grants import BOT_TOKEN
from tests.e2e.slack.people import Workspace
from tests.e2e.slack.server import LoopbackSlack
from tests.e2e.slack.stage import free_port

RAISED = (SlackApiError, *retrying.LOST)


def test_nothing_that_posts_is_safe() -> None:
    posting = {"chat.postMessage", "chat.postEphemeral", "views.open", "oauth.v2.access"}
    assert posting & SAFE == set()
    assert not any(one.startswith("files.") and one != "files.info" for one in SAFE)


@pytest.mark.parametrize("fault", ["lose_request", "lose_response", "http_error"])
async def test_what_may_be_done_twice_is_asked_for_again(
    server: LoopbackSlack, client: AsyncWebClient, fault: str
) -> None:
    getattr(server.faults, fault)("auth.test")
    assert (await client.auth_test())["ok"]
    assert len(server.sent("auth.test")) == 2


@pytest.mark.parametrize("fault", ["lose_request", "lose_response", "http_error"])
async def test_a_post_whose_response_was_lost_is_not_made_again(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace, fault: str
) -> None:
    getattr(server.faults, fault)("chat.postMessage")
    with pytest.raises(RAISED):
        await client.chat_postMessage(channel=workspace.general.id, text="Hello")
    assert len(server.sent("chat.postMessage")) == 1


async def test_a_post_is_made_again_after_the_wait_that_slack_asks_for(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace
) -> None:
    server.faults.rate_limit("chat.postMessage", retry_after_s=1)
    began = time.monotonic()
    await client.chat_postMessage(channel=workspace.general.id, text="Hello")
    assert time.monotonic() - began >= 1.0
    assert len(list(workspace.team.said_by_bot())) == 1


@pytest.mark.parametrize("wait", [retrying.LONGEST_WAIT_S + 1, -1])
async def test_nobody_waits_longer_than_a_minute_or_for_nonsense(
    server: LoopbackSlack, client: AsyncWebClient, wait: int
) -> None:
    server.faults.rate_limit("auth.test", retry_after_s=wait)
    with pytest.raises(SlackApiError):
        await client.auth_test()
    assert len(server.sent("auth.test")) == 1


async def test_a_refusal_is_final(server: LoopbackSlack, client: AsyncWebClient) -> None:
    server.faults.refuse("auth.test", "account_inactive")
    with pytest.raises(SlackApiError):
        await client.auth_test()
    assert len(server.sent("auth.test")) == 1


async def test_what_never_left_is_sent_again_whatever_it_is(workspace: Workspace) -> None:
    waits = []

    class Impatient(retrying.RepeatWhatIsSafe):
        """Counts the pauses instead of making them."""

        async def prepare_for_next_attempt_async(self, *, state, request, **_) -> None:  # type: ignore[no-untyped-def]  # as its base
            waits.append(request.url)
            state.next_attempt_requested = True
            state.increment_current_attempt()

    nobody = f"http://127.0.0.1:{free_port()}/api/"
    client = AsyncWebClient(BOT_TOKEN, base_url=nobody, retry_handlers=[Impatient()])
    with pytest.raises(aiohttp.ClientConnectorError):
        await client.chat_postMessage(channel="C1", text="Hello")
    assert len(waits) == len(retrying.PAUSES_S)


async def test_each_client_has_handlers_of_its_own() -> None:
    assert {type(one) for one in handlers()} == {retrying.WaitAsTold, retrying.RepeatWhatIsSafe}
    assert not set(map(id, handlers())) & set(map(id, handlers()))
