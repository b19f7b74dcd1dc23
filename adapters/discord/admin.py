"""What the commands of admins do. Who may is asked again each time, whatever Discord let through.

What they see is made by `reports`, what they do by `bot.administration`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from math import isfinite

import aiohttp
import discord

from adapters.discord import examining, layout, reports
from adapters.discord.interacting import attend, tell
from adapters.discord.registering import Channel, Handler
from adapters.discord.sending import InteractionPost, Post
from adapters.discord.translate import PLATFORM, community_of
from adapters.discord.working import Work
from bot import texts
from bot.administration import (
    MOST_BYTES,
    Administration,
    AdminRequest,
    OnProgress,
    Progress,
)
from bot.commands import SOURCE_ADMIN
from bot.errors import CorpusError, DeliveryError
from bot.types import ChannelMode, IndexReport

_log = logging.getLogger(__name__)

FIRST_S = 0.3
"""Seconds until the first word on a reindex; one that is refused has been by then."""
EVERY_S = 2.0
"""Seconds between two words on how far a reindex has come; Discord takes five in five."""
LOGGED = 10
"""Requests that the log shows unless told otherwise."""


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
        self._every_s = every_s
        self._public_url = public_url

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
        }

    # --- the documents ------------------------------------------------------------

    async def reindex(self, interaction: discord.Interaction) -> None:
        """Read the documents again; tell how far it has come, and in the end what changed."""
        by = _request(interaction)
        await self._by_editor(
            interaction,
            lambda post: self._index(
                post, lambda on_progress: self._administration.reindex(by, on_progress)
            ),
            texts.NOT_READ,
        )

    async def add(
        self,
        interaction: discord.Interaction,
        file: discord.Attachment,
        title: str | None = None,
        author: str | None = None,
        url: str | None = None,
    ) -> None:
        """Read a document and show it; buttons publish it or throw it away."""

        async def stage(post: Post) -> None:
            if file.size > MOST_BYTES:
                # Not even fetched.
                await post.show(_refused(interaction, texts.too_large(MOST_BYTES // 1_000_000)))
                return
            try:
                content = await file.read()
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                told = {"id": str(interaction.id), "reason": str(error)}
                _log.warning("attachment_not_fetched", extra=told)
                sentence = f"{texts.NOT_FETCHED} {file.filename}"
                await post.show(_refused(interaction, sentence))
                return
            staged = await self._administration.stage(
                _request(interaction),
                file.filename,
                content,
                title=title,
                author=author,
                url=url,
            )
            await post.show(reports.staged_message(staged))

        await self._by_editor(interaction, stage, texts.NOT_STAGED)

    async def publish(self, interaction: discord.Interaction, staged_id: str) -> None:
        """Take a staged document into the corpus; pressed under it."""
        by = _request(interaction)
        await self._by_editor(
            interaction,
            lambda post: self._index(
                post,
                lambda on_progress: self._administration.publish(by, staged_id, on_progress),
            ),
            texts.NOT_PUBLISHED,
        )

    async def discard(self, interaction: discord.Interaction, staged_id: str) -> None:
        """Throw a staged document away; pressed under it."""

        async def discard(post: Post) -> None:
            was_there = await self._administration.discard(_request(interaction), staged_id)
            sentence = texts.DISCARDED if was_there else texts.STAGED_GONE
            await post.show(layout.notice(sentence))

        await self._by_editor(interaction, discard)

    # --- the bot ------------------------------------------------------------------

    async def status(self, interaction: discord.Interaction) -> None:
        """Say what is indexed and how the bot is doing."""

        async def show(post: Post) -> None:
            latency = self._client.latency
            latency_ms = round(latency * 1000) if isfinite(latency) else 0
            status = await self._administration.status()
            await post.show(reports.status_message(status, latency_ms))

        await self._by_manager(interaction, show)

    async def channels(
        self,
        interaction: discord.Interaction,
        action: str | None = None,
        channel: Channel | None = None,
    ) -> None:
        """Show or set what the bot does in channels."""
        hears_all = self._client.intents.message_content
        community = community_of(interaction)

        async def show(post: Post) -> None:
            if action in (None, "list"):
                modes = await self._administration.channels(PLATFORM, community)
                await post.show(reports.channels_message(modes, hears_all=hears_all))
                return
            here = interaction.channel_id or 0
            channel_id, mode = (channel.id if channel else here), ChannelMode(action)
            await self._administration.set_channel(PLATFORM, community, str(channel_id), mode)
            await post.show(reports.channel_message(channel_id, mode, hears_all=hears_all))

        await self._by_manager(interaction, show)

    async def log(
        self,
        interaction: discord.Interaction,
        show: str | None = None,
        count: int | None = None,
    ) -> None:
        """Show what was asked lately; what was asked in vain, unless told otherwise."""
        unanswered_only = show != "all"

        async def list_them(post: Post) -> None:
            entries = await self._administration.log(
                PLATFORM,
                community_of(interaction),
                count or LOGGED,
                unanswered_only=unanswered_only,
            )
            await post.show(reports.log_message(entries, unanswered_only=unanswered_only))

        await self._by_editor(interaction, list_them)

    async def doctor(self, interaction: discord.Interaction) -> None:
        """Look everything over and say what is wrong."""

        async def examine(post: Post) -> None:
            community = community_of(interaction)
            modes = await self._administration.channels(PLATFORM, community)
            found = [
                *await examining.examine(self._client, interaction, modes, self._public_url),
                *await self._administration.findings(),
            ]
            await post.show(reports.findings_message(found))

        await self._by_manager(interaction, examine)

    # --- who, and how long ----------------------------------------------------------

    async def _by_editor(
        self,
        interaction: discord.Interaction,
        deed: Callable[[Post], Awaitable[None]],
        lead: str = texts.NOT_READ,
    ) -> None:
        """Do what the operator may have kept for the owners of the bot.

        Args:
            interaction: Who wants it.
            deed: Does it.
            lead: What was not done, when a document or the corpus stands in its way.
        """
        may = self._administration.may_administer(
            PLATFORM,
            str(interaction.user.id),
            manages_community=interaction.permissions.manage_guild,
        )
        refusal = texts.OWNERS_ONLY if interaction.permissions.manage_guild else texts.ADMINS_ONLY
        await self._if(interaction, may, refusal, deed, lead)

    async def _by_manager(
        self, interaction: discord.Interaction, deed: Callable[[Post], Awaitable[None]]
    ) -> None:
        """Do what concerns this server alone."""
        may = interaction.permissions.manage_guild
        await self._if(interaction, may, texts.ADMINS_ONLY, deed, texts.NOT_READ)

    async def _if(
        self,
        interaction: discord.Interaction,
        may: bool,
        refusal: str,
        deed: Callable[[Post], Awaitable[None]],
        lead: str,
    ) -> None:
        async def checked() -> None:
            if not may:
                await tell(interaction, _refused(interaction, refusal))
                return
            post = InteractionPost(interaction, is_private=True)
            if not await post.open():
                return
            try:
                await deed(post)
            except CorpusError as error:  # an admin is told which file, and why
                _log.warning(
                    "corpus_refused", extra={"id": str(interaction.id), "reason": str(error)}
                )
                await post.show(_refused(interaction, reports.not_done(lead, error)))

        await attend(interaction, self._work, checked)

    async def _index(self, post: Post, run: Callable[[OnProgress], Awaitable[IndexReport]]) -> None:
        """Run a reindex, tell now and then how far it has come, and show its outcome."""
        latest: list[Progress] = []

        def note(progress: Progress) -> None:
            latest[:] = [progress]  # called from another thread; one assignment

        running = asyncio.ensure_future(run(note))
        shown: list[Progress] | None = None
        while not running.done():
            wait_s = self._every_s if shown is not None else min(FIRST_S, self._every_s)
            await asyncio.wait([running], timeout=wait_s)
            if not running.done() and latest != shown:
                shown = list(latest)
                try:
                    await post.show(reports.progress_message(shown[0] if shown else None))
                except DeliveryError as error:
                    _log.warning("progress_untold", extra={"reason": str(error)})
        await post.show(reports.index_message(await running))


def _request(interaction: discord.Interaction) -> AdminRequest:
    return AdminRequest(PLATFORM, community_of(interaction), str(interaction.user.id))


def _refused(interaction: discord.Interaction, sentence: str) -> discord.ui.LayoutView:
    return layout.refusal(sentence, str(interaction.id))
