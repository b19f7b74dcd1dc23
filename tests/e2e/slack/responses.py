"""Where a bot answers an interaction: URLs that live half an hour and are used five times at most.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.e2e.slack.calls import Refusal, text_and_blocks
from tests.e2e.slack.workspace import Channel, Message, Team

if TYPE_CHECKING:
    from tests.e2e.slack.server import LoopbackSlack

MOST_USES = 5
LIFE_S = 1800.0


@dataclass(slots=True, eq=False)
class ResponseUrl:
    """One such URL, whose it is and what was made of it; ``source`` is the message pressed."""

    url: str
    team: Team
    channel: Channel
    user_id: str
    source: Message | None
    thread_ts: str | None
    expires_at: float
    uses: int = 0
    shown: list[Message] = field(default_factory=list)

    def expire(self) -> None:
        """Let the half hour pass."""
        self.expires_at = 0.0


class Responses:
    """All response URLs of a server."""

    def __init__(self, server: "LoopbackSlack") -> None:
        self._server = server
        self._known: dict[str, ResponseUrl] = {}
        self._numbers = count(1)

    def issue(
        self,
        team: Team,
        channel: Channel,
        user_id: str,
        *,
        source: Message | None = None,
        thread_ts: str | None = None,
    ) -> ResponseUrl:
        """Return a URL for an interaction that begins now."""
        name = f"{next(self._numbers)}"
        url = f"{self._server.url}/response/{name}"
        expires_at = time.monotonic() + LIFE_S
        made = ResponseUrl(url, team, channel, user_id, source, thread_ts, expires_at)
        self._known[name] = made
        return made

    def find(self, name: str) -> ResponseUrl | None:
        """Return a URL by the last part of it."""
        return self._known.get(name)

    def work(self, name: str, body: dict[str, Any]) -> None:
        """Do what was posted to a URL.

        Raises:
            Refusal: With what Slack would answer.
        """
        response = self._known.get(name)
        if response is None or response.expires_at < time.monotonic():
            raise Refusal("expired_url", http_status=404)
        if response.uses >= MOST_USES:
            raise Refusal("used_url", http_status=404)
        response.uses += 1
        said = body.keys() & {"replace_original", "delete_original"}
        if response.source is not None and not said:
            # Slack's pages disagree on what happens to the message then.
            self._server.note("response_url: the answer to a button must say replace_original")
        self.show(response, body)

    def show(self, response: ResponseUrl, body: dict[str, Any]) -> None:
        """Show what the bot answered; an answer in an acknowledgement does not count as a use."""
        source = response.source
        if _is_set(body.get("delete_original")):
            if source is not None:
                source.is_deleted = True
                self._server.feed.deleted(source)
            return
        text, blocks = text_and_blocks(self._server, body)
        if _is_set(body.get("replace_original")) and source is not None:
            before = self._server.feed.picture(source)
            source.change(text, blocks)
            response.shown.append(source)
            self._server.feed.changed(source, before)
            return
        team = response.team
        in_channel = body.get("response_type") == "in_channel"
        thread_ts = body.get("thread_ts") or response.thread_ts
        message = team.add_message(
            response.channel,
            team.bot,
            text,
            blocks=blocks,
            thread_ts=str(thread_ts) if thread_ts else None,
            only_for="" if in_channel else response.user_id,
        )
        response.shown.append(message)
        if in_channel:
            self._server.feed.posted(message)


def _is_set(value: Any) -> bool:
    return value in (True, "true")
