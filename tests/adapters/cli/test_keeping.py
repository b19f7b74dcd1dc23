"""`counterpoint journal`: copies made, put back, and the journal looked over."""

import asyncio
from pathlib import Path

import pytest

from adapters.cli.exits import ExitCode
from tests.adapters.cli.noting import note
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


def test_restore_of_the_journal_itself_is_refused(
    counterpoint: Run, data: Path, noted: str, tmp_path: Path
) -> None:
    (tmp_path / "link.db").symlink_to(data / "journal.db")
    for file in (data / "journal.db", tmp_path / "link.db"):
        outcome = counterpoint("journal", "restore", file)
        assert outcome.code is ExitCode.JOURNAL
        assert f"{file}: it is the journal itself; name a backup" in outcome.err
    assert not list(data.glob("*.before-*"))


@pytest.mark.parametrize("content", [b"minutes of the meeting\n", b"SQLite format 3\x00" * 900])
def test_restore_of_what_is_no_journal_names_it(
    counterpoint: Run, data: Path, noted: str, tmp_path: Path, content: bytes
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(content)
    outcome = counterpoint("journal", "restore", copy)
    assert outcome.code is ExitCode.JOURNAL
    assert f"{copy}: it is damaged, locked or no journal" in outcome.err
    assert "name a sound backup" in outcome.err
    assert counterpoint("log", "tail", "--json").record["request_id"] == noted


def test_backup_of_a_damaged_journal_names_the_journal(
    counterpoint: Run, data: Path, noted: str, tmp_path: Path
) -> None:
    (data / "journal.db").write_bytes(b"no database" * 1000)
    outcome = counterpoint("journal", "backup", tmp_path / "copy.db")
    assert outcome.code is ExitCode.JOURNAL
    assert f"{data / 'journal.db'}: it is damaged" in outcome.err
    assert list(tmp_path.glob("copy.db*")) == []


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_folder_is_no_file(counterpoint: Run, noted: str, tmp_path: Path, command: str) -> None:
    for folder in (tmp_path, "."):
        outcome = counterpoint("journal", command, folder)
        assert outcome.code is ExitCode.USAGE
        assert "is a directory" in outcome.err


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_check_makes_no_journal(counterpoint: Run, tmp_path: Path, option: tuple[str, ...]) -> None:
    folder = tmp_path / "empty"
    outcome = counterpoint("journal", "check", *option, DATA_DIR=str(folder))
    assert (outcome.code, outcome.out) == (ExitCode.JOURNAL, "")
    assert f"no journal at {folder / 'journal.db'} yet" in outcome.err
    assert not folder.exists()


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
