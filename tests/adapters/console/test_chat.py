"""The conversation in a terminal: the loop with a fake bot, and the whole program."""

import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from rich.console import Console

from adapters.cli.exits import ExitCode
from adapters.console.chat import HELP, Chat
from adapters.console.conversation import Conversation
from adapters.console.terminal import Terminal
from bot.errors import IndexUnavailable
from bot.types import Interaction, Quote, Reply, Topic, Trigger
from tests.adapters.conftest import Run
from tests.adapters.console.evidence import reply
from tests.fakes.clock import CountingIds, ManualClock


class ScriptedBot:
    """Gives the replies that it was given, and remembers what it was asked."""

    def __init__(self, *replies: Reply | None, topics: Sequence[Topic] = ()) -> None:
        self.topics = tuple(topics)
        self.asked: list[Interaction] = []
        self.shown: list[tuple[str, Sequence[str]]] = []
        self._replies = list(replies)

    async def handle(self, interaction: Interaction) -> Reply | None:
        self.asked.append(interaction)
        return self._replies.pop(0)

    async def delivered(self, reply: Reply, message_ids: Sequence[str]) -> None:
        self.shown.append((reply.id, message_ids))


class Talk:
    """A chat whose output can be read."""

    def __init__(self, bot: ScriptedBot) -> None:
        self._file = io.StringIO()
        terminal = Terminal(Console(file=self._file, width=80, markup=False, highlight=False))
        conversation = Conversation("ann", None, CountingIds("m"), ManualClock())
        self.chat = Chat(bot, self.around, conversation, terminal)

    def around(self, quote: Quote) -> tuple[str, str]:
        if quote.text == "Counterpoint 1.":
            raise IndexUnavailable("The document has changed meanwhile.")
        return ("Before it.\n", "")

    async def type(self, *lines: str) -> str:
        """Type lines and return what they showed."""
        self._file.seek(0)
        self._file.truncate()
        for line in lines:
            await self.chat.take(line)
        return self._file.getvalue()


async def test_lines_that_are_not_for_the_bot_show_nothing() -> None:
    bot = ScriptedBot()

    assert await Talk(bot).type("I like tea.", "", "   ") == ""
    assert bot.asked == []


async def test_mention_is_answered_once_and_noted_as_shown() -> None:
    bot = ScriptedBot(reply())
    out = await Talk(bot).type("@bot tea")

    assert out.count("Here is what was found.") == 1
    assert bot.shown == [("r1", ["m2"])]


async def test_answer_about_a_message_names_its_author() -> None:
    answer = reply()
    assert answer.query is not None
    about = replace(answer, query=replace(answer.query, answers="m1"))
    out = await Talk(ScriptedBot(about)).type("Tea needs no milk.", "/as ben", "@bot source?")

    assert "About what ann wrote:\n    Tea needs no milk.\n" in out


async def test_source_is_the_command_that_platforms_have() -> None:
    bot = ScriptedBot(reply())
    await Talk(bot).type("/source  green tea ")

    assert (bot.asked[0].text, bot.asked[0].trigger) == ("green tea", Trigger.COMMAND)


async def test_duplicate_is_said_to_be_one() -> None:
    assert "answered that message already" in await Talk(ScriptedBot(None)).type("@bot tea")


async def test_more_shows_the_rest_once() -> None:
    talk = Talk(ScriptedBot(reply(5, 3)))
    first = await talk.type("@bot tea")
    more = await talk.type("/more")

    assert "Show 3 more: /more" in first
    assert [line.split("  ")[0].strip() for line in more.splitlines() if "“" in line] == [
        "6",
        "7",
        "8",
    ]
    assert await talk.type("/more") == "There is nothing more to show.\n"


async def test_context_stands_around_a_quote() -> None:
    talk = Talk(ScriptedBot(reply(1, 1)))
    assert await talk.type("/context 1") == "No quote has been shown yet.\n"
    await talk.type("@bot tea")

    assert "    Before it. Quote 1.\n" in await talk.type("/context 1")
    assert "changed meanwhile" in await talk.type("/context 2")
    for wrong in ("/context", "/context 0", "/context 3", "/context x", "/context ²"):
        assert await talk.type(wrong) == "Name a quote by its number, 1 to 2.\n"


async def test_why_tells_figures_and_times() -> None:
    talk = Talk(ScriptedBot(reply(), Reply("r2", False, "Ask me.")))
    assert await talk.type("/why") == "Nothing has been asked yet.\n"
    await talk.type("@bot tea")

    assert await talk.type("/why") == (
        "Searched for: Tea needs no milk. (claim)\n"
        "Sides taken on: Tea needs no milk.\n"
        " 1  to the point 0.80, supports 0.90, tea 0-8\n"
        "Took 12 ms (search 7, stance 5).\n"
        "Corpus c0ffee, request r1.\n"
    )
    await talk.type("@bot")
    assert await talk.type("/why") == "Took 0 ms.\nCorpus not searched, request r2.\n"


async def test_topics_are_listed() -> None:
    topic = Topic("milk", "Milk", (), "About milk.", "Tea should have milk.")

    assert await Talk(ScriptedBot(topics=[topic])).type("/topics") == (
        "milk  Tea should have milk.\n"
    )
    assert await Talk(ScriptedBot()).type("/topics") == "The corpus names no topics.\n"


async def test_help_lists_every_command() -> None:
    out = await Talk(ScriptedBot()).type("/help")

    assert all(typed in out for typed, _ in HELP)


@pytest.mark.parametrize("line", ["/source", "/as", "/frobnicate"])
async def test_mistyped_commands_point_to_help(line: str) -> None:
    out = await Talk(ScriptedBot()).type(line)

    assert line in out
    assert "/help" in out


async def test_prompt_tells_who_speaks_where() -> None:
    talk = Talk(ScriptedBot())
    assert talk.chat.prompt == "ann> "
    await talk.type("/as \x1b[31mben", "/thread #milk")
    assert talk.chat.prompt == "�[31mben #milk> "
    await talk.type("/thread")
    assert talk.chat.prompt == "�[31mben> "


@pytest.mark.parametrize("line", ["/quit", "/QUIT", "/exit"])
async def test_quit_is_the_last_line(line: str) -> None:
    assert not await Talk(ScriptedBot()).chat.take(line)


# --- the whole program ----------------------------------------------------------


def test_conversation_from_a_pipe_finds_the_claim_of_somebody_else(counterpoint: Run) -> None:
    outcome = counterpoint(
        "chat",
        "--as",
        "ann",
        "--thread",
        "laws",
        stdin="Cycle helmets should be compulsory.\n/as ben\n@bot source?\n/context 1\n",
    )

    assert outcome.code is ExitCode.OK
    assert "About what ann wrote:" in outcome.out
    assert "“Cycle helmets should be compulsory for every rider.”" in outcome.out
    assert "A helmet reduces the risk" in outcome.out.rpartition("http")[2]
    assert "> " not in outcome.out


def test_console_is_served_until_it_is_left(counterpoint: Run) -> None:
    outcome = counterpoint("serve", "console", stdin="@bot thanks\n/quit\n@bot helmets\n")

    assert outcome.code is ExitCode.OK
    assert outcome.out.count("Ask me a question") == 1
    assert "“" not in outcome.out
