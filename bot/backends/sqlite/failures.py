"""What went wrong with the journal's file, as a sentence with the way out.

Every module of this package raises SQLite's and the system's errors through here, so
that an operator reads the path, the cause and what to do.
"""

import errno
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from bot.errors import JournalError

_PRIMARY_CODE = 0xFF  # an extended result code carries its primary code in the low byte

_LOCKED = "another process holds its write lock; stop that process, or try again later"
_FULL = "the disk is full; free some space, then writing goes on by itself"
_READ_ONLY = "it cannot be written; make the file and its folder writable for this user"
_DAMAGED = (
    "it is damaged or is no journal; move it and its -wal file away to begin a new journal, "
    "or put a backup in its place"
)

_REASONS = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that its folder exists and is writable",
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: "the disk failed to read or write; check its health and free space",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CONSTRAINT: "it does not take such a row, which is a mistake of the program",
    sqlite3.SQLITE_TOOBIG: "the text is too long for it",
}

_SYSTEM_REASONS = {
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.EROFS: _READ_ONLY,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
}
"""The same where the system said it to Python, before SQLite came to it."""

_LASTING = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_TOOBIG,
}

_OF_CONTENT = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
}

_NO_CODE = 0  # raised by Python's module before SQLite saw the row

_OF_ONE_ROW = {
    _NO_CODE,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_TOOBIG,
}


def explain(path: Path, error: Exception) -> JournalError:
    """Return the error to raise in place of ``error``, which concerns the journal ``path``.

    Returns:
        ``error`` itself when it is a `JournalError` already.
    """
    if isinstance(error, JournalError):
        return error
    code = _code(error)
    reasons, said = _REASONS, code
    if isinstance(error, OSError) and error.errno is not None:
        reasons, said = _SYSTEM_REASONS, error.errno
    reason = reasons.get(said, "it could not be used")
    explained = JournalError(f"Journal {path}: {reason} ({error}).")
    # Instance over class: a damaged file stays damaged however often one asks.
    explained.retryable = code not in _LASTING
    return explained


def refusal(path: Path, reason: str) -> JournalError:
    """Return an error about the journal ``path`` that no retry mends."""
    error = JournalError(f"Journal {path}: {reason}.")
    error.retryable = False
    return error


def refuse_closed(path: Path, is_closed: bool) -> None:
    """Raise JournalError when the journal ``path`` is closed."""
    if is_closed:
        raise refusal(path, "it is closed; open it again")


def unknown_request(path: Path, request_ids: Iterable[str]) -> JournalError:
    """Return the error for what was to be noted of requests that the journal does not hold."""
    named = ", ".join(map(repr, request_ids))
    return refusal(path, f"it holds no request {named}; begin a request first")


def concerns_one_row(error: Exception) -> bool:
    """Tell whether a transaction failed by one of its rows and may do without it.

    What SQLite says of its file (locked, full, damaged) holds for every row; anything else,
    a refused row or a value that cannot be bound, is the doing of one.
    """
    return not isinstance(error, sqlite3.Error) or _code(error) in _OF_ONE_ROW


def concerns_content(error: Exception) -> bool:
    """Tell whether SQLite says it of what a file holds or of its lock, and not of its disk."""
    return _code(error) in _OF_CONTENT


def _code(error: Exception) -> int:
    code: int = getattr(error, "sqlite_errorcode", _NO_CODE)
    return code & _PRIMARY_CODE
