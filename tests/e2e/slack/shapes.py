"""What the things of a workspace look like in Slack's payloads.

The shapes are those of https://docs.slack.dev/reference: events, methods and interactions.
"""

import mimetypes
import re
import time
from typing import Any
from uuid import uuid4

from tests.e2e.slack.workspace import APP_ID, Blocks, Channel, File, Message, Team, User, View

VERIFICATION_TOKEN = "loopback-verification"  # noqa: S105  deprecated, and nobody checks it
STARTED = 1_700_000_000

_MENTION = re.compile(r"(<@\w+>)")


def user_payload(team: Team, user: User) -> dict[str, Any]:
    """Return a user as users.info does."""
    return {
        "id": user.id,
        "team_id": team.id,
        "name": user.handle,
        "deleted": False,
        "real_name": user.name,
        "tz": "Europe/London",
        "tz_label": "Greenwich Mean Time",
        "tz_offset": 0,
        "profile": {"real_name": user.name, "display_name": user.name, "team": team.id},
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": bool(user.bot_id),
        "is_app_user": False,
        "updated": STARTED,
    }


def channel_payload(team: Team, channel: Channel) -> dict[str, Any]:
    """Return a conversation as conversations.info does."""
    told: dict[str, Any] = {
        "id": channel.id,
        "created": STARTED,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": team.id,
    }
    if channel.kind == "im":
        others = channel.members - {team.bot.id}
        return told | {"user": min(others), "is_user_deleted": False, "priority": 0}
    return told | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_general": channel.name == "general",
        "is_shared": False,
        "is_ext_shared": False,
        "is_member": team.reaches(channel),
        "num_members": len(channel.members),
    }


def file_payload(file: File) -> dict[str, Any]:
    """Return a file as files.info and messages do."""
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    ending = file.name.rpartition(".")[2]
    return {
        "id": file.id,
        "created": STARTED,
        "timestamp": STARTED,
        "name": file.name,
        "title": file.name,
        "mimetype": kind,
        "filetype": ending,
        "pretty_type": ending.upper(),
        "user": file.user_id,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": file.is_external,
        "is_public": True,
        "url_private": file.url,
        "url_private_download": file.url,
        "file_access": "visible",
    }


def message_payload(message: Message, *, with_metadata: bool = True) -> dict[str, Any]:
    """Return a message as histories and interactions do; empty fields are left out."""
    team, channel = message.team, message.channel
    told: dict[str, Any] = {
        "type": "message",
        "user": message.user_id,
        "ts": message.ts,
        "team": team.id,
        "text": message.text,
    }
    if message.subtype:
        told["subtype"] = message.subtype
    if message.bot_id:
        told["bot_id"] = message.bot_id
        if message.user_id == team.bot.id:
            told["app_id"] = APP_ID
            told["bot_profile"] = bot_payload(team)
    else:
        told["client_msg_id"] = str(uuid4())
    told["blocks"] = message.blocks or typed_blocks(message.text)
    if message.files:
        told |= {"files": [file_payload(one) for one in message.files], "upload": False}
    if message.metadata is not None and with_metadata:
        told["metadata"] = message.metadata
    if message.edited_ts:
        told["edited"] = {"user": message.edited_by, "ts": message.edited_ts}
    if message.is_reply:
        root = channel.messages.get(message.root_ts)
        told |= {"thread_ts": message.root_ts, "parent_user_id": root.user_id if root else ""}
    elif replies := channel.replies(message.ts):
        people = list(dict.fromkeys(one.user_id for one in replies))
        told |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(people),
            "latest_reply": replies[-1].ts,
            "reply_users": people[:5],
            "is_locked": False,
            "subscribed": False,
        }
    return told


def bot_payload(team: Team) -> dict[str, Any]:
    """Return the bot as bots.info does."""
    return {
        "id": team.bot.bot_id,
        "app_id": APP_ID,
        "user_id": team.bot.id,
        "name": team.bot.name,
        "icons": {},
        "deleted": False,
        "updated": STARTED,
        "team_id": team.id,
    }


def view_payload(team: Team, view: View) -> dict[str, Any]:
    """Return a view as views.open and interactions do."""
    sent = view.sent
    return {
        "id": view.id,
        "team_id": team.id,
        "type": view.kind,
        "blocks": view.blocks,
        "private_metadata": sent.get("private_metadata", ""),
        "callback_id": sent.get("callback_id", ""),
        "external_id": sent.get("external_id", ""),
        "state": {"values": view.values},
        "hash": view.hash,
        "title": sent.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": sent.get("clear_on_close", False),
        "notify_on_close": sent.get("notify_on_close", False),
        "close": sent.get("close"),
        "submit": sent.get("submit"),
        "previous_view_id": None,
        "root_view_id": view.id,
        "app_id": APP_ID,
        "app_installed_team_id": team.id,
        "bot_id": team.bot.bot_id,
    }


def typed_blocks(text: str) -> Blocks:
    """Return the blocks that a client makes of what somebody typed."""
    parts: list[dict[str, Any]] = []
    for part in _MENTION.split(text):
        if _MENTION.fullmatch(part):
            parts.append({"type": "user", "user_id": part[2:-1]})
        elif part:
            parts.append({"type": "text", "text": part})
    if not parts:
        return []
    section = {"type": "rich_text_section", "elements": parts}
    return [{"type": "rich_text", "block_id": uuid4().hex[:5], "elements": [section]}]


def event_callback(team: Team, event: dict[str, Any]) -> dict[str, Any]:
    """Wrap an event as the Events API does, with an event_id of its own."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{uuid4().hex[:10].upper()}",
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team.id,
                "user_id": team.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{uuid4().hex}",
    }


def permalink(message: Message) -> str:
    """Return where a message is found on the web."""
    place = f"https://{message.team.domain}.slack.com/archives/{message.channel.id}"
    link = f"{place}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.root_ts}&cid={message.channel.id}"
    return link
