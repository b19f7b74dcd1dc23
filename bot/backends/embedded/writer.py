"""Build one generation from the one that serves, at a cost in proportion to the change.

The database is copied and changed. The lexical index shares the immutable segments of the
old one, or is written anew where `lexical.rebuild_is_due`. Vectors are copied in the new
order of rows. Nothing of an unchanged document is read or encoded again. Made by `store`.
"""

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.backends.embedded import dense, lexical
from bot.backends.embedded.database import (
    FORMAT,
    MOST_PASSAGES,
    DatabaseWriter,
    Entry,
    Facts,
)
from bot.backends.embedded.files import DATABASE, LAYOUT, LEXICAL, sync
from bot.backends.embedded.generation import EmbeddedIndex, unwritable
from bot.ports import PreparedDocument
from bot.types import Document

_FRESH = "fresh.codes"
_Counts = NDArray[np.int64]


class EmbeddedWriter:
    """One generation under construction; used by one thread at a time."""

    def __init__(
        self,
        *,
        folder: Path,
        encoder: str,
        dimension: int,
        context_boost: float,
        base: EmbeddedIndex | None,
        publish: Callable[[], None],
        release: Callable[[], None],
    ) -> None:
        self._folder = folder
        self._encoder = encoder
        self._dimension = dimension
        self._context_boost = context_boost
        self._base = base
        self._publish = publish
        self._release = release
        self._served = {entry.id: entry for entry in base.entries()} if base else {}
        self._changed: DatabaseWriter | None = None
        self._named: set[str] = set()
        self._removed: list[Entry] = []
        self._fresh: dict[int, tuple[int, _Counts]] = {}
        self._fresh_scales: list[NDArray[np.float32]] = []
        self._fresh_total = 0
        self._is_built = self._is_published = self._is_closed = False

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """Document id to fingerprint in the generation that serves."""
        return {entry.id: entry.fingerprint for entry in self._served.values()}

    def keep(self, document_id: str) -> None:
        """Carry an unchanged document over."""
        if document_id not in self._served:
            raise KeyError(document_id)
        self._name(document_id)

    def renew(self, document: Document, fingerprint: str) -> None:
        """Carry a document over under another record."""
        entry = self._served[document.id]
        self._name(document.id)
        with self._writable():
            self._database.renew(entry.number, document, fingerprint)

    def put(self, document: PreparedDocument) -> None:
        """Add a new or changed document."""
        self._check(document)
        document_id = document.read.document.id
        self._name(document_id)
        with self._writable():
            self._put(document)

    def _put(self, document: PreparedDocument) -> None:
        document_id = document.read.document.id
        if document_id in self._served:
            self._remove(self._served[document_id])
        number = self._database.add(document)
        counts = np.array([len(vectors) for vectors in document.vectors], dtype=np.int64)
        self._fresh[number] = (self._fresh_total, counts)
        if document.vectors:
            quantised = dense.quantise(np.concatenate(document.vectors))
            with (self._folder / _FRESH).open("ab") as file:
                file.write(quantised.codes.tobytes())
            self._fresh_scales.append(quantised.scales)
            self._fresh_total += len(quantised.codes)

    def build(self) -> EmbeddedIndex:
        """Finish the generation, bring it to the disk and open it."""
        with self._writable():
            self._build()
        self._is_built = True
        return EmbeddedIndex(self._folder, self._encoder, self._context_boost)

    def _build(self) -> None:
        for document_id, entry in self._served.items():
            if document_id not in self._named:
                self._remove(entry)
        entries = self._database.entries()
        self._write_lexical(entries)
        self._write_vectors(entries)
        layout = np.zeros((len(entries) + 1, 2), dtype=np.int64)
        layout[:-1, 0] = [entry.number for entry in entries]
        layout[1:, 1] = np.cumsum([entry.passages for entry in entries])
        np.save(self._folder / LAYOUT, layout)
        self._database.finish(Facts(FORMAT, self._encoder, self._version(entries)))
        (self._folder / _FRESH).unlink()
        for path in self._folder.iterdir():
            sync(path)
        sync(self._folder)
        sync(self._folder.parent)

    def publish(self) -> None:
        """Make the built generation the one that serves."""
        if not self._is_built:
            raise RuntimeError("build() comes before publish()")
        with self._writable():
            self._publish()
        self._is_published = True

    def close(self) -> None:
        """Release the lock; drop what was not published."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            if self._changed:
                self._changed.close()
            if self._folder.exists() and not self._is_published:
                shutil.rmtree(self._folder)
        finally:
            self._release()

    @property
    def _database(self) -> DatabaseWriter:
        """The copy to change; made at the first change, for many reindexes find none."""
        if self._changed is None:
            self._changed = self._copy()
        return self._changed

    def _copy(self) -> DatabaseWriter:
        (self._folder / LEXICAL).mkdir(parents=True)
        (self._folder / _FRESH).touch()
        path = self._folder / DATABASE
        if self._base:
            shutil.copyfile(self._base.folder / DATABASE, path)
        return DatabaseWriter(path, is_new=self._base is None)

    @contextmanager
    def _writable(self) -> Iterator[None]:
        """Turn what a full disk raises into an error that names the folder."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise unwritable(self._folder, error) from error

    def _name(self, document_id: str) -> None:
        if document_id in self._named:
            raise ValueError(f"the document {document_id!r} was already kept, renewed or put")
        self._named.add(document_id)

    def _remove(self, entry: Entry) -> None:
        self._database.remove(entry.number)
        self._removed.append(entry)

    def _check(self, document: PreparedDocument) -> None:
        passages = len(document.read.passages)
        parts = (document.terms, document.context_terms, document.vectors)
        if any(len(part) != passages for part in parts):
            raise ValueError("a document has one entry of terms, context and vectors a passage")
        if passages > MOST_PASSAGES:
            raise ValueError(f"a document has at most {MOST_PASSAGES:,} passages")
        for vectors in document.vectors:
            if vectors.ndim != 2 or not len(vectors) or vectors.shape[1] != self._dimension:
                raise ValueError(
                    f"vectors have the shape (1 or more, {self._dimension}), not {vectors.shape}"
                )
            if not np.isfinite(vectors).all():
                raise ValueError("a vector holds a number that is not finite")

    def _write_lexical(self, entries: Sequence[Entry]) -> None:
        folder = self._folder / LEXICAL
        alive = sum(entry.passages for entry in entries)
        dead = sum(entry.passages for entry in self._removed)
        numbers: Iterable[int] = self._fresh
        base = self._base.folder / LEXICAL if self._base else None
        if base:
            dead += lexical.count_dead(base)
        if lexical.rebuild_is_due(alive, dead):
            base, numbers = None, [entry.number for entry in entries]
        removed = [entry.number for entry in self._removed]
        lexical.write(folder, self._database.lexical_passages(numbers), base, removed)

    def _write_vectors(self, entries: Sequence[Entry]) -> None:
        dimension = self._dimension
        none = dense.Codes(np.empty((0, dimension), np.int8), np.empty(0, np.float32))
        served, fresh = (self._base.dense.stored if self._base else none), none
        if self._fresh_total:
            shape = (self._fresh_total, dimension)
            fresh = dense.Codes(
                np.memmap(self._folder / _FRESH, dtype=np.int8, mode="r", shape=shape),
                np.concatenate(self._fresh_scales),
            )
        order: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
        counts: list[_Counts] = [np.empty(0, np.int64)]
        for first, count in self._placed(entries, len(served.codes)):
            order.append(np.arange(first, first + count.sum()))
            counts.append(count)
        dense.write(self._folder, served, fresh, np.concatenate(order), np.concatenate(counts))

    def _placed(self, entries: Sequence[Entry], served: int) -> Iterator[tuple[int, _Counts]]:
        """Yield where each document's vectors start, served before fresh, and their counts."""
        rows: dict[int, int] = {}
        first_row = 0
        for entry in self._served.values():
            rows[entry.number] = first_row
            first_row += entry.passages
        for entry in entries:
            if entry.number in self._fresh:
                first, counts = self._fresh[entry.number]
                yield served + first, counts
            elif self._base:
                row = rows[entry.number]
                offsets = self._base.dense.offsets[row : row + entry.passages + 1]
                yield int(offsets[0]), np.diff(offsets)

    def _version(self, entries: Sequence[Entry]) -> str:
        content = hashlib.sha256(self._encoder.encode("utf-8", "surrogatepass"))
        for entry in entries:
            for part in (entry.id, entry.fingerprint):
                content.update(b"\0" + part.encode("utf-8", "surrogatepass"))
        return content.hexdigest()[:12]
