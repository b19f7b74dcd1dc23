"""The pages that are read: the corpus, a document, and the place of a quote.

What was made is held by the generation of the index, so that most requests cost a look-up.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encoded

from aiohttp import web
from markupsafe import Markup

from adapters.messaging.lengths import clipped
from adapters.messaging.links import linkable
from adapters.web.answers import Rendered, answer
from adapters.web.failing import failure
from adapters.web.fragments import place_in_original
from adapters.web.holding import Held
from adapters.web.keys import CARD_OF, CORE, PAGES
from adapters.web.leaves import (
    MARK,
    Leaf,
    Span,
    leaves_of,
    marked,
    permalink_path,
    section_anchor,
    sentence_anchor,
)
from adapters.web.pages import Pages
from bot import page_texts
from bot.reading import DocumentPage, Found, Outcome, Place, Reading, Shelf
from bot.typography import readable

CardOf = Callable[[str], str]

_NUMBER = re.compile(r"[1-9]\d{0,5}", re.ASCII)
_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
_LONGEST_MARK = 20_000
"""Characters that one page marks; a quote is far shorter."""
_LEAVES_HELD = 64
_PAGES_HELD = 256
_DOCUMENTS_A_PAGE = 100
_MOST_SECTIONS = 300
_MOST_SPEAKERS = 60
_LONGEST_PREVIEW = 280
_QUOTES_KEPT = "public, max-age=60"
"""A permalink leads on to where the quote stands now, which a reindex may change."""


def add_routes(app: web.Application) -> None:
    """Add the pages that are read to the application."""
    reader = Reader(app[CORE].reading, app[PAGES])
    app.router.add_get("/", reader.corpus)
    app.router.add_get("/d/{document_id}", reader.document)
    app.router.add_get("/q/{quote_id}", reader.quote)


class Reader:
    """Answers those who read.

    Args:
        reading: Where documents and quotes are found.
        pages: Makes the pages.
    """

    def __init__(self, reading: Reading, pages: Pages) -> None:
        self._reading = reading
        self._pages = pages
        self._leaves = Held[tuple[DocumentPage, tuple[Leaf, ...]]](_LEAVES_HELD)
        self._rendered = Held[Rendered](_PAGES_HELD)

    # --- the corpus -----------------------------------------------------------------

    async def corpus(self, request: web.Request) -> web.StreamResponse:
        """Answer with the documents and topics."""
        number = _number(request)
        topics = self._reading.topics
        key = (await self._reading.version(), "corpus", topics, number)
        rendered = self._rendered.get(key)
        if rendered is None:
            shelf = await self._reading.shelf()
            last = max(1, -(-len(shelf.sources) // _DOCUMENTS_A_PAGE))
            if number > last:
                raise web.HTTPNotFound
            rendered = self._rendered.put(key, self._corpus(shelf, number, last))
        return answer(request, rendered)

    def _corpus(self, shelf: Shelf, number: int, last: int) -> Rendered:
        first = (number - 1) * _DOCUMENTS_A_PAGE
        return self._pages.rendered(
            "corpus.html",
            title=page_texts.DOCUMENTS,
            shelf=shelf,
            sources=shelf.sources[first : first + _DOCUMENTS_A_PAGE],
            topics=self._reading.topics,
            number=number,
            last=last,
            canonical="/" if number == 1 else f"/?page={number}",
        )

    # --- a document -----------------------------------------------------------------

    async def document(self, request: web.Request) -> web.StreamResponse:
        """Answer with a page of a document, and perhaps with a quote marked in it."""
        document_id = request.match_info["document_id"]
        number, mark = _number(request), _mark(request)
        place = await self._reading.place(document_id, *mark) if mark is not None else None
        if place is not None and place.page != number:
            place = None
        has_moved = place is not None and request.query.get("moved") == "1"
        asked = (document_id, number, place, has_moved)
        key = (await self._reading.version(), *asked)
        rendered = self._rendered.get(key)
        if rendered is None:
            until = place.end if place is not None and place.last_page > number else 0
            found = await self._set(document_id, number, until, key[0])
            if found is None:
                return failure(request, 404, page_texts.NO_DOCUMENT)
            card_of = request.app.get(CARD_OF)
            rendered = await asyncio.to_thread(self._document, *found, place, has_moved, card_of)
            self._rendered.put((found[0].version, *asked), rendered)
        return answer(request, rendered)

    async def _set(
        self, document_id: str, number: int, until: int, version: str
    ) -> tuple[DocumentPage, tuple[Leaf, ...]] | None:
        held = self._leaves.get((version, document_id, number, until))
        if held is not None:
            return held
        page = await self._reading.page(document_id, number, until)
        if page is None:
            return None
        leaves = await asyncio.to_thread(leaves_of, page)
        return self._leaves.put((page.version, document_id, number, until), (page, leaves))

    def _document(
        self,
        page: DocumentPage,
        leaves: Sequence[Leaf],
        place: Place | None,
        has_moved: bool,
        card_of: CardOf | None,
    ) -> Rendered:
        document = page.document
        path = f"/d/{percent_encoded(document.id, safe='')}"
        # Another index may have begun to serve since the place was found.
        if place is None or _text_of(page, (place.start, place.end)) != place.text:
            body, quoted = "\n".join(leaf.html for leaf in leaves), None
        else:
            body = marked(leaves, document.id, (place.start, place.end))
            quoted = _quoted(
                self._pages.public_url,
                page,
                place,
                has_moved,
                card_of,
                is_withdrawn=self._reading.is_withdrawn(document.id, place.text),
            )
        return self._pages.rendered(
            "document.html",
            title=document.title,
            page=page,
            document=document,
            path=path,
            canonical=path if page.number == 1 else f"{path}?page={page.number}",
            original=linkable(document.url or ""),
            sections=[
                (section.title, _address(path, section.page, section_anchor(section.start)))
                for section in page.sections[:_MOST_SECTIONS]
            ],
            sections_left=max(0, len(page.sections) - _MOST_SECTIONS),
            speakers=[
                (one.name, one.sentences, _address(path, one.page, sentence_anchor(one.start)))
                for one in page.speakers[:_MOST_SPEAKERS]
            ],
            speakers_left=max(0, len(page.speakers) - _MOST_SPEAKERS),
            before=_address(path, page.number - 1) if page.number > 1 else None,
            after=_address(path, page.number + 1) if page.number < page.pages else None,
            body=Markup(body),  # noqa: S704 (set by `leaves`, which escapes what it shows)
            quoted=quoted,
        )

    # --- a quote --------------------------------------------------------------------

    async def quote(self, request: web.Request) -> web.StreamResponse:
        """Lead to the place of a quote, or say what became of it."""
        found = await self._reading.find(request.match_info["quote_id"])
        if found is None:
            return failure(request, 404, page_texts.NO_QUOTE)
        if found.place is not None and found.outcome in (Outcome.EXACT, Outcome.MOVED):
            address = place_address(found.place, has_moved=found.outcome is Outcome.MOVED)
            headers = {"Location": address, "Cache-Control": _QUOTES_KEPT}
            return web.Response(status=302, headers=headers)
        return self._changed(request, found)

    def _changed(self, request: web.Request, found: Found) -> web.Response:
        is_gone = found.outcome is Outcome.GONE
        place = found.place
        document_path = f"/d/{percent_encoded(found.quote.document_id, safe='')}"
        return self._pages.respond(
            request,
            "changed.html",
            status=410 if is_gone else 200,
            title=page_texts.QUOTE_GONE if is_gone else page_texts.QUOTE_CHANGED,
            is_gone=is_gone,
            kept=found.kept,
            is_withdrawn=found.kept is not None
            and self._reading.is_withdrawn(found.kept.document_id, found.kept.text),
            place=place,
            place_path=place_address(place) if place is not None else None,
            document_path=None if is_gone else document_path,
        )


@dataclass(frozen=True, slots=True)
class Quoted:
    """What is said of the quote that a page marks: to whoever reads it, and in previews.

    What is withdrawn is not previewed. ``permalink`` and ``image`` are None where nobody may be
    quoted with just these words, see `Place`; the page then previews as its document.
    """

    text: str
    permalink: str | None
    speaker: str | None
    locator: str | None
    original: str | None
    image: str | None
    reported: bool
    has_moved: bool
    is_withdrawn: bool


def _quoted(
    public_url: str,
    page: DocumentPage,
    place: Place,
    has_moved: bool,
    card_of: CardOf | None,
    *,
    is_withdrawn: bool,
) -> Quoted:
    mark = place.start, place.end
    path = permalink_path(page.document.id, *mark, place.text) if place.is_quotable else None
    pieces = (piece for block in page.blocks for piece in block.pieces)
    sentence = next((one.passage for one in pieces if one.passage and one.end > mark[0]), None)
    locator = sentence.locator if sentence is not None else None
    card = card_of(path.rpartition("/")[2]) if path and card_of is not None else None
    return Quoted(
        text=clipped(readable(place.text), _LONGEST_PREVIEW),
        permalink=f"{public_url}{path}" if path else None,
        speaker=(sentence.speaker if sentence is not None else None) or page.document.author,
        locator=locator,
        original=place_in_original(page.document.url, place.text, locator),
        image=f"{public_url}{card}" if card else None,
        reported=any(
            one.passage.reported
            for block in page.blocks
            for one in block.pieces
            if one.passage and one.end > mark[0] and one.start < mark[1]
        ),
        has_moved=has_moved,
        is_withdrawn=is_withdrawn,
    )


def place_address(place: Place, *, has_moved: bool = False) -> str:
    """Return where on this site a stretch of a document is shown and marked."""
    path = f"/d/{percent_encoded(place.source.document_id, safe='')}"
    page = f"page={place.page}&" if place.page > 1 else ""
    moved = "&moved=1" if has_moved else ""
    return f"{path}?{page}mark={place.start}-{place.end}{moved}#{MARK}"


def _address(path: str, page: int, anchor: str = "") -> str:
    query = f"?page={page}" if page > 1 else ""
    return f"{path}{query}{f'#{anchor}' if anchor else ''}"


def _number(request: web.Request) -> int:
    """Return which page was asked for; raises HTTPNotFound when that is no number."""
    text = request.query.get("page", "1")
    if not _NUMBER.fullmatch(text):
        raise web.HTTPNotFound
    return int(text)


def _mark(request: web.Request) -> Span | None:
    found = _SPAN.fullmatch(request.query.get("mark", ""))
    if found is None:
        return None
    start, end = int(found[1]), int(found[2])
    return (start, end) if 0 < end - start <= _LONGEST_MARK else None


def _text_of(page: DocumentPage, mark: Span) -> str:
    """Return what a page says in a span; empty when the span is not on it."""
    if not page.blocks or not page.blocks[0].start <= mark[0] < page.blocks[-1].end:
        return ""
    return "".join(
        piece.text[max(mark[0] - piece.start, 0) : max(mark[1] - piece.start, 0)]
        for block in page.blocks
        for piece in block.pieces
        if piece.end > mark[0] and piece.start < mark[1]
    )
