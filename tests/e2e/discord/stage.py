"""A server with members and the bot on a loopback Discord, as the tests of the bot see it."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from simcord.backend.models import Channel, Interaction, Message

from adapters.discord import serving
from bot.bootstrap import Application
from bot.settings import read_settings
from tests.e2e.discord.people import Community
from tests.e2e.discord.reading import answers_to, shown_by, words_of
from tests.e2e.discord.server import TOKEN, LoopbackDiscord, Request

T = TypeVar("T")


class Stage:
    """A Discord with a server, two members and the bot, which can be stopped and started.

    Ada is a member like any other, Grace (``keeper``) manages the server.

    Args:
        server: The Discord.
        folder: Holds ``corpus`` and ``data``.
        models: An application whose models are loaded.
    """

    def __init__(self, server: LoopbackDiscord, folder: Path, models: Application) -> None:
        self.server = server
        self.folder = folder
        self.community = Community(server)
        self.general = self.community.general
        self.ada = self.community.member("Ada")
        self.keeper = self.community.member("Grace", manages=True)
        self._models = models
        self._running: asyncio.Task[None] | None = None
        self._looked_back = 0

    # --- the bot ------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """Return the settings of the bot as environment variables."""
        return {
            "CORPUS_DIR": str(self.folder / "corpus"),
            "DATA_DIR": str(self.folder / "data"),
            "PUBLIC_URL": "https://quotes.example.org",
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_BASE": self.server.api_base,
            "DISCORD_GATEWAY_URL": self.server.gateway.url,
            "DISCORD_GUILD_READY_TIMEOUT": "0.05",
            "DISCORD_MESSAGE_CONTENT": str(self.server.gateway.message_content),
            "REINDEX_COOLDOWN_S": "0",
            "STOP_TIMEOUT_S": "3",
        }

    async def start(self, **settings: str) -> None:
        """Start the bot and wait until it listens; ``settings`` go before the usual ones."""
        application = Application(read_settings(self.environment() | settings, env_file=None))
        # Loading them takes longer than everything else that a test does.
        application.encoder = self._models.encoder
        application.stance = self._models.stance
        serving.point_at(application.settings)
        token = application.settings.discord_token or ""
        identified = self.server.gateway.identified
        self._looked_back = len(self._looks_back())
        running = asyncio.create_task(serving.serve_until_stopped(application, token))
        self._running = running
        await self.until(lambda: running.done() or self.server.gateway.identified > identified)
        if running.done():
            await running

    async def stop(self) -> None:
        """Stop the bot as SIGTERM does, and wait until it has."""
        if self._running is not None and not self._running.done():
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
            signal.raise_signal(signal.SIGTERM)
            await asyncio.wait_for(self._running, 10)
        self._running = None

    async def restart(self, **settings: str) -> None:
        """Stop the bot and start it again, perhaps with other settings."""
        await self.stop()
        await self.start(**settings)

    async def ready(self) -> None:
        """Wait until the bot knows its servers; it then looks for calls that it missed."""
        await self.until(lambda: len(self._looks_back()) > self._looked_back)

    def _looks_back(self) -> list[Request]:
        return self.server.sent("GET", "/channels/*/messages")

    # --- waiting ------------------------------------------------------------------

    async def until(self, found: Callable[[], T | None], within_s: float = 8.0) -> T:
        """Wait until something is so; see `LoopbackDiscord.until`."""
        return await self.server.until(found, within_s)

    async def answer(self, asked: Message) -> Message:
        """Wait for the bot's reply to a message; there is never more than one."""
        [answer] = await self.until(lambda: answers_to(self.server, asked))
        return answer

    async def shown(self, asked: Interaction) -> Message:
        """Wait for the message that answers a command, a menu or a button."""
        [answer] = await self.until(lambda: shown_by(self.server, asked))
        return answer

    async def told(self, asked: Interaction, words: str) -> Message:
        """Wait until the answer to an interaction, which may show progress, says something."""

        def last() -> Message | None:
            shown = shown_by(self.server, asked)
            return shown[-1] if shown and words in words_of(shown[-1]) else None

        return await self.until(last)

    async def reindex(self, words: str) -> Message:
        """Have the corpus read again, and wait until the report says something."""
        asked = self.keeper.slash(self.general, "source-admin reindex")
        return await self.told(asked, words)

    async def channel(self, name: str, mode: str) -> Channel:
        """Open a channel and set what the bot does in it."""
        channel = self.community.channel(name)
        set_up = self.keeper.slash(
            self.general, "source-admin channels", action=mode, channel=channel
        )
        await self.shown(set_up)
        return channel
