"""``counterpoint bench``: run the code that answers people over the field's benchmark files.

Reading, ranking and judging are `bot.evaluation`'s; this writes the runs, each whole or not
at all. Scoring is for any tool that reads TREC runs.
"""

import json
import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.cli.exits import ExitCode
from adapters.cli.indexing import print_report
from adapters.cli.output import counted
from adapters.cli.progress import index_progress, with_progress
from adapters.console.terminal import open_terminal
from bot.errors import CorpusError

if TYPE_CHECKING:
    from bot.bootstrap import Application
    from bot.evaluation import RankedDocument

RUN_NAME = "counterpoint"
"""The last column of a run: which system made it."""


def index(
    application: "Application", corpus: Path, folder: Path, *, sentences: bool, as_json: bool
) -> ExitCode:
    """Index a BEIR corpus into a folder."""
    with index_progress() as show:
        report = application.evaluation().index(corpus, folder, sentences, show)
    return print_report(report, as_json=as_json)


def search(application: "Application", queries: Path, folder: Path, k: int, run: Path) -> ExitCode:
    """Write the run of a search."""
    return _write_run(queries, application.evaluation().rank(queries, folder, k), run)


def counter(application: "Application", queries: Path, folder: Path, k: int, run: Path) -> ExitCode:
    """Write the run of a ranking as counterpoints."""
    return _write_run(queries, application.evaluation().counter(queries, folder, k), run)


def stance(application: "Application", pairs: Path, out: Path) -> ExitCode:
    """Write the side that each text of a file of pairs takes on its claim."""
    from bot.evaluation import read_rows

    total = sum(1 for _ in read_rows(pairs))
    sides = with_progress(application.evaluation().sides(pairs), total, "Judging pairs")
    written = _write(out, (json.dumps(side) for side in sides))
    open_terminal().say(f"{counted(written, 'pair')} judged: {out}")
    return ExitCode.OK


def run_lines(ranked: Iterable["RankedDocument"]) -> Iterator[str]:
    """Yield the lines of a TREC run: ``query Q0 document rank score system``.

    Raises:
        CorpusError: An id holds white space, which separates the columns.
    """
    for row in ranked:
        for id in (row.query_id, row.document_id):
            if not id or any(character.isspace() for character in id):
                raise CorpusError(f"The id {id!r} holds white space or nothing; a run cannot.")
        yield f"{row.query_id} Q0 {row.document_id} {row.rank} {row.score:.6f} {RUN_NAME}"


def _write_run(queries: Path, ranked: Iterable["RankedDocument"], run: Path) -> ExitCode:
    from bot.evaluation import read_queries

    total = len(read_queries(queries))
    by_query = (list(rows) for _, rows in groupby(ranked, key=lambda row: row.query_id))
    shown = with_progress(by_query, total, "Ranking queries")
    written = _write(run, (line for rows in shown for line in run_lines(rows)))
    open_terminal().say(f"{total:,} queries, {counted(written, 'line')}: {run}")
    return ExitCode.OK


def _write(path: Path, lines: Iterable[str]) -> int:
    """Write lines beside the file and move them there; returns how many."""
    draft = path.with_name(path.name + ".part")
    count = 0
    try:
        with draft.open("w", encoding="utf-8") as file:
            for line in lines:
                file.write(line + "\n")
                count += 1
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return count
