"""The bot's journal as the tests look at it: read by SQLite alone, and locked to make it slow."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

_ENTRIES = """
SELECT interaction_id, community_id, state, error, text FROM interactions ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A request as the journal has it; ``text`` is None once it was forgotten."""

    interaction_id: str
    community_id: str | None
    state: str
    error: str | None
    text: str | None

    @property
    def is_delivered(self) -> bool:
        """Whether the platform took the reply."""
        return self.state == "delivered"


def entries(folder: Path) -> list[Entry]:
    """Return the requests in the journal of a stage's folder, oldest first."""
    with closing(sqlite3.connect(f"file:{folder}/data/journal.db?mode=ro", uri=True)) as journal:
        return [Entry(*row) for row in journal.execute(_ENTRIES)]


def errors(folder: Path) -> list[str]:
    """Return what went wrong with requests, oldest first."""
    return [one.error for one in entries(folder) if one.error is not None]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep everybody else from writing to the journal while the block runs."""
    with closing(sqlite3.connect(folder / "data" / "journal.db", isolation_level=None)) as journal:
        journal.execute("BEGIN IMMEDIATE")
        yield
        journal.execute("ROLLBACK")
