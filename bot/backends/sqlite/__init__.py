"""The journal in one SQLite file: the embedded default, for one machine."""

from bot.backends.sqlite.journal import SqliteJournal

__all__ = ["SqliteJournal"]
