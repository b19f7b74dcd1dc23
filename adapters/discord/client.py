"""The connection to Discord: takes its events and hands each to who deals with it.

Holds nothing that a restart would miss: what was answered, set and staged is the core's to know.
`serving` starts and stops it.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

import aiohttp
import discord
from discord import app_commands

from adapters.discord import views
from adapters.discord.admin import AdminCommands
from adapters.discord.buttons import Button, Menu, ids_on
from adapters.discord.commands import MemberCommands, welcome_message
from adapters.discord.interacting import tell_trouble
from adapters.discord.mentions import Mentions, Place
from adapters.discord.pressing import Pressing
from adapters.discord.registering import register
from adapters.discord.sending import View, persistently
from adapters.discord.shards import Shards
from adapters.discord.translate import PLATFORM
from adapters.messaging.answering import Answering, Core
from adapters.messaging.presses import Press
from adapters.messaging.recording import Records
from adapters.messaging.working import Work
from bot import texts
from bot.administration import Administration
from bot.bootstrap import Application
from bot.commands import COMMANDS, MESSAGE_MENUS
from bot.errors import BotError
from bot.ports import GatewayState
from bot.settings import Settings

_log = logging.getLogger(__name__)


class Bot(Core, Records, Protocol):
    """What the client needs of the bot."""


class Tree(app_commands.CommandTree["DiscordClient"]):
    """The commands; errors in them are told by `interacting`, and here at the latest."""

    async def on_error(
        self, interaction: discord.Interaction, error: app_commands.AppCommandError, /
    ) -> None:
        """Tell what came from outside of any command, such as one that was renamed."""
        number = str(interaction.id)
        _log.error("command_failed", extra={"id": number, "reason": str(error)})
        is_waiting = interaction.type is discord.InteractionType.application_command
        if is_waiting and not interaction.response.is_done():
            await tell_trouble(interaction, texts.error("error_internal", number))


class DiscordClient(discord.AutoShardedClient):
    """Counterpoint on Discord.

    Args:
        bot: Answers.
        administration: Serves admins.
        application: Knows the documents around quotes.
        settings: What the operator chose.
    """

    def __init__(
        self,
        bot: Bot,
        administration: Administration,
        application: Application,
        settings: Settings,
    ) -> None:
        super().__init__(
            intents=intents_for(settings),
            allowed_mentions=discord.AllowedMentions.none(),
            shard_count=settings.discord_shard_count,
            guild_ready_timeout=settings.discord_guild_ready_timeout,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        if settings.discord_shard_ids is not None:
            self.shard_ids = list(settings.discord_shard_ids)
        self.work = Work()
        self._shards = Shards()
        self._settings = settings
        self._administration = administration
        answering: Answering[View] = Answering(bot, views, texts.CONTENT_HIDDEN)
        members = MemberCommands(
            answering,
            administration,
            lambda: bot.topics,
            bot,
            self.work,
            settings.log_retention_days,
        )
        admin = AdminCommands(self, administration, self.work, public_url=settings.public_url)
        self._pressing = Pressing(bot, application.around, members, admin, self.work)
        self._mentions = Mentions(
            answering,
            administration,
            lambda: bot.topics,
            reads_content=settings.discord_message_content,
        )
        self.tree = Tree(self)
        handlers = {**members.handlers, **admin.handlers}
        register(self.tree, COMMANDS, MESSAGE_MENUS, handlers, members.complete_topic)

    # --- starting -----------------------------------------------------------------

    async def setup_hook(self) -> None:
        """Make buttons and commands known, before the gateway is connected to."""
        self.add_dynamic_items(Button, Menu)
        if self.shard_count is None and self._settings.discord_gateway_url:
            # With a count of its own discord.py keeps to the gateway that was set.
            self.shard_count, _, _ = await self.http.get_bot_gateway()
        try:
            await persistently(self.tree.sync)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            # Those of the last start still work, and mentions do anyway; the doctor tells.
            _log.error("commands_not_synced", extra={"reason": str(error)})

    # --- the connection -----------------------------------------------------------

    async def gateway(self) -> GatewayState:
        """Return how the bot is connected now."""
        return self._shards.state_of(self)

    async def on_shard_connect(self, shard_id: int) -> None:
        """Take note of a new session."""
        self._shards.connected(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Take note of a session that goes on."""
        self._shards.connected(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Take note of a lost connection."""
        self._shards.lost(shard_id)

    # --- events -------------------------------------------------------------------

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message if it is for the bot. Edits are other events, and nobody takes them."""
        if self.work.is_stopping or self.user is None:
            return
        with self.work.held():
            await self._mentions.take(message, self.user.id)

    async def on_press(
        self, interaction: discord.Interaction, press: Press | None, chosen: Sequence[str]
    ) -> None:
        """Do what a button says."""
        await self._pressing.press(interaction, press, chosen)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a press that discord.py would drop in silence; it takes the others itself."""
        custom_id = interaction.custom_id
        if interaction.type is discord.InteractionType.component and custom_id is not None:
            press = Press.parse(custom_id)
            if press is None or custom_id not in ids_on(interaction.message):
                await self._pressing.press(interaction, press, ())

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say hello to a server, once, where the bot may speak."""
        places = where_to_speak(guild)
        if not places or self.work.is_stopping:
            _log.warning("welcome_nowhere", extra={"guild": guild.id})
            return
        with self.work.held():
            try:
                if await self._administration.greet(PLATFORM, str(guild.id)):
                    await self._greet(guild, places)
            except (BotError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
                _log.warning("welcome_failed", extra={"guild": guild.id, "reason": str(error)})

    async def _greet(self, guild: discord.Guild, places: Sequence[discord.TextChannel]) -> None:
        for place in places:
            send = partial(
                place.send, view=welcome_message(), nonce=str(guild.id), suppress_embeds=True
            )
            with suppress(discord.Forbidden):  # what may be done has changed meanwhile
                await persistently(send)
                return
        _log.warning("welcome_refused", extra={"guild": guild.id, "places": len(places)})

    async def on_shard_ready(self, shard_id: int) -> None:
        """Look for calls that came while no session was there to hear them."""
        look_back_s = self._settings.discord_look_back_s
        if not look_back_s or self.user is None or self.work.is_stopping:
            return
        since = datetime.now(UTC) - timedelta(seconds=look_back_s)
        with self.work.held():
            await self._mentions.take_missed(self._active(shard_id, since), since, self.user.id)

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Log what nobody foresaw; an event has nobody to tell."""
        _log.exception("event_failed", extra={"event": event_method})

    def _active(self, shard_id: int, since: datetime) -> list[Place]:
        """Return where something was said since then, as far as Discord tells on connecting."""
        oldest = discord.utils.time_snowflake(since)
        guilds = [guild for guild in self.guilds if guild.shard_id == shard_id]
        channels = [
            *(channel for guild in guilds for channel in guild.text_channels),
            *(channel for guild in guilds for channel in guild.voice_channels),
        ]
        threads = [thread for guild in guilds for thread in guild.threads]
        direct = [one for one in self.private_channels if isinstance(one, discord.DMChannel)]
        return [
            place
            for place in (*channels, *threads, *(direct if shard_id == 0 else ()))
            if (place.last_message_id or 0) >= oldest
        ]


def intents_for(settings: Settings) -> discord.Intents:
    """Return the intents asked for: none that Discord has to grant, unless the operator says."""
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        message_content=settings.discord_message_content,
    )


def where_to_speak(guild: discord.Guild) -> list[discord.TextChannel]:
    """Return the channels of a server in which the bot may introduce itself, best first."""
    by_place = sorted(guild.text_channels, key=lambda channel: (channel.position, channel.id))
    system = [channel for channel in by_place if channel == guild.system_channel]
    return [
        channel
        for channel in dict.fromkeys((*system, *by_place))
        if channel.permissions_for(guild.me).view_channel
        and channel.permissions_for(guild.me).send_messages
    ]
