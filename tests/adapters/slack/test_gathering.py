"""The conversation around a call, as Slack tells it a page at a time."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.surroundings import Surroundings
from adapters.slack import gathering
from adapters.slack.gathering import Gathering, is_context
from adapters.slack.profiles import Profiles
from bot import texts
from tests.adapters.slack.calling import call_of
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.server import LoopbackSlack
from tests.e2e.slack.shapes import message_payload, permalink
from tests.e2e.slack.workspace import Message


async def gathered(client: AsyncWebClient, call: Message) -> Surroundings:
    return await Gathering(Profiles()).gather(client, call_of(call))


def words(found: Surroundings) -> list[str]:
    return [one.text for one in found.messages]


def thread(workspace: Workspace, ada: Member, replies: int) -> tuple[Message, Message]:
    """Return the first message of a thread and one that calls the bot, with replies between."""
    root = ada.say(workspace.general, "Trams are loud.")
    for number in range(replies):
        ada.say(workspace.general, f"reply {number}", thread=root)
    return root, ada.ask(workspace.general, "source?", thread=root)


@pytest.mark.parametrize("repeats_parent", [True, False])
async def test_a_long_thread_is_read_to_its_end_and_keeps_how_it_began(
    server: LoopbackSlack,
    client: AsyncWebClient,
    workspace: Workspace,
    ada: Member,
    repeats_parent: bool,
) -> None:
    server.repeats_parent = repeats_parent
    _, call = thread(workspace, ada, 120)
    newest = [f"reply {number}" for number in range(120 - gathering.NEWEST, 120)]
    assert words(await gathered(client, call)) == ["Trams are loud.", *newest]
    assert len(server.sent("conversations.replies")) == 3


async def test_pages_of_fifteen_are_followed_too(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace, ada: Member
) -> None:
    server.page_size = 15  # what Slack gives to apps that are not in its marketplace
    _, call = thread(workspace, ada, 40)
    assert words(await gathered(client, call))[-1] == "reply 39"


async def test_a_thread_without_end_is_read_up_to_a_bound(
    server: LoopbackSlack,
    client: AsyncWebClient,
    workspace: Workspace,
    ada: Member,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.page_size = 1
    _, call = thread(workspace, ada, gathering.PAGES + 5)
    found = await gathered(client, call)
    assert len(server.sent("conversations.replies")) == gathering.PAGES
    assert len(found.messages) == 1 + gathering.PAGES
    assert "thread_cut" in caplog.messages


async def test_what_is_said_after_the_call_is_none_of_it(
    client: AsyncWebClient, workspace: Workspace, ada: Member
) -> None:
    root, call = thread(workspace, ada, 2)
    ada.say(workspace.general, "later", thread=root)
    assert words(await gathered(client, call)) == ["Trams are loud.", "reply 0", "reply 1"]


async def test_in_a_channel_it_is_what_was_said_last_oldest_first(
    client: AsyncWebClient, workspace: Workspace, ada: Member
) -> None:
    for number in range(40):
        ada.say(workspace.general, f"said {number}")
    call = ada.ask(workspace.general, "source?")
    ada.say(workspace.general, "later")
    expected = [f"said {number}" for number in range(40 - gathering.NEWEST, 40)]
    assert words(await gathered(client, call)) == expected


async def test_people_and_bots_talk_and_notices_do_not(
    client: AsyncWebClient, workspace: Workspace, ada: Member
) -> None:
    ada.edit(ada.say(workspace.general, "Trams are laud."), "Trams are loud.")
    workspace.other_bot().say(workspace.general, "Beep.")
    workspace.team.add_message(workspace.general, ada.user, "joined", subtype="channel_join")
    call = ada.ask(workspace.general, "source?")
    found = await gathered(client, call)
    assert [(one.text, one.is_bot) for one in found.messages] == [
        ("Trams are loud.", False), ("Beep.", True),
    ]  # fmt: skip
    assert not is_context({"subtype": "channel_join", "user": "U1", "ts": "1.0"})


async def test_who_said_something_is_known_with_its_address(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace, ada: Member
) -> None:
    root, call = thread(workspace, ada, 1)
    found = await gathered(client, call)
    assert server.sent("chat.getPermalink") == []
    cited = await found.author_of(root.ts)
    assert cited is not None
    assert (cited.author, cited.url) == ("Ada", permalink(root))
    assert await found.author_of("1.000000") is None
    assert len(server.sent("users.info")) == 1


async def test_an_author_is_named_without_an_address_and_somebody_when_slack_does_not_tell(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace, ada: Member
) -> None:
    root, call = thread(workspace, ada, 1)
    server.faults.refuse("chat.getPermalink", "message_not_found")
    workspace.withhold("users:read")
    cited = await (await gathered(client, call)).author_of(root.ts)
    assert cited is not None
    assert (cited.author, cited.url) == (texts.SOMEBODY, "")


@pytest.mark.parametrize("code", ["missing_scope", "not_in_channel", "ratelimited"])
@pytest.mark.parametrize("is_in_thread", [True, False])
async def test_what_may_not_be_read_is_withheld_and_logged(
    server: LoopbackSlack,
    client: AsyncWebClient,
    workspace: Workspace,
    ada: Member,
    code: str,
    is_in_thread: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _, call = thread(workspace, ada, 1)
    if not is_in_thread:
        call = ada.ask(workspace.general, "source?")
    server.faults.refuse("conversations.*", code)
    found = await gathered(client, call)
    assert (found.messages, found.is_withheld) == ((), True)
    assert caplog.messages == ["conversation_withheld"]


async def test_a_message_that_somebody_points_at_is_all_there_is(
    server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace, ada: Member
) -> None:
    meant = ada.say(workspace.general, "Trams &lt; buses")
    found = Gathering(Profiles()).about(client, call_of(meant), message_payload(meant))
    [one] = found.messages
    assert (one.text, one.is_reply_target) == ("Trams < buses", True)
    cited = await found.author_of(meant.ts)
    assert cited is not None
    assert cited.author == "Ada"
