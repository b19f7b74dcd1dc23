"""The corpus on the dashboard: its documents, what reindexes did, and which posted quotes are gone.

Makes the tables, and what the page tells of each reindex.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from adapters.web.dashboard.sums import MOST_ROWS
from adapters.web.dashboard.tables import Cell, Column, Look, Table, moment, shown
from bot import dashboard_texts as told
from bot.administration import Oversight
from bot.errors import IndexUnavailable
from bot.ports import PROCESS_DIED
from bot.ports.figures import ReindexNote
from bot.reading import Reading
from bot.types import DocumentChange, ReadFailure

MOST_CHANGES = 10_000
"""Rows of the files that tell what reindexes changed and could not read."""
TOLD = 20
"""Reindexes that the page tells of."""
OPENED = 5
"""How many of them are open to view; and so many changes of one are, where there are no more."""
LISTED = 100
"""Documents that are listed of one reindex; the file has all."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reindex:
    """A reindex, ready to be shown: when, what is said of it, and document by document.

    ``error`` is what stopped it, ``outcome`` what it did where nothing stopped it. Of what is
    listed, ``more_changes`` and ``more_failures`` were left out.
    """

    number: int
    when: str
    facts: Sequence[str]
    outcome: str | None
    error: str | None
    changes: Sequence[tuple[DocumentChange, str]]
    more_changes: int
    failures: Sequence[ReadFailure]
    more_failures: int


@dataclass(frozen=True, slots=True)
class Gone:
    """A quote that was posted and is in no document any more; ``times`` it was shown."""

    id: str
    document_id: str
    title: str
    text: str
    times: int


class CorpusTables:
    """Makes what is shown of the corpus.

    Args:
        oversight: What the log adds up to.
        reading: What the documents hold now.
    """

    def __init__(self, oversight: Oversight, reading: Reading) -> None:
        self._figures = oversight.figures
        self._reading = reading

    # --- the page -----------------------------------------------------------------

    async def reindexes(self) -> list[Reindex]:
        """Return the last reindexes, newest first."""
        changes = _by_number(await self._figures.reindex_changes(TOLD, LISTED))
        failures = _by_number(await self._figures.reindex_failures(TOLD, LISTED))
        return [
            _told(one, changes[one.number], failures[one.number])
            for one in await self._figures.reindexes(TOLD)
        ]

    async def gone(self) -> list[Gone] | None:
        """Return the quotes that are gone, those first that were shown most; None if unknown."""
        try:
            quotes = await self._reading.gone(await self._figures.kept_quotes())
        except IndexUnavailable:
            return None
        times = await self._figures.times_shown({one.document_id for one in quotes})
        found = [
            Gone(one.quote_id, one.document_id, one.title, one.text, times.get(one.quote_id, 0))
            for one in quotes
        ]
        return sorted(found, key=lambda one: -one.times)

    async def documents(self) -> set[str]:
        """Return the ids of the documents that can be read now."""
        try:
            return {one.document_id for one in (await self._reading.shelf()).sources}
        except IndexUnavailable:
            return set()

    # --- tables -------------------------------------------------------------------

    async def corpus_table(self, _: int) -> Table:
        """Return the documents that can be quoted now."""
        columns = (
            Column("title", "Document"),
            Column("author", "Author"),
            Column("date", "Date"),
            Column("document_id", "Id", Look.NAME),
            Column("url", "Address"),
        )
        try:
            shelf = await self._reading.shelf()
        except IndexUnavailable:
            return Table("corpus", told.DOCUMENTS, columns, [])
        rows = [
            (one.title, one.author, one.date, one.document_id, one.url) for one in shelf.sources
        ]
        return Table("corpus", told.DOCUMENTS, columns, rows)

    async def reindex_table(self, _: int) -> Table:
        """Return the last reindexes, each with what it changed in sum."""
        columns = (
            Column("number", "Number", Look.NUMBER),
            Column("started", "Started", Look.WHEN),
            Column("took_ms", "Took", Look.MS),
            Column("platform", "Platform", Look.NAME),
            Column("version", "Version", Look.NAME),
            Column("documents", "Documents", Look.NUMBER),
            Column("sentences", "Sentences", Look.NUMBER),
            Column("added", told.CHANGES["added"], Look.NUMBER),
            Column("changed", told.CHANGES["changed"], Look.NUMBER),
            Column("removed", told.CHANGES["removed"], Look.NUMBER),
            Column("sentences_added", "New sentences", Look.NUMBER),
            Column("sentences_removed", "Gone sentences", Look.NUMBER),
            Column("unread", told.UNREAD, Look.NUMBER),
            Column("error", "Error", Look.NAME),
            Column("reason", "Reason"),
        )
        rows: list[tuple[Cell, ...]] = []
        for one in await self._figures.reindexes(MOST_ROWS):
            counts = (
                one.added, one.changed, one.removed, one.quotes_added, one.quotes_removed,
                one.unread,
            )  # fmt: skip
            rows.append(
                (
                    one.number,
                    moment(one.started_at),
                    _took_ms(one),
                    one.platform,
                    one.version,
                    one.documents,
                    one.passages,
                    *(counts if one.passages is not None else (None,) * len(counts)),
                    one.error,
                    one.reason,
                )
            )
        return Table("reindexes", told.REINDEXES, columns, rows)

    async def change_table(self, _: int) -> Table:
        """Return what the last reindexes did to each document."""
        columns = (
            Column("reindex", "Reindex", Look.NUMBER),
            Column("change", "Change", Look.NAME),
            Column("title", "Document"),
            Column("document_id", "Id", Look.NAME),
            Column("sentences_added", "New sentences", Look.NUMBER),
            Column("sentences_removed", "Gone sentences", Look.NUMBER),
        )
        found = await self._figures.reindex_changes(MOST_ROWS, MOST_CHANGES)
        rows = [
            (
                number,
                told.CHANGES[one.change],
                one.title,
                one.document_id,
                one.quotes_added,
                one.quotes_removed,
            )
            for number, one in found[:MOST_CHANGES]
        ]
        return Table("reindex-changes", told.WHAT_CHANGED, columns, rows)

    async def failure_table(self, _: int) -> Table:
        """Return what the last reindexes could not read."""
        columns = (
            Column("reindex", "Reindex", Look.NUMBER),
            Column("path", "File"),
            Column("reason", "Reason"),
        )
        found = await self._figures.reindex_failures(MOST_ROWS, MOST_CHANGES)
        rows = [(number, one.path, one.reason) for number, one in found[:MOST_CHANGES]]
        return Table("reindex-failures", told.UNREAD, columns, rows)

    async def gone_table(self, _: int) -> Table:
        """Return the quotes that were posted and are in no document any more."""
        columns = (
            Column("quote", "Quote"),
            Column("title", "Document"),
            Column("document_id", "Id", Look.NAME),
            Column("times", "Times", Look.NUMBER),
            Column("quote_id", "Permalink", Look.NAME),
        )
        rows = [
            (one.text, one.title, one.document_id, one.times, one.id)
            for one in await self.gone() or ()
        ]
        return Table("gone-quotes", told.GONE, columns, rows)


