"""What a page shows of a quote. Pure; the templates lay it out."""

from collections.abc import Iterable
from dataclasses import dataclass

from adapters.messaging.reports import STANCES
from adapters.web.fragments import place_in_original
from bot import texts
from bot.types import Evidence
from bot.typography import readable


@dataclass(frozen=True, slots=True)
class Shown:
    """A quote with what stands beside it; None where nothing is to stand."""

    text: str
    side: str | None
    reported: str | None
    who: str
    title: str
    date: str | None
    locator: str | None
    path: str
    original: str | None


def shown(found: Iterable[Evidence], *, takes_sides: bool) -> list[Shown]:
    """Return what a page shows of quotes.

    Args:
        found: The quotes.
        takes_sides: Whether each is told which side it takes.
    """
    return [_shown(evidence, takes_sides) for evidence in found]


def _shown(evidence: Evidence, takes_sides: bool) -> Shown:
    quote, source = evidence.quote, evidence.source
    return Shown(
        text=readable(quote.text),
        side=STANCES[evidence.stance] if takes_sides else None,
        reported=texts.REPORTED if quote.reported else None,
        who=quote.speaker or source.author or texts.UNKNOWN_AUTHOR,
        title=source.title,
        date=source.date,
        locator=quote.locator,
        path=f"/q/{quote.permalink.rpartition('/')[2]}",
        original=place_in_original(source.url, quote.text, quote.locator),
    )
