"""Journals on files of a test's own folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.backends.sqlite import SqliteJournal
from bot.ports import TextPolicy
from tests.fakes.clock import CountingIds, ManualClock

OpenJournal = Callable[..., Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's journal lies."""
    return tmp_path / "journal.db"


@pytest.fixture
def clock() -> ManualClock:
    """The time of all journals of a test."""
    return ManualClock()


@pytest.fixture
def open_journal(path: Path, clock: ManualClock) -> OpenJournal:
    """Open the test's journal, as often as wanted; what is not said is usual."""
    ids = CountingIds()

    async def open_it(**changes: Any) -> SqliteJournal:
        usual: dict[str, Any] = {"clock": clock, "new_id": ids, "text_policy": TextPolicy.FULL}
        return await SqliteJournal.open(path, **{**usual, **changes})

    return open_it
