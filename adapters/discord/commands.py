"""What the commands of members do, and the entries in a message's menu.

`registering` makes them known to Discord from the core's table, `admin` has those of admins.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import discord
from discord import app_commands

from adapters.discord import layout, limits
from adapters.discord.answering import Answering
from adapters.discord.buttons import Action, Button, Press
from adapters.discord.channels import ChannelSettings, mode_of
from adapters.discord.escaping import escaped_line
from adapters.discord.gathering import around
from adapters.discord.interacting import attend, tell
from adapters.discord.registering import Handler
from adapters.discord.sending import InteractionPost
from adapters.discord.topics import TopicFinder
from adapters.discord.translate import (
    channel_and_thread,
    community_of,
    from_interaction,
    text_of,
)
from adapters.discord.working import Work
from bot import texts
from bot.commands import (
    FIND_COUNTERPOINTS,
    FIND_SOURCES,
    FORGET_ME,
    HELP,
    PRIVACY,
    SOURCE,
    MessageMenu,
)
from bot.types import ChannelMode, QueryKind, Topic, Trigger, Visibility


class Asks(Protocol):
    """What asks a question for a member; buttons of suggestions use it too."""

    async def ask(
        self,
        interaction: discord.Interaction,
        text: str,
        visibility: Visibility,
        kind: QueryKind | None = None,
    ) -> None:
        """Answer a question that an interaction asks."""


class MemberCommands:
    """The commands that everybody may use.

    Args:
        answering: Answers requests.
        channels: Knows where the bot may speak.
        topics: Returns the topics of the corpus.
        work: What the process holds.
    """

    def __init__(
        self,
        answering: Answering,
        channels: ChannelSettings,
        topics: Callable[[], Sequence[Topic]],
        work: Work,
    ) -> None:
        self._answering = answering
        self._channels = channels
        self._topics = topics
        self._finder = TopicFinder(())
        self._work = work

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """What each command does, by its name in the table."""
        return {
            SOURCE.name: self.source,
            FORGET_ME.name: self.forget_me,
            PRIVACY.name: self.privacy,
            HELP.name: self.help,
            FIND_SOURCES.name: self._menu(FIND_SOURCES),
            FIND_COUNTERPOINTS.name: self._menu(FIND_COUNTERPOINTS),
        }

    async def complete_topic(
        self, _: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer topics while a member types; any other text is accepted too."""
        topics = self._topics()
        if self._finder.topics is not topics:  # there was a reindex, or nobody has asked yet
            self._finder = TopicFinder(topics)
        return [
            app_commands.Choice(
                name=limits.clipped(topic.title or topic.slug, limits.CHOICE_NAME),
                value=topic.slug,
            )
            for topic in self._finder.find(typed)
        ]

    async def source(
        self, interaction: discord.Interaction, topic: str, visibility: str | None = None
    ) -> None:
        """Answer a topic, a claim or a question."""
        seen_by = Visibility(visibility or Visibility.EVERYONE)
        await attend(interaction, self._work, lambda: self.ask(interaction, topic, seen_by))

    async def ask(
        self,
        interaction: discord.Interaction,
        text: str,
        visibility: Visibility,
        kind: QueryKind | None = None,
    ) -> None:
        """Answer a question that an interaction asks."""
        if not await self._may_speak(interaction):
            return
        asked = from_interaction(interaction, text, Trigger.COMMAND, visibility, kind=kind)
        post = InteractionPost(interaction, is_private=visibility is Visibility.ASKER)
        if await post.open():
            await self._answering.answer(asked, post)

    async def forget_me(self, interaction: discord.Interaction) -> None:
        """Ask whether everything of the asker shall really go; `pressing` does it."""
        confirm = Button.of(
            Press(Action.FORGET, str(interaction.user.id)),
            texts.FORGET,
            discord.ButtonStyle.danger,
        )
        view = layout.notice(texts.FORGET_WARNING, *layout.row([confirm]))
        await attend(interaction, self._work, lambda: tell(interaction, view))

    async def privacy(self, interaction: discord.Interaction) -> None:
        """Say what is kept."""
        view = layout.lines(texts.PRIVACY_TITLE, _bullets(texts.PRIVACY))
        await attend(interaction, self._work, lambda: tell(interaction, view))

    async def help(self, interaction: discord.Interaction) -> None:
        """Say how to ask."""
        view = help_message()
        await attend(interaction, self._work, lambda: tell(interaction, view))

    def _menu(self, menu: MessageMenu) -> Handler:
        async def handler(interaction: discord.Interaction, message: discord.Message) -> None:
            await attend(
                interaction, self._work, lambda: self._look_into(interaction, message, menu.trigger)
            )

        return handler

    async def _look_into(
        self, interaction: discord.Interaction, message: discord.Message, trigger: Trigger
    ) -> None:
        if not await self._may_speak(interaction):
            return
        if not text_of(message).strip():
            await tell(interaction, layout.refusal(texts.NOTHING_TO_READ, str(interaction.id)))
            return
        asked = from_interaction(interaction, "", trigger, Visibility.EVERYONE, target=message)
        post = InteractionPost(interaction, is_private=False)
        if await post.open():
            await self._answering.answer(asked, post, around(target=message))

    async def _may_speak(self, interaction: discord.Interaction) -> bool:
        """Whether the channel is open to the bot; the asker is told when it is not."""
        if interaction.guild_id is None:
            return True
        channel_id, thread_id = channel_and_thread(interaction.channel)
        mode = await mode_of(self._channels, community_of(interaction), channel_id, thread_id)
        if mode is not ChannelMode.DENY:
            return True
        await tell(interaction, layout.refusal(texts.NOT_IN_CHANNEL, str(interaction.id)))
        return False


def help_message() -> discord.ui.LayoutView:
    """Return how to ask."""
    return layout.lines(texts.HELP_TITLE, _bullets(texts.HELP))


def welcome_message() -> discord.ui.LayoutView:
    """Return what a server is told when the bot joins it."""
    tries = [
        f"{number}. {escaped_line(line)}" for number, line in enumerate(texts.WELCOME_TRIES, 1)
    ]
    return layout.lines(texts.WELCOME, [escaped_line(texts.WELCOME_TRY), *tries])


def _bullets(sentences: Sequence[str]) -> list[str]:
    return [f"- {escaped_line(sentence)}" for sentence in sentences]
