"""A Slack on loopback and a client as the adapter makes it."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.retrying import handlers
from tests.e2e.slack.grants import BOT_TOKEN
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.server import LoopbackSlack


@pytest.fixture
async def server() -> AsyncIterator[LoopbackSlack]:
    """An empty Slack."""
    async with LoopbackSlack().serve() as server:
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
    """A client that speaks for the bot, and repeats what the bot's do."""
    return AsyncWebClient(BOT_TOKEN, base_url=server.api_base, retry_handlers=handlers())
