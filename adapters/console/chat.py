"""A conversation in a terminal, from the first prompt to the end of the input.

Lines that begin with ``@bot`` are for the bot, those that begin with ``/`` for this loop, and
all others are said to the thread and become its context. Each call of the bot is one
`handle`, rendered once. Started by ``counterpoint chat`` and ``counterpoint serve console``.
"""

import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from rich.text import Text

from adapters.console.conversation import Conversation
from adapters.console.printable import printable
from adapters.console.render import SIDES_ON, Page, pages_of, render_page, render_reply
from adapters.console.running import open_bot
from adapters.console.terminal import BLANK, Line, Terminal, open_terminal, plain
from bot import texts
from bot.conversation.gate import should_speak
from bot.errors import BotError
from bot.types import Evidence, Interaction, Quote, Reply, Topic, Trigger
from bot.typography import readable

if TYPE_CHECKING:
    from bot.bootstrap import Application

HELP = (
    ("@bot TEXT", "ask: a question, a claim or a topic; `@bot source?` asks about what was said"),
    ("TEXT", "say something to the thread; the bot reads it when it is called"),
    ("/source TOPIC", "both sides of a topic"),
    ("/more", "the rest of the last answer"),
    ("/context N", "what stands around quote N"),
    ("/why", "how the last answer came about"),
    ("/topics", "the topics of the corpus"),
    ("/as NAME", "speak as somebody else"),
    ("/thread NAME", "open another thread; without a name, the channel"),
    ("/help", "this list"),
    ("/quit", "leave (or press Ctrl-D)"),
)
"""What may be typed, and what it does; the documentation lists the same."""


class Answering(Protocol):
    """What a chat needs of the bot."""

    async def handle(self, interaction: Interaction) -> Reply | None:
        """Answer an interaction; None for a duplicate."""

    async def delivered(self, reply: Reply, message_ids: Sequence[str]) -> None:
        """Note that a reply was shown."""

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of the corpus."""


class Chat:
    """One terminal's conversation with the bot.

    Args:
        bot: Answers.
        around: Returns what stands before and after a quote.
        conversation: What is said, and by whom.
        terminal: Where replies are shown.
    """

    def __init__(
        self,
        bot: Answering,
        around: Callable[[Quote], tuple[str, str]],
        conversation: Conversation,
        terminal: Terminal,
    ) -> None:
        self.conversation = conversation
        self._bot = bot
        self._around = around
        self._terminal = terminal
        self._last: Reply | None = None
        self._shown: list[Evidence] = []
        self._rest = Page((), ())

    @property
    def prompt(self) -> str:
        """What stands before the line that is typed next."""
        thread = self.conversation.thread
        return f"{self.conversation.speaker}{f' #{thread}' if thread else ''}> "

    async def take(self, line: str) -> bool:
        """Deal with a typed line; False when it was the last."""
        line = line.strip()
        if not line.startswith("/"):
            if line:
                await self._answer(self.conversation.say(line))
            return True
        command, _, argument = line.partition(" ")
        return await self._obey(command.casefold(), argument.strip())

    async def _obey(self, command: str, argument: str) -> bool:
        match command:
            case "/quit" | "/exit":
                return False
            case "/source" if argument:
                await self._answer(self.conversation.call(argument, Trigger.COMMAND))
            case "/as" if argument:
                self.conversation.speaker = printable(argument)
            case "/thread":
                self.conversation.thread = printable(argument).removeprefix("#") or None
            case "/more":
                self._more()
            case "/context":
                self._context(argument)
            case "/why":
                self._why()
            case "/topics":
                self._terminal.write(_topics(self._bot.topics))
            case "/help":
                self._terminal.write(_help())
            case "/source" | "/as":
                self._terminal.say(f"{command} needs a word after it; /help shows how.")
            case _:
                self._terminal.say(f"There is no {command}; /help lists what there is.")
        return True

    async def _answer(self, interaction: Interaction) -> None:
        if not should_speak(interaction, is_self=False, is_bot=False, is_edit=False):
            return
        reply = await self._bot.handle(interaction)
        if reply is None:
            self._terminal.say(texts.ALREADY_ANSWERED)
            return
        self._last = reply
        first, self._rest = pages_of(reply)
        self._shown = list(first.evidence)
        self._terminal.write([BLANK, *self._about(reply), *render_reply(reply, "/more"), BLANK])
        await self._bot.delivered(reply, [self.conversation.hear(reply)])

    def _about(self, reply: Reply) -> Iterator[Line]:
        """Say whose message a reply is about, when it is not about the request's own words."""
        query = reply.query
        author = self.conversation.author_of(query.answers) if query and query.answers else None
        if query and author:
            yield Line(plain(texts.answers_message(author), "dim"))
            yield Line(plain(query.text, "dim"), 4)

    def _more(self) -> None:
        if not self._rest.evidence:
            self._terminal.say("There is nothing more to show.")
            return
        self._terminal.write(
            [*render_page(self._rest, self._last.query if self._last else None), BLANK]
        )
        self._shown += self._rest.evidence
        self._rest = Page((), ())

    def _context(self, argument: str) -> None:
        number = int(argument) if argument.isdecimal() else 0
        if not 1 <= number <= len(self._shown):
            self._terminal.say(
                f"Name a quote by its number, 1 to {len(self._shown)}."
                if self._shown
                else "No quote has been shown yet."
            )
            return
        quote = self._shown[number - 1].quote
        try:
            before, after = self._around(quote)
        except BotError as error:
            self._terminal.say(str(error))
            return
        parts = ((before, "dim"), (quote.text, "bold"), (after, "dim"))
        shown = [plain(readable(text), style) for text, style in parts if text.strip()]
        self._terminal.write([BLANK, Line(Text(" ").join(shown), 4), BLANK])

    def _why(self) -> None:
        if self._last is None:
            self._terminal.say("Nothing has been asked yet.")
            return
        self._terminal.write(_explanation(self._last, self._shown))


