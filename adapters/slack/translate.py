"""Translate what Slack tells into the core's value types. Pure: nothing is fetched here.

A `Call` is whatever somebody did, in one shape: a message, a command, a shortcut, a button.
`gathering` fetches the conversation, `bot.conversation` decides what of it is meant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.escaping import unescaped
from bot.types import Interaction, Message, QueryKind, Trigger, Visibility

PLATFORM = "slack"
HOME = "home"
"""Stands, with the community, for the channel of what happens in the Home tab, which has none."""

Payload = Mapping[str, Any]

_WRITTEN = frozenset({None, "thread_broadcast", "file_share", "me_message"})
"""Subtypes of messages that a person wrote; all others are notices, edits and other bots."""


@dataclass(frozen=True, slots=True)
class Call:
    """Something that somebody did.

    ``id`` is the same whenever Slack tells of it again. ``channel_id`` is empty in the Home tab;
    ``thread_ts`` is the thread that it happened in, ``ts`` the message that it is or is about.
    ``at`` is in seconds since the epoch. ``is_direct``: between the bot and one person.
    """

    id: str
    community_id: str
    team_id: str
    user_id: str
    channel_id: str
    text: str
    at: float
    ts: str | None = None
    thread_ts: str | None = None
    is_direct: bool = False
    response_url: str | None = None
    trigger_id: str | None = None

    @property
    def asker_id(self) -> str:
        """Who did it: ids of people are unique in their workspace alone."""
        return f"{self.team_id}_{self.user_id}"

    def saying(self, text: str) -> "Call":
        """Return the call with other words."""
        return replace(self, text=text)


def from_message(event: Payload, body: Payload) -> Call:
    """Return the call that a message is; ``body`` is what the event came in."""
    team = str(body.get("team_id") or event.get("team") or "")
    channel, ts = str(event["channel"]), str(event["ts"])
    return Call(
        id=f"{team}:{channel}:{ts}",
        community_id=_community(body, team),
        team_id=team,
        user_id=str(event["user"]),
        channel_id=channel,
        text=unescaped(str(event.get("text") or "")),
        at=seconds(ts),
        ts=ts,
        thread_ts=event.get("thread_ts"),
        is_direct=event.get("channel_type") == "im",
    )


def from_command(body: Payload, now: float) -> Call:
    """Return the call that a slash command is."""
    team, channel = str(body["team_id"]), str(body["channel_id"])
    return Call(
        id=f"{team}:command:{body['trigger_id']}",
        community_id=_community(body, team),
        team_id=team,
        user_id=str(body["user_id"]),
        channel_id=channel,
        text=unescaped(str(body.get("text") or "")),
        at=now,
        is_direct=_is_direct(channel),
        response_url=body.get("response_url"),
        trigger_id=body["trigger_id"],
    )


def from_press(body: Payload, now: float) -> Call:
    """Return the call that a button, a menu, a shortcut or a submitted form is."""
    user = body["user"]
    team = str((body.get("team") or {}).get("id") or user.get("team_id") or "")
    container = body.get("container") or {}
    message = body.get("message") or {}
    channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
    ts = message.get("ts") or container.get("message_ts")
    return Call(
        id=f"{team}:press:{body.get('trigger_id') or body.get('action_ts') or ts}",
        community_id=_community(body, team),
        team_id=team,
        user_id=str(user["id"]),
        channel_id=channel,
        text="",
        at=now,
        ts=str(ts) if ts else None,
        thread_ts=message.get("thread_ts") or container.get("thread_ts"),
        is_direct=_is_direct(channel),
        response_url=body.get("response_url"),
        trigger_id=body.get("trigger_id"),
    )


def interaction(
    call: Call,
    trigger: Trigger,
    visibility: Visibility = Visibility.EVERYONE,
    *,
    context: Sequence[Message] = (),
    kind: QueryKind | None = None,
) -> Interaction:
    """Return the request that a call is.

    Args:
        call: What somebody did.
        trigger: How the bot was called.
        visibility: Who sees the reply.
        context: The conversation around it.
        kind: What the asker said it is.
    """
    return Interaction(
        id=call.id,
        platform=PLATFORM,
        community_id=call.community_id,
        channel_id=call.channel_id or f"{HOME}:{call.community_id}",
        asker_id=call.asker_id,
        text=call.text,
        trigger=trigger,
        created_at=call.at,
        thread_id=call.thread_ts,
        context=tuple(context),
        kind=kind,
        visibility=visibility,
    )


def said(message: Payload, team_id: str, *, is_reply_target: bool = False) -> Message:
    """Return a message of a conversation; its id is its ``ts``."""
    author = str(message.get("user") or message.get("bot_id") or "")
    return Message(
        id=str(message["ts"]),
        author_id=f"{team_id}_{author}",
        text=unescaped(text_of(message)),
        is_bot=is_by_a_bot(message),
        is_reply_target=is_reply_target,
    )


def text_of(message: Payload) -> str:
    """Return the words of a message: its own, else those of what it has attached."""
    if message.get("text"):
        return str(message["text"])
    attached = (one.get("text") or one.get("fallback") for one in message.get("attachments") or ())
    return "\n".join(str(one) for one in attached if one)


def is_by_a_bot(message: Payload) -> bool:
    """Whether a bot, an app or an integration wrote a message."""
    return bool(message.get("bot_id") or message.get("bot_profile"))


def is_said_by_a_person(event: Payload) -> bool:
    """Whether a person wrote a message just now: no bot, no edit, no notice of Slack's."""
    return (
        not is_by_a_bot(event)
        and event.get("subtype") in _WRITTEN
        and not event.get("edited")
        and not event.get("hidden")
        and bool(event.get("user"))
    )


def mentions(text: str, user_id: str) -> bool:
    """Whether a message mentions somebody."""
    return f"<@{user_id}>" in text or f"<@{user_id}|" in text


def seconds(ts: str) -> float:
    """Return when a message was sent, in seconds since the epoch; 0 for what is no time."""
    try:
        return float(ts)
    except ValueError:
        return 0.0


def community_of(
    enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
) -> str | None:
    """Return whom an installation serves: a workspace, or an organisation with all of its own.

    Args:
        enterprise_id: The organisation (``E...``), if there is one.
        team_id: The workspace (``T...``); None where Slack means the organisation.
        is_enterprise_install: Whether the organisation installed the bot, not the workspace.
    """
    if is_enterprise_install and enterprise_id:
        return enterprise_id
    return team_id or enterprise_id or None


def _is_direct(channel_id: str) -> bool:
    return channel_id.startswith("D")


def _community(body: Payload, team_id: str) -> str:
    enterprise = body.get("enterprise") or {}
    enterprise_id = enterprise.get("id") if isinstance(enterprise, Mapping) else enterprise
    is_enterprise = body.get("is_enterprise_install") in (True, "true")
    return (
        community_of(enterprise_id or body.get("enterprise_id"), team_id, is_enterprise) or team_id
    )
