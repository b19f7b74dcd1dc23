"""The methods that read what was said, a page at a time, and what there is to know of a team."""

import base64
import binascii
from typing import Any

from tests.e2e.slack.calls import Answer, Call, Method, Refusal
from tests.e2e.slack.shapes import (
    bot_payload,
    channel_payload,
    file_payload,
    message_payload,
    user_payload,
)
from tests.e2e.slack.workspace import Channel, Message

MOST_A_PAGE = 999
_DEFAULT_LIMITS = {"conversations.history": 100, "conversations.replies": 1000}
_SCOPES = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def history(call: Call) -> Answer:
    """conversations.history: the newest first, without what stands in threads."""
    channel = _readable(call)
    messages = [one for one in reversed(channel.history()) if not one.is_deleted]
    page, more = _page(call, _between(call, messages))
    return {"messages": [_told(call, one) for one in page], "pin_count": 0, **more}


def replies(call: Call) -> Answer:
    """conversations.replies: the oldest first, after the message that the thread is about."""
    channel = _readable(call)
    named = channel.messages.get(call.need("ts"))
    root = channel.messages.get(named.root_ts) if named is not None else None
    if root is None or root.is_deleted:
        raise Refusal("thread_not_found")
    below = [one for one in channel.replies(root.ts) if not one.is_deleted]
    page, more = _page(call, _between(call, below))
    if not call.text("cursor") or call.server.repeats_parent:
        page = [root, *page]
    return {"messages": [_told(call, one) for one in page], **more}


def info(call: Call) -> Answer:
    """conversations.info."""
    channel = call.channel()
    call.need_scope(f"{_SCOPES[channel.kind]}:read")
    return {"channel": channel_payload(call.team, channel)}


def open_direct(call: Call) -> Answer:
    """conversations.open, for direct messages with one person."""
    call.need_scope("im:write")
    if call.text("channel"):
        channel = call.channel()
    else:
        user_id = call.need("users")
        if user_id not in call.team.users:
            raise Refusal("user_not_found")
        channel = call.team.direct(user_id)
    told: dict[str, Any] = {"id": channel.id}
    if call.flag("return_im"):
        told = channel_payload(call.team, channel)
    return {"channel": told, "no_op": True, "already_open": True}


def users_info(call: Call) -> Answer:
    """users.info."""
    call.need_scope("users:read")
    return {"user": user_payload(call.team, call.user())}


def files_info(call: Call) -> Answer:
    """files.info."""
    call.need_scope("files:read")
    file = call.team.files.get(call.need("file"))
    if file is None:
        raise Refusal("file_not_found")
    return {"file": file_payload(file), "comments": [], "response_metadata": {"next_cursor": ""}}


def team_info(call: Call) -> Answer:
    """team.info."""
    call.need_scope("team:read")
    team = call.team
    if call.text("team") not in ("", team.id):
        raise Refusal("team_not_found")
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "icon": {}}}


def bots_info(call: Call) -> Answer:
    """bots.info."""
    call.need_scope("users:read")
    if call.text("bot") not in ("", call.team.bot.bot_id):
        raise Refusal("bot_not_found")
    return {"bot": bot_payload(call.team)}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.need_scope(f"{_SCOPES[channel.kind]}:history")
    if not call.team.reaches(channel):
        raise Refusal("not_in_channel")
    return channel


def _between(call: Call, messages: list[Message]) -> list[Message]:
    """Return the messages after ``oldest`` and before ``latest``."""
    oldest, latest = call.text("oldest") or "0", call.text("latest") or "inf"
    inclusive = call.flag("inclusive")

    def is_meant(message: Message) -> bool:
        at = float(message.ts)
        if inclusive and message.ts in (oldest, latest):
            return True
        return float(oldest) < at < float(latest)

    return [one for one in messages if is_meant(one)]


def _page(call: Call, messages: list[Message]) -> tuple[list[Message], Answer]:
    """Return one page, and whether and where there is another."""
    limit = int(call.args.get("limit") or _DEFAULT_LIMITS[call.method])
    if limit < 1:
        raise Refusal("invalid_limit")
    limit = min(limit, MOST_A_PAGE, call.server.page_size)
    start = _place(call.text("cursor"), messages)
    page = messages[start : start + limit]
    rest = messages[start + limit :]
    more: Answer = {"has_more": bool(rest)}
    if rest:
        cursor = base64.b64encode(f"next_ts:{rest[0].ts}".encode()).decode()
        more["response_metadata"] = {"next_cursor": cursor}
    return page, more


def _place(cursor: str, messages: list[Message]) -> int:
    """Return where a page begins."""
    if not cursor:
        return 0
    try:
        ts = base64.b64decode(cursor, validate=True).decode().removeprefix("next_ts:")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refusal("invalid_cursor") from error
    for place, message in enumerate(messages):
        if message.ts == ts:
            return place
    raise Refusal("invalid_cursor")


def _told(call: Call, message: Message) -> Answer:
    return message_payload(message, with_metadata=call.flag("include_all_metadata"))


METHODS: dict[str, Method] = {
    "bots.info": bots_info,
    "conversations.history": history,
    "conversations.info": info,
    "conversations.open": open_direct,
    "conversations.replies": replies,
    "files.info": files_info,
    "team.info": team_info,
    "users.info": users_info,
}
