"""Lay out the picture of a quote, as previews of a permalink show it. Pure.

Nothing is ever cut: what is long is set smaller, and what is too long for a picture, or has
letters that the font lacks, is left out whole.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from adapters.messaging.printable import printable
from adapters.web.lettering import FAMILY, Lettering, Setting
from bot import page_texts, texts
from bot.typography import readable

WIDTH, HEIGHT = 1200, 630
"""What previews are made for, in pixels."""

_MARGIN = 90
_RULE = 484
_TOP = 70
_LEADING = 1.32
_QUOTE_SIZES = tuple(range(66, 25, -2))
_WHERE_SIZES = tuple(range(26, 13, -2))
_TITLE_SIZES = tuple(range(64, 27, -2))
_WHO_SIZES = tuple(range(32, 13, -2))
_NAME_SIZE, _TAG_SIZE, _TAG_ROOM = 28, 24, 26
_INK, _QUIET, _ACCENT = "#221f1a", "#665f54", "#8f2f21"
_GAP = 40
_TIGHT, _BETWEEN = 1.18, 6


@dataclass(frozen=True, slots=True)
class Cited:
    """A quote with what has to stand beside it."""

    text: str
    speaker: str | None
    title: str
    date: str | None
    locator: str | None
    reported: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; ``x`` and ``y`` are where its base line begins, or ends."""

    text: str
    x: float
    y: float
    size: int
    colour: str
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A picture, for the template."""

    lines: tuple[Line, ...]
    width: int = WIDTH
    height: int = HEIGHT
    margin: int = _MARGIN
    rule: int = _RULE
    family: str = FAMILY


def laid_out(cited: Cited, lettering: Lettering) -> Card:
    """Return the picture of a quote.

    Args:
        cited: The quote.
        lettering: The font.
    """
    top = _TOP + (_TAG_ROOM if cited.reported else 0)
    wide, high = WIDTH - 2 * _MARGIN, _RULE - top - 30
    room = wide - lettering.width(page_texts.NAME, _NAME_SIZE) - _GAP
    foot = [Line(page_texts.NAME, WIDTH - _MARGIN, _RULE + 56, _NAME_SIZE, _ACCENT, is_end=True)]
    who = _set(lettering, cited.speaker or texts.UNKNOWN_AUTHOR, room, 56, _WHO_SIZES)
    quote = _set(lettering, f"“{readable(cited.text)}”", wide, high, _QUOTE_SIZES)
    if quote is None or who is None:  # nobody is quoted without their name
        title = _set(lettering, cited.title, wide, high, _TITLE_SIZES)
        head = _block(title, top, high, _INK) if title is not None else []
        where = _where(lettering, [cited.date], room)
    else:
        head = _hung(lettering, _block(quote, top, high, _INK))
        if cited.reported:
            head.append(Line(texts.REPORTED, _MARGIN, _TOP + 4, _TAG_SIZE, _ACCENT))
        where = _where(lettering, [cited.title, cited.date, cited.locator], room)
    y = float(_RULE + 22)
    for setting, colour in ((who, _INK), (where, _QUIET)):
        if setting is None:
            continue
        for text in setting.lines:
            y += setting.size * _TIGHT
            foot.append(Line(text, _MARGIN, round(y, 1), setting.size, colour))
        y += _BETWEEN
    return Card((*head, *foot))


def _where(lettering: Lettering, parts: Sequence[str | None], width: float) -> Setting | None:
    """Set what tells where a quote stands; a part that the font has no letters for is left out."""
    known = [part for part in parts if part and lettering.covers(printable(part))]
    return _set(lettering, " · ".join(known), width, 66, _WHERE_SIZES)


def _set(
    lettering: Lettering, text: str, width: float, height: float, sizes: Sequence[int]
) -> Setting | None:
    said = unicodedata.normalize("NFC", printable(readable(text)))
    if not said or not lettering.covers(said):
        return None
    return lettering.fitted(said, width, height, sizes, _LEADING)


def _block(setting: Setting, top: float, height: float, colour: str) -> list[Line]:
    """Return the lines of a text, in the middle of the height that there is."""
    step = setting.size * _LEADING
    first = top + (height - len(setting.lines) * step) / 2 + setting.size
    return [
        Line(text, _MARGIN, round(first + step * number, 1), setting.size, colour)
        for number, text in enumerate(setting.lines)
    ]


def _hung(lettering: Lettering, lines: list[Line]) -> list[Line]:
    """Return the lines of a quote with its first mark in the margin, as printers set it."""
    mark = lettering.width("“", lines[0].size)
    return [replace(lines[0], x=round(_MARGIN - mark, 1)), *lines[1:]]
