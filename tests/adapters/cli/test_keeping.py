"""`counterpoint journal`: copies made, put back, and the journal looked over."""

import asyncio
from pathlib import Path

import pytest

from adapters.cli.exits import ExitCode
from tests.adapters.cli.test_remembering import note
from tests.adapters.conftest import Run


@pytest.fixture
def noted(data: Path) -> str:
    """Note a question, and return its id."""
    return asyncio.run(note(data, "Do dams help?"))


def test_backup_says_where_the_copy_and_its_key_are(
    counterpoint: Run, noted: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    lines = counterpoint("journal", "backup", copy).out.splitlines()
    assert lines[0].startswith("1 interaction, ")
    assert lines[0].endswith(str(copy))
    assert f"{copy}.key" in lines[1]
    assert copy.is_file()


def test_backup_in_json_names_its_files(counterpoint: Run, noted: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    record = counterpoint("journal", "backup", copy, "--json").record
    assert record == {
        "file": str(copy),
        "key_file": f"{copy}.key",
        "interactions": 1,
        "size_bytes": copy.stat().st_size,
    }


def test_backup_overwrites_nothing(counterpoint: Run, noted: str, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("last year's")
    outcome = counterpoint("journal", "backup", tmp_path / "copy.db")
    assert outcome.code is ExitCode.JOURNAL
    assert "exists already" in outcome.err


def test_restored_copy_is_what_is_shown_then(
    counterpoint: Run, data: Path, noted: str, tmp_path: Path
) -> None:
    counterpoint("journal", "backup", tmp_path / "copy.db")
    asyncio.run(note(data, "Anything since?"))
    outcome = counterpoint("journal", "restore", tmp_path / "copy.db", "--json")
    assert outcome.record["interactions"] == 1
    assert Path(outcome.record["aside"]).is_file()
    (entry,) = counterpoint("log", "tail", "--json").records
    assert entry["request_id"] == noted


def test_restore_tells_a_person_where_the_old_journal_is(
    counterpoint: Run, data: Path, noted: str, tmp_path: Path
) -> None:
    counterpoint("journal", "backup", tmp_path / "copy.db")
    (data / "journal.db").write_bytes(b"no database" * 1000)
    outcome = counterpoint("journal", "restore", tmp_path / "copy.db")
    assert "journal.db.before-" in outcome.out
    assert "could not be looked up" in outcome.out


def test_restore_of_nothing_is_refused(counterpoint: Run, tmp_path: Path) -> None:
    outcome = counterpoint("journal", "restore", tmp_path / "copy.db")
    assert outcome.code is ExitCode.JOURNAL
    assert "name a backup" in outcome.err


def test_check_finds_a_sound_journal_sound(counterpoint: Run, noted: str) -> None:
    outcome = counterpoint("journal", "check")
    assert outcome.code is ExitCode.OK
    assert outcome.out.startswith("1 interaction, schema ")
    assert ", sound: " in outcome.out
    assert counterpoint("journal", "check", "--json").record["problems"] == []


def test_check_fails_where_the_journal_is_damaged(
    counterpoint: Run, data: Path, noted: str
) -> None:
    with (data / "journal.db").open("r+b") as file:
        file.seek(6 * 4096)
        file.write(b"\xff" * 20 * 4096)
    outcome = counterpoint("journal", "check")
    assert outcome.code in (ExitCode.PROBLEM, ExitCode.JOURNAL)
