import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bot.corpus.raw import RawDocument
from bot.corpus.readers import ReadLimits, read_file
from bot.corpus.readers.limits import DEFAULT_LIMITS, Unreadable
from bot.corpus.readers.slack_export import read
from tests.bot.corpus.readers.blocks import assert_sound, blocks, texts

USERS = [
    {"id": "U1", "name": "ann", "profile": {"display_name": "Ann", "real_name": "Ann Lee"}},
    {"id": "U2", "name": "bob", "profile": {"display_name": "", "real_name": ""}},
]
CHANNELS = [{"id": "C1", "name": "bees"}, {"id": "C2", "name": "empty"}]


def message(text: str, user: str = "U1", ts: str = "1714568640.000100", **more: Any) -> object:
    return {"type": "message", "user": user, "text": text, "ts": ts, **more}


def files(*messages: object, **others: object) -> dict[str, object]:
    return {
        "users.json": USERS,
        "channels.json": CHANNELS,
        "bees/2024-05-01.json": messages,
        "bees/canvas.json": [message("not a day")],
        "D1/2024-05-01.json": [message("a direct message")],
        **others,
    }


def packed(contents: dict[str, object], root: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in contents.items():
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            archive.writestr(root + name, data)
    return buffer.getvalue()


def channel(*messages: object) -> RawDocument:
    [document] = read(packed(files(*messages)), DEFAULT_LIMITS)
    assert_sound(document)
    return document


def test_message_is_a_paragraph_with_its_author_and_time() -> None:
    document = channel(message("Later.", "U2", "1714568700.0"), message("First."))
    assert texts(document) == ["First.", "Later."]
    assert [block.speaker for block in blocks(document)] == ["Ann", "bob"]
    assert blocks(document)[0].locator == "2024-05-01 13:04"
    assert document.metadata == {"id": "C1", "title": "#bees", "kind": "chat"}


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("<@U1> and <@U9|zoe> and <@U8>", "@Ann and @zoe and @U8"),
        ("<#C1|bees> <#C7>", "#bees #C7"),
        ("<!here> <!subteam^S1|@keepers> <!date^1^{date}|May 1st>", "@here @keepers May 1st"),
        ("<https://a.example|the study> <https://b.example>", "the study https://b.example"),
        ("<mailto:ann@a.example|ann@a.example>", "ann@a.example"),
        ("a &lt;b&gt; &amp;amp; &quot;", "a <b> &amp; &quot;"),
    ],
)
def test_markup_of_the_platform_is_decoded(written: str, read_as: str) -> None:
    assert texts(channel(message(written))) == [read_as]


def test_what_nobody_wrote_is_left_out() -> None:
    document = channel(
        message("joined", subtype="channel_join"),
        message("beep", subtype="bot_message"),
        message("beep", bot_id="B1"),
        message("Only this.", "U7", "never", user_profile={"real_name": "Guest"}),
        message("And this.", "U6", "9" * 30, subtype="thread_broadcast"),
    )
    assert texts(document) == ["Only this.", "And this."]
    assert [block.speaker for block in blocks(document)] == ["Guest", "U6"]
    assert {block.locator for block in blocks(document)} == {None}


def test_one_channel_changed_leaves_the_others_as_they_were() -> None:
    private = {"groups.json": [{"id": "G1", "name": "hives"}]}
    contents = files(message("Bees."), **private, **{"hives/2024-05-02.json": [message("Hives.")]})
    before = read(packed(contents), DEFAULT_LIMITS)
    contents["bees/2024-05-03.json"] = [message("More bees.")]
    after = read(packed(contents), DEFAULT_LIMITS)
    assert before[0].sha256 != after[0].sha256
    assert before[1].sha256 == after[1].sha256


def test_folder_reads_like_the_archive(tmp_path: Path) -> None:
    contents = files(message("Bees."))
    (tmp_path / "export.zip").write_bytes(packed(contents, root="my export/"))
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        archive.extractall(tmp_path)
    assert read_file(tmp_path / "my export") == read_file(tmp_path / "export.zip")
    with pytest.raises(Exception, match=r"users.json in it cannot be used.*at most 0.0 MB"):
        read_file(tmp_path / "my export", ReadLimits(max_bytes=10))
    with pytest.raises(Exception, match="more than 2 files"):
        read_file(tmp_path / "my export", ReadLimits(max_archive_entries=2))


def test_broken_day_is_named() -> None:
    with pytest.raises(Unreadable, match=r"bees/2024-05-02.json in it cannot be used.*no valid"):
        read(packed(files(**{"bees/2024-05-02.json": b"["})), DEFAULT_LIMITS)


def test_channels_without_messages_are_told() -> None:
    with pytest.raises(Unreadable, match="Nobody wrote anything"):
        read(packed(files()), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 torn", "no zip archive"),
        (packed({"notes.txt": b"x"}), "no Slack export"),
        (packed(files(message("x")))[:-40], "no zip archive"),
        (packed(files(**{"bees/2024-05-02.json": b"[" + b" " * 5_000_000})), "suspiciously small"),
    ],
)
def test_archive_that_cannot_be_used_is_told(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(data, DEFAULT_LIMITS)


def test_bounds_of_an_archive_hold() -> None:
    data = packed(files(message("x")))
    for limits, reason in (
        (ReadLimits(max_archive_entries=3), "holds 5 files"),
        (ReadLimits(max_archive_bytes=200), "would unpack to"),
        (ReadLimits(max_bytes=20), r"'users.json' in it has"),
    ):
        with pytest.raises(Unreadable, match=reason):
            read(data, limits)


def test_flipped_byte_is_told() -> None:
    data = bytearray(packed(files(message("x"))))
    data[45] ^= 0xFF
    with pytest.raises(Unreadable, match="damaged"):
        read(bytes(data), DEFAULT_LIMITS)


def test_password_is_told() -> None:
    data = bytearray(packed(files(message("x"))))
    position = data.index(b"PK\x01\x02")
    data[position + 8] |= 1
    with pytest.raises(Unreadable, match="password"):
        read(bytes(data), DEFAULT_LIMITS)
