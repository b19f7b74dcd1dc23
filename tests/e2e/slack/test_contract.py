"""What the loopback Slack says of requests that Slack or we do not allow, and how it reads."""

from contextlib import suppress
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.e2e.slack.contract import Contract
from tests.e2e.slack.echo import AGAIN, QUIET
from tests.e2e.slack.people import Workspace
from tests.e2e.slack.reading import links_of, pinged_by, quotes_of, words_of
from tests.e2e.slack.server import LoopbackSlack


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"text": "x", "colour": "red"}, "colour is no parameter"),
        ({"text": "x", "mrkdwn": 7}, "mrkdwn is no boolean"),
        ({"text": "hi <!channel>"}, "'<!channel' pings"),
        ({"text": "x", "unfurl_media": True}, "unfurl_media has to be False"),
        ({"blocks": [AGAIN]}, "text is missing"),
        ({"text": "x", "blocks": [AGAIN, {**AGAIN, "elements": []}]}, "elements of actions"),
        (
            {"text": "x", "blocks": [{"type": "markdown", "text": "y" * 12_001}]},
            "cannot exceed 12000",
        ),
    ],
)
async def test_what_slack_or_we_do_not_allow_is_told(
    server: LoopbackSlack,
    workspace: Workspace,
    client: AsyncWebClient,
    arguments: dict[str, Any],
    told: str,
) -> None:
    sent = {**QUIET, "channel": workspace.general.id, **arguments}
    with suppress(SlackApiError):
        await client.api_call("chat.postMessage", json=sent)
    assert told in "\n".join(server.problems())


@pytest.mark.parametrize(
    ("kind", "answer", "told"),
    [
        ("", {"text": "<!here>"}, "'<!here' pings"),
        ("block_suggestion", {}, "options are missing"),
        (
            "block_suggestion",
            {"options": [{"text": {"type": "plain_text", "text": "x" * 76}, "value": "x"}]},
            "text of option has 76",
        ),
        ("view_submission", {"view": {"type": "modal", "blocks": []}}, "a modal needs a title"),
    ],
)
def test_acknowledgements_are_looked_at_as_well(
    kind: str, answer: dict[str, Any], told: str
) -> None:
    assert told in "\n".join(Contract.load().problems_of_answer(kind, answer))


def test_an_empty_choice_of_options_is_fine() -> None:
    assert Contract.load().problems_of_answer("block_suggestion", {"options": []}) == []


async def test_a_citation_is_refused_where_slack_has_none(
    server: LoopbackSlack, workspace: Workspace, client: AsyncWebClient
) -> None:
    cited = {
        "type": "citation",
        "url": "https://example.org",
        "text": "1",
        "index": 1,
        "details": {"citation_type": "web"},
    }
    said = {"type": "text", "text": "He said <this> *twice*."}
    quote = {"type": "rich_text_quote", "elements": [said, cited]}
    blocks = [{"type": "rich_text", "elements": [quote]}]
    post: dict[str, Any] = {"channel": workspace.general.id, "text": "x", "blocks": blocks, **QUIET}
    await client.chat_postMessage(**post)
    [message] = workspace.team.said_by_bot()
    assert quotes_of(message) == ["He said <this> *twice*.1"]
    assert links_of(message) == ["https://example.org"]
    assert pinged_by(message) == []
    server.knows_citations = False
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await client.chat_postMessage(**post)
    assert server.problems() == []


async def test_words_are_those_that_are_read(workspace: Workspace, client: AsyncWebClient) -> None:
    text = "*Bold* &amp; <https://example.org|a link>"
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    await client.chat_postMessage(
        channel=workspace.general.id, text="x", blocks=[section, AGAIN], **QUIET
    )
    [message] = workspace.team.said_by_bot()
    assert words_of(message) == "Bold & a link"
