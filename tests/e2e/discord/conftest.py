"""The real bot on a loopback Discord: the real adapter, discord.py, core, index and journal.

Each test has its own copy of the corpus, its own journal and its own Discord. A test fails, too,
when the bot sent anything that Discord's OpenAPI document does not allow.
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from bot.bootstrap import Application
from tests.e2e.discord.contract import Contract
from tests.e2e.discord.server import LoopbackDiscord
from tests.e2e.discord.stage import Stage


@pytest.fixture
def message_content() -> bool:
    """Whether the bot was granted the message content intent; most tests do without."""
    return False


@pytest.fixture
async def server(message_content: bool) -> AsyncIterator[LoopbackDiscord]:
    """An empty Discord, which looks at what it was sent in the end."""
    loopback = LoopbackDiscord(message_content=message_content, contract=Contract.load())
    real = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    async with loopback.serve() as serving:
        yield serving
    # The bot had discord.py use the loopback addresses, for the whole process.
    discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = real
    assert serving.problems() == []


@pytest.fixture
async def stage(
    server: LoopbackDiscord, models: Application, tmp_path: Path
) -> AsyncIterator[Stage]:
    """A server with members and the bot, running."""
    shutil.copytree(models.settings.corpus_dir.parent, tmp_path, dirs_exist_ok=True)
    stage = Stage(server, tmp_path, models)
    await stage.start()
    yield stage
    await stage.stop()
