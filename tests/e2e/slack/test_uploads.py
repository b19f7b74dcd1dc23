"""Uploads to the loopback Slack, with a plain slack_sdk."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.e2e.slack.people import Member, Workspace


async def test_an_uploaded_file_becomes_a_message(
    workspace: Workspace, ada: Member, client: AsyncWebClient
) -> None:
    await client.files_upload_v2(
        channel=ada.direct.id, content="na\u00efve", filename="a.txt", initial_comment="Look."
    )
    [message] = workspace.team.said_by_bot(ada.direct)
    [file] = message.files
    assert (file.name, file.content, message.text) == ("a.txt", "na\u00efve".encode(), "Look.")


async def test_an_upload_needs_its_scope(
    workspace: Workspace, ada: Member, client: AsyncWebClient
) -> None:
    workspace.withhold("files:write")
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.files_upload_v2(channel=ada.direct.id, content="x", filename="a.txt")
    assert list(workspace.team.said_by_bot()) == []


async def test_a_file_that_came_in_part_is_not_complete(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    url = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    async with (
        aiohttp.ClientSession() as session,
        session.post(url["upload_url"], data=b"xy") as response,
    ):
        assert response.status == 400
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[{"id": url["file_id"], "title": "a"}])
