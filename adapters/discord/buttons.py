"""The buttons and menus under a reply, which remember nothing.

What one does is written into its custom id: an action, the id of what it is about (a request, a
staged document) and a detail. So it works after a restart and in every process of a fleet.
`pressing` does what they say; `render` puts them under replies.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, Self, cast

import discord

from adapters.discord import limits


class Action(StrEnum):
    """What a button is for."""

    CONTEXT = "context"
    MORE = "more"
    COUNTERPOINTS = "counterpoints"
    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    REASON = "reason"
    WHY = "why"
    TOPIC = "topic"
    FORGET = "forget"
    PUBLISH = "publish"
    DISCARD = "discard"


_PARTS = rf"(?P<action>{'|'.join(Action)}):(?P<subject>[^:]*):(?P<detail>.*)"
_BUTTON = re.compile(f"cp1:{_PARTS}", re.DOTALL)
_MENU = re.compile(f"cp1-menu:{_PARTS}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Press:
    """What a button says: an action, what it is about, and a detail that the action knows."""

    action: Action
    subject: str = ""
    detail: str = ""

    @property
    def on_button(self) -> str:
        """The press as the custom id of a button."""
        return f"cp1:{self.action}:{self.subject}:{self.detail}"

    @property
    def on_menu(self) -> str:
        """The press as the custom id of a menu."""
        return f"cp1-menu:{self.action}:{self.subject}:{self.detail}"

    @property
    def fits(self) -> bool:
        """Whether Discord can carry it."""
        return limits.length(self.on_menu) <= limits.CUSTOM_ID and ":" not in self.subject

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """Return what a custom id says; None when this version knows no such thing."""
        found = _BUTTON.fullmatch(custom_id) or _MENU.fullmatch(custom_id)
        if found is None:
            return None
        return cls(Action(found["action"]), found["subject"], found["detail"])


class Pressed(Protocol):
    """What a client has to do so that buttons work."""

    async def on_press(
        self, interaction: discord.Interaction, press: Press | None, chosen: Sequence[str]
    ) -> None:
        """Do what a button or a menu says; None for one of another version."""


class Button(discord.ui.DynamicItem[discord.ui.Button[Any]], template=_BUTTON):
    """A button that says what it does."""

    @classmethod
    def of(
        cls,
        press: Press,
        label: str,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> Self:
        """Make a button; its label is cut where Discord would refuse it."""
        shown = limits.clipped(label, limits.BUTTON_LABEL)
        return cls(discord.ui.Button(label=shown, style=style, custom_id=press.on_button))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button that was pressed."""
        return cls(cast("discord.ui.Button[Any]", item))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Have the client do what it says."""
        client = cast("Pressed", interaction.client)
        await client.on_press(interaction, Press.parse(self.custom_id), ())


class Menu(discord.ui.DynamicItem[discord.ui.Select[Any]], template=_MENU):
    """A menu of which one entry is chosen."""

    @classmethod
    def of(cls, press: Press, placeholder: str, entries: Sequence[tuple[str, str]]) -> Self:
        """Make a menu of (label, value) entries."""
        options = [discord.SelectOption(label=label, value=value) for label, value in entries]
        return cls(
            discord.ui.Select(custom_id=press.on_menu, placeholder=placeholder, options=options)
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the menu that was used."""
        return cls(cast("discord.ui.Select[Any]", item))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Have the client do what was chosen."""
        client = cast("Pressed", interaction.client)
        await client.on_press(interaction, Press.parse(self.custom_id), self.item.values)


def ids_on(message: discord.Message | None) -> set[str]:
    """Return the custom ids on a message."""
    waiting: list[Any] = list(message.components) if message is not None else []
    found = set()
    while waiting:
        component = waiting.pop()
        waiting += getattr(component, "children", ())
        found.add(getattr(component, "custom_id", None) or "")
    return found - {""}
