"""Discord's refusals, and stand-ins for the objects that meet them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import discord


@dataclass
class _Response:
    status: int
    reason: str = "refused"


def refusal(code: int, status: int = 403) -> discord.HTTPException:
    """Return an error as discord.py raises it."""
    kinds: dict[int, Any] = {403: discord.Forbidden, 404: discord.NotFound}
    kind = kinds.get(status, discord.HTTPException)
    error: discord.HTTPException = kind(_Response(status), {"code": code, "message": "No."})
    return error


@dataclass
class Place:
    """A channel, a user or a message: does what it is asked, unless it is set to refuse."""

    id: int = 1
    display_name: str = "Ann"
    refusals: list[Exception] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)

    @property
    def components(self) -> list[Any]:
        """What was shown last."""
        shown = [what["view"] for what in self.sent if "view" in what]
        return list(shown[-1].children) if shown else []

    async def send(self, **what: Any) -> "Place":
        """Post a message."""
        return self._take(what)

    async def edit(self, **what: Any) -> "Place":
        """Change it."""
        return self._take(what)

    async def delete(self) -> None:
        """Take it back."""
        self._take({"deleted": True})

    def _take(self, what: dict[str, Any]) -> "Place":
        if self.refusals:
            raise self.refusals.pop(0)
        self.sent.append(what)
        return self


@dataclass
class Call:
    """A message that calls the bot."""

    channel: Place = field(default_factory=Place)
    author: Place = field(default_factory=Place)
    id: int = 9
    jump_url: str = "https://discord.com/channels/1/2/9"
    reactions: list[str] = field(default_factory=list)
    reaction_refusal: Exception | None = None

    def to_reference(self, *, fail_if_not_exists: bool) -> str:
        """Return what a reply refers to."""
        assert not fail_if_not_exists
        return "reference"

    async def add_reaction(self, sign: str) -> None:
        """Put a sign under the message."""
        if self.reaction_refusal is not None:
            raise self.reaction_refusal
        self.reactions.append(sign)


class MessageableChannel(discord.abc.Messageable):
    """A channel of an interaction."""

    def __init__(self, place: Place) -> None:
        self.id = 2
        self._place = place

    async def _get_channel(self) -> Any:
        return self

    send: Any = property(lambda self: self._place.send)


class Request:
    """An interaction whose responses do what ``respond`` and ``edit`` do."""

    def __init__(
        self,
        *,
        respond: Callable[[], None] = lambda: None,
        edit: Callable[[], None] = lambda: None,
    ) -> None:
        self.id = 9
        self.extras: dict[Any, Any] = {}
        self.user = Place()
        self.place = Place()
        self.channel = MessageableChannel(self.place)
        self.response = self
        self.shown: list[Any] = []
        self.is_loading = True
        self._respond = respond
        self._edit = edit

    async def defer(self, **_: Any) -> None:
        """Acknowledge."""
        self._respond()

    async def send_message(self, view: Any, **_: Any) -> None:
        """Answer at once."""
        self._respond()
        self.shown.append(view)

    async def original_response(self) -> Any:
        """Return what the asker sees."""
        return SimpleNamespace(flags=discord.MessageFlags(loading=self.is_loading))

    async def edit_original_response(self, view: Any) -> Place:
        """Answer later."""
        self._edit()
        self.shown.append(view)
        return Place(id=5)
