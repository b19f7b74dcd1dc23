"""What admins and operators look at, in the journal's file; `SqliteJournal.desk` returns one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.backends.sqlite.accounts import SqliteAccounts
from bot.backends.sqlite.corrections import SqliteCorrections
from bot.backends.sqlite.figures import SqliteFigures
from bot.backends.sqlite.gateways import SqliteGateways
from bot.backends.sqlite.presence import Presence
from bot.backends.sqlite.pseudonyms import Pseudonyms
from bot.backends.sqlite.vitals import SqliteVitals
from bot.backends.sqlite.writer import GroupedWriter


@dataclass(frozen=True, slots=True)
class SqliteDesk:
    """The ports behind the dashboard and the figures; they are closed with the journal.

    Args:
        path: The journal's file.
        writer: Writes to it.
        pseudonyms: Hides what was claimed.
        presence: Tells whether another process is alive.
        clock: Seconds since the epoch, UTC.
        busy_timeout_s: How long to wait for another process's lock, in seconds.
    """

    path: Path
    writer: GroupedWriter
    pseudonyms: Pseudonyms
    presence: Presence
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
        """Which sessions have ended, and which links let in."""
        return SqliteAccounts(self.path, self.writer, self.clock, self.busy_timeout_s)

    @property
    def gateways(self) -> SqliteGateways:
        """How the bots that share the journal are connected."""
        return SqliteGateways(
            self.path, self.writer, self.presence, self.clock, self.busy_timeout_s
        )

    @property
    def vitals(self) -> SqliteVitals:
        """How the journal fares; each counts from its own first count on."""
        return SqliteVitals(self.path, self.clock, self.gateways, self.busy_timeout_s)
