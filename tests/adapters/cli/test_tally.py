"""`counterpoint log stats`: interactions counted."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.cli.tally import Tally
from adapters.web.dashboard.sums import percentiles
from tests.adapters.cli.noting import DAY_S, NOW, note_a_week
from tests.adapters.conftest import Run


@pytest.fixture
def noted(data: Path) -> list[str]:
    """Note a week of questions, and return their ids."""
    return note_a_week(data)


def test_stats_count_everything(counterpoint: Run, noted: list[str]) -> None:
    record = counterpoint("log", "stats", "--json").record
    assert (record["interactions"], record["answered"], record["not_found"]) == (5, 2, 3)
    assert record["platforms"] == {"discord": 3, "slack": 2}
    assert record["verdicts"] == {"helpful": 5}
    assert record["took_ms"] == {"p50": 12.5, "p95": 12.5, "p99": 12.5}
    assert record["first"] == datetime.fromtimestamp(NOW - 6 * DAY_S, UTC).isoformat(
        timespec="seconds"
    )


def test_stats_for_a_person_are_a_figure_a_line(counterpoint: Run, noted: list[str]) -> None:
    lines = counterpoint("log", "stats", "--platform", "slack").out.splitlines()
    assert "interactions\t\t2" in lines
    assert "platforms\tslack\t2" in lines


def test_stats_of_nothing_are_zero(counterpoint: Run, noted: list[str], tmp_path: Path) -> None:
    empty = str(tmp_path / "empty")
    for outcome in (
        counterpoint("log", "stats", "--json", "--platform", "irc"),
        counterpoint("log", "stats", "--json", DATA_DIR=empty),
    ):
        record = outcome.record
        assert (record["interactions"], record["first"], record["took_ms"]) == (0, None, {})
    assert not Path(empty).exists()


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([7.0], (7.0, 7.0, 7.0)),
        ([2.0, 1.0], (1.0, 2.0, 2.0)),
        ([float(number) for number in range(1, 101)], (50.0, 95.0, 99.0)),
    ],
)
def test_percentiles_are_those_of_the_dashboard(
    times: list[float], expected: tuple[float, ...]
) -> None:
    counted_up = Tally(took_ms=times)
    assert tuple(counted_up.record()["took_ms"].values()) == expected
    assert percentiles(sorted(times)) == expected
