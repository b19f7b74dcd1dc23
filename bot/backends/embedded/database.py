"""The truth of a generation: documents, passages and terms in one SQLite file.

The file is copied, changed and then never written again, so that it is opened immutable.
Every string is kept as UTF-8 bytes in which lone surrogates pass: text of any kind comes
back to the character. Bytes of ids sort as their code points do.

Callers: `generation` reads, `writer` writes.
"""

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, cast
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from bot.backends.embedded.lexical import LexicalPassage
from bot.ports import PreparedDocument
from bot.types import Document, Passage, Source

FORMAT = "1"
"""Names the layout of a generation's files; another one is built anew."""

_POSITION_BITS = 24
MOST_PASSAGES = 1 << _POSITION_BITS
"""Passages that one document may have."""

_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    -- Never used twice: the lexical index deletes by it.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    title BLOB NOT NULL,
    record TEXT NOT NULL,
    passages INTEGER NOT NULL
);
CREATE TABLE texts (number INTEGER PRIMARY KEY, text BLOB NOT NULL, terms BLOB NOT NULL);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    position INTEGER NOT NULL,
    reported INTEGER NOT NULL,
    section BLOB,
    speaker BLOB,
    locator BLOB
);
CREATE TABLE terms (term BLOB PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a generation says of itself."""

    format: str
    encoder: str
    version: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One document in the list of a generation."""

    id: str
    number: int
    fingerprint: str
    passages: int


def key_of(number: int, position: int) -> int:
    """Return what a passage is known by in every file: its document's number and its place."""
    return number << _POSITION_BITS | position


def split_keys(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the documents' numbers and the passages' places in them."""
    return keys >> _POSITION_BITS, keys & (MOST_PASSAGES - 1)


class DatabaseReader:
    """A finished file, read by any number of threads over one connection.

    One connection, opened at once: the file may be unlinked while this still serves.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._lock = Lock()
        # Readers come and go with whoever holds them; nobody knows which is the last.
        finalize(self, self._connection.close)

    def facts(self) -> Facts:
        """Return what the generation says of itself."""
        facts = dict(self._all("SELECT name, value FROM facts"))
        return Facts(facts["format"], facts["encoder"], facts["version"])

    def entries(self) -> list[Entry]:
        """Return all documents in the order of their ids."""
        rows = self._all("SELECT id, number, fingerprint, passages FROM documents ORDER BY id")
        return [Entry(_text(row[0]), *row[1:]) for row in rows]

    def titles(self) -> dict[str, str]:
        """Return all titles by id, in the order of the ids."""
        rows = self._all("SELECT id, title FROM documents ORDER BY id")
        return {_text(id): _text(title) for id, title in rows}

    def sources(self) -> list[Source]:
        """Return what a reader is told of every document, in the order of the ids."""
        records = (
            json.loads(row[0]) for row in self._all("SELECT record FROM documents ORDER BY id")
        )
        return [
            Source(one["id"], one["title"], one["author"], one["date"], one["url"])
            for one in records
        ]

    def number(self, document_id: str) -> int | None:
        """Return a document's number, or None when there is no such document."""
        rows = self._all("SELECT number FROM documents WHERE id = ?", _bytes(document_id))
        return int(rows[0][0]) if rows else None

    def document(self, document_id: str) -> Document:
        """Return a document with its text; raises KeyError when there is none."""
        rows = self._all(
            "SELECT record, text FROM documents JOIN texts USING (number) WHERE id = ?",
            _bytes(document_id),
        )
        if not rows:
            raise KeyError(document_id)
        return Document(**json.loads(rows[0][0]), text=_text(rows[0][1]))

    def passages(self, keys: Sequence[int]) -> list[Passage]:
        """Return the passages of these keys, in the order asked."""
        ids = {
            number: _text(id)
            for number, id in self._all(
                "SELECT number, id FROM documents WHERE number IN (SELECT value FROM json_each(?))",
                json.dumps(list({key >> _POSITION_BITS for key in keys})),
            )
        }
        rows = self._all(
            'SELECT key, id, start, "end", section, position, speaker, locator, reported'
            " FROM passages WHERE key IN (SELECT value FROM json_each(?))",
            json.dumps(list(keys)),
        )
        found = {
            row[0]: Passage(
                id=_text(row[1]),
                document_id=ids[row[0] >> _POSITION_BITS],
                start=row[2],
                end=row[3],
                section=_text_or_none(row[4]),
                position=row[5],
                speaker=_text_or_none(row[6]),
                locator=_text_or_none(row[7]),
                reported=bool(row[8]),
            )
            for row in rows
        }
        return [found[key] for key in keys]

    def frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        """Return in how many passages each of these terms occurs; absent ones are left out."""
        found: dict[str, int] = {}
        for term in set(terms):
            rows = self._all("SELECT passages FROM terms WHERE term = ?", _bytes(term))
            found.update((term, count) for (count,) in rows)
        return found

    def vocabulary(self) -> tuple[list[str], list[int]]:
        """Return all terms and in how many passages each occurs."""
        rows = self._all("SELECT term, passages FROM terms")
        return [_text(term) for term, _ in rows], [count for _, count in rows]

    def _all(self, sql: str, *parameters: object) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()


class DatabaseWriter:
    """A file under construction; what a killed process leaves of it is thrown away."""

    def __init__(self, path: Path, is_new: bool) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # Nobody reads this file before it is whole, so that no journal has to protect it.
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("BEGIN")
        if is_new:
            for statement in _SCHEMA.split(";\n"):
                self._connection.execute(statement)
        self._frequencies: Counter[str] = Counter()

    def close(self) -> None:
        """Close the file as it is. Safe to call twice."""
        self._connection.close()

    def add(self, prepared: PreparedDocument) -> int:
        """Add a document that is not there and return its number."""
        document, passages = prepared.read.document, prepared.read.passages
        inserted = self._connection.execute(
            "INSERT INTO documents (id, fingerprint, title, record, passages)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                _bytes(document.id),
                prepared.fingerprint,
                _bytes(document.title),
                _record(document),
                len(passages),
            ),
        )
        number = cast(int, inserted.lastrowid)
        terms = zlib.compress(json.dumps([prepared.terms, prepared.context_terms]).encode(), 1)
        self._connection.execute(
            "INSERT INTO texts VALUES (?, ?, ?)", (number, _bytes(document.text), terms)
        )
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    key_of(number, place),
                    _bytes(passage.id),
                    passage.start,
                    passage.end,
                    passage.position,
                    passage.reported,
                    _bytes_or_none(passage.section),
                    _bytes_or_none(passage.speaker),
                    _bytes_or_none(passage.locator),
                )
                for place, passage in enumerate(passages)
            ),
        )
        for body in prepared.terms:
            self._frequencies.update(set(body))
        return number

    def remove(self, number: int) -> None:
        """Remove a document and everything that belongs to it."""
        for passage in self.lexical_passages([number]):
            self._frequencies.subtract(set(passage.terms))
        self._connection.execute(
            "DELETE FROM passages WHERE key BETWEEN ? AND ?",
            (key_of(number, 0), key_of(number, MOST_PASSAGES - 1)),
        )
        self._connection.execute("DELETE FROM texts WHERE number = ?", (number,))
        self._connection.execute("DELETE FROM documents WHERE number = ?", (number,))

    def renew(self, number: int, document: Document, fingerprint: str) -> None:
        """Store another record and fingerprint for a document; its text stays."""
        self._connection.execute(
            "UPDATE documents SET fingerprint = ?, title = ?, record = ? WHERE number = ?",
            (fingerprint, _bytes(document.title), _record(document), number),
        )

    def lexical_passages(self, numbers: Iterable[int]) -> Iterator[LexicalPassage]:
        """Yield the terms of the documents of these numbers, passage by passage."""
        for number in numbers:
            (blob,) = self._connection.execute(
                "SELECT terms FROM texts WHERE number = ?", (number,)
            ).fetchone()
            bodies, contexts = json.loads(zlib.decompress(blob))
            for place, (body, context) in enumerate(zip(bodies, contexts, strict=True)):
                yield LexicalPassage(key_of(number, place), number, tuple(body), tuple(context))

    def entries(self) -> list[Entry]:
        """Return all documents in the order of their ids."""
        rows = self._connection.execute(
            "SELECT id, number, fingerprint, passages FROM documents ORDER BY id"
        )
        return [Entry(_text(row[0]), *row[1:]) for row in rows]

    def finish(self, facts: Facts) -> None:
        """Write what was counted and close the file."""
        self._connection.executemany(
            "INSERT INTO terms VALUES (?, ?)"
            " ON CONFLICT (term) DO UPDATE SET passages = passages + excluded.passages",
            ((_bytes(term), count) for term, count in self._frequencies.items() if count),
        )
        self._connection.execute("DELETE FROM terms WHERE passages <= 0")
        self._connection.executemany(
            "INSERT OR REPLACE INTO facts VALUES (?, ?)",
            (("format", facts.format), ("encoder", facts.encoder), ("version", facts.version)),
        )
        self._connection.execute("COMMIT")
        self._connection.close()


def _record(document: Document) -> str:
    """Write down all of a document but its text; JSON escapes what UTF-8 cannot hold."""
    record: Mapping[str, str | None] = {
        "id": document.id,
        "title": document.title,
        "author": document.author,
        "date": document.date,
        "url": document.url,
        "kind": document.kind,
        "licence": document.licence,
        "sha256": document.sha256,
    }
    return json.dumps(record)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogatepass")


def _bytes_or_none(text: str | None) -> bytes | None:
    return None if text is None else _bytes(text)


def _text_or_none(stored: bytes | None) -> str | None:
    return None if stored is None else _text(stored)
