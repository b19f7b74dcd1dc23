"""What the tests of the loopback Slack share, and those of the bot on it.

The bot is the real one: adapter, Bolt, slack_sdk, core, index and journal. Each test has its own
copy of the corpus, its own journal and its own Slack.
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.bootstrap import Application
from tests.e2e.slack.contract import Contract
from tests.e2e.slack.echo import client_of
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.server import LoopbackSlack
from tests.e2e.slack.stage import Stage


@pytest.fixture
async def server() -> AsyncIterator[LoopbackSlack]:
    """An empty Slack, which checks what it is sent."""
    async with LoopbackSlack(contract=Contract.load()).serve() as server:
        yield server


@pytest.fixture
def workspace(server: LoopbackSlack) -> Workspace:
    """A workspace with the bot in it."""
    return server.workspace()


@pytest.fixture
def ada(workspace: Workspace) -> Member:
    """Somebody in the workspace."""
    return workspace.member("Ada")


@pytest.fixture
def client(server: LoopbackSlack, workspace: Workspace) -> AsyncWebClient:
    """A client with the bot's token."""
    return client_of(server)


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    """How Slack brings events to the bot: every test of the bot runs in both ways."""
    return str(request.param)


@pytest.fixture
async def stage(
    server: LoopbackSlack, models: Application, tmp_path: Path, mode: str
) -> AsyncIterator[Stage]:
    """A workspace with members and the bot, running; fails when the bot sent what it may not."""
    shutil.copytree(models.settings.corpus_dir.parent, tmp_path, dirs_exist_ok=True)
    stage = Stage(server, tmp_path, models, mode)
    await stage.start()
    yield stage
    await stage.stop()
    assert server.problems() == []
