"""A reading over an index in memory, whose documents a test may change."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from bot.corpus.quoting import permalink
from bot.reading import DocumentPage, Reading
from bot.retrieval.analysis import Analyzer
from bot.types import ReadDocument
from tests.fakes.corpus import ReadFile, fill, text_file
from tests.fakes.index import MemoryStore
from tests.fakes.kept import MemoryKept, Shown
from tests.fakes.models import HashingEncoder


class Shelf:
    """Documents that are read, and quotes that were shown."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self.store = MemoryStore()
        self.kept = MemoryKept()
        self.executor = ThreadPoolExecutor(2)
        self.reading = Reading(self.store, tuple, Analyzer().stems, self.kept, self.executor)
        if texts is not None:
            self.put(texts)

    def put(self, texts: Mapping[str, str]) -> None:
        """Let these documents serve, and no others."""
        self.serve([text_file(name, text, title=name.title()) for name, text in texts.items()])

    def serve(self, files: list[ReadFile]) -> None:
        """Let these files serve, and no others."""
        fill(self.store, files, HashingEncoder(), Analyzer())

    def read(self, document: ReadDocument) -> None:
        """Let one document serve that was read already."""
        self.serve([ReadFile("one", [document])])

    def show(self, document_id: str, text: str) -> str:
        """Quote a text of a document as a reply would; returns the quote's id."""
        assert self.store.serving is not None
        document = self.store.serving.document(document_id)
        start = document.text.index(text)
        end = start + len(text)
        quote_id = permalink("", document_id, start, end, text).rpartition("/")[2]
        shown = Shown(document_id, start, end, quote_id[-8:], text, document.title)
        self.kept.quotes[quote_id] = shown
        return quote_id


def said(page: DocumentPage) -> str:
    """Return everything that a page says."""
    return "".join(piece.text for block in page.blocks for piece in block.pieces)
