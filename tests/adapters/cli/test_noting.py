"""The journal notes what the command line does to the index, and is in nobody's way."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from adapters.cli.exits import ExitCode
from adapters.cli.noting import noted
from bot.bootstrap import Application
from bot.settings import Settings
from bot.types import IndexReport
from tests.adapters.conftest import REPLY, Outcome, Run

Own = Callable[..., Outcome]
CLAIM = "Cycle helmets should be compulsory."


@pytest.fixture
def run(counterpoint: Run, own_corpus: Path) -> Own:
    """Run the program on the corpus that the test may change."""

    def run(*args: str | Path, **environment: str) -> Outcome:
        return counterpoint(*args, **{"CORPUS_DIR": str(own_corpus), **environment})

    return run


def rows(data: Path, query: str) -> list[tuple[Any, ...]]:
    """Ask the journal behind the program's back."""
    with closing(sqlite3.connect(data / "journal.db")) as journal:
        return journal.execute(query).fetchall()


def noted_in(data: Path) -> list[tuple[Any, ...]]:
    return rows(data, "SELECT platform, admin, documents, error FROM reindexes ORDER BY number")


def test_reindex_is_noted_with_what_changed(run: Own, own_corpus: Path, data: Path) -> None:
    (own_corpus / "documents" / "reply.txt").unlink()
    (own_corpus / "documents" / "scan.pdf").write_bytes(b"%PDF-1.4 not really")
    assert run("reindex").code is ExitCode.PARTIAL

    assert noted_in(data) == [("cli", None, 1, None)]
    assert rows(data, "SELECT document_id, change, quotes_removed FROM reindex_changes") == [
        ("reply", "removed", 5)
    ]
    ((path, reason),) = rows(data, "SELECT path, reason FROM reindex_failures")
    assert path.endswith("scan.pdf")
    assert "PDF" in reason


def test_reindex_that_failed_is_noted_with_its_reason(
    run: Own, own_corpus: Path, data: Path
) -> None:
    (own_corpus / "topics.toml").write_text("[[[")
    outcome = run("reindex")

    ((error, reason),) = rows(data, "SELECT error, reason FROM reindexes")
    assert error == "CorpusError"
    assert outcome.err == f"Error: {reason}\n"


@pytest.mark.parametrize(
    "command", [("ask", CLAIM), ("serve", "console"), ("chat",)], ids=lambda one: one[0]
)
def test_index_of_a_first_start_is_noted(
    run: Own, tmp_path: Path, command: tuple[str, ...]
) -> None:
    fresh = tmp_path / "fresh"
    assert run(*command, DATA_DIR=str(fresh)).code is ExitCode.OK

    assert noted_in(fresh) == [("cli", None, 2, None)]
    assert len(rows(fresh, "SELECT * FROM reindex_changes")) == 2


def test_who_wants_no_log_gets_none_of_the_first_index_either(run: Own, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    assert run("ask", CLAIM, "--no-log", DATA_DIR=str(fresh)).code is ExitCode.OK
    assert not (fresh / "journal.db").exists()


def test_no_cooldown_holds_at_the_command_line(run: Own, data: Path) -> None:
    for _ in range(3):
        assert run("reindex", REINDEX_COOLDOWN_S="3600").code is ExitCode.OK
    assert len(noted_in(data)) == 3


def test_reindex_beside_another_one_is_refused_by_the_index_alone(run: Own, data: Path) -> None:
    with FileLock(data / "writer.lock"):
        assert run("reindex").code is ExitCode.BUSY
    assert [row[-1] for row in noted_in(data)] == ["IndexBusy"]


@pytest.mark.parametrize("required", ["false", "true"])
def test_broken_journal_keeps_nobody_from_a_reindex(run: Own, data: Path, required: str) -> None:
    (data / "journal.db").write_bytes(b"no database" * 1000)
    outcome = run("reindex", "--json", LOG_REQUIRED=required)

    assert outcome.code is ExitCode.OK
    assert outcome.record["documents"] == 2
    assert outcome.err.startswith("WARNING journal_failed reason=")


def test_locked_journal_keeps_nobody_from_a_reindex(run: Own, data: Path) -> None:
    run("reindex")
    with closing(sqlite3.connect(data / "journal.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        outcome = run("reindex")
        other.execute("ROLLBACK")

    assert outcome.code is ExitCode.OK
    assert "journal_failed" in outcome.err
    assert len(noted_in(data)) == 1


def test_interruption_is_noted_and_goes_on_its_way(data: Path, corpus: Path) -> None:
    def work() -> IndexReport:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        noted(Application(Settings(corpus_dir=corpus, data_dir=data)), work)
    assert [row[-1] for row in noted_in(data)] == ["KeyboardInterrupt"]


# --- posted quotes that are gone


def test_reindex_names_the_posted_quotes_that_it_took_away(
    run: Own, own_corpus: Path, data: Path
) -> None:
    shown = run("ask", CLAIM, "--json").record
    quotes = {one["text"] for one in [*shown["quotes"], *shown["counterpoints"]]}
    gone = {one for one in quotes if one in REPLY}
    assert 1 < len(gone) < len(quotes)
    (own_corpus / "documents" / "reply.txt").write_text("Helmets are worn on the head.\n")
    out = run("reindex").out

    assert f"{len(gone)} quotes that were posted are no longer in the documents." in out
    assert all(f"- {' '.join(one.split())} (Reply)" in out for one in gone)
    assert "no longer in the documents" not in run("reindex").out


def test_json_lists_the_posted_quotes_that_are_gone(run: Own, own_corpus: Path) -> None:
    shown = run("ask", CLAIM, "--json").record["counterpoints"][0]
    (own_corpus / "documents" / "reply.txt").unlink()
    lost = run("reindex", "--json").record["lost"]

    assert {
        "id": shown["permalink"].rpartition("/")[2],
        "document_id": "reply",
        "title": "Reply",
        "text": shown["text"],
    } in lost
