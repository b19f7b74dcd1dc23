"""What readers are shown of the corpus, computed off the event loop and held while it is in use."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from threading import Lock
from typing import Generic, TypeVar

from bot.conversation.correcting import Correcting
from bot.corpus.quoting import digest_of
from bot.errors import IndexUnavailable, JournalError
from bot.ports import Index, IndexStore, KeptQuote
from bot.reading.finding import find, place_of
from bot.reading.laying import lay
from bot.reading.outlining import Outline, breaks, outline
from bot.reading.values import (
    DocumentPage,
    Found,
    Kept,
    KeptQuotes,
    Outcome,
    Place,
    QuoteId,
    Shelf,
)
from bot.retrieval.verbatim import gone, occurrences
from bot.types import Document, Passage, Topic

_log = logging.getLogger(__name__)

_OUTLINES = 256
_FOUND = 4_096
_GONE = 2

T = TypeVar("T")


class Reading:
    """Everything that can be read; each answer is of the generation that serves at that time.

    Args:
        store: Where the index is opened.
        topics: Returns the topics of the corpus.
        terms_of: Returns what an index stores of a text.
        kept: Remembers the quotes that were shown; None remembers none.
        executor: Runs what computes.
        correcting: Lets hold what admins found wrong with quotes.
    """

    def __init__(
        self,
        store: IndexStore,
        topics: Callable[[], Sequence[Topic]],
        terms_of: Callable[[str], Sequence[str]],
        kept: KeptQuotes | None,
        executor: Executor,
        correcting: Correcting | None = None,
    ) -> None:
        self._store = store
        self._topics = topics
        self._terms_of = terms_of
        self._kept = kept
        self._executor = executor
        self._correcting = correcting
        self._outlines = _Held[Outline](_OUTLINES)
        self._found = _Held[Found | None](_FOUND)
        self._places = _Held[Place | None](_FOUND)
        self._gone = _Held[Sequence[KeptQuote]](_GONE)

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of the corpus, as of the last reindex."""
        return tuple(self._topics())

    async def version(self) -> str:
        """Return the short name of what is read; raises IndexUnavailable when nothing serves.

        It differs with the index, and with what admins found wrong with quotes.
        """
        return await self._run(lambda: self._version(self._serving()))

    async def shelf(self) -> Shelf:
        """Return what the corpus holds; raises IndexUnavailable when no index serves."""
        return await self._run(self._shelf)

    async def page(self, document_id: str, number: int = 1, until: int = 0) -> DocumentPage | None:
        """Return a page of a document.

        Args:
            document_id: The document.
            number: Which of its pages, from 1.
            until: An offset up to which the page goes on where it would end before, so that a
                quote stands on it whole.

        Returns:
            The page; None when there is no such document or no such page.

        Raises:
            IndexUnavailable: No index serves.
        """
        return await self._run(lambda: self._page(document_id, number, until))

    async def find(self, quote_id: str) -> Found | None:
        """Say what became of a quote.

        What was shown is asked for only where the documents do not say enough; where that cannot
        be read, it is unknown.

        Args:
            quote_id: The last part of its permalink.

        Returns:
            What was found; None when nothing is known of such a quote.

        Raises:
            IndexUnavailable: No index serves.
        """
        quote = QuoteId.parsed(quote_id)
        if quote is None:
            return None
        found = await self._run(lambda: self._find(quote, None))
        place = found.place if found is not None and found.outcome is Outcome.EXACT else None
        if place is not None and place.is_quotable:
            return found
        kept = await self._remembered(quote)
        if kept is None:
            return found
        if found is not None and place is not None:
            return replace(found, place=replace(place, is_quotable=True), kept=kept)
        return await self._run(lambda: self._find(quote, kept))

    async def place(self, document_id: str, start: int, end: int) -> Place | None:
        """Return a stretch of a document.

        Args:
            document_id: The document.
            start: Where it begins.
            end: Where it ends.

        Returns:
            The place; None when there is no such document, or nothing but white space there.

        Raises:
            IndexUnavailable: No index serves.
        """
        place = await self._run(
            lambda: self._places.get(
                (self._serving().version, document_id, start, end),
                lambda: self._place(document_id, start, end),
            )
        )
        if place is None or place.is_quotable:
            return place
        quote = QuoteId(document_id, place.start, place.end, digest_of(place.text))
        return replace(place, is_quotable=await self._remembered(quote) is not None)

    async def _remembered(self, quote: QuoteId) -> Kept | None:
        """Return a quote as it was shown; None also when that cannot be read."""
        if self._kept is None:
            return None
        try:
            return await self._kept.kept_quote(str(quote))
        except JournalError as error:  # a document is read without the journal
            _log.warning("kept_quote_unknown", extra={"reason": str(error)})
            return None

    def is_withdrawn(self, document_id: str, text: str) -> bool:
        """Whether words of a document are not quoted any more, because they mislead."""
        return self._correcting is not None and self._correcting.is_hidden(document_id, text)

    async def speakers_of(self, quotes: Sequence[tuple[str, str]]) -> list[str | None]:
        """Return who says each quote as the documents have it now; None where nobody is named.

        Args:
            quotes: The documents' ids, and the quotes' texts.

        Raises:
            IndexUnavailable: No index serves.
        """
        return await self._run(lambda: [self._speaker(self._serving(), *one) for one in quotes])

    async def gone(self, quotes: Sequence[KeptQuote]) -> Sequence[KeptQuote]:
        """Return those quotes whose words no document holds any more, by document and place.

        Args:
            quotes: Quotes as they were shown.

        Raises:
            IndexUnavailable: No index serves.
        """
        return await self._run(lambda: self._gone_of(self._serving(), quotes))

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def _shelf(self) -> Shelf:
        index = self._serving()
        sources = sorted(index.sources(), key=lambda source: source.title.casefold())
        return Shelf(self._version(index), tuple(sources), index.size)

    def _page(self, document_id: str, number: int, until: int) -> DocumentPage | None:
        index = self._serving()
        try:
            document = index.document(document_id)
        except KeyError:
            return None
        known = self._outline(index, document)
        if not 1 <= number <= known.pages:
            return None
        start, end = known.span_of(number)
        rows = index.rows_of(document_id)
        first, last = known.page_rows[number - 1 : number + 1]
        if until > end:
            last = int(known.starts.searchsorted(until))
            end = min(max(until, int(known.ends[last - 1]) if last else 0), known.length)
        passages = self._passages(index, document, rows[first:last])
        return DocumentPage(
            version=self._version(index),
            document=replace(document, text=""),
            number=number,
            pages=known.pages,
            sentences=len(rows),
            sections=known.sections,
            speakers=known.speakers,
            blocks=lay(document.text[start:end], start, passages, breaks(known.is_wrapped)),
        )

    def _place(self, document_id: str, start: int, end: int) -> Place | None:
        index = self._serving()
        try:
            document = index.document(document_id)
        except KeyError:
            return None
        end = min(end, len(document.text))
        if not document.text[start:end].strip():
            return None
        return place_of(index, document, self._outline(index, document), start, end)

    def _find(self, quote: QuoteId, kept: Kept | None) -> Found | None:
        index = self._serving()
        return self._found.get(
            (index.version, quote, kept is None),
            lambda: find(index, quote, kept, self._outline, self._terms_of),
        )

    def _gone_of(self, index: Index, quotes: Sequence[KeptQuote]) -> Sequence[KeptQuote]:
        return self._gone.get(
            (index.version, hash(tuple(quotes))), lambda: gone(index, quotes, self._terms_of)
        )

    def _outline(self, index: Index, document: Document) -> Outline:
        return self._outlines.get(
            (self._version(index), document.id),
            lambda: outline(
                document.text, self._passages(index, document, index.rows_of(document.id))
            ),
        )

    def _passages(self, index: Index, document: Document, rows: Sequence[int]) -> list[Passage]:
        passages = index.passages(rows)
        return self._correcting.passages(document, passages) if self._correcting else passages

    def _speaker(self, index: Index, document_id: str, text: str) -> str | None:
        rows = index.rows_of(document_id)
        if not rows:
            return None
        document = index.document(document_id)
        at = document.text.find(text)  # nearly always; and many are asked for at once
        if at < 0:
            at, _ = next(occurrences(document.text, text), (-1, -1))
        if at < 0:
            return document.author
        row = int(self._outline(index, document).starts.searchsorted(at, side="right")) - 1
        (passage,) = self._passages(index, document, rows[max(row, 0) : max(row, 0) + 1])
        return passage.speaker or document.author

    def _version(self, index: Index) -> str:
        corrected = self._correcting.version if self._correcting is not None else "0.0"
        return index.version if corrected == "0.0" else f"{index.version}+{corrected}"

    def _serving(self) -> Index:
        index = self._store.current()
        if index is None:
            raise IndexUnavailable("No index serves yet; `counterpoint reindex` builds one.")
        return index


class _Held(Generic[T]):
    """Holds what was asked for last, a bounded number of things; safe in several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what goes by a key, made now if it is not held."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key]
        made = make()
        with self._lock:
            self._things[key] = made
            if len(self._things) > self._most:
                self._things.popitem(last=False)
        return made
