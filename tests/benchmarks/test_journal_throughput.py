"""The journal's benchmark runs, and grouping is what it says."""

from pathlib import Path

from tests.benchmarks.journal_throughput import compare


async def test_grouped_commits_beat_one_transaction_each(tmp_path: Path) -> None:
    lines: list[str] = []
    ratio = await compare(tmp_path, producers=64, seconds=0.2, say=lines.append, rounds=1)
    assert ratio > 1.0
    assert len(lines) == 6
