"""Answer a command, a shortcut or a button by the URL that came with it.

For whoever called alone, or for all in the channel; it works where the bot is no member. A URL
can be used five times in half an hour, after which the asker is written to directly. A response
URL cannot tell whether a lost request arrived, so what was sent is not sent again.
"""

import json
import logging
from dataclasses import replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.messaging.presses import Action, Press
from adapters.slack import blocks, limits
from adapters.slack.blocks import Message
from adapters.slack.retrying import WaitAsTold
from adapters.slack.sending import FAILURES, Place, forms_of, post, undelivered
from adapters.slack.translate import Call
from bot import texts

_log = logging.getLogger(__name__)


class ResponsePost:
    """The answer to a command, a shortcut or a button.

    Args:
        client: Speaks for the bot in the workspace.
        call: What is answered; has a response URL.
        is_private: Whether the asker alone sees it; they can share it then.
        replaces: Whether the message with the button is replaced.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        call: Call,
        *,
        is_private: bool = True,
        replaces: bool = False,
    ) -> None:
        self._client = client
        self._call = call
        self._is_private = is_private
        self._replaces = replaces
        self.detour: str | None = None
        self._uses = 0

    async def open(self) -> bool:
        """Do nothing: the listener acknowledged the request."""
        return True

    async def show(self, view: Message) -> str:
        """Answer, or replace the answer; in a direct message where the URL is used up."""
        if self._is_private and view.shares is not None and not self._call.is_direct:
            view = with_share(view, view.shares)
        try:
            url = self._call.response_url
            if url and self._uses < limits.RESPONSES and await self._respond(url, view):
                return self._call.id
            elsewhere = blocks.with_sentence(view, texts.ANSWER_IN_CHANNEL)
            await post(self._client, Place(self._call.user_id), elsewhere, self._call)
            self.detour = "expired_url"
        except FAILURES as error:
            raise undelivered(self._call, error) from error
        return self._call.id

    async def stand_down(self) -> None:
        """Say nothing: there was an answer."""

    async def _respond(self, url: str, view: Message) -> bool:
        """Post by the URL; False when it is expired or used up."""
        webhook = AsyncWebhookClient(
            url, session=self._client.session, retry_handlers=[WaitAsTold()]
        )
        for form in forms_of(view):
            self._uses += 1
            response = await webhook.send_dict(self._envelope() | form)
            if response.status_code == 200:
                self._replaces = True  # the next word replaces this one, where Slack can
                return True
            code = _code_in(response.body)
            _log.warning(
                "response_refused",
                extra={"id": self._call.id, "status": response.status_code, "code": code},
            )
            if response.status_code in (404, 410) or not form["blocks"]:
                return False
        return False

    def _envelope(self) -> dict[str, Any]:
        kind = "ephemeral" if self._is_private else "in_channel"
        envelope: dict[str, Any] = {
            "response_type": kind,
            "replace_original": self._replaces,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if self._call.thread_ts and not self._replaces:
            envelope["thread_ts"] = self._call.thread_ts
        return envelope


def with_share(view: Message, request_id: str) -> Message:
    """Return an answer with the button that shares it, first in its last row."""
    share = blocks.button(Press(Action.SHARE, request_id).on_button, texts.SHARE, "primary")
    shown = list(view.blocks)
    for place in range(len(shown) - 1, -1, -1):
        if shown[place]["type"] == "actions":
            row = {"type": "actions", "elements": [share, *shown[place]["elements"]]}
            return replace(view, blocks=(*shown[:place], row, *shown[place + 1 :]))
    return replace(view, blocks=(*shown, *blocks.row([share])))


def _code_in(body: str) -> str:
    try:
        told = json.loads(body)
    except ValueError:
        return body[:100]
    return str(told.get("error") if isinstance(told, dict) else told)
