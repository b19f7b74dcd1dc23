"""Look over what Slack knows of the bot, for the doctor. Called by `admin`."""

import time
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.messaging.links import links_finding
from adapters.slack.sending import FAILURES, code_of
from bot import admin_texts
from bot.administration import Finding, Health

SKEW_S = 60
"""Seconds between the clocks from which on a word is said; at 300 Slack's requests are refused."""


class Connection(Protocol):
    """What is looked at of the connection to Slack.

    ``silent_s``: seconds without an answer from which on something is wrong with it.
    """

    silent_s: float

    def socket_age_s(self) -> float | None:
        """Return how many seconds ago the socket answered; None before it ever did."""


async def examine(
    client: AsyncWebClient,
    connection: Connection | None,
    required: Sequence[str],
    public_url: str,
    clock: Callable[[], float] = time.time,
) -> list[Finding]:
    """Return what was found of scopes, the socket, the clock and links.

    Args:
        client: Speaks for the bot in the workspace.
        connection: The socket; None where Slack delivers by HTTP.
        required: The scopes that the bot has to be granted.
        public_url: Where readers reach the pages of quotes.
        clock: Seconds since the epoch, UTC.
    """
    found = [*await _granted(client, required, clock), socket_finding(connection)]
    return [*found, links_finding(public_url)]


def socket_finding(connection: Connection | None) -> Finding:
    """Say when the socket answered last: whether it is open can be wrong."""
    if connection is None:
        return Finding("socket", Health.OK, admin_texts.NO_SOCKET)
    age = connection.socket_age_s()
    if age is None:
        return Finding("socket", Health.WARNING, admin_texts.SOCKET_SILENT)
    health = Health.PROBLEM if age > connection.silent_s else Health.OK
    return Finding("socket", health, admin_texts.socket_age(round(age)))


def missing_scopes(told: AsyncSlackResponse, required: Sequence[str]) -> list[str]:
    """Return the scopes that the bot was not granted, by an answer of Slack's."""
    granted = {scope.strip() for scope in _header(told, "x-oauth-scopes").split(",")}
    return [scope for scope in required if scope not in granted]


def _header(told: AsyncSlackResponse, name: str) -> str:
    return {key.lower(): str(value) for key, value in told.headers.items()}.get(name, "")


async def _granted(
    client: AsyncWebClient, required: Sequence[str], clock: Callable[[], float]
) -> list[Finding]:
    try:
        response = await client.auth_test()
    except FAILURES as error:
        return [Finding("token", Health.PROBLEM, code_of(error))]
    missing = missing_scopes(response, required)
    scopes = (
        Finding("scopes", Health.PROBLEM, admin_texts.scopes_missing(missing))
        if missing
        else Finding("scopes", Health.OK, admin_texts.SCOPES_WELL)
    )
    return [scopes, *_clock(_header(response, "date"), clock)]


def _clock(told: str, clock: Callable[[], float]) -> list[Finding]:
    try:
        skew_s = round(abs(clock() - parsedate_to_datetime(told).timestamp()))
    except ValueError:  # no date, or none that can be read
        return []
    if skew_s < SKEW_S:
        return [Finding("clock", Health.OK, admin_texts.CLOCK_WELL)]
    return [Finding("clock", Health.PROBLEM, admin_texts.clock_skew(skew_s))]
