"""The buttons and menus of Discord messages; what they say is `adapters.messaging.presses`'.

`render` puts them under replies, `pressing` does what they say.
"""

import re
from collections.abc import Sequence
from typing import Any, Protocol, Self, cast

import discord

from adapters.discord import limits
from adapters.messaging.presses import BUTTON, MENU, Press


class Pressed(Protocol):
    """What a client has to do so that buttons work."""

    async def on_press(
        self, interaction: discord.Interaction, press: Press | None, chosen: Sequence[str]
    ) -> None:
        """Do what a button or a menu says; None for one of another version."""


class Button(discord.ui.DynamicItem[discord.ui.Button[Any]], template=BUTTON):
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


class Menu(discord.ui.DynamicItem[discord.ui.Select[Any]], template=MENU):
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
