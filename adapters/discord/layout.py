"""Put texts and buttons together to messages of Components V2. Knows nothing of replies."""

from collections.abc import Iterable, Sequence
from typing import Any

import discord

from adapters.discord import limits
from adapters.discord.escaping import escaped

Item = discord.ui.Item[Any]

_RESERVED = 300
ROOM = limits.TEXT - _RESERVED
"""Characters that a message's maker may use; the rest is for what `sending` may have to say."""


def message(*items: Item) -> discord.ui.LayoutView:
    """Return a message of these items, in order."""
    view = discord.ui.LayoutView(timeout=None)
    for item in items:
        view.add_item(item)
    # A stopped view is not kept in memory; its buttons are found by what their ids say.
    view.stop()
    return view


def text(markdown: str) -> discord.ui.TextDisplay[Any]:
    """Return a paragraph of Discord markdown."""
    return discord.ui.TextDisplay(markdown)


def row(items: Sequence[Item]) -> list[Item]:
    """Return a row of buttons, or nothing where there are none."""
    return [discord.ui.ActionRow(*items)] if items else []


def box(items: Iterable[Item], colour: int | None = None) -> Item:
    """Return items in a frame of their own."""
    return discord.ui.Container(*items, accent_colour=colour)


def notice(sentence: str, *items: Item) -> discord.ui.LayoutView:
    """Return a message of some plain sentences, shown to the letter."""
    return message(text(escaped(sentence)), *items)


def lines(title: str, paragraphs: Sequence[str], *items: Item) -> discord.ui.LayoutView:
    """Return paragraphs under a title, as many as there is room for.

    Args:
        title: A line of plain text.
        paragraphs: Markdown; none is cut, and an ellipsis stands for those left out.
        items: What follows.
    """
    heading = f"### {escaped(title)}"
    room = ROOM - limits.length(heading)
    shown = [heading]
    for paragraph in paragraphs:
        room -= limits.length(paragraph) + 1
        if room < 0:
            shown.append("\N{HORIZONTAL ELLIPSIS}")
            break
        shown.append(paragraph)
    return message(text("\n".join(shown)), *items)
