"""Read a Slack export, a zip archive or the folder it unpacks to.

``users.json`` names people, ``channels.json`` (and ``groups.json``, private channels) the
channels, and a folder a channel holds one JSON file a day. Direct messages are not read.
What bots and the platform itself posted is left out.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from bot.corpus.raw import RawDocument
from bot.corpus.readers.archives import open_archive, unpack
from bot.corpus.readers.building import CharacterBudget, DocumentBuilder, known
from bot.corpus.readers.encoding import decode
from bot.corpus.readers.json_values import as_object, as_objects, as_text, parse_json
from bot.corpus.readers.limits import ReadLimits, Unreadable, in_megabytes

_CHANNEL_LISTS = ("channels.json", "groups.json")
_WRITTEN = frozenset({"", "thread_broadcast", "me_message", "file_share"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json$")
# https://docs.slack.dev/messaging/formatting-message-text: <@U1>, <#C1|name>, <!here>,
# <!subteam^S1|@name>, <url|label>; only these three characters are escaped.
_REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))

Load = Callable[[str], bytes]


def read(data: bytes, limits: ReadLimits) -> list[RawDocument]:
    """Return the channels of an export as Slack gives it, a zip archive.

    Raises:
        Unreadable: It is no such archive, unsafe to unpack, or holds no messages.
    """
    with open_archive(data, limits) as archive:
        return _channels(archive.namelist(), lambda name: unpack(archive, name, limits), limits)


def is_export_folder(folder: Path) -> bool:
    """Say whether a folder is an unpacked export."""
    return (folder / "users.json").is_file() and any(
        (folder / name).is_file() for name in _CHANNEL_LISTS
    )


def read_folder(folder: Path, limits: ReadLimits) -> list[RawDocument]:
    """Return the channels of an unpacked export.

    Raises:
        Unreadable: It holds no messages, or too much.
        OSError: A file of it cannot be opened.
    """
    names = []
    total = 0
    for path in sorted([*folder.glob("*.json"), *folder.glob("*/*.json")]):
        total += path.stat().st_size
        names.append(path.relative_to(folder).as_posix())
        if len(names) > limits.max_archive_entries or total > limits.max_archive_bytes:
            raise Unreadable(
                f"The folder holds more than {limits.max_archive_entries:,} files or "
                f"{in_megabytes(limits.max_archive_bytes)}. Split it into several exports."
            )

    def load(name: str) -> bytes:
        path = folder / name
        if not path.is_file() or path.stat().st_size > limits.max_bytes:
            raise Unreadable(
                f"{name} is no file of at most {in_megabytes(limits.max_bytes)}. Split it."
            )
        return path.read_bytes()

    return _channels(names, load, limits)


def _channels(names: Iterable[str], load: Load, limits: ReadLimits) -> list[RawDocument]:
    """Read the channels among the files of an export.

    Some people zip the folder, not what is in it; hence the files' common parent.
    """
    paths = {PurePosixPath(name) for name in names}
    users_file = min(
        (path for path in paths if path.name == "users.json"),
        key=lambda p: len(p.parts),
        default=None,
    )
    if users_file is None:
        raise Unreadable(
            "It is an archive, but no Slack export: that has a users.json and a channels.json "
            "at its top. Unpack other archives and add the files in them."
        )
    root = users_file.parent
    people = _people(_parse(load, users_file))
    budget = CharacterBudget(limits)
    documents = []
    for listing in (root / name for name in _CHANNEL_LISTS if root / name in paths):
        for channel in as_objects(_parse(load, listing)):
            folder = root / as_text(channel.get("name"))
            days = sorted(p for p in paths if p.parent == folder and _DAY.match(p.name))
            builder = DocumentBuilder(budget)
            for day in days:
                _add_day(builder, as_objects(_parse(load, day)), people)
            if not builder.is_empty:
                title = f"#{as_text(channel.get('name'))}"
                pairs = [("id", channel.get("id")), ("title", title), ("kind", "chat")]
                documents.append(builder.build(known(pairs)))
    if not documents:
        raise Unreadable("Nobody wrote anything in its channels, so there is nothing to quote.")
    return documents


def _parse(load: Load, path: PurePosixPath) -> object:
    try:
        return parse_json(decode(load(str(path))))
    except Unreadable as error:
        raise Unreadable(f"The file {path} in it cannot be used. {error}") from error


def _people(users: object) -> Mapping[str, str]:
    """Return how each user id is called: the name that others see in the channel."""
    names = {}
    for user in as_objects(users):
        name = _called(as_object(user.get("profile"))) or as_text(user.get("name"))
        names[as_text(user.get("id"))] = name
    return names


def _called(profile: Mapping[str, object]) -> str:
    return as_text(profile.get("display_name")) or as_text(profile.get("real_name"))


def _add_day(
    builder: DocumentBuilder, messages: list[Mapping[str, object]], people: Mapping[str, str]
) -> None:
    for message in sorted(messages, key=_seconds):
        if message.get("bot_id") or as_text(message.get("subtype")) not in _WRITTEN:
            continue
        user = as_text(message.get("user"))
        builder.add(
            _decode_markup(as_text(message.get("text")), people),
            speaker=people.get(user) or _called(as_object(message.get("user_profile"))) or user,
            locator=_when(_seconds(message)),
        )


def _seconds(message: Mapping[str, object]) -> float:
    """Return when a message was sent, in seconds since the epoch; 0 when unknown."""
    try:
        return float(as_text(message.get("ts")))
    except ValueError:
        return 0.0


def _when(seconds: float) -> str | None:
    """Return day and minute in UTC, or None for a time that cannot be."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M") if seconds else None
    except (ValueError, OverflowError, OSError):
        return None


def _decode_markup(text: str, people: Mapping[str, str]) -> str:
    def shown(reference: re.Match[str]) -> str:
        sign, target, label = reference[1], reference[2], reference[3]
        if sign == "@":
            return f"@{people.get(target) or label or target}"
        if sign == "#":
            return f"#{label or target}"
        if sign == "!":
            return label or f"@{target.partition('^')[0]}"
        return label or target.removeprefix("mailto:")

    text = _REFERENCE.sub(shown, text)
    for escape, character in _ESCAPES:
        text = text.replace(escape, character)
    return text
