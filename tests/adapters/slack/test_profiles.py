import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import profiles
from adapters.slack.profiles import UNKNOWN, Profile, Profiles
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.server import LoopbackSlack
from tests.fakes.clock import ManualClock

TEAM = "T00000001"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(0.0)


@pytest.fixture
def known(clock: ManualClock) -> Profiles:
    return Profiles(clock)


async def test_members_and_admins_are_told_apart(
    known: Profiles, client: AsyncWebClient, workspace: Workspace, ada: Member
) -> None:
    grace = workspace.member("Grace", is_admin=True)
    olga = workspace.member("Olga", is_owner=True)
    found = [await known.of(client, TEAM, one.id) for one in (ada, grace, olga)]
    assert found == [Profile("Ada", False), Profile("Grace", True), Profile("Olga", True)]


async def test_somebody_is_looked_up_once_a_minute(
    known: Profiles, server: LoopbackSlack, client: AsyncWebClient, clock: ManualClock, ada: Member
) -> None:
    for wait in (0.0, profiles.STALE_S, 0.1):
        clock.advance(wait)
        await known.of(client, TEAM, ada.id)
    assert len(server.sent("users.info")) == 2


async def test_an_admin_who_is_one_no_more_is_noticed(
    known: Profiles, client: AsyncWebClient, workspace: Workspace, clock: ManualClock
) -> None:
    grace = workspace.member("Grace", is_admin=True)
    await known.of(client, TEAM, grace.id)
    grace.user.is_admin = False
    clock.advance(profiles.STALE_S + 1)
    assert not (await known.of(client, TEAM, grace.id)).manages


async def test_the_same_id_in_another_workspace_is_somebody_else(
    known: Profiles, server: LoopbackSlack, client: AsyncWebClient, ada: Member
) -> None:
    await known.of(client, TEAM, ada.id)
    await known.of(client, "T00000002", ada.id)
    assert len(server.sent("users.info")) == 2


async def test_whom_slack_does_not_tell_of_manages_nothing_and_is_asked_about_again(
    known: Profiles, server: LoopbackSlack, client: AsyncWebClient, workspace: Workspace
) -> None:
    grace = workspace.member("Grace", is_admin=True)
    workspace.withhold("users:read")
    assert await known.of(client, TEAM, grace.id) == UNKNOWN
    workspace.allow("users:read")
    assert (await known.of(client, TEAM, grace.id)).manages


async def test_only_so_many_are_remembered(
    known: Profiles, server: LoopbackSlack, client: AsyncWebClient, ada: Member
) -> None:
    for number in range(profiles.MOST + 1):
        known._known["T", f"U{number}"] = (0.0, UNKNOWN)
    await known.of(client, TEAM, ada.id)
    assert len(known._known) == profiles.MOST
    assert (TEAM, ada.id) in known._known
