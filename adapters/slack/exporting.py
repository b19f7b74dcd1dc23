"""Give somebody all that is kept of them, as a file in their direct messages."""

import json
import logging
from dataclasses import asdict
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from adapters.messaging.posts import Post
from adapters.messaging.recording import OptOuts
from adapters.slack import blocks
from adapters.slack.blocks import Message
from adapters.slack.sending import FAILURES, code_of
from adapters.slack.translate import PLATFORM, Call
from bot import texts
from bot.ports import JournalEntry
from bot.types import Feedback

_log = logging.getLogger(__name__)


class Records(OptOuts, Protocol):
    """What is kept of people."""

    async def kept_of(self, platform: str, asker_id: str) -> list[JournalEntry]:
        """Return every request of a member, oldest first."""

    async def verdicts_of(self, platform: str, asker_id: str) -> list[tuple[str, Feedback]]:
        """Return what a member said of replies: the request's id and the verdict."""


async def export(client: AsyncWebClient, call: Call, records: Records, post: Post[Message]) -> None:
    """Send a member what is kept of them; ``post`` says that it was sent."""
    entries = await records.kept_of(PLATFORM, call.asker_id)
    verdicts = await records.verdicts_of(PLATFORM, call.asker_id)
    if not entries and not verdicts:
        is_out = await records.has_opted_out(PLATFORM, call.asker_id)
        await post.show(blocks.notice(texts.KEEPS_NOTHING if is_out else texts.EXPORT_NOTHING))
        return
    content = json.dumps(record_of(entries, verdicts), indent=2, ensure_ascii=False)
    try:
        opened = await client.conversations_open(users=call.user_id)
        await client.files_upload_v2(
            channel=opened["channel"]["id"],
            content=content,
            filename=texts.EXPORT_NAME,
            title=texts.EXPORT_NAME,
            initial_comment=texts.EXPORTED,
        )
    except FAILURES as error:
        _log.error("export_failed", extra={"id": call.id, "reason": str(error)})
        await post.show(blocks.refusal(texts.not_sent(code_of(error)), call.id))
        return
    await post.show(blocks.notice(texts.SENT_DIRECTLY))


def record_of(entries: list[JournalEntry], verdicts: list[tuple[str, Feedback]]) -> dict[str, Any]:
    """Return all of it as JSON values."""
    return {
        "requests": [asdict(entry) | {"stage_ms": dict(entry.stage_ms)} for entry in entries],
        "verdicts": [{"request_id": request, "verdict": verdict} for request, verdict in verdicts],
    }
