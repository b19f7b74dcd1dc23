"""Note in the journal what the command line does to the index. Called by `indexing`."""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.administration import ReindexNotes
from bot.errors import JournalError
from bot.types import IndexReport

if TYPE_CHECKING:
    from bot.bootstrap import Application

_log = logging.getLogger(__name__)


def noted(application: "Application", work: Callable[[], IndexReport]) -> IndexReport:
    """Run a reindex, and note when it began and how it ended.

    The event loop stands still while it runs, so that Ctrl-C reaches it. A journal that cannot
    be used keeps nobody from it, whatever LOG_REQUIRED says: nobody is answered by it.

    Args:
        application: Whose journal notes it.
        work: The reindex.

    Returns:
        Its report, with the quotes that it took away.
    """
    with asyncio.Runner() as runner:
        try:
            journal = runner.run(application.open_journal())
        except JournalError as error:
            _log.warning("journal_failed", extra={"reason": str(error)})
            return work()
        try:
            notes = ReindexNotes(application.store, journal.communities, journal.desk.figures)
            begun = runner.run(notes.begin_here())
            try:
                report = work()
            except BaseException as error:
                runner.run(notes.fail(begun, error))
                raise
            return runner.run(notes.end(begun, report))
        finally:
            runner.run(journal.close())
