"""A corpus in memory: texts by the id of their document, read and indexed as files are."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.corpus.raw import RawDocument
from bot.corpus.splitting import read_document
from bot.indexing import Indexer, Preparation
from bot.indexing.prepare import SourceFile
from bot.ports import Encoder, IndexStore
from bot.retrieval.analysis import Analyzer
from bot.retrieval.context import in_context
from bot.retrieval.windows import windows
from bot.types import ReadDocument
from bot.typography import readable
from tests.fakes.index import MemoryIndex, MemoryStore

PREPARATION = Preparation(readable, windows, in_context, "test")


@dataclass(frozen=True)
class ReadFile:
    """A file that has been read already."""

    path: str
    documents: Sequence[ReadDocument]

    @property
    def fingerprint(self) -> str:
        texts = "\0".join(one.document.text for one in self.documents)
        return hashlib.sha256(texts.encode("utf-8", "surrogatepass")).hexdigest()

    def read(self) -> Sequence[ReadDocument]:
        return self.documents


def text_file(document_id: str, text: str, **metadata: str) -> ReadFile:
    """Return a file of one document, split as plain text is."""
    raw = RawDocument(text, None, "0" * 64, metadata)
    return ReadFile(f"{document_id}.txt", [read_document(raw, document_id)])


def fill(
    store: IndexStore, files: Sequence[SourceFile], encoder: Encoder, analyzer: Analyzer
) -> None:
    """Index files as the application does, so that they serve."""
    Indexer(store, encoder, analyzer, lambda: 0.0, PREPARATION).reindex(files)


def index_of(texts: Mapping[str, str], encoder: Encoder, analyzer: Analyzer) -> MemoryIndex:
    """Return an index in memory of one document for each text."""
    store = MemoryStore()
    fill(store, [text_file(name, text) for name, text in texts.items()], encoder, analyzer)
    assert store.serving is not None
    return store.serving
