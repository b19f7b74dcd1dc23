"""Links into the dashboard: what they hold, how long they are good, and what has to be there."""

import base64

import pytest

from bot import admin_texts
from bot.administration import ENTER_PATH, LINK_S, AdminPolicy, LoginLinks
from bot.errors import JournalError
from tests.bot.administration.bench import Bench
from tests.fakes.accounts import MemoryAccounts
from tests.fakes.clock import CountingIds, ManualClock

SITE = "https://quotes.example.org"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def accounts(clock: ManualClock) -> MemoryAccounts:
    return MemoryAccounts(clock)


async def test_a_link_leads_to_the_dashboard_and_is_noted_for_ten_minutes(
    accounts: MemoryAccounts, clock: ManualClock
) -> None:
    links = LoginLinks(accounts, SITE, True, clock, CountingIds("t"))
    assert await links.make() == f"{SITE}{ENTER_PATH}/t1"
    assert accounts.links == {"t1": clock.now + LINK_S}
    assert LINK_S == 600


async def test_a_slash_after_the_address_does_not_count(accounts: MemoryAccounts) -> None:
    links = LoginLinks(accounts, f"{SITE}/", True, new_token=CountingIds("t"))
    assert await links.make() == f"{SITE}{ENTER_PATH}/t1"


async def test_each_link_holds_32_random_bytes_of_its_own(accounts: MemoryAccounts) -> None:
    links = LoginLinks(accounts, SITE, True)
    made = [await links.make() for _ in range(50)]
    tokens = [one.rpartition("/")[2] for one in made]
    assert len(set(tokens)) == 50
    assert {len(base64.urlsafe_b64decode(f"{one}=")) for one in tokens} == {32}


def test_where_there_is_a_dashboard_nothing_is_missing(accounts: MemoryAccounts) -> None:
    assert LoginLinks(accounts, SITE, True).missing is None


@pytest.mark.parametrize(
    ("has_password", "has_log", "told"),
    [
        (False, True, admin_texts.NO_DASHBOARD),
        (False, False, admin_texts.NO_DASHBOARD),
        (True, False, admin_texts.NO_DASHBOARD_LOG),
    ],
)
def test_what_a_dashboard_lacks_is_said_with_the_way_out(
    accounts: MemoryAccounts, has_password: bool, has_log: bool, told: str
) -> None:
    assert LoginLinks(accounts if has_log else None, SITE, has_password).missing == told


async def test_without_a_log_no_link_is_made() -> None:
    with pytest.raises(JournalError, match="a link cannot be noted"):
        await LoginLinks(None, SITE, True).make()


@pytest.mark.parametrize(
    ("platform", "user", "owns"),
    [
        ("discord", "7", True),
        ("slack", "7", False),
        ("discord", "8", False),
        ("discord", "", False),
    ],
)
def test_an_owner_is_whom_the_settings_name(
    bench: Bench, platform: str, user: str, owns: bool
) -> None:
    bench.policy = AdminPolicy(owners=frozenset({"discord:7"}))
    assert bench.administration().is_owner(platform, user) is owns
