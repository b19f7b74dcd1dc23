"""Translate what is typed in a terminal into interactions, with the conversation around them.

Several people and threads can be played. Keeps what was said in each thread, in memory only.
Asking and showing are `chat`'s work.
"""

import re
from collections.abc import Callable

from bot.types import Interaction, Message, QueryKind, Reply, Trigger

PLATFORM = "console"
BOT_ID = "bot"
CONTEXT_MESSAGES = 50
"""Messages of a thread that travel with a request, the newest."""

_MENTION = re.compile(r"\s*@bot\b[\s,:]*", re.IGNORECASE)


class Conversation:
    """Who speaks, in which thread, and what was said in each.

    Args:
        speaker: Who speaks at first.
        thread: Which thread is open at first; None for the channel itself.
        new_id: Makes ids of messages, each one new.
        clock: Seconds since the epoch.
    """

    def __init__(
        self,
        speaker: str,
        thread: str | None,
        new_id: Callable[[], str],
        clock: Callable[[], float],
    ) -> None:
        self.speaker = speaker
        self.thread = thread
        self._new_id = new_id
        self._clock = clock
        self._said: dict[str | None, list[Message]] = {}

    @property
    def messages(self) -> tuple[Message, ...]:
        """What was said in the open thread, oldest first."""
        return tuple(self._said.get(self.thread, ()))

    def say(self, line: str) -> Interaction:
        """Translate a line and remember it; one that begins with ``@bot`` calls the bot."""
        called = _MENTION.match(line)
        text = line[called.end() :] if called else line
        interaction = self.call(text, Trigger.MENTION if called else Trigger.AUTO)
        self._remember(Message(interaction.id, self.speaker, line.strip()))
        return interaction

    def call(self, text: str, trigger: Trigger, kind: QueryKind | None = None) -> Interaction:
        """Make an interaction that is no message of the conversation, such as a command."""
        return Interaction(
            id=self._new_id(),
            platform=PLATFORM,
            community_id=PLATFORM,
            channel_id=PLATFORM,
            asker_id=self.speaker,
            text=text,
            trigger=trigger,
            created_at=self._clock(),
            thread_id=self.thread,
            context=self.messages[-CONTEXT_MESSAGES:],
            kind=kind,
        )

    def hear(self, reply: Reply) -> str:
        """Remember what the bot said; returns the id of its message."""
        message = Message(self._new_id(), BOT_ID, reply.headline, is_bot=True)
        self._remember(message)
        return message.id

    def author_of(self, message_id: str) -> str | None:
        """Return who wrote a message of the open thread; None when it is not known."""
        authors = {message.id: message.author_id for message in self.messages}
        return authors.get(message_id)

    def _remember(self, message: Message) -> None:
        self._said.setdefault(self.thread, []).append(message)
