"""``counterpoint reindex``, and the index that a newcomer's first question needs.

What a reindex does is `bot.indexing`'s; this shows its progress and its outcome.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from adapters.cli.exits import ExitCode
from adapters.cli.noting import noted
from adapters.cli.output import counted, write_json
from adapters.cli.progress import index_progress
from adapters.cli.records import index_record
from adapters.console.terminal import Line, Terminal, open_terminal, plain
from bot import admin_texts
from bot.types import DocumentChange, IndexReport
from bot.typography import readable

if TYPE_CHECKING:
    from bot.bootstrap import Application

MOST_CHANGES = 50
"""Documents that are named one by one when many changed."""
MOST_LOST = 10
"""Quotes that are shown when many are gone that were posted."""

_MARKS = {"added": ("+", "green"), "changed": ("~", "yellow"), "removed": ("-", "red")}


def reindex(application: "Application", *, as_json: bool) -> ExitCode:
    """Bring the index up to date and say what changed."""
    return print_report(_index(application), as_json=as_json)


def print_report(report: IndexReport, *, as_json: bool) -> ExitCode:
    """Say what a reindex did, and name the files that it could not read."""
    if as_json:
        write_json(index_record(report))
    else:
        open_terminal().write(_outcome(report))
    _name_failures(report, open_terminal(is_error=True))
    return ExitCode.PARTIAL if report.failures else ExitCode.OK


def ensure_index(application: "Application", *, keeps_log: bool = True) -> None:
    """Build the index where none was built yet; says so on standard error.

    Args:
        application: Whose index is looked for.
        keeps_log: Whether the journal notes it.
    """
    if application.store.current() is not None:
        return
    report = _index(application, keeps_log=keeps_log)
    notes = open_terminal(is_error=True)
    notes.say(f"Indexed {counted(report.documents, 'document')} in {report.took_s:.1f} s.", "dim")
    _name_failures(report, notes)


def _index(application: "Application", *, keeps_log: bool = True) -> IndexReport:
    def work() -> IndexReport:
        with index_progress() as show:
            return application.reindex(show)

    return noted(application, work) if keeps_log else work()


def _outcome(report: IndexReport) -> Iterator[Line]:
    changes = [change for change in report.changes if change.change in _MARKS]
    for change in changes[:MOST_CHANGES]:
        mark, style = _MARKS[change.change]
        name = plain(change.document_id, style)
        yield Line(Text("  ").join([name, plain(_told(change))]), 2, mark)
    if len(changes) > MOST_CHANGES:
        yield Line(plain(f"and {len(changes) - MOST_CHANGES} more; --json lists them"), 2)
    if changes:
        count = {kind: sum(one.change == kind for one in changes) for kind in _MARKS}
        yield Line(
            plain(
                admin_texts.reindexed(
                    count["added"], count["changed"], count["removed"], report.passages
                )
            )
        )
    else:
        yield Line(plain(admin_texts.REINDEX_UNCHANGED))
    if report.lost:
        yield Line(plain(admin_texts.quotes_lost(len(report.lost))))
        for quote in report.lost[:MOST_LOST]:
            yield Line(plain(f"{readable(quote.text)} ({quote.title})"), 2, "-")
        if len(report.lost) > MOST_LOST:
            yield Line(plain(f"and {len(report.lost) - MOST_LOST} more; --json lists them"), 2)
    yield Line(plain(f"Version {report.version}, {report.took_s:.1f} s.", "dim"))


def _told(change: DocumentChange) -> str:
    counts = (("+", change.quotes_added), ("-", change.quotes_removed))
    counted = " ".join(f"{sign}{count}" for sign, count in counts if count)
    return f"{change.title} ({counted or 'same'} sentences)"


def _name_failures(report: IndexReport, notes: Terminal) -> None:
    for failure in report.failures:
        notes.write([Line(plain(f"{failure.path}: {failure.reason}"), 2, "!")])
    if report.failures:
        notes.say(admin_texts.unreadable([failure.path for failure in report.failures]))