def _told(
    one: ReindexNote, changes: Sequence[DocumentChange], failures: Sequence[ReadFailure]
) -> Reindex:
    took_ms = _took_ms(one)
    facts = [told.reindexed_from(one.platform)]
    if took_ms is not None:
        facts.append(told.took(shown(took_ms, Look.MS)))
    elif one.finished_at is None:
        facts.append(told.RUNNING)
    if one.version is not None:
        facts.append(told.of_version(one.version))
    if one.documents is not None:
        facts.append(told.holding(one.documents, one.passages))
    error = ": ".join(part for part in (one.error, one.reason) if part) or None
    return Reindex(
        number=one.number,
        when=shown(moment(one.started_at), Look.WHEN),
        facts=facts,
        outcome=_outcome(one),
        error=error,
        changes=[
            (change, _counts(change.quotes_added, change.quotes_removed)) for change in changes
        ],
        more_changes=max(one.added + one.changed + one.removed - len(changes), 0),
        failures=failures,
        more_failures=max(one.unread - len(failures), 0),
    )


def _outcome(one: ReindexNote) -> str | None:
    if one.error is not None or one.finished_at is None:
        return None
    if one.passages is None:
        return told.NOT_NOTED
    if not one.added + one.changed + one.removed:
        return told.UNCHANGED
    sentences = _counts(one.quotes_added, one.quotes_removed)
    return told.reindexed(one.added, one.changed, one.removed, sentences)


def _counts(added: int, removed: int) -> str:
    counts = (("+", added), ("\N{MINUS SIGN}", removed))
    return " ".join(f"{sign}{shown(count, Look.NUMBER)}" for sign, count in counts if count)


def _took_ms(one: ReindexNote) -> float | None:
    if one.finished_at is None or one.error == PROCESS_DIED:  # found long after, perhaps
        return None
    return (one.finished_at - one.started_at) * 1000


def _by_number(found: Iterable[tuple[int, T]]) -> defaultdict[int, list[T]]:
    grouped: defaultdict[int, list[T]] = defaultdict(list)
    for number, one in found:
        grouped[number].append(one)
    return grouped
