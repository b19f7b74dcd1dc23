"""By which token the bot speaks in a workspace, and how one that ends is renewed."""

import asyncio
import time

import pytest
from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.authorizing import PATIENCE_S, RENEW_MINUTES, Authorizing, Many
from adapters.slack.installing import InstallationStore, sealer_from
from bot.errors import DeliveryError, JournalError
from tests.adapters.slack.installed import NEW_KEY, an_installation
from tests.e2e.slack.grants import BOT_TOKEN, CLIENT_ID, CLIENT_SECRET
from tests.e2e.slack.people import Workspace
from tests.e2e.slack.server import LoopbackSlack
from tests.fakes.clock import ManualClock
from tests.fakes.installations import MemoryInstallations

RENEWALS = "oauth.v2.access"
HOUR_S = 3600.0


@pytest.fixture
def store() -> InstallationStore:
    return InstallationStore(MemoryInstallations(ManualClock()), sealer_from(NEW_KEY))


@pytest.fixture
def authorizing(client: AsyncWebClient, store: InstallationStore) -> Authorizing:
    rotator = AsyncTokenRotator(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, client=client)
    return Authorizing(None, Many(store, rotator))


class Full(MemoryInstallations):
    """Keeps nothing more once it is full."""

    is_full = False

    async def keep(self, platform: str, community_id: str, owner_id: str, sealed: bytes) -> None:
        if self.is_full:
            raise JournalError("The disk is full.")
        await super().keep(platform, community_id, owner_id, sealed)


async def installed(
    server: LoopbackSlack, store: InstallationStore, workspace: Workspace, ends_in_s: float
) -> str:
    """Install the bot with a token that ends soon or has ended; returns the token."""
    server.grants.rotates = True
    token = server.grants.issue(workspace.team)
    await store.async_save(
        an_installation(
            team_id=workspace.id,
            bot_token=token.value,
            bot_refresh_token=token.renewed_by,
            bot_token_expires_at=int(time.time() + ends_in_s),
        )
    )
    return token.value


async def token_in(authorizing: Authorizing, team_id: str) -> str | None:
    """Return by which token the bot speaks in a workspace; None where it does not."""
    found = await authorizing(
        context=AsyncBoltContext(), enterprise_id=None, team_id=team_id, user_id="U1"
    )
    return found.bot_token if found is not None else None


async def test_one_workspace_is_served_by_the_operators_token() -> None:
    operator = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token=BOT_TOKEN)
    assert await token_in(Authorizing(operator), "T1") == BOT_TOKEN


async def test_a_workspace_that_has_not_installed_the_bot_is_not_served(
    authorizing: Authorizing, caplog: pytest.LogCaptureFixture
) -> None:
    assert await token_in(authorizing, "T9") is None
    assert caplog.messages == ["not_installed"]


async def test_who_the_bot_is_comes_from_the_installation_and_slack_is_not_asked(
    server: LoopbackSlack, authorizing: Authorizing, store: InstallationStore
) -> None:
    await store.async_save(an_installation(bot_refresh_token=None, bot_token_expires_at=None))
    found = await authorizing(
        context=AsyncBoltContext(), enterprise_id=None, team_id="T1", user_id="U1"
    )
    assert found is not None
    assert (found.bot_user_id, found.bot_id, found.team_id) == ("UBOT", "B1", "T1")
    assert server.requests == []


async def test_a_token_is_used_until_shortly_before_its_end(
    server: LoopbackSlack, authorizing: Authorizing, store: InstallationStore, workspace: Workspace
) -> None:
    token = await installed(server, store, workspace, RENEW_MINUTES * 60 + 30)
    assert await token_in(authorizing, workspace.id) == token
    assert server.sent(RENEWALS) == []


@pytest.mark.parametrize("ends_in_s", [HOUR_S, -HOUR_S])
async def test_a_token_that_ends_is_renewed_once_however_many_ask(
    server: LoopbackSlack,
    authorizing: Authorizing,
    store: InstallationStore,
    workspace: Workspace,
    ends_in_s: float,
) -> None:
    old = await installed(server, store, workspace, ends_in_s)
    found = await asyncio.gather(*(token_in(authorizing, workspace.id) for _ in range(20)))
    found.append(await token_in(authorizing, workspace.id))
    assert set(found) == {workspace.team.token} != {old}
    assert len(server.sent(RENEWALS)) == 1
    kept = await store.async_find_bot(enterprise_id=None, team_id=workspace.id)
    assert kept is not None
    assert kept.bot_token == workspace.team.token


async def test_nobody_waits_long_for_a_new_token_while_the_old_one_is_good(
    server: LoopbackSlack, authorizing: Authorizing, store: InstallationStore, workspace: Workspace
) -> None:
    token = await installed(server, store, workspace, HOUR_S)
    server.faults.delay(RENEWALS, PATIENCE_S + 0.3)
    began = time.monotonic()
    assert await token_in(authorizing, workspace.id) == token
    assert time.monotonic() - began < 3.0  # by when Slack wants an acknowledgement
    await server.until(lambda: workspace.team.token != token)
    await server.until(lambda: server.sent(RENEWALS))
    assert await token_in(authorizing, workspace.id) == workspace.team.token


@pytest.mark.parametrize("code", ["invalid_refresh_token", "internal_error"])
async def test_a_token_that_is_good_still_serves_when_it_cannot_be_renewed(
    server: LoopbackSlack,
    authorizing: Authorizing,
    store: InstallationStore,
    workspace: Workspace,
    code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    token = await installed(server, store, workspace, HOUR_S)
    server.faults.refuse(RENEWALS, code)
    assert await token_in(authorizing, workspace.id) == token
    assert caplog.messages == ["token_not_renewed"]


async def test_a_token_that_has_ended_and_cannot_be_renewed_is_an_error(
    server: LoopbackSlack, authorizing: Authorizing, store: InstallationStore, workspace: Workspace
) -> None:
    await installed(server, store, workspace, -HOUR_S)
    server.faults.refuse(RENEWALS, "internal_error")
    with pytest.raises(DeliveryError, match=workspace.id):
        await token_in(authorizing, workspace.id)
    assert await token_in(authorizing, workspace.id) == workspace.team.token


async def test_a_new_token_that_cannot_be_kept_serves_at_once_and_is_logged(
    server: LoopbackSlack,
    client: AsyncWebClient,
    workspace: Workspace,
    caplog: pytest.LogCaptureFixture,
) -> None:
    installations = Full(ManualClock())
    store = InstallationStore(installations, sealer_from(NEW_KEY))
    rotator = AsyncTokenRotator(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, client=client)
    await installed(server, store, workspace, -HOUR_S)
    installations.is_full = True
    found = await token_in(Authorizing(None, Many(store, rotator)), workspace.id)
    assert found == workspace.team.token
    assert caplog.messages == ["token_not_renewed"]


async def test_a_token_that_another_process_renewed_is_found(
    server: LoopbackSlack, authorizing: Authorizing, store: InstallationStore, workspace: Workspace
) -> None:
    await installed(server, store, workspace, HOUR_S)
    server.faults.refuse(RENEWALS, "invalid_refresh_token")  # it was used by the other
    token = await installed(server, store, workspace, 12 * HOUR_S)
    assert await token_in(authorizing, workspace.id) == token
