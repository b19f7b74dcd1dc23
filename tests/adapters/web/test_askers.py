"""Who asks, and how often they may."""

import pytest
from aiohttp.test_utils import make_mocked_request

from adapters.web.askers import Turnstile, asker_of, network_of
from tests.fakes.clock import ManualClock


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "unknown"),
        ("<script>", "unknown"),
        ("203.0.113.7, 10.0.0.1", "unknown"),
    ],
)
def test_an_address_is_known_by_its_network(address: str, known: str) -> None:
    assert network_of(address) == known


@pytest.mark.parametrize(
    ("forwarded", "trusts_proxy", "asker"),
    [
        ("203.0.113.7", False, "unknown"),
        ("203.0.113.7", True, "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", True, "203.0.113.7"),
        ("nobody", True, "unknown"),
    ],
)
def test_a_proxy_is_believed_only_where_there_is_one(
    forwarded: str, trusts_proxy: bool, asker: str
) -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": forwarded})
    assert asker_of(request, trusts_proxy=trusts_proxy) == asker


def test_so_many_are_let_through_in_a_minute() -> None:
    clock = ManualClock()
    turnstile = Turnstile(2, 0, clock)
    assert [turnstile.wait_s("ann") > 0 for _ in range(4)] == [False, False, True, True]
    assert turnstile.wait_s("bob") == 0
    clock.advance(61)
    assert turnstile.wait_s("ann") == 0


def test_a_refusal_says_how_long_to_wait() -> None:
    clock = ManualClock()
    turnstile = Turnstile(1, 0, clock)
    turnstile.wait_s("ann")
    clock.advance(20)
    assert turnstile.wait_s("ann") == pytest.approx(40)


def test_all_together_have_a_limit_too() -> None:
    turnstile = Turnstile(0, 2, ManualClock())
    assert [turnstile.wait_s(asker) > 0 for asker in ("ann", "bob", "cid")] == [False, False, True]


def test_no_limit_lets_everybody_through() -> None:
    turnstile = Turnstile(0, 0, ManualClock())
    assert not any(turnstile.wait_s("ann") for _ in range(1_000))
