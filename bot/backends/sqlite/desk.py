"""What admins look at and decide, in the journal's file; `SqliteJournal.desk` returns one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.backends.sqlite.accounts import SqliteAccounts
from bot.backends.sqlite.corrections import SqliteCorrections
from bot.backends.sqlite.figures import SqliteFigures
from bot.backends.sqlite.pseudonyms import Pseudonyms
from bot.backends.sqlite.writer import GroupedWriter


@dataclass(frozen=True, slots=True)
class SqliteDesk:
    """The ports behind the dashboard; they are closed with the journal.

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

    @property
    def corrections(self) -> SqliteCorrections:
        """What admins found wrong with quotes."""
        return SqliteCorrections(
            self.path, self.writer, self.pseudonyms, self.clock, self.busy_timeout_s
        )

    @property
    def figures(self) -> SqliteFigures:
        """What the log adds up to."""
        return SqliteFigures(self.path, self.busy_timeout_s)

    @property
    def accounts(self) -> SqliteAccounts:
        """Which sessions have ended."""
        return SqliteAccounts(self.path, self.writer, self.clock, self.busy_timeout_s)
