"""Bring one message to Slack for each request, whatever happens on the way.

A post is a place for one message: shown the first time, edited from then on, so that a notice
becomes the answer. Nothing is posted twice: Slack knows no nonce, so each message carries an id of
its own as metadata, and when a response was lost it is looked for before it is posted again. Where
that cannot be looked up, the asker alone is told so. Blocks that Slack refuses are tried without
what is new in them, then as mere text.

What may not be said in place is said elsewhere: in a direct message, with the reason. Only when
nothing of that works does `show` raise a `DeliveryError`. Called by everything that answers.
"""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import blocks
from adapters.slack.blocks import Message
from adapters.slack.retrying import LOST, PAUSES_S
from adapters.slack.translate import Call, seconds
from bot import texts
from bot.errors import DeliveryError, DeliveryUnknown

_log = logging.getLogger(__name__)

EVENT_TYPE = "counterpoint_answer"
"""What the metadata of our messages is called."""
FAILURES = (SlackClientError, *LOST)
"""What is raised when Slack refuses, or cannot be reached."""

# docs.slack.dev/reference/methods/chat.postMessage, errors.
BLOCKS_REFUSED = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
)
"""Why Slack refuses a message that it may take in a plainer form."""
_OUTSIDE = frozenset({"not_in_channel", "channel_not_found"})
_KEPT = frozenset({"cant_update_message", "edit_window_closed"})
_SERVER_ERROR = 500
_PEOPLE = ("U", "W")
"""How ids of people begin: only `chat.postMessage` takes them for their direct messages."""


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


def unknown(call: Call, error: Exception) -> DeliveryUnknown:
    """Return the error for a call whose answer may have arrived."""
    return DeliveryUnknown(f"{call.id} may have got no answer: {error}", code_of(error))


def may_have_arrived(error: Exception) -> bool:
    """Whether a request may have been done although it failed."""
    if isinstance(error, SlackApiError):
        return bool(error.response.status_code >= _SERVER_ERROR)
    return not isinstance(error, aiohttp.ClientConnectorError)


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
        self._is_unknown = False

    @property
    def is_in_place(self) -> bool:
        """Whether a message stands where the answer belongs."""
        return self._sent is not None and self.detour is None

    async def open(self) -> bool:
        """Do nothing: Bolt acknowledged the event."""
        return True

    async def show(self, view: Message) -> str:
        """Post, or edit what was posted; in a direct message where the channel is closed."""
        try:
            if self._sent is not None:
                await self._edit(self._sent, view)
            elif self._is_unknown and not self._call.is_direct:
                await self._whisper(view)
            else:
                await self._post(view)
        except DeliveryUnknown:
            self._is_unknown = True  # what follows is for the asker alone
            raise
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
            if code in BLOCKS_REFUSED or may_have_arrived(error) or not self._is_asked:
                raise
            _log.warning("place_closed", extra={"id": self._call.id, "code": code})
            elsewhere = blocks.with_sentence(view, texts.refused(code))
            if not await self._tell_elsewhere(elsewhere, code):
                raise
            self.detour = code

    async def _tell_elsewhere(self, view: Message, code: str) -> bool:
        """Write to the asker directly; else where they asked, for their eyes alone."""
        try:
            await self._post_in(Place(self._call.user_id), view)
        except SlackApiError as error:
            _log.warning("direct_closed", extra={"id": self._call.id, "code": code_of(error)})
            if code in _OUTSIDE:
                return False
            try:
                await _post_ephemeral(self._client, self._call, view)
            except SlackApiError:
                return False
            self._ts = f"ephemeral:{self._call.id}"
        return True

    async def _whisper(self, view: Message) -> None:
        """Tell the asker alone, where they asked; else in a direct message."""
        try:
            await _post_ephemeral(self._client, self._call, view)
        except SlackApiError as error:
            _log.warning("whisper_refused", extra={"id": self._call.id, "code": code_of(error)})
            await self._post_in(Place(self._call.user_id), view)

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
                if code == "message_not_found":
                    _log.info("answer_deleted_meanwhile", extra={"id": self._ts, "code": code})
                    return  # somebody deleted it: it is not posted again
                if code in _KEPT:
                    _log.info("edit_refused", extra={"id": self._ts, "code": code})
                    await self.stand_down()
                    await self._post_in(sent, view)
                    return
                if code not in BLOCKS_REFUSED or not form["blocks"]:
                    raise
                _log.error("blocks_refused", extra={"id": self._call.id, "code": code})


async def post(client: AsyncWebClient, place: Place, view: Message, call: Call) -> dict[str, Any]:
    """Post a message once; returns what Slack says of it, with its ``ts`` and ``channel``.

    Raises:
        DeliveryUnknown: It may have arrived, and that cannot be looked up.
        SlackClientError: Slack refuses it, or `LOST` where Slack cannot be reached.
    """
    payload = {"request": call.id, "post": uuid4().hex}
    metadata = {"event_type": EVENT_TYPE, "event_payload": payload}
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
            if code not in BLOCKS_REFUSED or not form["blocks"]:
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
            if pause is None or not may_have_arrived(error):
                raise
            _log.warning("response_lost", extra={"id": call.id, "reason": code_of(error)})
            await asyncio.sleep(pause)
            try:
                found = await _posted(client, place, call, form)
            except FAILURES as hidden:
                # One that is missing can be asked for again, one that is there twice stays.
                _log.warning("not_looked_up", extra={"id": call.id, "reason": code_of(hidden)})
                raise unknown(call, error) from error
            if found is not None:
                return found
        else:
            return dict(response.data) if isinstance(response.data, dict) else {}
    raise AssertionError("the last attempt raises")


async def _posted(
    client: AsyncWebClient, place: Place, call: Call, form: dict[str, Any]
) -> dict[str, Any] | None:
    """Return what Slack says of a message that did arrive.

    Where Slack keeps metadata to itself, a bot's message of the same text is taken for it.
    """
    channel = place.channel
    if channel[0] in _PEOPLE:
        channel = str((await client.conversations_open(users=channel))["channel"]["id"])
    is_slacks_time = call.ts is not None and seconds(call.ts) == call.at  # else our clock's
    since = f"{call.at if is_slacks_time else call.at - 60:.6f}"
    if place.thread_ts:
        response = await client.conversations_replies(
            channel=channel,
            ts=place.thread_ts,
            oldest=since,
            limit=200,
            include_all_metadata=True,
        )
    else:
        response = await client.conversations_history(
            channel=channel, oldest=since, limit=200, include_all_metadata=True
        )
    wanted = form["metadata"]["event_payload"]["post"]
    for message in response.get("messages") or ():
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        is_alike = bool(message.get("bot_id")) and message.get("text") == form["text"]
        if payload.get("post") == wanted or (is_alike and not payload):
            return {"ts": str(message["ts"]), "channel": channel}
    return None


async def _post_ephemeral(client: AsyncWebClient, call: Call, view: Message) -> None:
    for form in forms_of(view):
        try:
            await client.chat_postEphemeral(
                channel=call.channel_id, user=call.user_id, thread_ts=call.thread_ts, **form
            )
            return
        except SlackApiError as error:
            if code_of(error) not in BLOCKS_REFUSED or not form["blocks"]:
                raise
