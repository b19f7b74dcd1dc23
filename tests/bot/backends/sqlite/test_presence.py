"""Processes that are alive hold their file; all others are gone."""

from pathlib import Path

import pytest

from bot.backends.sqlite.presence import Presence
from bot.errors import JournalError


def test_a_process_that_entered_is_not_gone_until_it_leaves(tmp_path: Path) -> None:
    ada, grace = Presence(tmp_path, "ada"), Presence(tmp_path, "grace")
    ada.enter()
    grace.enter()
    assert not grace.is_gone("ada")
    ada.leave()
    assert grace.is_gone("ada")
    grace.leave()


def test_a_process_is_never_gone_to_itself(tmp_path: Path) -> None:
    assert not Presence(tmp_path, "ada").is_gone("ada")


def test_nobody_has_heard_of_a_process_that_never_entered(tmp_path: Path) -> None:
    assert Presence(tmp_path, "ada").is_gone("grace")


def test_entering_clears_away_what_dead_processes_left(tmp_path: Path) -> None:
    (tmp_path / "dead.alive").touch()
    grace = Presence(tmp_path, "grace")
    grace.enter()
    ada = Presence(tmp_path, "ada")
    ada.enter()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ada.alive", "grace.alive"]
    ada.leave()
    grace.leave()
    grace.leave()
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_in_use_is_refused(tmp_path: Path) -> None:
    ada = Presence(tmp_path, "ada")
    ada.enter()
    with pytest.raises(JournalError, match=r"'ada' is open; ids must be unique"):
        Presence(tmp_path, "ada").enter()
    ada.leave()
