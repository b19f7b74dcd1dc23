"""What the commands of admins do on Discord; `adapters.messaging.administering` does it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from math import isfinite

import aiohttp
import discord

from adapters.discord import examining, views
from adapters.discord.interacting import attend
from adapters.discord.registering import Channel, Handler
from adapters.discord.sending import InteractionPost, View
from adapters.discord.translate import PLATFORM, community_of
from adapters.messaging.administering import EVERY_S, Admin, Administering, Upload
from adapters.messaging.working import Work
from bot import admin_texts
from bot.administration import Administration, AdminRequest, Finding
from bot.commands import SOURCE_ADMIN
from bot.types import ChannelMode

Deed = Callable[[Admin, InteractionPost], Awaitable[None]]


class AdminCommands:
    """The commands that look after the documents and the bot.

    Args:
        client: The connection, for what the doctor looks at.
        administration: Does it.
        work: What the process holds.
        every_s: Seconds between two words on how far a reindex has come.
        public_url: Where readers reach the pages of quotes; None is not looked at.
    """

    def __init__(
        self,
        client: examining.Connection,
        administration: Administration,
        work: Work,
        every_s: float = EVERY_S,
        public_url: str | None = None,
    ) -> None:
        self._client = client
        self._administration = administration
        self._work = work
        self._public_url = public_url
        self._administering: Administering[View] = Administering(
            administration, views, self._deaf, every_s
        )

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """What each subcommand does, by its name in the table."""
        name = SOURCE_ADMIN.name
        return {
            f"{name} reindex": self.reindex,
            f"{name} status": self.status,
            f"{name} channels": self.channels,
            f"{name} add": self.add,
            f"{name} log": self.log,
            f"{name} doctor": self.doctor,
            f"{name} dashboard": self.dashboard,
        }

    # --- the documents ------------------------------------------------------------

    async def reindex(self, interaction: discord.Interaction) -> None:
        """Read the documents again; tell how far it has come, and in the end what changed."""
        await self._attend(interaction, self._administering.reindex)

    async def add(
        self,
        interaction: discord.Interaction,
        file: discord.Attachment,
        title: str | None = None,
        author: str | None = None,
        url: str | None = None,
    ) -> None:
        """Read a document and show it; buttons publish it or throw it away."""
        failures = (discord.DiscordException, aiohttp.ClientError, OSError)
        upload = Upload(file.filename, file.size, file.read, failures)
        await self._attend(
            interaction,
            lambda by, post: self._administering.add(
                by, post, upload, title=title, author=author, url=url
            ),
        )

    async def publish(self, interaction: discord.Interaction, staged_id: str) -> None:
        """Take a staged document into the corpus; pressed under it."""
        await self._attend(
            interaction, lambda by, post: self._administering.publish(by, post, staged_id)
        )

    async def discard(self, interaction: discord.Interaction, staged_id: str) -> None:
        """Throw a staged document away; pressed under it."""
        await self._attend(
            interaction, lambda by, post: self._administering.discard(by, post, staged_id)
        )

    # --- the bot ------------------------------------------------------------------

    async def status(self, interaction: discord.Interaction) -> None:
        """Say what is indexed and how the bot is doing."""

        def latency() -> Sequence[str]:
            seconds = self._client.latency
            return [admin_texts.latency(round(seconds * 1000) if isfinite(seconds) else 0)]

        await self._attend(
            interaction, lambda by, post: self._administering.status(by, post, latency)
        )

    async def channels(
        self,
        interaction: discord.Interaction,
        action: str | None = None,
        channel: Channel | None = None,
    ) -> None:
        """Show or set what the bot does in channels."""
        if action in (None, "list"):
            await self._attend(interaction, self._administering.list_channels)
            return
        channel_id = str(channel.id if channel else interaction.channel_id or 0)
        mode = ChannelMode(action)
        await self._attend(
            interaction,
            lambda by, post: self._administering.set_channel(by, post, channel_id, mode),
        )

    async def log(
        self,
        interaction: discord.Interaction,
        show: str | None = None,
        count: int | None = None,
    ) -> None:
        """Show what was asked lately; what was asked in vain, unless told otherwise."""
        await self._attend(
            interaction,
            lambda by, post: self._administering.log(
                by, post, count, unanswered_only=show != "all"
            ),
        )

    async def doctor(self, interaction: discord.Interaction) -> None:
        """Look everything over and say what is wrong."""

        async def examine() -> Sequence[Finding]:
            community = community_of(interaction)
            modes = await self._administration.channels(PLATFORM, community)
            return await examining.examine(self._client, interaction, modes, self._public_url)

        await self._attend(
            interaction, lambda by, post: self._administering.doctor(by, post, examine)
        )

    async def dashboard(self, interaction: discord.Interaction) -> None:
        """Give an owner a link that logs them in to the dashboard once."""
        await self._attend(interaction, self._administering.dashboard)

    # --- below --------------------------------------------------------------------

    def _deaf(self) -> str | None:
        return None if self._client.intents.message_content else admin_texts.AUTO_IS_DEAF

    async def _attend(self, interaction: discord.Interaction, deed: Deed) -> None:
        asked = AdminRequest(PLATFORM, community_of(interaction), str(interaction.user.id))
        by = Admin(asked, str(interaction.id), interaction.permissions.manage_guild)
        post = InteractionPost(interaction, is_private=True)
        await attend(interaction, self._work, lambda: deed(by, post))
