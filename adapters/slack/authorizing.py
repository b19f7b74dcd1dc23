"""Tell by which token the bot speaks in a workspace: the operator's, or the one it gave.

Slack is asked nothing while it waits for an acknowledgement: who the bot is was told at the start
or with the installation. But a token that is about to end is renewed, by one request while others
wait, and they do not wait long as long as the old one is good. Called by Bolt for each request.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from adapters.slack.installing import InstallationStore
from adapters.slack.retrying import LOST
from bot.errors import BotError, DeliveryError

_log = logging.getLogger(__name__)

RENEW_MINUTES = 120
"""Minutes before its end that a token is renewed; Slack's last twelve hours."""
PATIENCE_S = 1.5
"""Seconds that a request waits for a new token while the old one is good."""


@dataclass(frozen=True, slots=True)
class Many:
    """The workspaces that installed the bot, and what renews their tokens."""

    store: InstallationStore
    rotator: AsyncTokenRotator


class Authorizing(AsyncAuthorize):
    """Finds tokens.

    Args:
        operator: Who the bot is where there is one workspace.
        many: Where tokens of many workspaces are kept; None for one.
        clock: Seconds since the epoch, UTC.
    """

    def __init__(
        self,
        operator: AuthorizeResult | None,
        many: Many | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._operator = operator
        self._many = many
        self._clock = clock
        self._renewals: dict[str, asyncio.Task[Bot]] = {}

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """Return who the bot is in a workspace; None where it is not installed.

        Raises:
            DeliveryError: Its token has ended and could not be renewed.
        """
        if self._many is None:
            return self._operator
        bot = await self._many.store.async_find_bot(
            enterprise_id=enterprise_id,
            team_id=team_id,
            is_enterprise_install=bool(context.is_enterprise_install),
        )
        if bot is None:
            _log.warning("not_installed", extra={"team": team_id, "enterprise": enterprise_id})
            return None
        if self._ends_within(bot, RENEW_MINUTES * 60):
            bot = await self._renewed(self._many, bot)
        return AuthorizeResult(
            enterprise_id=bot.enterprise_id,
            team_id=bot.team_id,
            team=bot.team_name,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_scopes=bot.bot_scopes,
            bot_token=bot.bot_token,
        )

    def _ends_within(self, bot: Bot, seconds: float) -> bool:
        ends = bot.bot_token_expires_at
        return (
            bot.bot_refresh_token is not None
            and ends is not None
            and ends <= (self._clock() + seconds)
        )

    async def _renewed(self, many: Many, bot: Bot) -> Bot:
        key = f"{bot.enterprise_id}:{bot.team_id}"
        renewal = self._renewals.get(key)
        if renewal is None:
            renewal = self._renewals[key] = asyncio.create_task(self._renew(many, bot))
            renewal.add_done_callback(lambda _: self._renewals.pop(key, None))
        is_over = self._ends_within(bot, 0)
        await asyncio.wait({renewal}, timeout=None if is_over else PATIENCE_S)
        if renewal.done() and not renewal.exception():
            bot = renewal.result()
        if self._ends_within(bot, 0):
            # Slack tells an event again that is not acknowledged.
            raise DeliveryError(f"The token of {bot.team_id} has ended and was not renewed.")
        return bot

    async def _renew(self, many: Many, bot: Bot) -> Bot:
        """Return an installation with a new token, or as it is where that fails."""
        store = many.store

        async def kept() -> Bot:
            found = await store.async_find_bot(
                enterprise_id=bot.enterprise_id,
                team_id=bot.team_id,
                is_enterprise_install=bot.is_enterprise_install,
            )
            return found or bot

        latest = await kept()  # another request may have been first, here or in another process
        try:
            renewed = await many.rotator.perform_bot_token_rotation(
                bot=latest, minutes_before_expiration=RENEW_MINUTES
            )
        except (SlackClientError, *LOST) as error:
            told = {"team": bot.team_id, "reason": str(error)}
            _log.error("token_not_renewed", extra=told)
            return await kept()
        if renewed is None:
            return latest
        try:
            await store.async_save_bot(renewed)
        except BotError as error:  # it is good for this request all the same
            _log.error("token_not_renewed", extra={"team": bot.team_id, "reason": str(error)})
        return renewed
