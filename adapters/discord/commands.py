"""What the commands of members do, and the entries in a message's menu.

`registering` makes them known to Discord from the core's table, `admin` has those of admins.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import discord
from discord import app_commands

from adapters.discord import layout, limits
from adapters.discord.gathering import around
from adapters.discord.interacting import attend, tell
from adapters.discord.registering import Handler
from adapters.discord.sending import InteractionPost, View
from adapters.discord.translate import PLATFORM, from_interaction, text_of
from adapters.messaging.answering import Answering
from adapters.messaging.channels import ChannelSettings, mode_of
from adapters.messaging.guides import (
    Manners,
    forget_report,
    help_report,
    privacy_report,
    welcome_report,
)
from adapters.messaging.recording import OptOuts, keeps
from adapters.messaging.topics import TopicFinder
from adapters.messaging.working import Work
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
from bot.types import ChannelMode, Interaction, QueryKind, Topic, Trigger, Visibility

MANNERS = Manners(texts.MENU_ON_DISCORD, f"/{FORGET_ME.name}")
"""How Discord calls things."""


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
        records: Knows who wants nothing kept.
        work: What the process holds.
        kept_days: For how many days is kept what they ask; 0 for ever.
    """

    def __init__(
        self,
        answering: Answering[View],
        channels: ChannelSettings,
        topics: Callable[[], Sequence[Topic]],
        records: OptOuts,
        work: Work,
        kept_days: int = 0,
    ) -> None:
        self._kept_days = kept_days
        self._answering = answering
        self._channels = channels
        self._finder = TopicFinder(topics, limits.CHOICE_VALUE)
        self._records = records
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
        return [
            app_commands.Choice(
                name=limits.clipped(topic.title or topic.slug, limits.CHOICE_NAME),
                value=topic.slug,
            )
            for topic in self._finder.find(typed, limits.CHOICES)
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
        asked = from_interaction(interaction, text, Trigger.COMMAND, visibility, kind=kind)
        if not await self._may_speak(interaction, asked):
            return
        post = InteractionPost(interaction, is_private=visibility is Visibility.ASKER)
        if await post.open():
            await self._answering.answer(asked, post)

    async def forget_me(self, interaction: discord.Interaction) -> None:
        """Ask whether everything of the asker shall really go; `pressing` does it."""
        view = layout.report(forget_report(str(interaction.user.id)))
        await attend(interaction, self._work, lambda: tell(interaction, view))

    async def privacy(self, interaction: discord.Interaction) -> None:
        """Say what is kept."""
        await attend(interaction, self._work, lambda: self._tell_privacy(interaction))

    async def help(self, interaction: discord.Interaction) -> None:
        """Say how to ask."""
        view = help_message()
        await attend(interaction, self._work, lambda: tell(interaction, view))

    async def _tell_privacy(self, interaction: discord.Interaction) -> None:
        post = InteractionPost(interaction, is_private=True)
        if await post.open():  # the records may take longer than Discord waits
            are_kept = await keeps(self._records, PLATFORM, str(interaction.user.id))
            await post.show(layout.report(privacy_report(MANNERS, self._kept_days, are_kept)))

    def _menu(self, menu: MessageMenu) -> Handler:
        async def handler(interaction: discord.Interaction, message: discord.Message) -> None:
            await attend(
                interaction, self._work, lambda: self._look_into(interaction, message, menu.trigger)
            )

        return handler

    async def _look_into(
        self, interaction: discord.Interaction, message: discord.Message, trigger: Trigger
    ) -> None:
        asked = from_interaction(interaction, "", trigger, Visibility.EVERYONE, target=message)
        if not await self._may_speak(interaction, asked):
            return
        if not text_of(message).strip():
            await tell(interaction, layout.refusal(texts.NOTHING_TO_READ, str(interaction.id)))
            return
        post = InteractionPost(interaction, is_private=False)
        if await post.open():
            await self._answering.answer(asked, post, around(target=message))

    async def _may_speak(self, interaction: discord.Interaction, asked: Interaction) -> bool:
        """Whether the channel is open to the bot; the asker is told when it is not."""
        if interaction.guild_id is None:
            return True
        if await mode_of(self._channels, asked) is not ChannelMode.DENY:
            return True
        await tell(interaction, layout.refusal(texts.NOT_IN_CHANNEL, str(interaction.id)))
        return False


def help_message() -> discord.ui.LayoutView:
    """Return how to ask."""
    return layout.report(help_report(MANNERS))


def welcome_message() -> discord.ui.LayoutView:
    """Return what a server is told when the bot joins it."""
    return layout.report(welcome_report(MANNERS))
