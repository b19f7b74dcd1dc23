"""A call of a Web API method: who calls, with what, and how it is refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.e2e.slack.blockkit import refusals_of_blocks, text_length
from tests.e2e.slack.grants import Token
from tests.e2e.slack.workspace import Blocks, Channel, Message, Team, User

if TYPE_CHECKING:
    from tests.e2e.slack.server import LoopbackSlack

LONGEST_TEXT = 40_000
"""https://docs.slack.dev/reference/methods/chat.postMessage#truncating"""
LONGEST_UPDATE = 4000
"""https://docs.slack.dev/reference/methods/chat.update: msg_too_long"""
MOST_IN_BLOCKS = 13_200
"""Where ``msg_blocks_too_long`` was seen to begin."""

Answer = dict[str, Any]


class Refusal(Exception):
    """An error of Slack's, with what it tells beside the code."""

    def __init__(self, code: str, *, http_status: int = 200, **told: Any) -> None:
        super().__init__(code)
        self.code = code
        self.http_status = http_status
        self.told = told

    def answer(self) -> Answer:
        """Return it as Slack words it."""
        return {"ok": False, "error": self.code, **self.told}


@dataclass(slots=True, eq=False)
class Call:
    """One call with a good token.

    Args:
        server: The Slack that was called.
        method: As in ``chat.postMessage``.
        args: Its arguments, however they were sent.
        token: Whose call it is.
    """

    server: "LoopbackSlack"
    method: str
    args: dict[str, Any]
    token: Token

    @property
    def team(self) -> Team:
        """The team that the token belongs to; nothing of another is ever found."""
        return self.token.team

    def text(self, name: str) -> str:
        """Return a text argument, empty if there is none."""
        return str(self.args.get(name) or "")

    def need(self, name: str) -> str:
        """Return a text argument that has to be there."""
        if not self.args.get(name):
            told = [f"[ERROR] missing required field: {name}"]
            raise Refusal("invalid_arguments", response_metadata={"messages": told})
        return self.text(name)

    def flag(self, name: str) -> bool:
        """Return a boolean argument."""
        return self.args.get(name) in (True, "true", "1", 1)

    def structure(self, name: str) -> Any:
        """Return an argument that is JSON, sent as such or as text."""
        return structure(self.args.get(name))

    def need_scope(self, scope: str) -> None:
        """Refuse a call that needs a scope which the team did not grant."""
        granted = self.team.scopes
        if scope not in granted:
            provided = ",".join(sorted(granted))
            raise Refusal("missing_scope", needed=scope, provided=provided)

    def channel(self, name: str = "channel") -> Channel:
        """Return a conversation that the bot can know of."""
        value = self.need(name)
        takes_people = self.method == "chat.postMessage"
        if takes_people and value in self.team.users and value != self.team.bot.id:
            return self.team.direct(value)
        channel = self.team.channels.get(value)
        if channel is None:
            raise Refusal("channel_not_found")
        if channel.kind != "channel" and not self.team.reaches(channel):
            raise Refusal("channel_not_found")
        return channel

    def user(self, name: str = "user") -> User:
        """Return somebody of the team."""
        user = self.team.users.get(self.need(name))
        if user is None:
            raise Refusal("user_not_found")
        return user

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """Return a message of a conversation."""
        message = channel.messages.get(self.need(name))
        if message is None or message.is_deleted:
            raise Refusal("message_not_found")
        return message


Method = Callable[[Call], Answer]


def structure(value: Any) -> Any:
    """Return JSON that may have been sent as text.

    Raises:
        Refusal: If it is neither.
    """
    if not isinstance(value, str) or not value:
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise Refusal("invalid_arguments") from error


def text_and_blocks(
    server: "LoopbackSlack", body: dict[str, Any], *, longest: int = LONGEST_TEXT
) -> tuple[str, Blocks]:
    """Return what a message is to say.

    Raises:
        Refusal: If Slack would not take it.
    """
    text = str(body.get("text") or "")
    blocks = structure(body.get("blocks")) or []
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text) > longest:
        raise Refusal("msg_too_long")
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    refuse_blocks(server, blocks)
    if text_length(blocks) > MOST_IN_BLOCKS:
        raise Refusal("msg_blocks_too_long")
    return text, named(blocks)


def refuse_blocks(server: "LoopbackSlack", blocks: Blocks, *, surface: str = "message") -> None:
    """Refuse blocks that Slack would not take.

    Raises:
        Refusal: With what is wrong, as Slack tells it.
    """
    if server.contract is None:
        return
    wrong = refusals_of_blocks(blocks, surface=surface, knows_citations=server.knows_citations)
    if wrong:
        told = [f"[ERROR] {one}" for one in wrong]
        raise Refusal("invalid_blocks", response_metadata={"messages": told})


def named(blocks: Blocks) -> Blocks:
    """Return blocks with an id each, as Slack gives one to those that have none."""
    return [{"block_id": f"b{number}", **block} for number, block in enumerate(blocks)]
