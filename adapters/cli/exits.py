"""The exit codes of the program, which scripts rely on; docs/reference holds the same table."""

from enum import IntEnum
from types import MappingProxyType

from bot.errors import (
    BotError,
    ConfigError,
    CorpusError,
    IndexBusy,
    IndexUnavailable,
    JournalError,
)


class UsageMistake(Exception):
    """The command line or a batch file cannot be understood; the message says why."""


class ExitCode(IntEnum):
    """How a command ended."""

    OK = 0
    PROBLEM = 1
    USAGE = 2
    SETUP = 3
    INDEX = 4
    PARTIAL = 5
    BUSY = 6
    JOURNAL = 7
    INTERRUPTED = 130
    CLOSED = 141


MEANINGS = MappingProxyType(
    {
        ExitCode.OK: "done; also when the corpus has no answer, which is an answer",
        ExitCode.PROBLEM: "a check found a problem, or something failed that has no other code",
        ExitCode.USAGE: "the command line or a batch file cannot be understood; nothing was done",
        ExitCode.SETUP: "a setting, a model file, the corpus or a document cannot be used",
        ExitCode.INDEX: "there is no usable index, or none could be built; an old one stays",
        ExitCode.PARTIAL: "the index was built, but some files could not be read",
        ExitCode.BUSY: "another process is building the index",
        ExitCode.JOURNAL: "the log of interactions cannot be used, and is required",
        ExitCode.INTERRUPTED: "interrupted with Ctrl-C",
        ExitCode.CLOSED: "whoever read the output went away",
    }
)
"""What each code tells a script."""


def code_of(error: BotError) -> ExitCode:
    """Return the exit code for an error."""
    match error:
        case IndexBusy():
            return ExitCode.BUSY
        case IndexUnavailable():
            return ExitCode.INDEX
        case JournalError():
            return ExitCode.JOURNAL
        case ConfigError() | CorpusError():
            return ExitCode.SETUP
        case _:
            return ExitCode.PROBLEM
