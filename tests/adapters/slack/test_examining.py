"""What the doctor finds of Slack: scopes, socket, clock, links."""

import time

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import examining
from adapters.slack.examining import examine, socket_finding
from bot import admin_texts
from bot.administration import Finding, Health
from tests.e2e.slack.people import Workspace
from tests.e2e.slack.server import LoopbackSlack

PUBLIC = "https://quotes.example.org"


class FakeConnection:
    """A socket that answered a while ago, or never."""

    silent_s = 60.0

    def __init__(self, age_s: float | None) -> None:
        self._age_s = age_s

    def socket_age_s(self) -> float | None:
        return self._age_s


async def found(
    client: AsyncWebClient, *required: str, skew_s: float = 0.0
) -> dict[str, tuple[Health, str]]:
    """Return what is found by health and word, the clock being ahead of Slack's."""
    looked = await examine(
        client, FakeConnection(1.0), required, PUBLIC, lambda: time.time() + skew_s
    )
    return {one.part: (one.health, one.told) for one in looked}


async def test_all_is_well(client: AsyncWebClient) -> None:
    told = await found(client, "chat:write", "users:read")
    assert told == {
        "scopes": (Health.OK, admin_texts.SCOPES_WELL),
        "clock": (Health.OK, admin_texts.CLOCK_WELL),
        "socket": (Health.OK, admin_texts.socket_age(1)),
        "links": (Health.OK, admin_texts.LINKS_WELL),
    }


async def test_scopes_that_are_missing_are_named(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    workspace.withhold("users:read", "chat:write")
    told = await found(client, "chat:write", "commands", "users:read")
    expected = admin_texts.scopes_missing(["chat:write", "users:read"])
    assert told["scopes"] == (Health.PROBLEM, expected)


async def test_a_scope_is_not_taken_for_another_that_begins_alike(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    workspace.withhold("chat:write")
    workspace.allow("chat:write.public")
    assert (await found(client, "chat:write"))["scopes"][0] is Health.PROBLEM


@pytest.mark.parametrize("skew_s", [examining.SKEW_S + 2.0, -examining.SKEW_S - 2.0])
async def test_a_clock_that_is_off_is_told(client: AsyncWebClient, skew_s: float) -> None:
    health, told = (await found(client, skew_s=skew_s))["clock"]
    assert health is Health.PROBLEM
    off = range(examining.SKEW_S, examining.SKEW_S + 5)
    assert told in [admin_texts.clock_skew(seconds) for seconds in off]


async def test_a_token_that_is_refused_is_told_and_the_rest_is_looked_at(
    server: LoopbackSlack, client: AsyncWebClient
) -> None:
    server.faults.refuse("auth.test", "token_revoked")
    told = await found(client, "chat:write")
    assert told["token"] == (Health.PROBLEM, "token_revoked")
    assert {"socket", "links"} < told.keys()


@pytest.mark.parametrize(
    ("connection", "expected"),
    [
        (None, (Health.OK, admin_texts.NO_SOCKET)),
        (FakeConnection(None), (Health.WARNING, admin_texts.SOCKET_SILENT)),
        (FakeConnection(59.6), (Health.OK, admin_texts.socket_age(60))),
        (FakeConnection(60.6), (Health.PROBLEM, admin_texts.socket_age(61))),
    ],
)
def test_a_socket_is_as_well_as_its_last_answer_is_young(
    connection: FakeConnection | None, expected: tuple[Health, str]
) -> None:
    assert socket_finding(connection) == Finding("socket", *expected)
