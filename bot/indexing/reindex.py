"""The steps of a reindex, from the files of a corpus to the report."""

from collections.abc import Callable, Iterable, Sized
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from bot.errors import CorpusError, IndexUnavailable, ReadError
from bot.indexing.changes import find_changes
from bot.indexing.checks import check_index, find_flaw
from bot.indexing.prepare import (
    Fingerprint,
    Preparation,
    Preparer,
    SourceFile,
    TermAnalyzer,
    digest_source,
)
from bot.ports import Encoder, Index, IndexStore, IndexWriter, Vectors
from bot.types import IndexReport, ReadDocument, ReadFailure

_ENCODE_AT = 1024
"""Sentences gathered over documents before they are encoded."""

_ENCODE_STEP = 64
"""Sentences between two reports of progress: a few a second on one core."""

_INCOMPLETE = "incomplete"
"""Stands for the state of a file of which some documents could not be indexed."""


class Stage(StrEnum):
    """What a reindex is at."""

    READING = "reading"
    ENCODING = "encoding"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reindex has come.

    ``files`` counts the files looked at, of ``files_total`` (None when unknown);
    ``sentences`` those encoded, of ``sentences_found`` so far.
    """

    stage: Stage
    path: str
    files: int
    files_total: int | None
    sentences: int
    sentences_found: int


class Indexer:
    """Bring an index up to date with a corpus.

    Args:
        store: Where the index lives.
        encoder: Makes the vectors.
        analyzer: Makes the terms.
        clock: Seconds, rising; what ``took_s`` is measured by.
        preparation: What is done to texts before both.
    """

    def __init__(
        self,
        store: IndexStore,
        encoder: Encoder,
        analyzer: TermAnalyzer,
        clock: Callable[[], float],
        preparation: Preparation | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._preparer = Preparer(encoder, analyzer, preparation or Preparation())

    def reindex(
        self,
        corpus: Iterable[SourceFile],
        on_progress: Callable[[Progress], None] = lambda _: None,
    ) -> IndexReport:
        """Index what changed, check it, let it serve, and say what happened.

        Raises:
            IndexBusy: Another process is at it.
            IndexUnavailable: Nothing could be read, or the new index failed its checks.
                As after every other error, the old index goes on serving.
        """
        started = self._clock()
        writer = self._store.begin()
        try:
            serving = self._serving() if writer.fingerprints else None
            run = _Run(writer, serving, self._preparer, on_progress)
            run.take(corpus)
            if serving is None or run.has_changes:
                index = writer.build()
                run.report(Stage.CHECKING)
                check_index(index, run.put, self._preparer)
                changes = tuple(find_changes(serving, index, run.put))
                writer.publish()
            else:
                index, changes = serving, tuple(find_changes(serving, serving, ()))
        finally:
            writer.close()
        return IndexReport(
            version=index.version,
            previous_version=serving.version if serving else None,
            changes=changes,
            failures=tuple(run.failures),
            documents=len(index.titles()),
            passages=index.size,
            took_s=self._clock() - started,
        )

    def _serving(self) -> Index | None:
        try:
            return self._store.current()
        except IndexUnavailable:
            return None


@dataclass(frozen=True, slots=True)
class _Pending:
    """A document that waits for its vectors: texts to encode, or what is known already."""

    read: ReadDocument
    fingerprint: Fingerprint
    texts: list[list[str]]
    known: dict[str, Vectors]


class _Run:
    """One pass over the corpus: what is kept, what is put, what failed."""

    def __init__(
        self,
        writer: IndexWriter,
        serving: Index | None,
        preparer: Preparer,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.put: set[str] = set()
        self.failures: list[ReadFailure] = []
        self._writer = writer
        self._serving = serving
        self._preparer = preparer
        self._on_progress = on_progress
        self._known: dict[str, Fingerprint] = {}
        self._by_source: dict[str, list[str]] = {}
        for document_id, written in writer.fingerprints.items():
            fingerprint = Fingerprint.parse(written)
            if fingerprint:
                self._known[document_id] = fingerprint
                self._by_source.setdefault(fingerprint.source, []).append(document_id)
        self._owners: dict[str, str] = {}
        self._retained: list[str] = []
        self._renewed = 0
        self._pending: list[_Pending] = []
        self._waiting = 0
        self._path = ""
        self._files = self._sentences = self._sentences_found = 0
        self._files_total: int | None = None

    @property
    def has_changes(self) -> bool:
        """Whether the new generation differs from the one that serves."""
        return bool(self.put or self._renewed or len(self._owners) < len(self._writer.fingerprints))

    def take(self, corpus: Iterable[SourceFile]) -> None:
        """Look at every file; read, prepare and put what changed."""
        self._files_total = len(corpus) if isinstance(corpus, Sized) else None
        for file in corpus:
            self._path = file.path
            self.report(Stage.READING)
            try:
                self._take_file(file)
            except CorpusError as error:
                reason = error.reason if isinstance(error, ReadError) else str(error)
                self.failures.append(ReadFailure(file.path, reason))
                self._retained += self._by_source.get(digest_source(file.path), ())
            self._files += 1
        self._encode()
        if not self._owners:
            raise IndexUnavailable(
                f"None of the {self._files} files of the corpus could be indexed"
                + "".join(f"; {failure.path}: {failure.reason}" for failure in self.failures[:3])
                + ". The index stays as it was. `counterpoint corpus validate` tells more."
            )
        for document_id in dict.fromkeys(self._retained):
            if document_id not in self._owners:
                self._keep(document_id, self._path)

    def report(self, stage: Stage) -> None:
        """Tell how far the run has come."""
        self._on_progress(
            Progress(
                stage,
                self._path,
                self._files,
                self._files_total,
                self._sentences,
                self._sentences_found,
            )
        )

    def _take_file(self, file: SourceFile) -> None:
        fingerprint = self._preparer.fingerprint(file)
        served = self._by_source.get(fingerprint.source, ())
        if served and all(self._known[known].file == fingerprint.file for known in served):
            for document_id in served:
                if self._is_free(document_id, file.path):
                    self._keep(document_id, file.path)
            return
        documents = file.read()
        sound = [read for read in documents if self._is_sound(read, file.path)]
        if len(sound) < len(documents):
            # Read it again next time, so that what is wrong with it is told again.
            fingerprint = replace(fingerprint, file=_INCOMPLETE)
        for read in sound:
            self._take_document(read, fingerprint)

    def _is_sound(self, read: ReadDocument, path: str) -> bool:
        """Claim a document's id for a file, or note why the document is left out."""
        document_id = read.document.id
        if not self._is_free(document_id, path):
            return False
        flaw = find_flaw(read)
        if flaw:
            reason = f"the document {document_id!r} cannot be indexed: {flaw}"
            self.failures.append(ReadFailure(path, reason))
            if document_id in self._known:
                self._retained.append(document_id)
            return False
        self._owners[document_id] = path
        return True

    def _take_document(self, read: ReadDocument, source: Fingerprint) -> None:
        document_id = read.document.id
        fingerprint = replace(source, content=self._preparer.content(read))
        known = self._known.get(document_id)
        if known and known.content == fingerprint.content:
            if known != fingerprint:
                self._writer.renew(read.document, str(fingerprint))
                self._renewed += 1
            else:
                self._writer.keep(document_id)
            return
        self.put.add(document_id)
        texts = self._preparer.texts(read)
        known_vectors = self._known_vectors(document_id, texts)
        self._pending.append(_Pending(read, fingerprint, texts, known_vectors))
        self._sentences_found += len(texts)
        self._waiting += len(texts)
        if self._waiting >= _ENCODE_AT:
            self._encode()

    def _is_free(self, document_id: str, path: str) -> bool:
        """Note a failure when another document has this id already."""
        owner = self._owners.get(document_id)
        if owner is None:
            return True
        reason = f"its document id {document_id!r} is already that of one in {owner}"
        self.failures.append(ReadFailure(path, reason))
        return False

    def _keep(self, document_id: str, path: str) -> None:
        self._writer.keep(document_id)
        self._owners[document_id] = path

    def _known_vectors(self, document_id: str, texts: list[list[str]]) -> dict[str, Vectors]:
        """Return the vectors of sentences that the served document has too, by their text."""
        known = self._known.get(document_id)
        if not known or known.encoding != self._preparer.encoding or self._serving is None:
            return {}
        rows = self._serving.rows_of(document_id)
        old = ReadDocument(self._serving.document(document_id), tuple(self._serving.passages(rows)))
        wanted = {one[0] for one in texts if len(one) == 1}
        found = {one[0]: row for one, row in zip(self._preparer.texts(old), rows, strict=True)}
        shared = [text for text in found if text in wanted]
        vectors = self._serving.vectors([found[text] for text in shared])
        return {text: vectors[place][None, :] for place, text in enumerate(shared)}

    def _encode(self) -> None:
        """Encode what is pending, every text once, and put it."""
        missing = list(
            dict.fromkeys(
                text
                for pending in self._pending
                for texts in pending.texts
                if texts[0] not in pending.known
                for text in texts
            )
        )
        # Texts of like length side by side: a batch is as slow as its longest text.
        missing.sort(key=len)
        encoded: dict[str, Vectors] = {}
        before = self._sentences
        for start in range(0, len(missing), _ENCODE_STEP):
            step = missing[start : start + _ENCODE_STEP]
            vectors = self._preparer.encoder.encode(step)
            encoded.update((text, vectors[n][None, :]) for n, text in enumerate(step))
            share = min(start + _ENCODE_STEP, len(missing)) / len(missing)
            self._sentences = before + int(share * self._waiting)
            self.report(Stage.ENCODING)
        for pending in self._pending:
            of_text = encoded | pending.known
            stacked = [np.concatenate([of_text[text] for text in texts]) for texts in pending.texts]
            self._writer.put(self._preparer.prepare(pending.read, pending.fingerprint, stacked))
        self._sentences = before + self._waiting
        self._pending, self._waiting = [], 0
