"""Lay a reply out for a terminal: the headline, the quotes, what argues against them.

Pure: from a `Reply` to lines. Quotes are shown by `bot.typography` and otherwise to the
letter. Called by `chat` and by ``counterpoint ask``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from adapters.console.terminal import BLANK, Line, plain
from adapters.messaging.sides import judges_other_words
from bot import texts
from bot.conversation.composing import first_page
from bot.types import Evidence, Query, Reply, Stance
from bot.typography import readable

SIDES_ON = "Sides taken on:"
"""Stands before the statement that quotes support or oppose, where that was not typed."""

_INDENT = 4
_STANCES = {
    Stance.SUPPORTS: (texts.SUPPORTS, "green"),
    Stance.OPPOSES: (texts.OPPOSES, "red"),
    Stance.NEUTRAL: (texts.NEUTRAL, "dim"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a reply's evidence, numbered from ``first_number`` on."""

    quotes: tuple[Evidence, ...]
    counterpoints: tuple[Evidence, ...]
    first_number: int = 1

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Everything on the page, in the order in which it is numbered."""
        return (*self.quotes, *self.counterpoints)


def pages_of(reply: Reply) -> tuple[Page, Page]:
    """Return what is shown of a reply at first, and the rest."""
    shown = first_page(reply)
    first = Page(shown.quotes, shown.counterpoints)
    rest = Page(
        reply.quotes[len(shown.quotes) :],
        reply.counterpoints[len(shown.counterpoints) :],
        len(first.evidence) + 1,
    )
    return first, rest


def render_reply(reply: Reply, way_to_more: str | None = None) -> Iterator[Line]:
    """Yield a reply as it is shown.

    Args:
        reply: The reply.
        way_to_more: How the reader gets the evidence that the first page leaves out; None
            to show everything at once.
    """
    yield Line(plain(reply.headline, "bold"))
    if reply.query is not None and judges_other_words(reply.query) and reply.answered:
        yield Line(plain(f"{SIDES_ON} {reply.query.claim}", "dim"))
    page, rest = pages_of(reply)
    if way_to_more is None:
        page, rest = Page(reply.quotes, reply.counterpoints), Page((), ())
    yield from render_page(page, reply.query)
    if rest.evidence and way_to_more is not None:
        yield BLANK
        yield Line(plain(f"{texts.show_more(len(rest.evidence))}: {way_to_more}", "dim"))
    if reply.suggestions:
        yield Line(plain(texts.NEAR_TOPICS))
        for slug in reply.suggestions:
            yield Line(plain(slug), _INDENT)


def render_page(page: Page, query: Query | None) -> Iterator[Line]:
    """Yield the evidence of a page, the counterpoints under a heading of their own."""
    takes_sides = query is not None and query.claim is not None
    number = page.first_number
    yield from _evidence(page.quotes, number, takes_sides)
    if page.counterpoints:
        yield BLANK
        yield Line(plain(texts.COUNTERPOINTS, "bold"))
        yield from _evidence(page.counterpoints, number + len(page.quotes), takes_sides)


def _evidence(found: Sequence[Evidence], number: int, takes_sides: bool) -> Iterator[Line]:
    for place, evidence in enumerate(found, start=number):
        quote = readable(evidence.quote.text)
        yield BLANK
        yield Line(
            plain(f"\N{LEFT DOUBLE QUOTATION MARK}{quote}\N{RIGHT DOUBLE QUOTATION MARK}"),
            _INDENT,
            f"{place:>2}",
        )
        yield Line(_attribution(evidence, takes_sides), _INDENT)
        yield Line(plain(evidence.quote.permalink, "dim"), _INDENT, wraps=False)


def _attribution(evidence: Evidence, takes_sides: bool) -> Text:
    quote, source = evidence.quote, evidence.source
    who = quote.speaker or source.author or texts.UNKNOWN_AUTHOR
    said = ", ".join(part for part in (who, source.title, source.date, quote.locator) if part)
    parts = [plain(said, "dim")]
    if quote.reported:
        parts.insert(0, Text(texts.REPORTED, "yellow"))
    if takes_sides:
        parts.insert(0, Text(*_STANCES[evidence.stance]))
    return Text(" \N{MIDDLE DOT} ").join(parts)
