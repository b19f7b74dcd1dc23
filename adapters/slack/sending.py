"""Bring one message to Slack for each request, whatever happens on the way.

A post is a place for one message: shown the first time, edited from then on, so that a notice
becomes the answer. Nothing is posted twice: Slack knows no nonce, so each message carries the id
of its request as metadata, and when a response was lost it is looked for before it is posted
again. Blocks that Slack refuses are tried without what is new in them, then as mere text.

What may not be said in place is said elsewhere: in a direct message, with the reason. Only when
nothing of that works does `show` raise a `DeliveryError`. Called by everything that answers.
"""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import blocks
from adapters.slack.blocks import Message
from adapters.slack.retrying import LOST, PAUSES_S
from adapters.slack.translate import Call
from bot import texts
from bot.errors import DeliveryError

_log = logging.getLogger(__name__)

EVENT_TYPE = "counterpoint_answer"
"""What the metadata of our messages is called."""
FAILURES = (SlackClientError, *LOST)
"""What is raised when Slack refuses, or cannot be reached."""

# docs.slack.dev/reference/methods/chat.postMessage, errors.
_BLOCKS_REFUSED = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
)
_CLOSED = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "missing_scope",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "thread_not_found",
    }
)
_DELETED = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands: a channel, or a person's id for direct messages, and a thread."""

    channel: str
    thread_ts: str | None = None


