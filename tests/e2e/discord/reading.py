"""What the bot wrote, as its readers see it."""

import re
from collections.abc import Iterator
from typing import Any

from simcord.backend.models import Channel, Interaction, Message
from simcord.components import walk_components

from tests.e2e.discord.server import LoopbackDiscord

BUTTON, STRING_SELECT, TEXT = 2, 3, 10
_ESCAPED = re.compile(r"\\([^\w\s])")
_SAID = (0, 19, 20, 23)  # plain, a reply, an answer to a command or to a menu


def text_of(message: Message) -> str:
    """Return all the text that a message shows, a block a line."""
    parts = [message.content]
    parts += [one["content"] for one in walk_components(message.components) if one["type"] == TEXT]
    return "\n".join(part for part in parts if part)


def words_of(message: Message) -> str:
    """Return what a reader sees on one line: a backslash shows the mark behind it."""
    lines = (line.removeprefix("> ") for line in text_of(message).splitlines())
    return _ESCAPED.sub(r"\1", " ".join(lines))


def labels_of(message: Message) -> list[str]:
    """Return the labels of a message's buttons."""
    return [str(one.get("label")) for one in buttons_of(message)]


def buttons_of(message: Message) -> list[dict[str, Any]]:
    """Return the buttons of a message that do something (no links)."""
    found = [one for one in walk_components(message.components) if one["type"] == BUTTON]
    return [one for one in found if one.get("custom_id")]


def buttons_row(message: Message) -> list[dict[str, Any]]:
    """Return the buttons of a message as a row of another one."""
    return [{"type": 1, "components": [dict(one) for one in buttons_of(message)]}]


def links_of(message: Message) -> list[str]:
    """Return where the link buttons of a message lead."""
    return [one["url"] for one in walk_components(message.components) if one.get("url")]


def pinged_by(message: Message) -> list[str]:
    """Return whom a message pings."""
    everyone = ["everyone"] if message.mention_everyone else []
    return everyone + [str(one) for one in (*message.ping_user_ids, *message.ping_role_ids)]


def written_by_bot(server: LoopbackDiscord, channel: Channel) -> Iterator[Message]:
    """Yield what the bot wrote in a channel that everybody there sees, oldest first."""
    bot_id = server.backend.bot_user.id
    for message in sorted(server.backend.messages[channel.id].values(), key=lambda one: one.id):
        if message.author_id == bot_id and not message.is_ephemeral and message.type in _SAID:
            yield message


def answers_to(server: LoopbackDiscord, asked: Message) -> list[Message]:
    """Return the bot's replies to a message."""
    channel = server.backend.get_channel(asked.channel_id)
    return [
        one
        for one in written_by_bot(server, channel)
        if one.reference is not None and one.reference["message_id"] == str(asked.id)
    ]


def shown_by(server: LoopbackDiscord, interaction: Interaction) -> list[Message]:
    """Return the messages that answered an interaction; none while it is loading."""
    if interaction.message_id is None or interaction.loading:
        return []
    messages = server.backend.messages[interaction.channel_id]
    ids = [interaction.message_id, *interaction.followup_ids]
    return [messages[one] for one in ids if one in messages]
