import json
from pathlib import Path
from typing import Any

import pytest

from bot.corpus.readers import read_file
from bot.corpus.readers.discord_export import read
from bot.corpus.readers.limits import DEFAULT_LIMITS, Unreadable
from tests.bot.corpus.readers.blocks import assert_sound, blocks, texts


def message(content: str, **more: Any) -> dict[str, Any]:
    author = {"id": "5", "name": "ann", "nickname": "Ann Lee", "isBot": False}
    written = {"id": "1", "type": "Default", "timestamp": "2024-05-01T13:04:59.123+00:00"}
    return {**written, "content": content, "author": author, **more}


def export(*messages: object) -> bytes:
    guild = {"id": "1", "name": "Garden"}
    channel = {"id": "42", "type": "GuildTextChat", "name": "bees"}
    return json.dumps({"guild": guild, "channel": channel, "messages": messages}).encode()


def test_message_is_a_paragraph_with_its_author_and_time(tmp_path: Path) -> None:
    path = tmp_path / "bees.json"
    path.write_bytes(
        export(message("Bees need\n**flowers**. \U0001f41d"), message("Why?", type="Reply"))
    )
    [document] = read_file(path)
    assert_sound(document)
    assert texts(document) == ["Bees need\n**flowers**. \U0001f41d", "Why?"]
    assert blocks(document)[0].speaker == "Ann Lee"
    assert blocks(document)[0].locator == "2024-05-01 13:04"
    assert document.metadata == {"id": "42", "title": "Garden #bees", "kind": "chat"}


def test_what_nobody_wrote_is_left_out() -> None:
    bot = {"name": "helper", "isBot": True}
    [document] = read(
        export(
            message("Joined the server.", type="GuildMemberJoin"),
            message("I am a bot.", author=bot),
            message(""),
            "odd",
            message("Only this.", author=None, timestamp=None),
        ),
        DEFAULT_LIMITS,
    )
    assert texts(document) == ["Only this."]
    assert blocks(document)[0].speaker is blocks(document)[0].locator is None


def test_new_message_changes_the_hash() -> None:
    [before] = read(export(message("One.")), DEFAULT_LIMITS)
    [after] = read(export(message("One."), message("Two.")), DEFAULT_LIMITS)
    assert before.sha256 != after.sha256
    assert before.sha256 == read(export(message("One.")), DEFAULT_LIMITS)[0].sha256


@pytest.mark.parametrize("source", ["[]", "7", '{"messages": []}', '{"guild": 1, "channel": {}}'])
def test_other_json_is_told(source: str) -> None:
    with pytest.raises(Unreadable, match="no Discord channel"):
        read(source.encode(), DEFAULT_LIMITS)


def test_channel_without_messages_is_told() -> None:
    with pytest.raises(Unreadable, match="Nobody wrote anything"):
        read(export(), DEFAULT_LIMITS)
