"""Tokens of workspaces: found again for whom they are, and gone when they should be."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot, Installation

from adapters.slack.installing import (
    STATE_LIFETIME_S,
    InstallationStore,
    StateStore,
    sealer_from,
)
from adapters.slack.translate import community_of
from bot.ports import Installations
from tests.adapters.slack.installed import (
    ADAS,
    BOS,
    LAKES,
    NEW_KEY,
    RENEWED,
    RIVERS,
    an_installation,
    as_values,
    tokens_of,
)
from tests.fakes.clock import ManualClock
from tests.fakes.installations import MemoryInstallations


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def kept(clock: ManualClock) -> MemoryInstallations:
    return MemoryInstallations(clock)


@pytest.fixture
def store(kept: MemoryInstallations) -> InstallationStore:
    return InstallationStore(kept, sealer_from(NEW_KEY))


# --- whom it serves


@pytest.mark.parametrize(
    ("enterprise", "team", "is_enterprise", "community"),
    [
        (None, "T1", False, "T1"),
        ("E1", "T1", False, "T1"),
        ("E1", "T1", True, "E1"),
        ("E1", None, True, "E1"),
        ("E1", None, False, "E1"),
        ("E1", "T1", None, "T1"),
        (None, "T1", True, "T1"),
        (None, None, False, None),
        ("", "", True, None),
    ],
)
def test_community_is_the_workspace_or_the_organisation_that_installed(
    enterprise: str | None, team: str | None, is_enterprise: bool | None, community: str | None
) -> None:
    assert community_of(enterprise, team, is_enterprise) == community


# --- the bot


async def test_nothing_is_found_before_it_is_installed(store: InstallationStore) -> None:
    assert await store.async_find_bot(enterprise_id=None, team_id="T1") is None
    assert await store.async_find_installation(enterprise_id=None, team_id="T1") is None


async def test_installation_comes_back_as_it_was_saved(store: InstallationStore) -> None:
    saved = an_installation(incoming_webhook_url="https://hooks.test/1", custom_values={"a": [1]})
    await store.async_save(saved)
    found = await store.async_find_installation(enterprise_id=None, team_id="T1")
    assert as_values(found) == as_values(saved) | {"user_scopes": None}


async def test_bot_comes_back_as_it_was_saved(store: InstallationStore) -> None:
    saved = an_installation()
    await store.async_save(saved)
    found = await store.async_find_bot(enterprise_id=None, team_id="T1")
    assert as_values(found) == as_values(saved.to_bot())


async def test_workspaces_do_not_see_each_others_tokens(store: InstallationStore) -> None:
    await store.async_save(an_installation())
    await store.async_save(an_installation(team_id="T2", bot_token=LAKES))
    tokens = []
    for team in ("T1", "T2", "T3"):
        found = await store.async_find_bot(enterprise_id=None, team_id=team)
        tokens.append(found and found.bot_token)
    assert tokens == [RIVERS, LAKES, None]


async def test_installing_again_replaces_the_token(store: InstallationStore) -> None:
    await store.async_save(an_installation())
    await store.async_save(an_installation(bot_token=RENEWED))
    found = await store.async_find_bot(enterprise_id=None, team_id="T1")
    assert as_values(found)["bot_token"] == RENEWED


async def test_renewed_token_leaves_the_rest_as_it_was(store: InstallationStore) -> None:
    await store.async_save(an_installation())
    bot = await store.async_find_bot(enterprise_id=None, team_id="T1")
    renewed = Bot(**as_values(bot))
    renewed.bot_token, renewed.bot_refresh_token = RENEWED, "xoxe-renewed"
    renewed.bot_token_expires_at = 1_750_086_400
    await store.async_save_bot(renewed)
    found = await store.async_find_installation(enterprise_id=None, team_id="T1")
    assert as_values(found) == as_values(an_installation()) | {
        "bot_token": RENEWED,
        "bot_refresh_token": "xoxe-renewed",
        "bot_token_expires_at": datetime.fromtimestamp(1_750_086_400, UTC),
        "user_scopes": None,
    }


async def test_bot_alone_can_be_saved(store: InstallationStore) -> None:
    bot = an_installation().to_bot()
    await store.async_save_bot(bot)
    found = await store.async_find_bot(enterprise_id=None, team_id="T1")
    assert as_values(found) == as_values(bot)


async def test_organisation_serves_all_its_workspaces(store: InstallationStore) -> None:
    await store.async_save(
        an_installation(enterprise_id="E1", team_id=None, is_enterprise_install=True)
    )
    for team in ("T1", "T2", None):
        found = await store.async_find_bot(
            enterprise_id="E1", team_id=team, is_enterprise_install=True
        )
        assert as_values(found)["bot_token"] == RIVERS


async def test_workspace_within_an_organisation_has_its_own(store: InstallationStore) -> None:
    await store.async_save(an_installation(enterprise_id="E1"))
    found = await store.async_find_bot(enterprise_id="E1", team_id="T1")
    assert as_values(found)["bot_token"] == RIVERS
    assert await store.async_find_bot(enterprise_id="E1", team_id="T2") is None
    for_all = await store.async_find_bot(
        enterprise_id="E1", team_id="T1", is_enterprise_install=True
    )
    assert for_all is None


async def test_installation_of_nobody_is_refused(
    store: InstallationStore, kept: MemoryInstallations
) -> None:
    nobodys = an_installation(team_id=None)
    for saving in (store.async_save(nobodys), store.async_save_bot(nobodys.to_bot())):
        with pytest.raises(BoltError, match="neither a workspace nor an organisation"):
            await saving
    assert kept.kept == {}
    assert await store.async_find_bot(enterprise_id=None, team_id=None) is None


# --- members' tokens


@pytest.fixture
async def with_members(store: InstallationStore) -> InstallationStore:
    """Ada installed the bot with a token of hers, and Bo gave his later."""
    await store.async_save(an_installation(user_token=ADAS, user_scopes=["search:read"]))
    await store.async_save(an_installation(user_id="UBO", user_token=BOS, bot_token=None))
    return store


async def test_each_member_has_their_token_beside_the_bots(
    with_members: InstallationStore,
) -> None:
    assert await tokens_of(with_members, "UADA") == ("UADA", RIVERS, ADAS)
    assert await tokens_of(with_members, "UBO") == ("UBO", RIVERS, BOS)
    assert await tokens_of(with_members, "UCY") is None


async def test_members_token_changes_nothing_else(store: InstallationStore) -> None:
    await store.async_save(an_installation(incoming_webhook_url="https://hooks.test/1"))
    await store.async_save(an_installation(user_id="UBO", user_token=BOS, bot_token=None))
    found = await store.async_find_installation(enterprise_id=None, team_id="T1", user_id="UBO")
    assert as_values(found)["incoming_webhook_url"] == "https://hooks.test/1"


async def test_installers_token_is_found_by_default(with_members: InstallationStore) -> None:
    assert await tokens_of(with_members) == ("UADA", RIVERS, ADAS)


async def test_installer_without_a_token_is_found(store: InstallationStore) -> None:
    await store.async_save(an_installation())
    assert await tokens_of(store, "UADA") == ("UADA", RIVERS, None)


async def test_bots_token_that_was_renewed_holds_for_members_too(
    with_members: InstallationStore,
) -> None:
    await with_members.async_save(an_installation(bot_token=RENEWED))
    assert await tokens_of(with_members, "UBO") == ("UBO", RENEWED, BOS)


async def test_renewal_without_the_installers_token_does_not_lose_it(
    with_members: InstallationStore,
) -> None:
    # What Bolt saves when it renews the bot's token while it serves somebody else.
    found = await with_members.async_find_installation(enterprise_id=None, team_id="T1")
    renewed = Installation(**as_values(found))
    renewed.bot_token, renewed.user_token, renewed.user_scopes = RENEWED, None, None
    await with_members.async_save(renewed)
    assert await tokens_of(with_members, "UADA") == ("UADA", RENEWED, ADAS)


# --- deleting


async def test_bots_token_goes_alone(with_members: InstallationStore) -> None:
    await with_members.async_delete_bot(enterprise_id=None, team_id="T1")
    assert await with_members.async_find_bot(enterprise_id=None, team_id="T1") is None
    assert await tokens_of(with_members, "UADA") == ("UADA", None, ADAS)
    assert await tokens_of(with_members, "UBO") == ("UBO", None, BOS)


async def test_members_token_goes_alone(with_members: InstallationStore) -> None:
    await with_members.async_delete_installation(enterprise_id=None, team_id="T1", user_id="UBO")
    assert await tokens_of(with_members, "UBO") is None
    assert await tokens_of(with_members, "UADA") == ("UADA", RIVERS, ADAS)


async def test_installation_goes_with_every_token(
    with_members: InstallationStore, kept: MemoryInstallations
) -> None:
    await with_members.async_delete_installation(enterprise_id=None, team_id="T1")
    assert kept.kept == {}
    assert kept.left == []


async def test_workspace_that_uninstalls_is_forgotten_and_others_are_not(
    with_members: InstallationStore, kept: MemoryInstallations
) -> None:
    await with_members.async_save(an_installation(team_id="T2"))
    await with_members.async_delete_all(enterprise_id=None, team_id="T1")
    assert list(kept.kept) == [("slack", "T2", "")]
    assert kept.left == [("slack", "T1")]


async def test_organisation_that_uninstalls_is_forgotten(
    store: InstallationStore, kept: MemoryInstallations
) -> None:
    await store.async_save(
        an_installation(enterprise_id="E1", team_id=None, is_enterprise_install=True)
    )
    await store.async_save(an_installation(enterprise_id="E1"))
    await store.async_delete_all(enterprise_id="E1", team_id="T1", is_enterprise_install=True)
    assert list(kept.kept) == [("slack", "T1", "")]
    assert kept.left == [("slack", "E1")]


async def test_deleting_for_nobody_deletes_nothing(
    with_members: InstallationStore, kept: MemoryInstallations
) -> None:
    await with_members.async_delete_bot(enterprise_id=None, team_id=None)
    await with_members.async_delete_installation(enterprise_id=None, team_id=None)
    await with_members.async_delete_all(enterprise_id=None, team_id=None)
    assert len(kept.kept) == 3


# --- one-time words


def words() -> Callable[[int], str]:
    """Return what makes word-0, word-1 and so on, of whatever length is asked for."""
    count: Iterator[int] = iter(range(100))
    return lambda size: f"word-{next(count)}-{size}"


def states(kept: Installations, clock: ManualClock) -> StateStore:
    """Return a store of words that a test knows."""
    return StateStore(kept, clock, words())


async def test_word_comes_back_once(kept: MemoryInstallations, clock: ManualClock) -> None:
    store = states(kept, clock)
    word = await store.async_issue()
    assert [await store.async_consume(word) for _ in range(2)] == [True, False]


async def test_each_word_is_another(kept: MemoryInstallations, clock: ManualClock) -> None:
    store = StateStore(kept, clock)
    issued = [await store.async_issue() for _ in range(20)]
    assert len(set(issued)) == 20
    assert min(map(len, issued)) >= 32


async def test_word_of_another_process_counts(
    kept: MemoryInstallations, clock: ManualClock
) -> None:
    word = await states(kept, clock).async_issue()
    assert await states(kept, clock).async_consume(word)


async def test_word_that_was_made_up_is_refused(
    kept: MemoryInstallations, clock: ManualClock
) -> None:
    store = states(kept, clock)
    await store.async_issue()
    assert not await store.async_consume("word-7-32")


async def test_word_that_is_too_old_is_refused(
    kept: MemoryInstallations, clock: ManualClock
) -> None:
    store = states(kept, clock)
    word = await store.async_issue()
    clock.advance(STATE_LIFETIME_S)
    assert not await store.async_consume(word)
