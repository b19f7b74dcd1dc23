"""Tell by which token the bot speaks in a workspace: the operator's, or the one it gave.

Who the bot is there is asked once a token, however many requests come at the same time; a token
that expires is renewed by one request, while others wait. Called by Bolt for each request.
"""

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass

from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.installing import InstallationStore

_log = logging.getLogger(__name__)

RENEW_MINUTES = 120
"""Minutes before its end that a token is renewed; Slack's last twelve hours."""


@dataclass(frozen=True, slots=True)
class Many:
    """The workspaces that installed the bot, and what renews their tokens."""

    store: InstallationStore
    rotator: AsyncTokenRotator


class Authorizing(AsyncAuthorize):
    """Finds tokens.

    Args:
        client: Asks Slack who the bot is.
        token: By which the bot speaks where there is one workspace.
        many: Where tokens of many workspaces are kept; None for one.
    """

    def __init__(self, client: AsyncWebClient, token: str | None, many: Many | None = None) -> None:
        self._client = client
        self._token = token
        self._many = many
        self._known: dict[str, AuthorizeResult] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

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
        """Return who the bot is in a workspace; None where it is not installed."""
        async with self._locks[f"{enterprise_id}:{team_id}"]:
            is_enterprise = bool(context.is_enterprise_install)
            token = await self._token_for(enterprise_id, team_id, is_enterprise)
            if token is None:
                _log.warning("not_installed", extra={"team": team_id, "enterprise": enterprise_id})
                return None
            known = self._known.get(token)
            if known is None:
                try:
                    told = await self._client.auth_test(token=token)
                except SlackApiError as error:
                    _log.error("token_refused", extra={"team": team_id, "reason": str(error)})
                    return None
                known = AuthorizeResult.from_auth_test_response(
                    auth_test_response=told, bot_token=token
                )
                self._known[token] = known
            return known

    def forget(self, token: str | None) -> None:
        """Drop what is known of a token that counts no more."""
        self._known.pop(token or "", None)

    async def _token_for(
        self, enterprise_id: str | None, team_id: str | None, is_enterprise: bool
    ) -> str | None:
        if self._many is None:
            return self._token
        store = self._many.store
        bot = await store.async_find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise
        )
        if bot is None or bot.bot_refresh_token is None:
            return bot.bot_token if bot is not None else None
        try:
            renewed = await self._many.rotator.perform_bot_token_rotation(
                bot=bot, minutes_before_expiration=RENEW_MINUTES
            )
        except SlackTokenRotationError as error:
            # The old one may still be good for a while.
            _log.error("token_not_renewed", extra={"team": team_id, "reason": str(error)})
            return bot.bot_token
        if renewed is None:
            return bot.bot_token
        await store.async_save_bot(renewed)
        self.forget(bot.bot_token)
        return renewed.bot_token
