"""Whatever is in a file, its blocks are in order, in range and can be stored."""

import html
import io
import json
import zipfile
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.corpus.readers import (
    discord_export,
    json_lines,
    markdown,
    slack_export,
    subtitles,
    web_page,
)
from bot.corpus.readers.limits import DEFAULT_LIMITS, Unreadable
from bot.corpus.readers.registry import Reader
from tests.bot.corpus.readers.blocks import assert_sound

# Also lone surrogates, which JSON can spell, and what breaks lines and parsers.
ANY_TEXT = st.text(
    st.characters(exclude_categories=())
    | st.sampled_from("\0\r\n\u2028\u202e\u0301\ud83d #>*-<&:`")
)
WRITTEN_TEXT = ANY_TEXT.map(lambda text: text.encode("utf-8", "replace").decode())
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def check(read: Reader, data: bytes) -> None:
    """Read what may be refused; anything but `Unreadable` that is raised is a fault."""
    with suppress(Unreadable):
        for document in read(data, DEFAULT_LIMITS):
            assert_sound(document)


@FEW
@given(st.lists(WRITTEN_TEXT).map("\n\n".join))
def test_markdown(text: str) -> None:
    check(markdown.read, text.encode())


@FEW
@given(st.lists(st.tuples(st.sampled_from(["p", "h2", "pre", "li", "b", "br"]), WRITTEN_TEXT)))
def test_web_page(parts: list[tuple[str, str]]) -> None:
    page = "".join(f"<{tag}>{html.escape(text)}</{tag}>{text}" for tag, text in parts)
    check(web_page.read, page.encode())


@FEW
@given(st.lists(st.tuples(st.integers(0, 5000), WRITTEN_TEXT)))
def test_subtitles(cues: list[tuple[int, str]]) -> None:
    stamps = [f"00:{n // 60 % 60:02}:{n % 60:02}.000" for n, _ in cues]
    lines = [f"{s} --> {s}\n{text}\n\n" for s, (_, text) in zip(stamps, cues, strict=True)]
    check(subtitles.read, "".join(["WEBVTT\n\n", *lines]).encode())


@FEW
@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT)))
def test_discord_export(messages: list[tuple[str, str, str]]) -> None:
    sent = [
        {"type": "Default", "content": text, "author": {"name": name}, "timestamp": when}
        for text, name, when in messages
    ]
    export = {"guild": {}, "channel": {"name": "bees"}, "messages": sent}
    check(discord_export.read, json.dumps(export).encode())


@FEW
@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT, st.floats().map(str) | ANY_TEXT)))
def test_slack_export(messages: list[tuple[str, str, str]]) -> None:
    sent = [{"text": text, "user": user, "ts": when} for text, user, when in messages]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("users.json", json.dumps([{"id": "U1", "name": "\ud800"}]))
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": "bees"}]))
        archive.writestr("bees/2024-05-01.json", json.dumps(sent))
    check(slack_export.read, buffer.getvalue())


KEYS = ["text", "title", "id", "guild", "channel", "messages", "author", "content", "timestamp"]
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT | st.sampled_from(KEYS), inner),
    max_leaves=20,
)


@FEW
@given(JSON, JSON)
def test_json_of_any_shape_is_read_or_told(first: object, second: object) -> None:
    check(discord_export.read, json.dumps(first).encode())
    export = {"guild": first, "channel": {"id": second}, "messages": [second, {"author": first}]}
    check(discord_export.read, json.dumps(export).encode())
    with suppress(Unreadable):
        assert json_lines.read(json.dumps(first).encode(), DEFAULT_LIMITS)


@FEW
@given(st.binary())
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    for read in (markdown.read, subtitles.read, discord_export.read, slack_export.read):
        check(read, data)
