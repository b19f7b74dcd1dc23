"""The journal's benchmark runs, and grouping is what it says."""

from pathlib import Path

from tests.benchmarks.journal_throughput import beside_searches, compare, lose_nothing


async def test_grouped_commits_beat_one_transaction_each(tmp_path: Path) -> None:
    lines: list[str] = []
    ratio = await compare(tmp_path, producers=64, seconds=0.2, say=lines.append, rounds=1)
    assert ratio > 1.0
    assert len(lines) == 6


async def test_interactions_are_noted_while_a_bot_answers(tmp_path: Path) -> None:
    lines: list[str] = []
    figures = await beside_searches(
        tmp_path, producers=8, seconds=0.3, searches=20, say=lines.append
    )
    assert figures.per_second > 0
    assert "beside" in lines[0]


async def test_kills_lose_nothing(tmp_path: Path) -> None:
    lines: list[str] = []
    await lose_nothing(tmp_path, kills=2, say=lines.append)
    assert lines[0].startswith("2 kills: lost 0 of ")
    assert lines[0].endswith("integrity_check ok")
