"""Answer a command, a shortcut or a button by the URL that came with it.

For whoever called alone, or for all in the channel; it works where the bot is no member. A URL
can be used five times in half an hour, after which the asker is written to directly. What became
of a request whose response was lost cannot be looked up, so it is not sent again, but said.
"""

import json
import logging
from dataclasses import replace
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from adapters.messaging.presses import Action, Press
from adapters.slack import blocks, limits
from adapters.slack.blocks import Message
from adapters.slack.retrying import LOST, handlers
from adapters.slack.sending import (
    BLOCKS_REFUSED,
    FAILURES,
    Place,
    code_of,
    forms_of,
    post,
    undelivered,
    unknown,
)
from adapters.slack.translate import Call
from bot import texts
from bot.errors import DeliveryError, DeliveryUnknown

_log = logging.getLogger(__name__)


class ResponsePost:
    """The answer to a command, a shortcut or a button.

    Args:
        client: Speaks for the bot in the workspace.
        call: What is answered; has a response URL.
        is_private: Whether the asker alone sees it; they can share it then.
        replaces: Whether the message with the button is replaced.
        detours: Whether the asker is written to directly where the URL is of no use.
        lead: What others are told before the answer.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        call: Call,
        *,
        is_private: bool = True,
        replaces: bool = False,
        detours: bool = True,
        lead: str = "",
    ) -> None:
        self._client = client
        self._call = call
        self._is_private = is_private
        self._replaces = replaces
        self._detours = detours
        self._lead = lead
        self.detour: str | None = None
        self._uses = 0

    async def open(self) -> bool:
        """Do nothing: the listener acknowledged the request."""
        return True

    async def show(self, view: Message) -> str:
        """Answer, or replace the answer; in a direct message where the URL is used up."""
        here = view
        if self._is_private and view.shares is not None and not self._call.is_direct:
            here = with_share(view, view.shares)
        if self._lead and not self._is_private:
            here = blocks.with_sentence(view, self._lead)
        try:
            code = await self._respond(here)
            if code is None:
                return self._call.id
            if not self._detours:
                raise DeliveryError(f"{self._call.id} could not be answered in place", code)
            known = code in texts.SLACK_REFUSALS
            told = texts.refused(code) if known else texts.ANSWER_IN_CHANNEL
            elsewhere = blocks.with_sentence(view, told)
            await post(self._client, Place(self._call.user_id), elsewhere, self._call)
            self.detour = code
        except DeliveryUnknown:
            self._is_private = True  # what follows is for the asker alone
            raise
        except FAILURES as error:
            raise undelivered(self._call, error) from error
        return self._call.id

    async def stand_down(self) -> None:
        """Say nothing: there was an answer."""

    async def _respond(self, view: Message) -> str | None:
        """Post by the URL; returns why that cannot be done, None when it is done."""
        url = self._call.response_url
        if not url or self._uses >= limits.RESPONSES:
            return "used_url"
        webhook = AsyncWebhookClient(url, session=self._client.session, retry_handlers=handlers())
        code: str | None = None
        for form in forms_of(view):
            self._uses += 1
            try:
                response = await webhook.send_dict(self._envelope() | form)
            except aiohttp.ClientConnectorError as error:  # nothing arrived
                return code_of(error)
            except LOST as error:
                raise unknown(self._call, error) from error
            if response.status_code >= 500:  # it may have been done all the same
                told = f"{self._call.id} may have got no answer"
                raise DeliveryUnknown(told, f"http_{response.status_code}")
            code = _refusal_in(response)
            if code is None:
                self._replaces = True  # the next word replaces this one, where Slack can
                return None
            _log.warning(
                "response_refused",
                extra={"id": self._call.id, "status": response.status_code, "code": code},
            )
            if code not in BLOCKS_REFUSED:
                break
        return code

    def _envelope(self) -> dict[str, Any]:
        kind = "ephemeral" if self._is_private else "in_channel"
        envelope: dict[str, Any] = {
            "response_type": kind,
            "replace_original": self._replaces,
            "unfurl_links": False,
            "unfurl_media": False,
            "mrkdwn": False,  # acts where there are no blocks
        }
        if self._call.thread_ts and not self._replaces:
            envelope["thread_ts"] = self._call.thread_ts
        return envelope


def with_share(view: Message, request_id: str) -> Message:
    """Return an answer with the button that shares it, first in its last row."""
    share = blocks.button(Press(Action.SHARE, request_id).on_button, texts.SHARE, "primary")
    if view.showing:
        share |= {"value": Press(Action.SHARE, request_id, view.showing).on_button}
    shown = list(view.blocks)
    for place in range(len(shown) - 1, -1, -1):
        if shown[place]["type"] == "actions":
            row = {"type": "actions", "elements": [share, *shown[place]["elements"]]}
            return replace(view, blocks=(*shown[:place], row, *shown[place + 1 :]))
    return replace(view, blocks=(*shown, *blocks.row([share])))


def _refusal_in(response: WebhookResponse) -> str | None:
    """Return Slack's word for why it refused a message; None when it took it.

    Some refusals come with a status of 200, as those of the Web API do.
    """
    try:
        told = json.loads(response.body)
    except ValueError:
        told = None
    if response.status_code == 200 and not (isinstance(told, dict) and told.get("ok") is False):
        return None
    return str(told.get("error")) if isinstance(told, dict) else response.body[:100]