def run_chat(application: "Application", speaker: str, thread: str | None) -> None:
    """Talk until the input ends; also when it is a file or a pipe."""
    terminal = open_terminal()
    conversation = Conversation(speaker, thread, lambda: uuid.uuid4().hex, time.time)
    is_typed = sys.stdin.isatty()
    if is_typed:
        with suppress(ImportError):
            import readline  # noqa: F401  (gives input() its history and line editing)
        terminal.say("Say @bot and a question, a claim or a topic. /help lists the rest.", "dim")
    with open_bot(application) as (runner, bot):
        chat = Chat(bot, application.around, conversation, terminal)
        try:
            while (line := _next_line(chat.prompt if is_typed else None)) is not None:
                if not runner.run(chat.take(line)):
                    return
        except (KeyboardInterrupt, EOFError):
            pass  # both are ways to leave
        if is_typed:
            terminal.write([BLANK])  # the prompt is still on the line


def serve(application: "Application") -> None:
    """Serve the platform ``console``: one conversation in this terminal."""
    run_chat(application, "you", None)


def _next_line(prompt: str | None) -> str | None:
    return (sys.stdin.readline() or None) if prompt is None else input(prompt)


def _help() -> Iterator[Line]:
    width = max(len(typed) for typed, _ in HELP) + 2
    for typed, meaning in HELP:
        yield Line(plain(meaning), width, typed)


def _topics(topics: Sequence[Topic]) -> Iterator[Line]:
    if not topics:
        yield Line(plain("The corpus names no topics."))
    for topic in topics:
        yield Line(Text("  ").join([plain(topic.slug), plain(topic.proposition, "dim")]))


def _explanation(reply: Reply, shown: Sequence[Evidence]) -> Iterator[Line]:
    """Tell how a reply came about: what was searched for, the figures, the time."""
    if reply.query is not None:
        yield Line(plain(f"Searched for: {reply.query.text} ({reply.query.kind})"))
        if reply.query.claim is not None:
            yield Line(plain(f"{SIDES_ON} {reply.query.claim}"))
    for number, evidence in enumerate(shown, start=1):
        figures = (
            f"to the point {evidence.score:.2f}, {evidence.stance} {evidence.probability:.2f}, "
            f"{evidence.quote.document_id} {evidence.quote.start}-{evidence.quote.end}"
        )
        yield Line(plain(figures), 4, f"{number:>2}")
    stages = ", ".join(f"{stage} {taken:.0f}" for stage, taken in reply.stage_ms.items())
    yield Line(plain(f"Took {reply.took_ms:.0f} ms{f' ({stages})' if stages else ''}."))
    yield Line(plain(f"Corpus {reply.corpus_version or 'not searched'}, request {reply.id}."))
