"""Translate what Discord tells into the core's value types. Pure: nothing is fetched here.

`gathering` fetches the conversation, `bot.conversation` decides what of it is meant. Called by
`mentions`, `commands` and `pressing`.
"""

from collections.abc import Sequence

import discord

from bot.types import Interaction, Message, QueryKind, Trigger, Visibility

PLATFORM = "discord"


def from_message(
    message: discord.Message, trigger: Trigger, context: Sequence[Message] = ()
) -> Interaction:
    """Return the request that a message is, with the conversation around it."""
    channel_id, thread_id = channel_and_thread(message.channel)
    return Interaction(
        id=str(message.id),
        platform=PLATFORM,
        community_id=str(message.guild.id) if message.guild else channel_id,
        channel_id=channel_id,
        asker_id=str(message.author.id),
        text=message.content,
        trigger=trigger,
        created_at=message.created_at.timestamp(),
        thread_id=thread_id,
        context=tuple(context),
    )


def from_interaction(
    interaction: discord.Interaction,
    text: str,
    trigger: Trigger,
    visibility: Visibility,
    *,
    kind: QueryKind | None = None,
    target: discord.Message | None = None,
) -> Interaction:
    """Return the request that a command, a menu or a button is.

    Args:
        interaction: What Discord sent.
        text: What was asked.
        trigger: How the bot was called.
        visibility: Who sees the reply.
        kind: What the asker said it is.
        target: The message on whose menu it was.
    """
    channel_id, thread_id = channel_and_thread(interaction.channel)
    context = () if target is None else (said(target, is_reply_target=True),)
    return Interaction(
        id=str(interaction.id),
        platform=PLATFORM,
        community_id=community_of(interaction),
        channel_id=channel_id,
        asker_id=str(interaction.user.id),
        text=text,
        trigger=trigger,
        created_at=interaction.created_at.timestamp(),
        thread_id=thread_id,
        context=context,
        kind=kind,
        visibility=visibility,
    )


def said(message: discord.Message, *, is_reply_target: bool = False) -> Message:
    """Return a message of a conversation."""
    return Message(
        id=str(message.id),
        author_id=str(message.author.id),
        text=text_of(message),
        is_bot=message.author.bot or message.webhook_id is not None,
        is_reply_target=is_reply_target,
    )


def text_of(message: discord.Message) -> str:
    """Return the words of a message: its own, else those that it forwards or embeds."""
    if message.content:
        return message.content
    forwarded = [snapshot.content for snapshot in message.message_snapshots if snapshot.content]
    embedded = [
        part for embed in message.embeds for part in (embed.title, embed.description) if part
    ]
    return "\n".join(forwarded or embedded)


def community_of(interaction: discord.Interaction) -> str:
    """Return the id of the server of an interaction, or of the conversation outside of one."""
    return str(interaction.guild_id or channel_and_thread(interaction.channel)[0])


def channel_and_thread(place: discord.abc.Snowflake | None) -> tuple[str, str | None]:
    """Return the ids of a channel and, where it is one, of the thread in it."""
    if isinstance(place, discord.Thread):
        return str(place.parent_id), str(place.id)
    return (str(place.id) if place is not None else "unknown"), None


def is_call(message: discord.Message, own_id: int) -> bool:
    """Whether a message mentions the bot, by itself or by the role that it alone has.

    Mentions of everyone do not count; a reply that pings the bot does.
    """
    if any(user.id == own_id for user in message.mentions):
        return True
    roles = (role.tags for role in message.role_mentions)
    return any(tags is not None and tags.bot_id == own_id for tags in roles)


def is_said_by_a_person(message: discord.Message) -> bool:
    """Whether a person wrote a message: no bot, no webhook, no notice of Discord's."""
    return (
        not message.author.bot
        and message.webhook_id is None
        and message.type in (discord.MessageType.default, discord.MessageType.reply)
    )
