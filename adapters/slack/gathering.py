"""Fetch what a call of the bot needs of the conversation that it stands in.

In a thread that is the thread, of which Slack tells the oldest messages first: every page is read
up to a bound, and the newest messages are kept, with the one that the thread began with. Elsewhere
it is what was said last. What may not be read is left out and logged; an answer from less is
better than none.
"""

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.surroundings import Cited, Surroundings
from adapters.slack.profiles import Profiles
from adapters.slack.retrying import LOST
from adapters.slack.translate import Call, Payload, is_said_by_a_person, said

_log = logging.getLogger(__name__)

NEWEST = 25
"""Messages before the call that are kept."""
PAGE = 200
"""Messages that are asked for at once; Slack advises no more, and may send fewer."""
PAGES = 15
"""Pages of a thread that are read."""


class Gathering:
    """Fetches conversations.

    Args:
        profiles: Knows the names of people.
    """

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    async def gather(self, client: AsyncWebClient, call: Call) -> Surroundings:
        """Fetch the conversation around a message that calls the bot."""
        try:
            if call.thread_ts:
                found = await _thread(client, call, call.thread_ts)
            else:
                found = await _newest(client, call)
        except (SlackClientError, *LOST) as error:
            _log.warning("conversation_withheld", extra={"id": call.id, "reason": str(error)})
            return Surroundings(is_withheld=True)
        told = {str(one["ts"]): one for one in found if one["ts"] != call.ts}
        oldest_first = [told[ts] for ts in sorted(told)]
        return Surroundings(
            tuple(said(one, call.team_id) for one in oldest_first),
            cite=self._citing(client, call, told),
        )

    def about(self, client: AsyncWebClient, call: Call, target: Payload) -> Surroundings:
        """Return the surroundings that a message makes which somebody pointed at."""
        told = {str(target["ts"]): target}
        meant = said(target, call.team_id, is_reply_target=True)
        return Surroundings((meant,), cite=self._citing(client, call, told))

    def _citing(
        self, client: AsyncWebClient, call: Call, told: Mapping[str, Payload]
    ) -> Callable[[str], Awaitable[Cited | None]]:
        """Return what finds out who wrote a message; only the one that is named is asked for."""

        async def cite(ts: str) -> Cited | None:
            message = told.get(ts)
            if message is None:
                return None
            author = str(message.get("user") or "")
            profile = await self._profiles.of(client, call.team_id, author)
            return Cited(profile.name, await _permalink(client, call, ts))

        return cite


async def _permalink(client: AsyncWebClient, call: Call, ts: str) -> str:
    try:
        told = await client.chat_getPermalink(channel=call.channel_id, message_ts=ts)
    except (SlackClientError, *LOST) as error:
        _log.info("permalink_unknown", extra={"id": call.id, "reason": str(error)})
        return ""
    return str(told.get("permalink") or "")


async def _thread(client: AsyncWebClient, call: Call, thread_ts: str) -> list[dict[str, Any]]:
    starter: list[dict[str, Any]] = []
    newest: deque[dict[str, Any]] = deque(maxlen=NEWEST)
    cursor: str | None = None
    for _ in range(PAGES):
        response = await client.conversations_replies(
            channel=call.channel_id, ts=thread_ts, limit=PAGE, cursor=cursor, latest=call.ts
        )
        for message in response.get("messages") or ():
            if message.get("ts") == thread_ts:
                starter = [message]
            elif is_context(message):
                newest.append(message)
        cursor = (response.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            break
    else:
        _log.warning("thread_cut", extra={"id": call.id, "pages": PAGES})
    return [*starter, *newest]


async def _newest(client: AsyncWebClient, call: Call) -> list[dict[str, Any]]:
    response = await client.conversations_history(
        channel=call.channel_id, latest=call.ts, limit=NEWEST, inclusive=False
    )
    return [one for one in response.get("messages") or () if is_context(one)]


def is_context(message: Payload) -> bool:
    """Whether a message belongs to a conversation: people's, edited or not, and bots' answers."""
    told = {key: value for key, value in message.items() if key != "edited"}
    return bool(message.get("bot_id")) or is_said_by_a_person(told)
