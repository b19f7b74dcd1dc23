"""How a bot uploads a file: a URL for it, the file itself, and a word that it is complete.

https://docs.slack.dev/messaging/working-with-files#upload
"""

from typing import TYPE_CHECKING, Any

from tests.e2e.slack.calls import Answer, Call, Method, Refusal
from tests.e2e.slack.shapes import file_payload
from tests.e2e.slack.workspace import File

if TYPE_CHECKING:
    from tests.e2e.slack.server import LoopbackSlack


def get_url(call: Call) -> Answer:
    """files.getUploadURLExternal."""
    call.need_scope("files:write")
    name, length = call.need("filename"), int(call.need("length"))
    file = call.team.add_file(call.team.bot, name, b"", call.server.url)
    file.expected = length
    url = f"{call.server.url}/upload/{call.team.id}/{file.id}"
    return {"file_id": file.id, "upload_url": url}


def complete(call: Call) -> Answer:
    """files.completeUploadExternal; the files become a message where a channel is named."""
    call.need_scope("files:write")
    told: list[dict[str, Any]] = call.structure("files") or []
    files = [_uploaded(call, one) for one in told]
    if not files:
        raise Refusal("invalid_arguments")
    if call.text("channel_id"):
        channel = call.channel("channel_id")
        if not call.team.reaches(channel):
            raise Refusal("not_in_channel")
        message = call.team.add_message(
            channel,
            call.team.bot,
            call.text("initial_comment"),
            files=files,
            subtype="file_share",
            thread_ts=call.text("thread_ts") or None,
        )
        call.server.feed.posted(message)
    return {"files": [file_payload(one) for one in files]}


def take(server: "LoopbackSlack", team_id: str, file_id: str, content: bytes) -> tuple[int, str]:
    """Take what is posted to such a URL; returns the status and the body of the answer."""
    team = server.teams.get(team_id)
    file = team.files.get(file_id) if team is not None else None
    if file is None:
        return 404, "Not Found"
    if len(content) != file.expected:
        return 400, f"expected {file.expected} bytes"
    file.content = content
    return 200, f"OK - {len(content)}"


def _uploaded(call: Call, told: dict[str, Any]) -> File:
    file = call.team.files.get(str(told.get("id")))
    if file is None or file.user_id != call.team.bot.id or len(file.content) != file.expected:
        raise Refusal("file_not_found")
    return file


METHODS: dict[str, Method] = {
    "files.completeUploadExternal": complete,
    "files.getUploadURLExternal": get_url,
}
