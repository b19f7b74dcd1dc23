"""Topics that are offered while somebody types, and what commands say that ask nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.answering import Answering
from adapters.messaging.presses import Action, Press
from adapters.messaging.working import Work
from adapters.slack import limits, views
from adapters.slack.blocks import Message as View
from adapters.slack.commands import MemberCommands, choose_topic
from adapters.slack.gathering import Gathering
from adapters.slack.profiles import Profiles
from bot import texts
from bot.commands import FORGET_ME, HELP, PRIVACY, SOURCE
from bot.errors import JournalError
from bot.types import ChannelMode, Interaction, Reply, Topic, Trigger, Visibility
from tests.adapters.messaging.evidence import claim_reply, long_texts, nasty_texts
from tests.adapters.slack.calling import call_by
from tests.adapters.slack.looking import labels, presses, problems_of
from tests.e2e.slack.blockkit import problems_of_blocks
from tests.e2e.slack.interactions import Invocation
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.reading import labels_of, words_of
from tests.e2e.slack.shapes import message_payload

TRAMS = Topic("trams", "Trams", ("tramways",), "", "")
any_text = st.one_of(nasty_texts, long_texts)
topics = st.lists(
    st.builds(Topic, any_text, any_text, st.just(()), st.just(""), st.just("")), max_size=130
)


class FakeBot:
    """Answers everything alike, and remembers what it was asked."""

    def __init__(self, *, error: Exception | None = None) -> None:
        self.topics = (TRAMS,)
        self.waiting = 0
        self.asked: list[Interaction] = []
        self._error = error

    async def handle(self, interaction: Interaction) -> Reply | None:
        self.asked.append(interaction)
        if self._error is not None:
            raise self._error
        return claim_reply()

    async def delivered(self, reply: Reply, message_ids: Sequence[str]) -> None:
        pass

    async def undelivered(self, reply: Reply, error: str) -> None:
        pass

    async def has_opted_out(self, platform: str, asker_id: str) -> bool:
        return False


class FakeChannels:
    """Knows where the bot is to keep out."""

    def __init__(self, *denied: str) -> None:
        self._denied = denied

    async def channels(self, platform: str, community_id: str) -> Mapping[str, ChannelMode]:
        return dict.fromkeys(self._denied, ChannelMode.DENY)


def commands(bot: FakeBot, *denied: str) -> MemberCommands:
    answering: Answering[View] = Answering(bot, views, texts.CONVERSATION_HIDDEN)
    gathering = Gathering(Profiles())
    channels = FakeChannels(*denied)
    return MemberCommands(answering, gathering, channels, lambda: bot.topics, bot, Work())


def offered(found: Sequence[Topic], typed: str = "") -> list[dict[str, Any]]:
    """Return the entries that are offered for what was typed."""
    bot = FakeBot()
    bot.topics = tuple(found)  # type: ignore[assignment]  # of any length here
    return commands(bot).topics_like(typed)


# --- topics


@settings(max_examples=20)
@given(topics, nasty_texts)
def test_slack_takes_the_topics_that_are_offered(found: list[Topic], typed: str) -> None:
    options = offered(found, typed)
    assert len(options) <= limits.OPTIONS
    if options:
        menu = {"type": "static_select", "action_id": "menu", "options": options}
        assert problems_of_blocks([{"type": "actions", "elements": [menu]}]) == []


def test_a_topic_is_offered_by_its_title_and_chosen_by_its_slug() -> None:
    nameless = Topic("night-buses", "", (), "", "")
    told = {one["text"]["text"]: one["value"] for one in offered([TRAMS, nameless])}
    assert told == {"Trams": "trams", "night-buses": "night-buses"}
    assert [one["value"] for one in offered([TRAMS, nameless], "tramw")] == ["trams"]


def test_a_topic_that_slack_cannot_carry_is_not_offered() -> None:
    longest = Topic("x" * limits.OPTION_VALUE, "Long", (), "", "")
    longer = Topic("x" * (limits.OPTION_VALUE + 1), "Longer", (), "", "")
    assert [one["text"]["text"] for one in offered([longest, longer])] == ["Long"]


def test_the_menu_of_topics_is_filled_while_somebody_types() -> None:
    message = choose_topic()
    assert problems_of(message) == []
    assert labels(message) == [texts.CHOOSE_TOPIC]
    assert presses(message) == [Press(Action.TOPIC)]


# --- commands


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


async def run(client: AsyncWebClient, bot: FakeBot, asked: Invocation, *denied: str) -> None:
    payload = asked.delivery.payload
    await commands(bot, *denied).run(payload["command"], client, call_by(asked))


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        (SOURCE.slack_name, "", texts.CHOOSE_OR_TYPE),
        (SOURCE.slack_name, "  ", texts.CHOOSE_OR_TYPE),
        (SOURCE.slack_name, "in-channel", texts.CHOOSE_OR_TYPE),
        (SOURCE.slack_name, "help", texts.HELP_TITLE),
        (HELP.slack_name, "", texts.HELP_TITLE),
        (PRIVACY.slack_name, "", texts.PRIVACY_TITLE),
        (FORGET_ME.slack_name, "", texts.FORGET_WARNING),
    ],
)
async def test_what_asks_nothing_is_told_to_the_asker_alone(
    client: AsyncWebClient,
    workspace: Workspace,
    ada: Member,
    bot: FakeBot,
    name: str,
    typed: str,
    told: str,
) -> None:
    asked = ada.command(workspace.general, name, typed)
    await run(client, bot, asked)
    [shown] = asked.ephemerals
    assert words_of(shown).startswith(told)
    assert bot.asked == []


@pytest.mark.parametrize(
    ("typed", "text", "seen_by"),
    [
        ("trams", "trams", Visibility.ASKER),
        ("help me", "help me", Visibility.ASKER),
        ("trams  in-channel ", "trams", Visibility.EVERYONE),
        ("trams In-Channel", "trams", Visibility.EVERYONE),
        ("are trams good in-channel", "are trams good", Visibility.EVERYONE),
        ("in-channel trams", "in-channel trams", Visibility.ASKER),
    ],
)
async def test_a_question_is_answered_to_those_who_shall_see_it(
    client: AsyncWebClient,
    workspace: Workspace,
    ada: Member,
    bot: FakeBot,
    typed: str,
    text: str,
    seen_by: Visibility,
) -> None:
    asked = ada.command(workspace.general, SOURCE.slack_name, typed)
    await run(client, bot, asked)
    [request] = bot.asked
    assert (request.text, request.visibility) == (text, seen_by)
    assert request.trigger is Trigger.COMMAND
    assert len(asked.messages) == (seen_by is Visibility.EVERYONE)
    assert len(asked.shown) == 1


async def test_whoever_is_refused_is_told_alone_even_of_what_all_should_have_seen(
    client: AsyncWebClient, workspace: Workspace, ada: Member
) -> None:
    bot = FakeBot(error=JournalError("locked"))
    asked = ada.command(workspace.general, SOURCE.slack_name, "trams in-channel")
    await run(client, bot, asked)
    [shown] = asked.ephemerals
    assert texts.ERRORS["error_journal"] in words_of(shown)
    assert asked.messages == []


async def test_a_closed_channel_is_kept_out_of(
    client: AsyncWebClient, workspace: Workspace, ada: Member, bot: FakeBot
) -> None:
    asked = ada.command(workspace.general, SOURCE.slack_name, "trams in-channel")
    await run(client, bot, asked, workspace.general.id)
    assert [words_of(one).startswith(texts.NOT_IN_CHANNEL) for one in asked.ephemerals] == [True]
    assert (bot.asked, asked.messages) == ([], [])


# --- shortcuts


async def look_into(client: AsyncWebClient, bot: FakeBot, asked: Invocation, *denied: str) -> None:
    message = asked.delivery.payload["message"]
    trigger = Trigger(asked.delivery.payload["callback_id"])
    await commands(bot, *denied).look_into(client, call_by(asked), message, trigger)


async def test_a_shortcut_looks_into_its_message(
    client: AsyncWebClient, workspace: Workspace, ada: Member, bot: FakeBot
) -> None:
    meant = ada.say(workspace.general, "Trams are loud.")
    asked = ada.shortcut(meant, Trigger.MENU_COUNTERPOINTS.value)
    await look_into(client, bot, asked)
    [request] = bot.asked
    assert [one.text for one in request.context] == ["Trams are loud."]
    assert request.context[0].is_reply_target
    assert request.trigger is Trigger.MENU_COUNTERPOINTS
    [shown] = asked.ephemerals
    assert texts.SHARE in labels_of(shown)


async def test_a_message_without_words_is_told_to_have_none(
    client: AsyncWebClient, workspace: Workspace, ada: Member, bot: FakeBot
) -> None:
    meant = ada.upload(workspace.general, "tram.png", b"PNG")
    assert message_payload(meant)["text"] == ""
    asked = ada.shortcut(meant, Trigger.MENU_SOURCES.value)
    await look_into(client, bot, asked)
    [shown] = asked.ephemerals
    assert words_of(shown).startswith(texts.NOTHING_TO_READ)
    assert bot.asked == []
