"""Answers by response URL, by the real client against a loopback Slack."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.presses import Action, Press
from adapters.slack import blocks, limits
from adapters.slack.blocks import Message as View
from adapters.slack.render import render_reply
from adapters.slack.responding import ResponsePost, with_share
from bot import texts
from bot.errors import DeliveryError
from tests.adapters.messaging.evidence import claim_reply
from tests.adapters.slack.calling import call_by
from tests.adapters.slack.looking import labels, pressable, problems_of
from tests.e2e.slack.blockkit import nodes
from tests.e2e.slack.interactions import Invocation
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.reading import labels_of, words_of
from tests.e2e.slack.server import LoopbackSlack

HELLO = blocks.notice("Trams & <buses>")
ANSWER = render_reply(claim_reply())


@pytest.fixture
def asked(workspace: Workspace, ada: Member) -> Invocation:
    """A command in a channel."""
    return ada.command(workspace.general, "/source", "Trams")


async def test_an_answer_is_for_the_asker_alone_unless_all_shall_see_it(
    client: AsyncWebClient, asked: Invocation
) -> None:
    await ResponsePost(client, call_by(asked)).show(HELLO)
    await ResponsePost(client, call_by(asked), is_private=False).show(HELLO)
    assert [words_of(one) for one in asked.ephemerals] == ["Trams & <buses>"]
    assert [words_of(one) for one in asked.messages] == ["Trams & <buses>"]


async def test_nothing_is_unfurled(
    server: LoopbackSlack, client: AsyncWebClient, asked: Invocation
) -> None:
    await ResponsePost(client, call_by(asked), is_private=False).show(HELLO)
    [sent] = server.sent("response_url")
    assert (sent.body["unfurl_links"], sent.body["unfurl_media"]) == (False, False)


async def test_a_private_answer_can_be_shared_and_a_public_one_is(
    client: AsyncWebClient, asked: Invocation
) -> None:
    await ResponsePost(client, call_by(asked)).show(ANSWER)
    await ResponsePost(client, call_by(asked), is_private=False).show(ANSWER)
    await ResponsePost(client, call_by(asked)).show(HELLO)
    shared = [texts.SHARE in labels_of(one) for one in asked.shown]
    assert shared == [True, False, False]


async def test_between_two_there_is_nobody_to_share_with(
    client: AsyncWebClient, ada: Member
) -> None:
    asked = ada.command(ada.direct, "/source", "Trams")
    await ResponsePost(client, call_by(asked, is_direct=True)).show(ANSWER)
    [shown] = asked.shown
    assert texts.SHARE not in labels_of(shown)


async def test_an_answer_in_a_thread_stands_in_the_thread(
    client: AsyncWebClient, workspace: Workspace, ada: Member
) -> None:
    root = ada.say(workspace.general, "Trams are loud.")
    asked = ada.shortcut(root, "menu_sources")
    await ResponsePost(client, call_by(asked, thread_ts=root.ts)).show(HELLO)
    [shown] = asked.ephemerals
    assert shown.thread_ts == root.ts


@pytest.mark.parametrize(("times", "left"), [(1, {"link"}), (2, set())])
@pytest.mark.parametrize("status", [200, 400])
async def test_refused_blocks_are_tried_plainer_and_then_as_words(
    server: LoopbackSlack,
    client: AsyncWebClient,
    asked: Invocation,
    times: int,
    left: set[str],
    status: int,
) -> None:
    fault = server.faults.refuse("response_url", "invalid_blocks", times=times)
    fault.status = status
    await ResponsePost(client, call_by(asked)).show(ANSWER)
    [shown] = asked.shown
    assert {one.get("type") for one in nodes(shown.blocks)} & {"link", "citation"} == left
    assert shown.text == ANSWER.text


@pytest.mark.parametrize("status", [404, 410])
async def test_an_expired_url_is_answered_directly_and_says_so(
    server: LoopbackSlack,
    client: AsyncWebClient,
    workspace: Workspace,
    ada: Member,
    asked: Invocation,
    status: int,
) -> None:
    server.faults.refuse("response_url", "expired_url", times=9).status = status
    answer = ResponsePost(client, call_by(asked))
    await answer.show(ANSWER)
    [told] = workspace.team.said_by_bot(ada.direct)
    assert words_of(told).startswith(texts.ANSWER_IN_CHANNEL)
    assert texts.SHARE not in labels_of(told)
    assert answer.detour == "expired_url"
    assert len(server.sent("response_url")) == 1


async def test_a_url_is_used_as_often_as_slack_lets(
    client: AsyncWebClient, workspace: Workspace, ada: Member, asked: Invocation
) -> None:
    answer = ResponsePost(client, call_by(asked))
    for _ in range(limits.RESPONSES + 1):
        await answer.show(HELLO)
    assert len(asked.ephemerals) == limits.RESPONSES
    assert len(list(workspace.team.said_by_bot(ada.direct))) == 1


async def test_an_answer_that_reaches_nobody_is_a_delivery_error(
    server: LoopbackSlack, client: AsyncWebClient, asked: Invocation
) -> None:
    server.faults.refuse("response_url", "expired_url", times=9).status = 404
    server.faults.refuse("chat.postMessage", "account_inactive", times=9)
    with pytest.raises(DeliveryError) as caught:
        await ResponsePost(client, call_by(asked)).show(HELLO)
    assert caught.value.code == "account_inactive"


async def test_a_lost_response_is_not_sent_again(
    server: LoopbackSlack, client: AsyncWebClient, asked: Invocation
) -> None:
    server.faults.lose_response("response_url")
    with pytest.raises(DeliveryError):
        await ResponsePost(client, call_by(asked)).show(HELLO)
    assert len(asked.shown) == 1


async def test_a_limit_is_waited_out(
    server: LoopbackSlack, client: AsyncWebClient, asked: Invocation
) -> None:
    server.faults.rate_limit("response_url", retry_after_s=0)
    await ResponsePost(client, call_by(asked)).show(HELLO)
    assert len(asked.shown) == 1


@pytest.mark.parametrize("replaces", [True, False])
async def test_what_was_pressed_stays_unless_it_shall_be_replaced(
    client: AsyncWebClient, workspace: Workspace, ada: Member, replaces: bool
) -> None:
    shown = blocks.row([blocks.button("cp1:why:r:", texts.WHY)])
    asking = View("Why?", (*HELLO.blocks, *shown))
    await client.chat_postMessage(
        channel=workspace.general.id, text=asking.text, blocks=asking.blocks
    )
    [message] = workspace.team.said_by_bot(workspace.general)
    pressed = ada.press(message, texts.WHY)
    await ResponsePost(client, call_by(pressed), replaces=replaces).show(View("Because."))
    assert (message.text == "Because.") is replaces
    assert [one.text for one in pressed.ephemerals] == ([] if replaces else ["Because."])


# --- the button


def test_the_button_that_shares_is_the_first_of_the_last_row() -> None:
    shared = with_share(ANSWER, "0a1b2c3d4e5f")
    assert labels(shared) == [
        *labels(ANSWER)[:-4], texts.SHARE, *labels(ANSWER)[-4:],
    ]  # fmt: skip
    assert problems_of(shared) == []


def test_where_there_is_no_row_the_button_has_one_of_its_own() -> None:
    assert labels(with_share(View("Hello", HELLO.blocks), "r")) == [texts.SHARE]


def test_what_is_shared_is_named_by_its_request() -> None:
    [button] = pressable(with_share(View("Hello"), "0a1b"))
    assert Press.parse(button["action_id"]) == Press(Action.SHARE, "0a1b")
