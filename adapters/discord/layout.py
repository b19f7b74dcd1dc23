"""Put texts and buttons together to messages of Components V2. Knows nothing of replies."""

from collections.abc import Iterable, Sequence
from typing import Any

import discord

from adapters.discord import limits
from adapters.discord.buttons import Button, Menu
from adapters.discord.escaping import escaped, escaped_line, quoted
from adapters.messaging.links import linkable
from adapters.messaging.reports import (
    Address,
    Channel,
    Choice,
    Line,
    Moment,
    Part,
    Report,
    Shape,
    Strong,
)
from bot import texts

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


def refusal(sentence: str, request_id: str) -> discord.ui.LayoutView:
    """Return why something was not done, with the id to ask for help with, in small print."""
    if request_id in sentence:
        return notice(sentence)
    return message(text(f"{escaped(sentence)}\n-# {escaped_line(texts.named(request_id))}"))


def report(told: Report) -> discord.ui.LayoutView:
    """Return lines under a title, with buttons."""
    items = row([_choice(one) for one in told.choices])
    paragraphs = [_paragraph(line) for line in told.lines]
    if told.title is None:
        return message(text("\n".join(paragraphs)), *items)
    return lines(told.title, paragraphs, *items)


def lines(title: str, paragraphs: Sequence[str], *items: Item) -> discord.ui.LayoutView:
    """Return paragraphs under a title, as many as there is room for.

    Args:
        title: A line of plain text.
        paragraphs: Markdown; none is cut, and how many are left out is told.
        items: What follows.
    """
    shown = [f"### {escaped(title)}"]
    room = ROOM - limits.length(shown[0])
    sizes = [limits.length(paragraph) + 1 for paragraph in paragraphs]
    if sum(sizes) <= room:
        return message(text("\n".join([*shown, *paragraphs])), *items)
    room -= limits.length(texts.left_out(len(paragraphs))) + 1
    for paragraph, size in zip(paragraphs, sizes, strict=True):
        room -= size
        if room < 0:
            break
        shown.append(paragraph)
    shown.append(texts.left_out(len(paragraphs) + 1 - len(shown)))
    return message(text("\n".join(shown)), *items)


def _paragraph(line: Line) -> str:
    if line.shape is Shape.QUOTE:
        return quoted("".join(part for part in line.parts if isinstance(part, str)))
    lead = {Shape.ITEM: "- ", Shape.SMALL: "-# "}.get(line.shape, "")
    return lead + "".join(map(_part, line.parts))


def _part(part: Part) -> str:
    match part:
        case Strong(words):
            return f"**{escaped_line(words)}**"
        case Moment(at):
            return f"<t:{int(at)}:R>"
        case Channel(channel_id):
            return f"<#{channel_id}>"
        case Address(url):
            # Between angles nothing in it acts, and Discord looks nothing up.
            return f"<{address}>" if (address := linkable(url)) else escaped_line(url)
        case _:
            # Spaces at the ends hold the parts apart.
            before, after = (" " if part[:1] == " " else ""), (" " if part[-1:] == " " else "")
            return f"{before}{escaped_line(part)}{after if part.strip() else ''}"


def _choice(choice: Choice) -> Item:
    if choice.entries:
        return Menu.of(choice.press, choice.label, choice.entries)
    style = discord.ButtonStyle.danger if choice.is_grave else discord.ButtonStyle.secondary
    return Button.of(choice.press, choice.label, style)
