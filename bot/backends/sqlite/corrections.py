"""The ports of corrections, in the journal's file.

`SqliteCorrections` notes them by the journal's writer and is made by `journal`.
`CorrectionsOnFile` reads them on a connection of its own, in whichever thread asks: it needs no
journal that is open, so that verdicts hold also where nothing is noted.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import aiosqlite

from bot.backends.sqlite.connections import connect_reader, use_once
from bot.backends.sqlite.corrections_copy import CorrectionsCopy
from bot.backends.sqlite.deeds import Deed
from bot.backends.sqlite.failures import explain, refuse_closed
from bot.backends.sqlite.pseudonyms import Pseudonyms, key_file_of, read_key
from bot.backends.sqlite.rows import storable
from bot.backends.sqlite.writer import GroupedWriter
from bot.errors import JournalError
from bot.ports.corrections import Correction, Ruling, Standing, Verdict
from bot.types import Stance

_log = logging.getLogger(__name__)

_BUSY_S = 1.0
_NONE = Standing("0.0", ())

_NOTE = """
INSERT INTO corrections (
    verdict, request_id, document_id, text, text_hash, speaker, claim_hash, stance, made_at
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number
"""
_UNDO = "UPDATE corrections SET undone_at = ? WHERE number = ? AND undone_at IS NULL RETURNING 1"
_HOLDING = """
SELECT number, verdict, request_id, document_id, text, text_hash, speaker, claim_hash, stance,
    made_at
FROM corrections WHERE undone_at IS NULL ORDER BY number
"""
# Both only grow: a row is never deleted, and undone once.
_VERSION = "SELECT count(*), count(undone_at) FROM corrections"
_HAS_TABLE = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'corrections'"


@dataclass(frozen=True, slots=True)
class NoteCorrection(Deed[int]):
    """Note a verdict; says its number."""

    values: tuple[str | bytes | float | None, ...]

    async def carry_out(self, connection: aiosqlite.Connection) -> int:
        """Write it, inside an open transaction."""
        ((number,),) = list(await connection.execute_fetchall(_NOTE, self.values))
        return int(number)


@dataclass(frozen=True, slots=True)
class UndoCorrection(Deed[bool]):
    """Take a verdict back; False when it does not hold."""

    number: int
    now: float

    async def carry_out(self, connection: aiosqlite.Connection) -> bool:
        """Write it, inside an open transaction."""
        values = (self.now, self.number)
        return bool(list(await connection.execute_fetchall(_UNDO, values)))


@dataclass(frozen=True, slots=True)
class SqliteCorrections:
    """What admins found; `SqliteJournal.corrections` returns one.

    Args:
        path: The journal's file.
        writer: Writes to it.
        pseudonyms: Hides what was claimed.
        clock: Seconds since the epoch, UTC.
        busy_timeout_s: How long to wait for another process's lock, in seconds.
    """

    path: Path
    writer: GroupedWriter
    pseudonyms: Pseudonyms
    clock: Callable[[], float]
    busy_timeout_s: float

    async def note(self, ruling: Ruling) -> int:
        """Note a verdict; returns its number."""
        refuse_closed(self.path, self.writer.closed)
        claim_hash = self.pseudonyms.text(bare(ruling.claim)) if ruling.claim else None
        values = (
            ruling.verdict.value,
            storable(ruling.request_id),
            storable(ruling.document_id),
            storable(ruling.text),
            hashlib.sha256(ruling.text.encode("utf-8", "surrogatepass")).digest(),
            None if ruling.speaker is None else storable(ruling.speaker),
            claim_hash,
            ruling.stance.value if ruling.stance else None,
            self.clock(),
        )
        return await self.writer.submit(NoteCorrection(values))

    async def undo(self, number: int) -> bool:
        """Take a verdict back; False when it does not hold (any more)."""
        refuse_closed(self.path, self.writer.closed)
        return await self.writer.submit(UndoCorrection(number, self.clock()))

    async def holding(self) -> Sequence[Correction]:
        """Return what holds, the first made first."""
        refuse_closed(self.path, self.writer.closed)

        async def read(reader: aiosqlite.Connection) -> Sequence[Correction]:
            return [_correction(row) for row in await reader.execute_fetchall(_HOLDING)]

        return await use_once(connect_reader, self.path, self.busy_timeout_s, read)


class CorrectionsOnFile:
    """Reads the corrections of a journal's file; safe in several threads.

    What was read is copied beside the journal, and holds on from there when a process starts
    while the journal cannot be read.

    Args:
        path: The journal's file, which need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._pseudonyms: Pseudonyms | None = None
        self._copy = CorrectionsCopy.of(path)
        self._known: Standing | None = None
        self._is_failing = False

    def current(self) -> Standing:
        """Return what holds now; costs one small query while it is the same."""
        with self._lock:
            try:
                self._renew()
            except (sqlite3.Error, OSError) as error:
                self._let_go()
                self._failed(str(explain(self._path, error)))
            except JournalError as error:
                self._failed(str(error))
            else:
                self._recovered()
            if self._known is None:
                self._known = self._held_last()
            return self._known

    def claim_hash(self, claim: str) -> str:
        """Return what stands for a claim; empty while the journal has no key yet."""
        with self._lock:
            if self._pseudonyms is None:
                return ""
            return self._pseudonyms.text(bare(claim)).hex()

    def close(self) -> None:
        """Release the file. Safe to call twice."""
        with self._lock:
            self._let_go()

    def _renew(self) -> None:
        if self._connection is None and not self._open():
            return
        assert self._connection is not None  # noqa: S101 (for the type checker)
        counts = self._connection.execute(_VERSION).fetchone()
        version = f"{counts[0]}.{counts[1]}"
        if self._known is None or version != self._known.version:
            self._known = self._read(self._connection)
            self._keep(self._known)
        self._learn_key()

    def _read(self, connection: sqlite3.Connection) -> Standing:
        # Read again within one moment, so that the version is that of the rows.
        connection.execute("BEGIN")
        try:
            counts = connection.execute(_VERSION).fetchone()
            rows = connection.execute(_HOLDING).fetchall()
        finally:
            connection.execute("COMMIT")
        return Standing(f"{counts[0]}.{counts[1]}", tuple(_correction(row) for row in rows))

    def _learn_key(self) -> None:
        if self._pseudonyms is None:
            key = read_key(key_file_of(self._path))
            self._pseudonyms = Pseudonyms(key) if key is not None else None

    def _keep(self, standing: Standing) -> None:
        """Copy what holds. A journal that was begun anew knows nothing and replaces nothing."""
        held: Standing | None = None
        try:
            with suppress(ValueError):  # a damaged copy gives way
                held = self._copy.read()
            if standing.version != _NONE.version:
                if held != standing:
                    self._copy.write(standing)
            elif held is not None and held.corrections:
                lost = {"corrections": len(held.corrections), "copy": str(self._copy.path)}
                _log.warning("corrections_begun_anew", extra=lost)
        except OSError as error:
            _log.warning("corrections_not_copied", extra={"reason": str(error)})

    def _held_last(self) -> Standing:
        """Return what the copy says while the journal says nothing."""
        try:
            held = self._copy.read()
        except (OSError, ValueError) as error:
            _log.error("corrections_copy_unreadable", extra={"reason": str(error)})
            held = None
        if held is None or not held.corrections:
            return _NONE
        with suppress(OSError, JournalError):  # without it only sides are not known
            self._learn_key()
        _log.warning("corrections_from_copy", extra={"copy": str(self._copy.path)})
        # Another version than the journal's, so that this is read as soon as it can be.
        return Standing(f"{held.version}-copy", held.corrections)

    def _failed(self, reason: str) -> None:
        if not self._is_failing:
            _log.error("corrections_unreadable", extra={"reason": reason})
        self._is_failing = True

    def _recovered(self) -> None:
        if self._is_failing:
            _log.info("corrections_readable")
        self._is_failing = False

    def _open(self) -> bool:
        """Open the file; False while it is not there, or was not written by this version yet."""
        if not self._path.is_file():
            return False
        connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=_BUSY_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            has_table = bool(connection.execute(_HAS_TABLE).fetchone()[0])
        except sqlite3.Error:
            connection.close()
            raise
        if not has_table:
            connection.close()
            return False
        self._connection = connection
        return True

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def bare(claim: str) -> str:
    """Return the words of a claim without what does not change it: case, space, a full stop."""
    return " ".join(claim.casefold().split()).rstrip(".!? ")


def _correction(row: Any) -> Correction:
    (number, verdict, request_id, document_id, text, text_hash, speaker, claim_hash, stance,
     made_at) = row  # fmt: skip
    return Correction(
        number=number,
        verdict=Verdict(verdict),
        request_id=request_id,
        document_id=document_id,
        text=text,
        text_hash=text_hash.hex(),
        speaker=speaker,
        claim_hash=None if claim_hash is None else claim_hash.hex(),
        stance=None if stance is None else Stance(stance),
        made_at=made_at,
    )
