"""``counterpoint journal``: copy the journal, put a copy back, look it over."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.cli.exits import ExitCode
from adapters.cli.output import counted, write_json
from adapters.console.terminal import open_terminal
from bot import admin_texts
from bot.errors import JournalError

if TYPE_CHECKING:
    from bot.bootstrap import Application

_MEGABYTE = 1_000_000


def back_up(application: "Application", file: Path, *, as_json: bool) -> ExitCode:
    """Copy the journal, and say where the copy and its key are."""
    made = application.back_up_journal(file)
    if as_json:
        key_file = None if made.key_file is None else str(made.key_file)
        write_json(asdict(made) | {"file": str(made.file), "key_file": key_file})
        return ExitCode.OK
    terminal = open_terminal()
    size = f"{made.size_bytes / _MEGABYTE:.1f} MB"
    terminal.say(f"{counted(made.interactions, 'interaction')}, {size}: {made.file}")
    if made.key_file is not None:
        terminal.say(admin_texts.key_copied(str(made.key_file)))
    return ExitCode.OK


def restore(application: "Application", file: Path, *, as_json: bool) -> ExitCode:
    """Put a copy in the journal's place, and say where the old journal is."""
    done = asyncio.run(application.restore_journal(file))
    if as_json:
        write_json(asdict(done) | {"aside": None if done.aside is None else str(done.aside)})
        return ExitCode.OK
    terminal = open_terminal()
    terminal.say(
        f"{counted(done.interactions, 'interaction')}: {application.settings.journal_path}"
    )
    if done.aside is not None:
        terminal.say(admin_texts.journal_aside(str(done.aside)))
    if done.blanked is None:
        terminal.say(admin_texts.RESTORED_UNCHECKED)
    elif done.blanked:
        terminal.say(admin_texts.restored_blank(done.blanked))
    return ExitCode.OK


def check(application: "Application", *, as_json: bool) -> ExitCode:
    """Look the journal over; a problem makes the exit code 1."""
    path = application.settings.journal_path
    if not path.is_file():  # to look one over is not to make one
        raise JournalError(admin_texts.no_journal(str(path)))
    health = asyncio.run(application.journal_health())
    if as_json:
        write_json(asdict(health) | {"problems": list(health.problems)})
    else:
        terminal = open_terminal()
        size = f"{health.size_bytes / _MEGABYTE:.1f} MB"
        sound = "sound" if not health.problems else counted(len(health.problems), "problem")
        terminal.say(
            f"{counted(health.interactions, 'interaction')}, schema {health.schema_version}, "
            f"{size}, {sound}: {health.location}"
        )
        for problem in health.problems:
            terminal.say(problem, "bold red")
    return ExitCode.PROBLEM if health.problems else ExitCode.OK
