"""The journal in one SQLite file: the embedded default, for one machine."""

from bot.backends.sqlite.copies import JournalCopy, Restored, back_up, restore
from bot.backends.sqlite.corrections import CorrectionsOnFile
from bot.backends.sqlite.journal import SqliteJournal
from bot.backends.sqlite.vitals import SqliteVitals

__all__ = [
    "CorrectionsOnFile",
    "JournalCopy",
    "Restored",
    "SqliteJournal",
    "SqliteVitals",
    "back_up",
    "restore",
]
