"""One message for each request, by the real client against a loopback Slack."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import blocks
from adapters.slack.blocks import Message as View
from adapters.slack.escaping import escaped
from adapters.slack.sending import EVENT_TYPE, ChannelPost, Place, forms_of, post
from bot import texts
from bot.errors import DeliveryError
from tests.adapters.slack.calling import call_of
from tests.e2e.slack.blockkit import nodes
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.reading import words_of
from tests.e2e.slack.server import LoopbackSlack
from tests.e2e.slack.workspace import Message

CITED = View(
    "Trams &amp; buses",
    (blocks.rich(blocks.section(blocks.citation("https://e.org", "Open", 1, "Title"))),),
)
HELLO = blocks.notice("Trams & <buses>")


@pytest.fixture
def asked(workspace: Workspace, ada: Member) -> Message:
    """A message that calls the bot."""
    return ada.ask(workspace.general, "Trams?")


def answer_to(client: AsyncWebClient, asked: Message, *, is_asked: bool = True) -> ChannelPost:
    """Return the post for an answer in the thread of a message."""
    place = Place(asked.channel.id, asked.root_ts)
    return ChannelPost(client, call_of(asked), place, is_asked=is_asked)


def answers(workspace: Workspace) -> list[Message]:
    """Return what the bot wrote for all to see."""
    return list(workspace.team.said_by_bot(workspace.general))


# --- forms


def test_a_message_is_tried_as_it_is_then_plainer_then_as_words() -> None:
    forms = list(forms_of(CITED))
    kinds = [{one.get("type") for one in nodes(form["blocks"])} for form in forms]
    assert ["citation" in one for one in kinds] == [True, False, False]
    assert ["link" in one for one in kinds] == [False, True, False]
    assert forms[-1] == {"text": CITED.text, "blocks": []}


def test_what_has_no_plainer_form_is_not_tried_twice() -> None:
    assert len(list(forms_of(HELLO))) == 2
    assert list(forms_of(View("Hello"))) == [{"text": "Hello", "blocks": []}]


# --- a post


async def test_an_answer_is_in_the_thread_with_the_id_of_its_request(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace, asked: Message
) -> None:
    ts = await answer_to(client, asked).show(HELLO)
    [answer] = workspace.answers_to(asked)
    assert answer.ts == ts
    assert words_of(answer) == "Trams & <buses>"
    assert answer.metadata is not None
    assert answer.metadata["event_type"] == EVENT_TYPE
    assert answer.metadata["event_payload"]["request"] == call_of(asked).id
    [sent] = server.sent("chat.postMessage")
    told = {name: sent.body[name] for name in ("unfurl_links", "unfurl_media", "mrkdwn")}
    assert set(map(str, told.values())) <= {"False", "0", "false"}


async def test_what_was_shown_is_edited_from_then_on(
    client: AsyncWebClient, workspace: Workspace, asked: Message
) -> None:
    answer = answer_to(client, asked)
    first = await answer.show(blocks.notice("Wait."))
    assert await answer.show(HELLO) == first
    [shown] = answers(workspace)
    assert words_of(shown) == "Trams & <buses>"


async def test_buttons_go_with_what_they_were_under(
    client: AsyncWebClient, workspace: Workspace, asked: Message
) -> None:
    answer = answer_to(client, asked)
    button = blocks.row([blocks.button("cp1:why:r:", texts.WHY)])
    await answer.show(View("Hello", (*HELLO.blocks, *button)))
    await answer.show(View("Bye"))
    [shown] = answers(workspace)
    assert (shown.text, shown.blocks) == ("Bye", [])


async def test_an_answer_that_somebody_deleted_is_not_posted_again(
    client: AsyncWebClient, workspace: Workspace, asked: Message
) -> None:
    answer = answer_to(client, asked)
    await answer.show(blocks.notice("Wait."))
    answers(workspace)[0].is_deleted = True
    await answer.show(HELLO)
    assert answers(workspace) == []


async def test_a_duplicate_leaves_no_notice_behind(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace, asked: Message
) -> None:
    answer = answer_to(client, asked)
    await answer.stand_down()
    assert server.sent("chat.delete") == []
    await answer.show(blocks.notice("Wait."))
    await answer.stand_down()
    assert answers(workspace) == []


async def test_a_notice_that_cannot_be_deleted_stays_and_is_logged(
    server: LoopbackSlack,
    client: AsyncWebClient,
    asked: Message,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.faults.refuse("chat.delete", "cant_delete_message")
    answer = answer_to(client, asked)
    await answer.show(HELLO)
    await answer.stand_down()
    assert caplog.messages == ["message_stays"]


# --- blocks that are refused


@pytest.mark.parametrize(
    "code", ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"]
)
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
async def test_refused_blocks_are_tried_plainer_and_then_as_words(
    server: LoopbackSlack,
    client: AsyncWebClient,
    workspace: Workspace,
    asked: Message,
    method: str,
    code: str,
) -> None:
    for times, left in ((1, {"link"}), (2, set())):
        answer = answer_to(client, asked)
        if method == "chat.update":
            await answer.show(blocks.notice("Wait."))
        server.faults.refuse(method, code, times=times)
        await answer.show(CITED)
        shown = answers(workspace)[-1]
        assert {one.get("type") for one in nodes(shown.blocks)} & {"link", "citation"} == left
        assert shown.text == CITED.text


async def test_words_that_are_refused_too_are_a_delivery_error(
    server: LoopbackSlack, client: AsyncWebClient, asked: Message
) -> None:
    server.faults.refuse("chat.postMessage", "invalid_blocks", times=3)
    with pytest.raises(DeliveryError) as caught:
        await answer_to(client, asked).show(CITED)
    assert caught.value.code == "invalid_blocks"
    assert len(server.sent("chat.postMessage")) == 3


# --- places that are closed


async def test_a_closed_channel_is_answered_directly_and_says_why(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace, ada: Member, asked: Message
) -> None:
    server.faults.refuse("chat.postMessage", "is_archived", channel=workspace.general.id)
    answer = answer_to(client, asked)
    await answer.show(HELLO)
    [told] = workspace.team.said_by_bot(ada.direct)
    assert words_of(told) == f"{texts.refused('is_archived')} Trams & <buses>"
    assert told.text == f"{escaped(texts.refused('is_archived'))}\n{HELLO.text}"
    assert (answer.detour, answers(workspace)) == ("is_archived", [])
    await answer.show(blocks.notice("Bye."))
    assert [words_of(one) for one in workspace.team.said_by_bot(ada.direct)] == ["Bye."]


async def test_where_no_direct_message_gets_through_it_is_whispered(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace, ada: Member, asked: Message
) -> None:
    server.faults.refuse("chat.postMessage", "restricted_action", times=2)
    await answer_to(client, asked).show(HELLO)
    [whispered] = ada.sees(workspace.general)
    assert texts.refused("restricted_action") in words_of(whispered)


async def test_who_did_not_ask_is_not_written_to(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace, asked: Message
) -> None:
    server.faults.refuse("chat.postMessage", "is_archived")
    with pytest.raises(DeliveryError) as caught:
        await answer_to(client, asked, is_asked=False).show(HELLO)
    assert caught.value.code == "is_archived"
    assert len(server.sent("chat.postMessage")) == 1


async def test_an_answer_that_reaches_nobody_is_a_delivery_error(
    server: LoopbackSlack, client: AsyncWebClient, asked: Message
) -> None:
    server.faults.refuse("chat.*", "not_in_channel", times=9)
    with pytest.raises(DeliveryError) as caught:
        await answer_to(client, asked).show(HELLO)
    assert caught.value.code == "not_in_channel"


# --- what is lost on the way


@pytest.mark.parametrize("fault", ["lose_response", "lose_request", "http_error"])
async def test_a_lost_answer_is_there_once(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace, asked: Message, fault: str
) -> None:
    getattr(server.faults, fault)("chat.postMessage")
    answer = answer_to(client, asked)
    ts = await answer.show(HELLO)
    [shown] = answers(workspace)
    assert shown.ts == ts
    await answer.show(blocks.notice("Bye."))
    assert [words_of(one) for one in answers(workspace)] == ["Bye."]


async def test_a_lost_direct_message_is_looked_for_where_it_is(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace, ada: Member, asked: Message
) -> None:
    server.faults.lose_response("chat.postMessage")
    told = await post(client, Place(ada.id), HELLO, call_of(asked))
    [shown] = workspace.team.said_by_bot(ada.direct)
    assert (told["ts"], told["channel"]) == (shown.ts, ada.direct.id)
