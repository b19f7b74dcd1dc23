"""What a loopback Slack knows: each team apart, with its people, channels and messages.

Ids are numbered in each team, so that two teams have channels and users of the same id, as Slack
allows: code that leaves out the team confuses them. Only bots have ids of their own.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

APP_ID = "A0LOOPBACK"

GRANTED = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "team:read",
    "users:read",
)
"""The scopes that a workspace grants unless a test says otherwise."""

Blocks = list[dict[str, Any]]


@dataclass(slots=True, eq=False)
class User:
    """Somebody in a team, or its bot."""

    id: str
    team_id: str
    name: str
    is_admin: bool = False
    is_owner: bool = False
    bot_id: str = ""

    @property
    def handle(self) -> str:
        """The name as it stands in payloads."""
        return self.name.lower().replace(" ", ".")


@dataclass(slots=True, eq=False)
class File:
    """A file that somebody shared; ``expected`` bytes of one that the bot uploads.

    ``is_external``: it lies elsewhere, and Slack knows the address alone.
    """

    id: str
    name: str
    content: bytes
    user_id: str
    url: str
    expected: int = 0
    is_external: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """A message, or an ephemeral one that only ``only_for`` sees."""

    team: "Team"
    channel: "Channel"
    ts: str
    user_id: str
    text: str
    blocks: Blocks = field(default_factory=list)
    thread_ts: str | None = None
    bot_id: str = ""
    subtype: str = ""
    metadata: dict[str, Any] | None = None
    files: list[File] = field(default_factory=list)
    only_for: str = ""
    edited_by: str = ""
    edited_ts: str = ""
    is_broadcast: bool = False
    is_deleted: bool = False
    earlier: list[tuple[str, Blocks]] = field(default_factory=list)
    """What it said before each change, oldest first."""

    @property
    def is_ephemeral(self) -> bool:
        """Whether one person only sees it."""
        return bool(self.only_for)

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread below another."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def root_ts(self) -> str:
        """The time stamp of the thread that it starts or stands in."""
        return self.thread_ts or self.ts

    def visible_to(self, user_id: str) -> bool:
        """Say whether somebody sees it."""
        return not self.is_deleted and self.only_for in ("", user_id)

    def change(self, text: str, blocks: Blocks) -> None:
        """Let it say something else."""
        self.earlier.append((self.text, self.blocks))
        self.text, self.blocks = text, blocks


@dataclass(slots=True, eq=False)
class Channel:
    """A conversation: ``channel`` (public), ``group`` (private), ``mpim`` or ``im``."""

    id: str
    name: str
    kind: str
    members: set[str]
    is_archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[Message]] = field(default_factory=dict)

    def add(self, message: Message) -> None:
        """Take in a new message."""
        self.messages[message.ts] = message
        if message.is_reply:
            self.threads.setdefault(message.root_ts, []).append(message)

    def history(self) -> list[Message]:
        """Return what stands in the channel itself, oldest first."""
        return [one for one in self.messages.values() if not one.is_reply or one.is_broadcast]

    def replies(self, ts: str) -> list[Message]:
        """Return what stands below a message, oldest first."""
        return self.threads.get(ts, [])


@dataclass(slots=True, eq=False)
class View:
    """A home tab or a modal; ``sent`` is what the bot sent."""

    id: str
    team_id: str
    user_id: str
    sent: dict[str, Any]
    hash: str
    trigger_id: str = ""
    is_closed: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    """What was filled in, by block and action."""
    earlier: list[dict[str, Any]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """``home`` or ``modal``."""
        return str(self.sent["type"])

    @property
    def blocks(self) -> Blocks:
        """The blocks that it shows."""
        return list(self.sent.get("blocks") or [])


@dataclass(frozen=True, slots=True)
class Status:
    """A status below the box that somebody types in; empty when it was taken away."""

    channel_id: str
    thread_ts: str
    status: str
    loading_messages: tuple[str, ...]
    at: float


@dataclass(frozen=True, slots=True)
class Prompts:
    """Prompts as they were suggested in a conversation with the app."""

    channel_id: str
    title: str
    prompts: tuple[tuple[str, str], ...]


class Team:
    """A workspace and all that belongs to it.

    Args:
        number: Which of the server it is, from 1; makes ids of teams and bots.
        name: Its name.
        token: The bot's token, if it is installed there.
    """

    def __init__(self, number: int, name: str, token: str = "") -> None:
        self.id = f"T{number:08d}"
        self.name = name
        self.domain = name.lower().replace(" ", "-")
        self.token = token
        self.is_installed = bool(token)
        self.scopes: set[str] = set(GRANTED)
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.ephemerals: list[Message] = []
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.statuses: list[Status] = []
        self.prompts: list[Prompts] = []
        self.titles: dict[tuple[str, str], str] = {}
        self._numbers = count(1)
        self._stamp = 0
        self.bot = User(f"UBOT{number:05d}", self.id, "Counterpoint", bot_id=f"B{number:08d}")
        self.users[self.bot.id] = self.bot

    # --- making -------------------------------------------------------------------

    def number(self, prefix: str) -> str:
        """Return an id that the team has not given yet."""
        return f"{prefix}{next(self._numbers):08d}"

    def stamp(self) -> str:
        """Return a time stamp later than each before it."""
        self._stamp = max(self._stamp + 1, int(time.time() * 1_000_000))
        return f"{self._stamp // 1_000_000}.{self._stamp % 1_000_000:06d}"

    def add_user(
        self, name: str, *, is_admin: bool = False, is_owner: bool = False, is_bot: bool = False
    ) -> User:
        """Let somebody join."""
        bot_id = self.number("B") if is_bot else ""
        user = User(self.number("U"), self.id, name, is_admin or is_owner, is_owner, bot_id)
        self.users[user.id] = user
        return user

    def add_channel(self, name: str, kind: str = "channel", *, has_bot: bool = True) -> Channel:
        """Open a channel; the bot is in it unless it should not be."""
        members = {self.bot.id} if has_bot else set()
        channel = Channel(self.number("C"), name, kind, members)
        self.channels[channel.id] = channel
        return channel

    def direct(self, user_id: str) -> Channel:
        """Return somebody's direct messages with the bot, opened if need be."""
        for channel in self.channels.values():
            if channel.kind == "im" and user_id in channel.members:
                return channel
        channel = Channel(self.number("D"), "directmessage", "im", {user_id, self.bot.id})
        self.channels[channel.id] = channel
        return channel

    def add_message(self, channel: Channel, user: User, text: str, **more: Any) -> Message:
        """Keep a message; one with ``only_for`` is kept apart, as nobody else sees it."""
        message = Message(self, channel, self.stamp(), user.id, text, bot_id=user.bot_id, **more)
        if message.only_for:
            self.ephemerals.append(message)
        else:
            channel.add(message)
        return message

    def add_file(self, user: User, name: str, content: bytes, base: str) -> File:
        """Keep a file, which is then served below ``base``."""
        file_id = self.number("F")
        file = File(file_id, name, content, user.id, f"{base}/files/{self.id}/{file_id}/{name}")
        self.files[file_id] = file
        return file

    # --- finding ------------------------------------------------------------------

    def reaches(self, channel: Channel) -> bool:
        """Say whether the bot is in a channel."""
        return self.bot.id in channel.members

    def said_by_bot(self, channel: Channel | None = None) -> Iterator[Message]:
        """Yield what the bot wrote for all to see and has not taken back, oldest first."""
        for one in self.channels.values() if channel is None else [channel]:
            for message in one.messages.values():
                if message.user_id == self.bot.id and not message.is_deleted:
                    yield message

    def shown_to(self, user_id: str, channel: Channel | None = None) -> list[Message]:
        """Return the ephemeral messages that somebody still sees, oldest first."""
        return [
            one
            for one in self.ephemerals
            if one.visible_to(user_id) and channel in (None, one.channel)
        ]
