"""What somebody gets who asks for all that is kept of them."""

import json
from dataclasses import fields, replace

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.exporting import export
from adapters.slack.responding import ResponsePost
from bot import texts
from bot.ports import JournalEntry
from bot.types import Feedback
from tests.adapters.messaging.test_reports import entry
from tests.adapters.slack.calling import call_by
from tests.e2e.slack.interactions import Invocation
from tests.e2e.slack.people import Member, Workspace
from tests.e2e.slack.reading import words_of
from tests.e2e.slack.server import LoopbackSlack

KEPT = [replace(entry("Trams & <buses>?"), stage_ms={"search": 1.5}), entry(None)]
VERDICTS = [("0a1b", Feedback.HELPFUL)]


class FakeRecords:
    """Keeps these of one member."""

    def __init__(self, entries: list[JournalEntry], verdicts: list[tuple[str, Feedback]]) -> None:
        self.asked: list[tuple[str, str]] = []
        self._entries = entries
        self._verdicts = verdicts
        self.is_out = False

    async def has_opted_out(self, platform: str, asker_id: str) -> bool:
        return self.is_out

    async def kept_of(self, platform: str, asker_id: str) -> list[JournalEntry]:
        self.asked.append((platform, asker_id))
        return self._entries

    async def verdicts_of(self, platform: str, asker_id: str) -> list[tuple[str, Feedback]]:
        self.asked.append((platform, asker_id))
        return self._verdicts


@pytest.fixture(autouse=True)
def granted(workspace: Workspace) -> None:
    """The workspace lets the bot send files."""
    workspace.allow("files:write")


@pytest.fixture
def asked(workspace: Workspace, ada: Member) -> Invocation:
    """A press of the button; in a channel, where the answer is for her eyes alone."""
    return ada.command(workspace.general, "/source-privacy")


async def test_all_of_it_comes_as_a_file_in_direct_messages(
    client: AsyncWebClient, workspace: Workspace, ada: Member, asked: Invocation
) -> None:
    call, records = call_by(asked), FakeRecords(KEPT, VERDICTS)
    await export(client, call, records, ResponsePost(client, call))
    [told] = workspace.team.said_by_bot(ada.direct)
    [file] = told.files
    assert (told.text, file.name) == (texts.EXPORTED, texts.EXPORT_NAME)
    record = json.loads(file.content)
    assert record["verdicts"] == [{"request_id": "0a1b", "verdict": "helpful"}]
    assert [one["text"] for one in record["requests"]] == ["Trams & <buses>?", None]
    assert set(record["requests"][0]) == {one.name for one in fields(JournalEntry)}
    assert record["requests"][0]["stage_ms"] == {"search": 1.5}
    assert [words_of(one) for one in asked.ephemerals] == [texts.SENT_DIRECTLY]
    assert set(records.asked) == {("slack", f"{workspace.id}_{ada.id}")}


async def test_whoever_left_only_a_verdict_gets_that(
    client: AsyncWebClient, workspace: Workspace, ada: Member, asked: Invocation
) -> None:
    call = call_by(asked)
    await export(client, call, FakeRecords([], VERDICTS), ResponsePost(client, call))
    assert len(list(workspace.team.said_by_bot(ada.direct))) == 1


async def test_nothing_is_told_as_nothing(
    server: LoopbackSlack, client: AsyncWebClient, asked: Invocation
) -> None:
    call = call_by(asked)
    await export(client, call, FakeRecords([], []), ResponsePost(client, call))
    assert [words_of(one) for one in asked.ephemerals] == [texts.EXPORT_NOTHING]
    assert server.sent("files.getUploadURLExternal") == []


async def test_who_has_opted_out_is_told_that_this_is_all_that_is_known(
    client: AsyncWebClient, asked: Invocation
) -> None:
    call, records = call_by(asked), FakeRecords([], [])
    records.is_out = True
    await export(client, call, records, ResponsePost(client, call))
    assert [words_of(one) for one in asked.ephemerals] == [texts.KEEPS_NOTHING]


async def test_a_file_that_slack_does_not_take_is_told_with_the_reason(
    client: AsyncWebClient, workspace: Workspace, ada: Member, asked: Invocation
) -> None:
    workspace.withhold("files:write")
    call = call_by(asked)
    await export(client, call, FakeRecords(KEPT, []), ResponsePost(client, call))
    [told] = asked.ephemerals
    assert texts.not_sent("missing_scope") in words_of(told)
    assert texts.SENT_DIRECTLY not in words_of(told)
