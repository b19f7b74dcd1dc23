"""How typed lines become interactions."""

import pytest

from adapters.console.conversation import CONTEXT_MESSAGES, Conversation
from bot.types import Trigger
from tests.adapters.console.evidence import reply
from tests.fakes.clock import CountingIds, ManualClock


@pytest.fixture
def conversation() -> Conversation:
    return Conversation("ann", None, CountingIds("m"), ManualClock(5.0))


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("@bot source?", "source?"),
        ("@Bot, is that so?", "is that so?"),
        ("  @bot: tea", "tea"),
        ("@bot", ""),
    ],
)
def test_line_that_begins_with_the_bot_calls_it(
    conversation: Conversation, line: str, text: str
) -> None:
    interaction = conversation.say(line)

    assert (interaction.trigger, interaction.text) == (Trigger.MENTION, text)


@pytest.mark.parametrize("line", ["I like tea.", "@bottle of tea", "ask @bot yourself"])
def test_other_lines_are_said_to_everybody(conversation: Conversation, line: str) -> None:
    interaction = conversation.say(line)

    assert (interaction.trigger, interaction.text) == (Trigger.AUTO, line)


def test_request_carries_what_was_said_before_it(conversation: Conversation) -> None:
    conversation.say("Tea needs no milk.")
    conversation.hear(reply())
    conversation.speaker = "ben"
    interaction = conversation.say("@bot source?")

    assert [(said.author_id, said.text, said.is_bot) for said in interaction.context] == [
        ("ann", "Tea needs no milk.", False),
        ("bot", "Here is what was found.", True),
    ]
    assert (interaction.asker_id, interaction.created_at) == ("ben", 5.0)


def test_ids_are_never_used_twice(conversation: Conversation) -> None:
    first = conversation.say("one")
    heard = conversation.hear(reply())
    second = conversation.say("one")

    assert len({first.id, heard, second.id}) == 3


def test_threads_know_nothing_of_each_other(conversation: Conversation) -> None:
    conversation.say("Tea needs no milk.")
    conversation.thread = "coffee"
    interaction = conversation.say("@bot source?")

    assert (interaction.thread_id, interaction.context) == ("coffee", ())
    conversation.thread = None
    assert len(conversation.messages) == 1


def test_long_conversation_travels_in_part(conversation: Conversation) -> None:
    for number in range(CONTEXT_MESSAGES + 5):
        conversation.say(f"line {number}")

    assert conversation.say("@bot source?").context[0].text == "line 5"


def test_commands_are_no_messages(conversation: Conversation) -> None:
    conversation.call("tea", Trigger.COMMAND)

    assert conversation.messages == ()


def test_author_of_a_message_is_known(conversation: Conversation) -> None:
    said = conversation.say("Tea needs no milk.")

    assert conversation.author_of(said.id) == "ann"
    assert conversation.author_of("elsewhere") is None
