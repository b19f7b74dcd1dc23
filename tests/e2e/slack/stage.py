"""A workspace with members and the bot on a loopback Slack, as the tests of the bot see it."""

import asyncio
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from adapters.slack import serving
from bot.bootstrap import Application
from bot.settings import read_settings
from tests.e2e.slack.grants import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.e2e.slack.interactions import Invocation
from tests.e2e.slack.people import Member
from tests.e2e.slack.reading import words_of
from tests.e2e.slack.server import LoopbackSlack
from tests.e2e.slack.workspace import Channel, Message

T = TypeVar("T")


class Stage:
    """A Slack with a workspace, two members and the bot, which can be stopped and started.

    Ada is a member like any other, Grace (``keeper``) is an admin of the workspace.

    Args:
        server: The Slack.
        folder: Holds ``corpus`` and ``data``.
        models: An application whose models are loaded.
        mode: How events come, ``socket`` or ``http``.
    """

    def __init__(
        self, server: LoopbackSlack, folder: Path, models: Application, mode: str = "socket"
    ) -> None:
        self.server = server
        self.folder = folder
        self.mode = mode
        self.workspace = server.workspace()
        self.general = self.workspace.general
        self.ada = self.workspace.member("Ada")
        self.keeper = self.workspace.member("Grace", is_admin=True)
        self.port = free_port()
        self._models = models
        self._running: asyncio.Task[None] | None = None
        self._started = 0.0

    # --- the bot ------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """Return the settings of the bot as environment variables."""
        return {
            "CORPUS_DIR": str(self.folder / "corpus"),
            "DATA_DIR": str(self.folder / "data"),
            "PUBLIC_URL": "https://quotes.example.org",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_MODE": self.mode,
            "SLACK_API_BASE_URL": self.server.api_base,
            "SLACK_SOCKET_PING_INTERVAL": "0.2",
            "WEB_PORT": str(self.port),
            "REINDEX_COOLDOWN_S": "0",
            "STOP_TIMEOUT_S": "3",
        }

    @property
    def base_url(self) -> str:
        """Where the bot's web server listens."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self, **settings: str) -> None:
        """Start the bot and wait until it listens; ``settings`` go before the usual ones."""
        application = Application(read_settings(self.environment() | settings, env_file=None))
        # Loading them takes longer than everything else that a test does.
        application.encoder = self._models.encoder
        application.stance = self._models.stance
        serving.check(application.settings)
        self._started = time.monotonic()
        running = asyncio.create_task(serving.serve_until_stopped(application))
        self._running = running
        if self.mode == "http":
            self.server.events_url = f"{self.base_url}/slack/events"
        await self.until(lambda: running.done() or self._listens())
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

    def _listens(self) -> bool:
        if self.mode == "socket":
            return self.server.socket.is_connected
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    # --- waiting ------------------------------------------------------------------

    async def until(self, found: Callable[[], T | None], within_s: float = 8.0) -> T:
        """Wait until something is so; see `LoopbackSlack.until`."""
        return await self.server.until(found, within_s)

    async def answer(self, asked: Message) -> Message:
        """Wait for the bot's reply to a message; there is never more than one."""
        [answer] = await self.until(lambda: self.workspace.answers_to(asked))
        return answer

    async def shown(self, asked: Invocation) -> Message:
        """Wait for the message that answers a command, a shortcut or a button."""
        [answer] = await self.until(lambda: asked.shown)
        return answer

    async def settled(self, quiet_s: float = 0.3) -> None:
        """Wait until the bot has taken in everything and asked Slack for nothing in a while."""

        def is_quiet() -> bool:
            told, sent = self.server.deliveries, self.server.requests
            is_over = all(one.is_acked or one.is_lost for one in told)
            moments = [one.answered_at or 0.0 for each in told[-20:] for one in each.attempts]
            last = max(sent[-1].at if sent else 0.0, self._started, *moments)
            return is_over and time.monotonic() - last > quiet_s

        await self.until(is_quiet)

    async def told(self, found: Callable[[], list[Message]], words: str) -> Message:
        """Wait until the last of some messages, which may show progress, says something."""

        def last() -> Message | None:
            shown = found()
            return shown[-1] if shown and words in words_of(shown[-1]) else None

        return await self.until(last)

    def written_to(self, member: Member) -> list[Message]:
        """Return what the bot wrote in somebody's direct messages."""
        return list(self.workspace.team.said_by_bot(member.direct))

    async def reindex(self, words: str) -> Message:
        """Have the corpus read again, and wait until the report says something."""
        self.keeper.command(self.general, "/source-admin", "reindex")
        return await self.told(lambda: self.written_to(self.keeper), words)

    async def channel(self, name: str, mode: str) -> Channel:
        """Open a channel and set what the bot does in it."""
        channel = self.workspace.channel(name)
        set_up = f"channels {mode} <#{channel.id}|{name}>"
        await self.shown(self.keeper.command(self.general, "/source-admin", set_up))
        return channel


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
