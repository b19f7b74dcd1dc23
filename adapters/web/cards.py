"""Pictures of quotes, which previews of a permalink show.

A picture is drawn by a process of its own, one at a time, and held: the library that draws would
keep this process from answering.
"""

import asyncio
import logging
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote as percent_encoded

from aiohttp import web

from adapters.web import drawing
from adapters.web.answers import Rendered, answer
from adapters.web.carding import Cited, laid_out
from adapters.web.failing import failure
from adapters.web.holding import Held
from adapters.web.keys import CARD_OF, CORE, PAGES
from adapters.web.lettering import FONT, Lettering
from adapters.web.pages import Pages
from bot import page_texts
from bot.reading import DocumentPage, Outcome, Place, Reading

_log = logging.getLogger(__name__)

LONGEST_QUOTE = 2_000
"""Characters; what is longer names a passage, which has no picture."""

_CARDS_HELD = 256
_MOST_WAITING = 16
_DRAWN_WITHIN_S = 20.0
_KEPT = "public, max-age=3600"
_ENDING = ".png"


def add_routes(app: web.Application) -> None:
    """Add the pictures to the application, and say where each quote's is."""
    cards = Cards(app[CORE].reading, app[PAGES])
    app[CARD_OF] = address_of
    app.router.add_get("/card/{name}", cards.card)


def address_of(quote_id: str) -> str:
    """Return the address of a quote's picture on this site."""
    return f"/card/{percent_encoded(quote_id, safe='')}{_ENDING}"


class Cards:
    """Answers with pictures of quotes.

    Args:
        reading: Where quotes are found.
        pages: Fills the template.
    """

    def __init__(self, reading: Reading, pages: Pages) -> None:
        self._reading = reading
        self._pages = pages
        self._held = Held[Rendered](_CARDS_HELD)
        self._lettering: Lettering | None = None
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0

    async def card(self, request: web.Request) -> web.StreamResponse:
        """Answer with the picture of a quote that stands in its document.

        There is none of a part of a sentence that anybody cut out: it may mean the opposite.
        """
        name = request.match_info["name"]
        if not name.endswith(_ENDING):
            raise web.HTTPNotFound
        quote_id = name.removesuffix(_ENDING)
        key = (await self._reading.version(), quote_id)
        rendered = self._held.get(key)
        if rendered is None:
            cited = await self._cited(quote_id)
            if cited is None:
                return failure(request, 404, page_texts.NO_QUOTE)
            if self._waiting >= _MOST_WAITING:
                raise web.HTTPServiceUnavailable(headers={"Retry-After": "10"})
            self._waiting += 1
            try:
                async with self._one_at_a_time:
                    rendered = self._held.get(key) or self._held.put(key, await self._drawn(cited))
            finally:
                self._waiting -= 1
        response = answer(request, rendered, content_type="image/png", cache_control=_KEPT)
        # A preview on another site is what it is for.
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    async def _cited(self, quote_id: str) -> Cited | None:
        found = await self._reading.find(quote_id)
        if found is None or found.outcome not in (Outcome.EXACT, Outcome.MOVED):
            return None
        place = found.place
        if place is None or not place.is_quotable or place.end - place.start > LONGEST_QUOTE:
            return None
        if self._reading.is_withdrawn(place.source.document_id, place.text):
            return None
        page = await self._reading.page(place.source.document_id, place.page, place.end)
        return _cited(place, page) if page is not None else None

    async def _drawn(self, cited: Cited) -> Rendered:
        if self._lettering is None:
            self._lettering = await asyncio.to_thread(Lettering.load)
        card = await asyncio.to_thread(laid_out, cited, self._lettering)
        return Rendered.of(await draw(self._pages.render("card.svg", {"card": card})))


def _cited(place: Place, page: DocumentPage) -> Cited:
    passages = [
        piece.passage
        for block in page.blocks
        for piece in block.pieces
        if piece.passage and piece.end > place.start and piece.start < place.end
    ]
    first = passages[0] if passages else None
    source = place.source
    return Cited(
        text=place.text,
        speaker=(first.speaker if first else None) or source.author,
        title=source.title,
        date=source.date,
        locator=first.locator if first else None,
        reported=any(passage.reported for passage in passages),
    )


async def draw(svg: str) -> bytes:
    """Draw a picture in a process of its own.

    Args:
        svg: The picture; it names no font but the one that there is.

    Returns:
        A PNG.

    Raises:
        RuntimeError: It could not be drawn.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(Path(drawing.__file__)),
        str(FONT),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_DRAWN_WITHIN_S):
            drawn, told = await process.communicate(svg.encode("utf-8", "replace"))
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode or not drawn:
        _log.error("card_not_drawn", extra={"told": told.decode("utf-8", "replace")[-300:]})
        raise RuntimeError("A picture of a quote could not be drawn.")
    return drawn
