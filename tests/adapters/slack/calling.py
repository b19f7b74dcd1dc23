"""Things that somebody did on Slack, for what takes a `Call`."""

from typing import Any

from adapters.slack.translate import Call
from tests.e2e.slack.interactions import Invocation
from tests.e2e.slack.people import Member
from tests.e2e.slack.workspace import Channel, Message


def call_of(message: Message, asker: Member | None = None) -> Call:
    """Return the call that a message is, of whoever wrote it unless somebody else is named."""
    team, user_id = message.team.id, asker.id if asker is not None else message.user_id
    return Call(
        id=f"{team}:{message.channel.id}:{message.ts}",
        community_id=team,
        team_id=team,
        user_id=user_id,
        channel_id=message.channel.id,
        text=message.text,
        at=float(message.ts),
        ts=message.ts,
        thread_ts=message.thread_ts,
        is_direct=message.channel.kind == "im",
    )


def call_by(asked: Invocation, channel: Channel | None = None, **more: Any) -> Call:
    """Return the call that a command or a press is."""
    payload = asked.delivery.payload
    user = payload.get("user_id") or payload["user"]["id"]
    place = payload.get("channel_id") or (payload.get("channel") or {}).get("id") or ""
    known: dict[str, Any] = {
        "id": f"{asked.team.id}:press:{asked.trigger_id}",
        "community_id": asked.team.id,
        "team_id": asked.team.id,
        "user_id": user,
        "channel_id": channel.id if channel is not None else place,
        "text": str(payload.get("text") or ""),
        "at": 1_700_000_000.0,
        "response_url": asked.response.url if asked.response is not None else None,
        "trigger_id": asked.trigger_id,
    }
    return Call(**known | more)