def code_of(error: Exception) -> str:
    """Return Slack's word for an error, or what it is called here."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error") or f"http_{error.response.status_code}")
    return type(error).__name__


def undelivered(call: Call, error: Exception) -> DeliveryError:
    """Return the error for a call that got no answer anywhere."""
    return DeliveryError(f"{call.id} got no answer: {error}", code_of(error))


def forms_of(message: Message) -> Iterator[dict[str, Any]]:
    """Yield a message as it is sent, and plainer each time that Slack refuses it."""
    if message.blocks:
        yield {"text": message.text, "blocks": list(message.blocks)}
        plainer = blocks.plainer(message.blocks)
        if plainer != message.blocks:
            yield {"text": message.text, "blocks": list(plainer)}
    # Empty blocks take those of an edited message away.
    yield {"text": message.text, "blocks": []}


class ChannelPost:
    """The answer to a message: in its thread, or where the bot may speak.

    Args:
        client: Speaks for the bot in the workspace.
        call: What is answered.
        place: Where the answer belongs.
        is_asked: Whether somebody wants an answer, and is written to where the place is closed.
    """

    def __init__(
        self, client: AsyncWebClient, call: Call, place: Place, *, is_asked: bool = True
    ) -> None:
        self._client = client
        self._call = call
        self._place = place
        self._is_asked = is_asked
        self.detour: str | None = None
        self._sent: Place | None = None
        self._ts = ""

    async def open(self) -> bool:
        """Do nothing: Bolt acknowledged the event."""
        return True

    async def show(self, view: Message) -> str:
        """Post, or edit what was posted; in a direct message where the channel is closed."""
        try:
            if self._sent is not None:
                await self._edit(self._sent, view)
            else:
                await self._post(view)
        except FAILURES as error:
            raise undelivered(self._call, error) from error
        return self._ts

    async def stand_down(self) -> None:
        """Delete the notice, if one was posted."""
        sent, self._sent = self._sent, None
        if sent is not None:
            try:
                await self._client.chat_delete(channel=sent.channel, ts=self._ts)
            except FAILURES as error:
                _log.warning("message_stays", extra={"id": self._ts, "reason": code_of(error)})

    async def _post(self, view: Message) -> None:
        try:
            await self._post_in(self._place, view)
        except SlackApiError as error:
            code = code_of(error)
            if code not in _CLOSED or not self._is_asked:
                raise
            _log.warning("channel_closed", extra={"id": self._call.id, "code": code})
            await self._tell_elsewhere(blocks.with_sentence(view, texts.refused(code)), code)
            self.detour = code

    async def _tell_elsewhere(self, view: Message, code: str) -> None:
        """Write to the asker directly; else in the thread, for their eyes alone."""
        try:
            await self._post_in(Place(self._call.user_id), view)
        except SlackApiError as error:
            _log.warning("direct_closed", extra={"id": self._call.id, "code": code_of(error)})
            if code in ("not_in_channel", "channel_not_found"):
                raise
            await _post_ephemeral(self._client, self._call, view)
            self._ts = f"ephemeral:{self._call.id}"

    async def _post_in(self, place: Place, view: Message) -> None:
        response = await post(self._client, place, view, self._call)
        self._ts = str(response["ts"])
        self._sent = Place(str(response.get("channel") or place.channel), place.thread_ts)

    async def _edit(self, sent: Place, view: Message) -> None:
        for form in forms_of(view):
            try:
                await self._client.chat_update(channel=sent.channel, ts=self._ts, **form)
                return
            except SlackApiError as error:
                code = code_of(error)
                if code in _DELETED:
                    _log.info("answer_deleted_meanwhile", extra={"id": self._ts, "code": code})
                    return  # somebody deleted it: it is not posted again
                if code not in _BLOCKS_REFUSED or not form["blocks"]:
                    raise
                _log.error("blocks_refused", extra={"id": self._call.id, "code": code})


async def post(client: AsyncWebClient, place: Place, view: Message, call: Call) -> dict[str, Any]:
    """Post a message once; returns what Slack says of it, with its ``ts`` and ``channel``."""
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"request": call.id}}
    for form in forms_of(view):
        try:
            return await _post_once(
                client,
                place,
                call,
                form
                | {
                    "metadata": metadata,
                    "unfurl_links": False,
                    "unfurl_media": False,
                    "mrkdwn": False,
                },
            )
        except SlackApiError as error:
            code = code_of(error)
            if code not in _BLOCKS_REFUSED or not form["blocks"]:
                raise
            _log.error("blocks_refused", extra={"id": call.id, "code": code})
    raise AssertionError("the last form has no blocks")


async def _post_once(
    client: AsyncWebClient, place: Place, call: Call, form: dict[str, Any]
) -> dict[str, Any]:
    for pause in (*PAUSES_S, None):
        try:
            response = await client.chat_postMessage(
                channel=place.channel, thread_ts=place.thread_ts, **form
            )
        except FAILURES as error:
            # A refusal is final. Anything else may have arrived all the same.
            is_refusal = isinstance(error, SlackApiError) and error.response.status_code < 500
            if is_refusal or pause is None:
                raise
            _log.warning("response_lost", extra={"id": call.id, "reason": code_of(error)})
            await asyncio.sleep(pause)
            found = await _posted(client, place, call)
            if found is not None:
                return {"ts": found, "channel": place.channel}
        else:
            return dict(response.data) if isinstance(response.data, dict) else {}
    raise AssertionError("the last attempt raises")


async def _posted(client: AsyncWebClient, place: Place, call: Call) -> str | None:
    """Return the message that carries a request's id, when it did arrive.

    What may not be read cannot be looked for: then the error stands, as an answer that is
    missing can be asked for again, and one that is there twice cannot be taken back.
    """
    since = f"{call.at - 60:.6f}"
    if place.thread_ts:
        response = await client.conversations_replies(
            channel=place.channel,
            ts=place.thread_ts,
            oldest=since,
            limit=200,
            include_all_metadata=True,
        )
    else:
        response = await client.conversations_history(
            channel=place.channel, oldest=since, limit=200, include_all_metadata=True
        )
    for message in response.get("messages") or ():
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        if payload.get("request") == call.id:
            return str(message["ts"])
    return None


async def _post_ephemeral(client: AsyncWebClient, call: Call, view: Message) -> None:
    for form in forms_of(view):
        try:
            await client.chat_postEphemeral(
                channel=call.channel_id, user=call.user_id, thread_ts=call.thread_ts, **form
            )
            return
        except SlackApiError as error:
            if code_of(error) not in _BLOCKS_REFUSED or not form["blocks"]:
                raise
