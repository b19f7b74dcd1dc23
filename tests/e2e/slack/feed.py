"""The events that follow from what happens in a team, as Slack fires them.

https://docs.slack.dev/reference/events/message
"""

import json
from typing import TYPE_CHECKING, Any

from tests.e2e.slack.delivery import EVENT, Delivery
from tests.e2e.slack.shapes import event_callback, message_payload
from tests.e2e.slack.workspace import Message, Team

if TYPE_CHECKING:
    from tests.e2e.slack.server import LoopbackSlack

_KINDS = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


class Feed:
    """Tells the bot what happens; a member's doings return what was sent for them.

    Attributes:
        is_muted: Whether nothing is told, which is how a history is made.
        echoes: Whether the bot hears of its own messages, of previews and of threads that grow.
        mentions_first: Whether ``app_mention`` comes before ``message`` for the same text.
    """

    def __init__(self, server: "LoopbackSlack") -> None:
        self.is_muted = False
        self.echoes = True
        self.mentions_first = False
        self._server = server

    def tell(self, team: Team, event: dict[str, Any]) -> Delivery | None:
        """Send an event under an event_id of its own, if the team has the bot."""
        if self.is_muted or not team.is_installed:
            return None
        payload = event_callback(team, event)
        return self._server.deliver(EVENT, payload)

    def picture(self, message: Message) -> dict[str, Any]:
        """Return what a message looks like, to be told when it has changed."""
        return message_payload(message)

    def posted(self, message: Message) -> list[Delivery]:
        """Tell of a new message: to all who may read, and as a mention if it is one."""
        if message.is_ephemeral:
            return []
        told = [*self._mention(message), self._message(message, self.picture(message))]
        if not self.mentions_first:
            told.reverse()
        if self.echoes and message.is_reply:
            root = message.channel.messages.get(message.root_ts)
            if root is not None:
                self.changed(root, self.picture(root))
        return [one for one in told if one is not None]

    def changed(self, message: Message, before: dict[str, Any], *, by: str = "") -> list[Delivery]:
        """Tell of a message that now looks different; an edit by a member mentions anew."""
        if message.is_ephemeral or (not by and not self.echoes):
            return []
        ts = message.team.stamp()
        event = {
            "subtype": "message_changed",
            "message": self.picture(message),
            "previous_message": before,
            "hidden": True,
            "ts": ts,
        }
        told = [self._message(message, event), *(self._mention(message) if by else [])]
        return [one for one in told if one is not None]

    def deleted(self, message: Message) -> list[Delivery]:
        """Tell of a message that is gone."""
        if message.is_ephemeral:
            return []
        event = {
            "subtype": "message_deleted",
            "previous_message": self.picture(message),
            "deleted_ts": message.ts,
            "hidden": True,
            "ts": message.team.stamp(),
        }
        told = self._message(message, event)
        return [] if told is None else [told]

    def unfurled(self, message: Message) -> None:
        """Tell of the preview of a link in a message."""
        if "http" in message.text or "http" in json.dumps(message.blocks):
            self.changed(message, self.picture(message))

    def _message(self, message: Message, event: dict[str, Any]) -> Delivery | None:
        team, channel = message.team, message.channel
        is_own = message.user_id == team.bot.id
        may = f"{_KINDS[channel.kind]}:history" in team.scopes
        if not may or not team.reaches(channel) or (is_own and not self.echoes):
            return None
        told = {"channel": channel.id, "channel_type": channel.kind, "event_ts": event["ts"]}
        return self.tell(team, {**event, "type": "message", **told})

    def _mention(self, message: Message) -> list[Delivery | None]:
        team, channel = message.team, message.channel
        is_own = message.user_id == team.bot.id
        if is_own or channel.kind == "im" or f"<@{team.bot.id}>" not in message.text:
            return []
        if "app_mentions:read" not in team.scopes or not team.reaches(channel):
            return []
        picture = self.picture(message)
        event = {**picture, "type": "app_mention", "channel": channel.id, "event_ts": message.ts}
        event.pop("subtype", None)
        return [self.tell(team, event)]
