"""Put texts and buttons together to messages of Block Kit. Knows nothing of replies.

What was typed or quoted stands in rich text and plain text, which carry characters as they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

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
from adapters.slack import escaping, limits
from bot import texts

Block = dict[str, Any]
Element = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """A message: blocks, and the text for notifications, screen readers and where blocks fail.

    ``text`` is escaped. ``shares`` names the request whose answer this is, when it can be shared;
    ``showing`` is what the button for that remembers, see `sharing`.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    shares: str | None = None
    showing: str = ""


LEAD = 600
"""Units of a sentence that is put before a message."""
ROOM = limits.TEXT - 1_500
"""Units that a message's maker may use; the rest is for buttons and for what posts add."""
TEXT_ROOM = limits.FALLBACK - LEAD - 1
"""Units that a message's own text may have before posts add to it."""


# --- messages of plain sentences --------------------------------------------------


def notice(sentence: str) -> Message:
    """Return a message of some plain sentences, shown to the letter."""
    shown = limits.clipped(sentence, ROOM)
    return Message(escaping.escaped(sentence, TEXT_ROOM), (rich(section(text(shown))),))


def refusal(sentence: str, request_id: str) -> Message:
    """Return why something was not done, with the id to ask for help with, in small print."""
    if request_id in sentence:
        return notice(sentence)
    name = texts.named(request_id)
    shown = limits.clipped(sentence, ROOM - limits.length(name))
    told = f"{escaping.escaped(sentence, TEXT_ROOM - 500)} {escaping.escaped(name, 499)}"
    return Message(told, (rich(section(text(shown))), small(name)))


def with_sentence(message: Message, sentence: str) -> Message:
    """Return a message with a sentence before it, for which its maker has left room."""
    lead = rich(section(text(limits.clipped(sentence, LEAD))))
    told = f"{escaping.escaped(sentence, LEAD)}\n{message.text}"
    return replace(message, text=told, blocks=(lead, *message.blocks))


def report(told: Report) -> Message:
    """Return lines under a title, as many as there is room for, with buttons."""
    title = escaping.line(told.title or "", 1_000)
    buttons = row([choice(one) for one in told.choices])
    showing = [one for one in told.lines if _line(one).strip()]
    shown = _fitting(showing, ROOM - limits.length(title) - weight(buttons))
    words = [title] if title else []
    words += [_line(one) for one in shown]
    lead = [_title(title)] if title else []
    return Message(
        escaping.escaped("\n".join(words or [one.label for one in told.choices]), TEXT_ROOM),
        (*lead, *_paragraphs(shown), *buttons),
    )


_MOST_PARAGRAPHS = limits.BLOCKS - 15  # a title, buttons and what posts add come to these


def _fitting(lines: Sequence[Line], room: int) -> list[Line]:
    """Return the first lines that there is room for, and how many were left out."""
    room -= limits.length(texts.left_out(len(lines)))
    shown: list[Line] = []
    count = 0
    for one in lines:
        room -= limits.length(_line(one)) + 1
        is_apart = one.shape is Shape.SMALL or not shown or shown[-1].shape is Shape.SMALL
        count += is_apart
        if room < 0 or count > _MOST_PARAGRAPHS:
            return [*shown, Line.of(texts.left_out(len(lines) - len(shown)))]
        shown.append(one)
    return shown


def _line(told: Line) -> str:
    return "".join(map(_words, told.parts))


def _title(title: str) -> Block:
    if limits.length(title) <= limits.HEADER:
        return header(title)
    return rich(section(text(title, bold=True)))


def _paragraphs(lines: Sequence[Line]) -> Iterable[Block]:
    """Yield blocks: neighbours of rich text share one, and items of a list one list."""
    elements: list[Element] = []
    for one in lines:
        parts = [_part(part) for part in one.parts if part != ""]
        match one.shape:
            case Shape.SMALL:
                if elements:
                    yield rich(*elements)
                elements = []
                yield small(_line(one))
            case Shape.ITEM if elements and elements[-1]["type"] == "rich_text_list":
                elements[-1]["elements"].append(section(*parts))
            case Shape.ITEM:
                items = [section(*parts)]
                elements.append({"type": "rich_text_list", "style": "bullet", "elements": items})
            case Shape.QUOTE:
                elements.append(quote(*parts))
            case _:
                elements.append(section(*parts))
    if elements:
        yield rich(*elements)


def _part(part: Part) -> Element:
    match part:
        case Strong(words):
            return text(words, bold=True)
        case Moment(at):
            return date(at)
        case Channel(channel_id):
            return {"type": "channel", "channel_id": channel_id}
        case Address(url):
            return link(address, address) if (address := linkable(url)) else text(url)
        case _:
            return text(part)


