"""The methods that write: chat.*."""

import re

from tests.e2e.slack.calls import (
    LONGEST_UPDATE,
    Answer,
    Call,
    Method,
    Refusal,
    text_and_blocks,
)
from tests.e2e.slack.shapes import message_payload, permalink
from tests.e2e.slack.workspace import Channel, Message

_STAMP = re.compile(r"\d+\.\d{6}")


def post_message(call: Call) -> Answer:
    """chat.postMessage."""
    call.need_scope("chat:write")
    channel = _writable(call)
    text, blocks = text_and_blocks(call.server, call.args)
    thread_ts = _thread(call, channel)
    message = call.team.add_message(
        channel,
        call.team.bot,
        text,
        blocks=blocks,
        thread_ts=thread_ts,
        metadata=call.structure("metadata"),
        is_broadcast=thread_ts is not None and call.flag("reply_broadcast"),
    )
    call.server.feed.posted(message)
    if call.args.get("unfurl_links") not in (False, "false", "0", 0):
        call.server.feed.unfurled(message)
    return {"channel": channel.id, "ts": message.ts, "message": message_payload(message)}


def post_ephemeral(call: Call) -> Answer:
    """chat.postEphemeral."""
    call.need_scope("chat:write")
    channel = _writable(call, for_all=False)
    reader = call.user()
    if reader.id not in channel.members:
        raise Refusal("user_not_in_channel")
    text, blocks = text_and_blocks(call.server, call.args)
    message = call.team.add_message(
        channel,
        call.team.bot,
        text,
        blocks=blocks,
        thread_ts=_thread(call, channel),
        only_for=reader.id,
    )
    return {"message_ts": message.ts}


def update(call: Call) -> Answer:
    """chat.update; blocks stay as they were unless there are others, or an empty list."""
    call.need_scope("chat:write")
    channel = call.channel()
    message = _own(call, channel, "cant_update_message")
    body = dict(call.args)
    if body.get("blocks") is None:
        body["blocks"] = message.blocks
    text, blocks = text_and_blocks(call.server, body, longest=LONGEST_UPDATE)
    before = call.server.feed.picture(message)
    message.change(text or message.text, blocks)
    message.edited_by, message.edited_ts = call.team.bot.id, call.team.stamp()
    if (metadata := call.structure("metadata")) is not None:
        message.metadata = metadata
    call.server.feed.changed(message, before)
    told = message_payload(message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": told}


def delete(call: Call) -> Answer:
    """chat.delete."""
    call.need_scope("chat:write")
    channel = call.channel()
    message = _own(call, channel, "cant_delete_message")
    message.is_deleted = True
    call.server.feed.deleted(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Answer:
    """chat.getPermalink."""
    channel = call.channel()
    link = permalink(call.message(channel, "message_ts"))
    return {"channel": channel.id, "permalink": link}


def _writable(call: Call, *, for_all: bool = True) -> Channel:
    """Return the channel of a call, if the bot may write there."""
    channel = call.channel()
    if channel.is_archived:
        raise Refusal("is_archived")
    may_outside = for_all and channel.kind == "channel" and "chat:write.public" in call.team.scopes
    if not call.team.reaches(channel) and not may_outside:
        raise Refusal("not_in_channel")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    """Return the thread that a call is about; one that is gone is refused."""
    ts = call.text("thread_ts")
    if not ts:
        return None
    if not _STAMP.fullmatch(ts):
        raise Refusal("invalid_thread_ts")
    root = channel.messages.get(ts)
    if root is None:
        raise Refusal("thread_not_found")
    if root.is_reply:
        call.server.note(f"{call.method}: thread_ts {ts} is a reply's, not its thread's.")
    return ts


def _own(call: Call, channel: Channel, refusal: str) -> Message:
    message = call.message(channel)
    if message.user_id != call.team.bot.id:
        raise Refusal(refusal)
    return message


METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}
