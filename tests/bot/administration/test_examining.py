"""Index, corpus and journal are looked over, and what is wrong is said."""

from collections.abc import Callable

import pytest

from bot.administration import (
    Health,
)
from tests.bot.administration.bench import (
    Bench,
    DamagedStore,
    SickJournal,
)
from tests.fakes.clock import CountingIds


async def health(bench: Bench) -> dict[str, tuple[Health, str]]:
    findings = await bench.administration().findings()
    return {one.part: (one.health, one.told) for one in findings}


async def test_all_is_well(bench: Bench) -> None:
    found = await health(bench)
    assert {part: how for part, (how, _) in found.items()} == {
        "index": Health.OK,
        "corpus": Health.OK,
        "journal": Health.OK,
    }
    assert "1 documents, 2 sentences, 1 topics" in found["index"][1]
    assert "2 hours ago" in found["corpus"][1]


def no_index(bench: Bench) -> None:
    bench.store.serving = bench.built_at = None


def damaged_index(bench: Bench) -> None:
    bench.store = DamagedStore()


def changed_corpus(bench: Bench) -> None:
    bench.changed_at = bench.clock.now - 60


def old_corpus(bench: Bench) -> None:
    bench.built_at = bench.clock.now - 100 * 86_400
    bench.changed_at = None


def no_journal(bench: Bench) -> None:
    bench.journal = None


def sick_journal(bench: Bench) -> None:
    bench.journal = SickJournal(bench.clock, CountingIds())


@pytest.mark.parametrize(
    ("spoil", "part", "how", "told"),
    [
        (no_index, "index", Health.PROBLEM, "a reindex builds one"),
        (damaged_index, "index", Health.PROBLEM, "corpus.db is damaged"),
        (changed_corpus, "corpus", Health.WARNING, "changed after it was read 2 hours ago"),
        (old_corpus, "corpus", Health.WARNING, "100 days ago. Is it still up to date?"),
        (no_journal, "journal", Health.WARNING, "no limits, channels or cool-down"),
        (sick_journal, "journal", Health.PROBLEM, "page 7 is damaged"),
    ],
)
async def test_what_is_wrong_is_found(
    bench: Bench, spoil: Callable[[Bench], None], part: str, how: Health, told: str
) -> None:
    spoil(bench)
    found = await health(bench)
    assert found[part][0] is how
    assert told in found[part][1]


async def test_journal_that_cannot_be_read_is_found(bench: Bench) -> None:
    assert bench.journal is not None
    await bench.journal.close()
    assert (await health(bench))["journal"][0] is Health.PROBLEM


@pytest.mark.parametrize(
    ("age_s", "told"),
    [(0, "just now"), (59, "just now"), (60, "1 minute ago"), (86_400, "1 day ago")],
)
async def test_age_is_told_as_people_say_it(bench: Bench, age_s: float, told: str) -> None:
    bench.built_at, bench.changed_at = bench.clock.now - age_s, None
    assert told in (await health(bench))["corpus"][1]