def _words(part: Part) -> str:
    match part:
        case Strong(words):
            return words
        case Moment(at):
            return str(date(at)["fallback"])
        case Channel():
            return texts.A_CHANNEL
        case Address(url):
            return url
        case _:
            return part


# --- blocks -----------------------------------------------------------------------


def rich(*elements: Element) -> Block:
    """Return a block of sections, quotes and lists."""
    return {"type": "rich_text", "elements": list(elements)}


def header(title: str) -> Block:
    """Return a heading; it is cut where Slack would refuse it."""
    return {"type": "header", "text": plain(title, limits.HEADER)}


def small(sentence: str) -> Block:
    """Return a line in small print."""
    return {"type": "context", "elements": [plain(sentence, limits.SMALL)]}


def divider() -> Block:
    """Return a line between what stands above and below."""
    return {"type": "divider"}


def row(elements: Sequence[Element]) -> list[Block]:
    """Return buttons in a row, or in more where Slack takes no more in one; none for none."""
    rows = range(0, len(elements), limits.ACTIONS)
    return [{"type": "actions", "elements": [*elements[at : at + limits.ACTIONS]]} for at in rows]


# --- elements ---------------------------------------------------------------------


def section(*parts: Element) -> Element:
    """Return a paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(parts)}


def quote(*parts: Element) -> Element:
    """Return a quotation of rich text."""
    return {"type": "rich_text_quote", "elements": list(parts)}


def text(words: str, *, bold: bool = False) -> Element:
    """Return words that are shown to the letter."""
    element: Element = {"type": "text", "text": escaping.literal(words)}
    return element | {"style": {"bold": True}} if bold else element


def link(url: str, label: str) -> Element:
    """Return a link."""
    return {"type": "link", "url": url, "text": label}


def citation(url: str, label: str, number: int, title: str) -> Element:
    """Return the citation of a page; `plainer` makes a link of it."""
    details = {"citation_type": "web", "display_name": title, "title": title}
    return {"type": "citation", "url": url, "text": label, "index": number, "details": details}


def date(at: float) -> Element:
    """Return a time, told in the reader's own zone."""
    return {
        "type": "date",
        "timestamp": int(at),
        "format": "{date_short_pretty}, {time}",
        "fallback": texts.moment(at),
    }


def plain(words: str, limit: int) -> Element:
    """Return a text object that carries characters as they are, cut to ``limit`` units."""
    shown = limits.clipped(escaping.literal(words), limit)
    return {"type": "plain_text", "text": shown or " ", "emoji": False}


def button(name: str, label: str, style: str | None = None) -> Element:
    """Return a button with a name; ``style`` is primary or danger."""
    element: Element = {
        "type": "button",
        "action_id": name,
        "text": plain(label, limits.BUTTON_LABEL),
    }
    return element | {"style": style} if style else element


def choice(told: Choice) -> Element:
    """Return a button, or a menu where there are entries to choose from."""
    if not told.entries:
        return button(told.press.on_button, told.label, "danger" if told.is_grave else None)
    return {
        "type": "static_select",
        "action_id": told.press.on_menu,
        "placeholder": plain(told.label, limits.PLACEHOLDER),
        "options": [option(label, value) for label, value in told.entries[: limits.OPTIONS]],
    }


def option(label: str, value: str) -> Element:
    """Return an entry of a menu."""
    return {"text": plain(label, limits.OPTION_LABEL), "value": value}


# --- where Slack is older than we are ---------------------------------------------


def plainer(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return blocks without what only a recent Slack knows: links for citations, plain buttons."""
    return tuple(_plainer(one) for one in blocks)


def _plainer(value: Any) -> Any:
    if isinstance(value, list):
        return [_plainer(one) for one in value]
    if not isinstance(value, dict):
        return value
    match value.get("type"):
        case "citation":
            return link(value["url"], value["text"])
        case "context_actions":
            both = [one for element in value["elements"] for one in _feedback_buttons(element)]
            return row(both)[0]
    return {key: _plainer(one) for key, one in value.items()}


def _feedback_buttons(element: Element) -> list[Element]:
    return [
        button(element[side]["value"], element[side]["text"]["text"])
        for side in ("positive_button", "negative_button")
    ]


def weight(value: Any) -> int:
    """Return how many characters blocks show, links included."""
    if isinstance(value, list | tuple):
        return sum(map(weight, value))
    if isinstance(value, dict):
        return sum(
            limits.length(one) if key in _SHOWN and isinstance(one, str) else weight(one)
            for key, one in value.items()
        )
    return 0


_SHOWN = frozenset({"text", "url", "fallback", "title", "display_name"})
