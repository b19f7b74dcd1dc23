"""Fetch what a call of the bot needs of the conversation that it stands in.

In order of worth: the message replied to, the thread's starter (which lives in the parent
channel) and the newest messages. What may not be read is left out and logged; an answer from
less is better than none. Called by `mentions`.
"""

import logging

import discord

from adapters.discord.sending import FAILURES, persistently
from adapters.discord.translate import is_said_by_a_person, said
from adapters.messaging.surroundings import Cited, Surroundings

_log = logging.getLogger(__name__)

NEWEST = 25
"""Messages before the call that are read."""


def cite(message: discord.Message) -> Cited:
    """Return who wrote a message, by the name that readers see, and where it is."""
    return Cited(message.author.display_name, message.jump_url)


def around(*messages: discord.Message, target: discord.Message | None = None) -> Surroundings:
    """Return the surroundings that these messages make; ``target`` is replied to."""
    found = {message.id: message for message in messages}
    if target is not None:
        found[target.id] = target
    oldest_first = [found[number] for number in sorted(found)]
    told = tuple(said(one, is_reply_target=one is target) for one in oldest_first)
    return Surroundings(
        told,
        {str(one.id): cite(one) for one in oldest_first},
        is_withheld=any(_is_withheld(one) for one in oldest_first),
    )


async def gather(call: discord.Message) -> Surroundings:
    """Fetch the conversation around a message that calls the bot."""
    target = await _replied_to(call)
    starter = await _starter(call)
    newest = await _newest(call)
    known = [message for message in (starter, *newest) if message is not None]
    return around(*known, target=target)


def _is_withheld(message: discord.Message) -> bool:
    """Whether a person's message is empty, which none is: the message content intent is missing."""
    shown = (message.content, message.attachments, message.embeds, message.stickers, message.poll)
    return is_said_by_a_person(message) and not any(shown) and not message.message_snapshots


async def _replied_to(call: discord.Message) -> discord.Message | None:
    reference = call.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    if reference.message_id is None or isinstance(
        reference.resolved, discord.DeletedReferencedMessage
    ):
        return None
    return await _fetch(call.channel, reference.message_id, "message_replied_to_withheld")


async def _starter(call: discord.Message) -> discord.Message | None:
    """Return the message that a thread began with; its id is the thread's."""
    thread = call.channel
    if not isinstance(thread, discord.Thread):
        return None
    if thread.starter_message is not None:
        return thread.starter_message
    parent = thread.parent
    # A post of a forum holds its own first message; any other starter stays in the channel.
    home = thread if parent is None or isinstance(parent, discord.ForumChannel) else parent
    return await _fetch(home, thread.id, "thread_starter_withheld")


async def _newest(call: discord.Message) -> list[discord.Message]:
    async def read() -> list[discord.Message]:
        history = call.channel.history(limit=NEWEST, before=call, oldest_first=False)
        return [
            message
            async for message in history
            if message.type in (discord.MessageType.default, discord.MessageType.reply)
        ]

    try:
        return await persistently(read)
    except FAILURES as error:
        _say_withheld("history_withheld", call.channel.id, error)
        return []


async def _fetch(
    place: discord.abc.Messageable, message_id: int, event: str
) -> discord.Message | None:
    try:
        return await persistently(lambda: place.fetch_message(message_id))
    except FAILURES as error:
        _say_withheld(event, message_id, error)
        return None


def _say_withheld(event: str, subject_id: int, error: Exception) -> None:
    # A thread that began without a message has no starter: nothing is missing then.
    level = logging.DEBUG if isinstance(error, discord.NotFound) else logging.WARNING
    _log.log(level, event, extra={"id": subject_id, "reason": str(error)})
