"""What admins may do, with the parts faked that do it."""

import asyncio
import logging
import threading

import pytest

from bot.administration import (
    AdminPolicy,
    CorpusStatus,
    Progress,
)
from bot.administration.administering import CHANNELS_STALE_S
from bot.errors import CoolingDown, CorpusError, IndexBusy, IndexUnavailable, JournalError
from bot.types import ChannelMode
from tests.bot.administration.bench import (
    BY,
    REPORT,
    STEP,
    Bench,
    BrokenCommunities,
    CountedCommunities,
    ForgetfulCommunities,
    ignore,
    until,
)
from tests.fakes.communities import MemoryCommunities, NotedReindex
from tests.fakes.journal import a_reply, an_interaction

# --- who may ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("community_may", "platform", "user", "manages", "may"),
    [
        (True, "discord", "ada", True, True),
        (True, "discord", "ada", False, False),
        (True, "discord", "7", False, True),
        (True, "slack", "7", False, False),
        (False, "discord", "ada", True, False),
        (False, "discord", "7", False, True),
    ],
)
def test_who_may_administer(
    bench: Bench, community_may: bool, platform: str, user: str, manages: bool, may: bool
) -> None:
    bench.policy = AdminPolicy(community_may, frozenset({"discord:7"}))
    administration = bench.administration()
    assert administration.may_administer(platform, user, manages_community=manages) is may


# --- reindex ----------------------------------------------------------------------


async def test_reindex_reports_and_is_noted(bench: Bench) -> None:
    seen: list[tuple[Progress, bool]] = []
    main = threading.get_ident()

    def watch(progress: Progress) -> None:
        seen.append((progress, threading.get_ident() == main))

    assert await bench.administration().reindex(BY, watch) == REPORT
    assert seen == [(STEP, False)]
    assert bench.noted == [NotedReindex(BY, bench.clock.now, "v2", None, REPORT)]


async def test_second_reindex_is_refused_while_one_runs(bench: Bench) -> None:
    bench.reindexing.go_on.clear()
    here, there = bench.administration(), bench.administration()
    first = asyncio.create_task(here.reindex(BY, ignore))
    await until(bench.reindexing.started)
    for administration in (here, there):  # this process, and another one
        with pytest.raises(IndexBusy):
            await administration.reindex(BY, ignore)
    bench.reindexing.go_on.set()
    assert await first == REPORT
    assert bench.reindexing.runs == 1


async def test_reindex_leaves_the_event_loop_free(bench: Bench) -> None:
    bench.reindexing.go_on.clear()
    running = asyncio.create_task(bench.administration().reindex(BY, ignore))
    await until(bench.reindexing.started)
    for _ in range(100):
        await asyncio.sleep(0)
    assert not running.done()
    bench.reindexing.go_on.set()
    await running


async def test_next_reindex_is_told_when(bench: Bench) -> None:
    administration = bench.administration()
    await administration.reindex(BY, ignore)
    bench.clock.advance(19.5)
    with pytest.raises(CoolingDown) as caught:
        await administration.reindex(BY, ignore)
    assert (caught.value.seconds, caught.value.key) == (41, "error_cooling_down")
    bench.clock.advance(40.5)
    assert await administration.reindex(BY, ignore) == REPORT


async def test_failed_reindex_is_noted_and_may_be_tried_again(bench: Bench) -> None:
    bench.reindexing.error = IndexUnavailable("disk full")
    administration = bench.administration()
    with pytest.raises(IndexUnavailable, match="disk full"):
        await administration.reindex(BY, ignore)
    error, reason = "IndexUnavailable", "disk full"
    assert bench.noted == [NotedReindex(BY, bench.clock.now, None, error, None, reason)]
    bench.reindexing.error = None
    assert await administration.reindex(BY, ignore) == REPORT


async def test_reindex_needs_no_journal(bench: Bench) -> None:
    bench.communities = None
    administration = bench.administration()
    for _ in range(2):  # and nothing counts a cool-down
        assert await administration.reindex(BY, ignore) == REPORT


@pytest.mark.parametrize("kind", [BrokenCommunities, ForgetfulCommunities])
async def test_reindex_does_not_depend_on_the_journal(
    bench: Bench, kind: type[MemoryCommunities], caplog: pytest.LogCaptureFixture
) -> None:
    bench.communities = kind(bench.clock)
    assert await bench.administration().reindex(BY, ignore) == REPORT
    assert "journal_failed" in caplog.messages


async def test_who_stops_waiting_does_not_stop_the_reindex(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.reindexing.go_on.clear()
    bench.reindexing.error = IndexUnavailable("disk full")
    administration = bench.administration()
    waiting = asyncio.create_task(administration.reindex(BY, ignore))
    await until(bench.reindexing.started)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    bench.reindexing.go_on.set()
    with caplog.at_level(logging.WARNING):
        await administration.close()
    assert bench.noted[0].error == "IndexUnavailable"
    assert "reindex_failed" in caplog.messages


async def test_close_stops_a_reindex_at_its_next_step(bench: Bench) -> None:
    bench.reindexing.go_on.clear()
    bench.reindexing.steps = 2
    administration = bench.administration()
    running = asyncio.create_task(administration.reindex(BY, ignore))
    await until(bench.reindexing.started)
    closing = asyncio.create_task(administration.close())
    await asyncio.sleep(0)
    bench.reindexing.go_on.set()
    await closing
    with pytest.raises(IndexUnavailable, match="being stopped"):
        await running


async def test_close_without_a_reindex_is_done(bench: Bench) -> None:
    await bench.administration().close()


# --- documents --------------------------------------------------------------------


async def test_document_waits_until_it_is_published(bench: Bench) -> None:
    administration = bench.administration()
    staged = await administration.stage(BY, "pears.txt", b"Pears keep until Easter.", author="Ida")
    assert (staged.title, staged.author, staged.sentences) == ("Pears", "Ida", 1)
    corpus = bench.folder / "corpus"
    assert not corpus.exists()
    assert await administration.publish(BY, staged.id, ignore) == REPORT
    assert (corpus / "documents" / "pears.txt").exists()
    assert [one.version for one in bench.noted] == ["v2"]


async def test_publishing_does_not_wait_for_the_cooldown(bench: Bench) -> None:
    administration = bench.administration()
    await administration.reindex(BY, ignore)
    staged = await administration.stage(BY, "pears.txt", b"Pears keep until Easter.")
    assert await administration.publish(BY, staged.id, ignore) == REPORT
    with pytest.raises(CoolingDown):
        await administration.reindex(BY, ignore)


async def test_publishing_waits_for_a_reindex_that_runs(bench: Bench) -> None:
    administration = bench.administration()
    staged = await administration.stage(BY, "pears.txt", b"Pears keep until Easter.")
    bench.reindexing.go_on.clear()
    running = asyncio.create_task(administration.reindex(BY, ignore))
    await until(bench.reindexing.started)
    with pytest.raises(IndexBusy):
        await administration.publish(BY, staged.id, ignore)
    bench.reindexing.go_on.set()
    await running
    assert await administration.publish(BY, staged.id, ignore) == REPORT


async def test_discarded_document_is_gone(bench: Bench) -> None:
    administration = bench.administration()
    staged = await administration.stage(BY, "pears.txt", b"Pears keep until Easter.")
    assert await administration.discard(BY, staged.id)
    assert not await administration.discard(BY, staged.id)
    with pytest.raises(CorpusError):
        await administration.publish(BY, staged.id, ignore)
    # Nor is it kept what the reason says of a document: an admin may have typed that.
    assert (bench.noted[0].error, bench.noted[0].reason) == ("StagedGone", None)


async def test_status_tells_what_can_be_searched(bench: Bench) -> None:
    assert bench.store.serving is not None
    version = bench.store.serving.version
    status = await bench.administration().status()
    assert status == CorpusStatus(version, 1, 2, 1, bench.built_at, ("Rivers",))
    bench.store.serving = None
    assert await bench.administration().status() == CorpusStatus(None, 0, 0, 1, None)


# --- communities ------------------------------------------------------------------


async def test_log_is_a_communitys_own(bench: Bench) -> None:
    journal = bench.journal
    assert journal is not None
    for number, community in enumerate(["river-club", "lake-club", "river-club"]):
        made = an_interaction(id=str(number), community_id=community)
        receipt = await journal.begin(made)
        in_vain = a_reply(answered=False, quotes=(), counterpoints=())
        await journal.finish(receipt.request_id, a_reply() if number else in_vain)
    administration = bench.administration()

    async def log(**filters: bool) -> list[str]:
        found = await administration.log("discord", "river-club", 10, **filters)
        return [entry.interaction_id for entry in found]

    assert await log() == ["2", "0"]
    assert await log(unanswered_only=True) == ["0"]


async def test_channels_are_set_and_read(bench: Bench) -> None:
    administration = bench.administration()
    assert await administration.channels("discord", "river-club") == {}
    await administration.set_channel("discord", "river-club", "dams", ChannelMode.AUTO)
    # Known at once here, though it was read a moment ago.
    assert await administration.channels("discord", "river-club") == {"dams": ChannelMode.AUTO}


async def test_channels_are_not_read_at_every_message(bench: Bench) -> None:
    here, there = bench.administration(), bench.administration()
    communities = bench.communities
    assert isinstance(communities, CountedCommunities)
    for _ in range(100):
        assert await here.channels("discord", "river-club") == {}
    assert communities.reads == 1
    await there.set_channel("discord", "river-club", "dams", ChannelMode.DENY)
    assert await here.channels("discord", "river-club") == {}
    bench.clock.advance(CHANNELS_STALE_S)
    assert await here.channels("discord", "river-club") == {"dams": ChannelMode.DENY}


async def test_clock_that_was_set_back_keeps_nothing_old(bench: Bench) -> None:
    here, there = bench.administration(), bench.administration()
    await here.channels("discord", "river-club")
    await there.set_channel("discord", "river-club", "dams", ChannelMode.DENY)
    bench.clock.advance(-86_400)
    assert await here.channels("discord", "river-club") == {"dams": ChannelMode.DENY}


async def test_community_is_greeted_once(bench: Bench) -> None:
    greeted = [await bench.administration().greet("discord", "river-club") for _ in range(2)]
    assert greeted == [True, False]


async def test_without_a_journal_nothing_is_remembered(bench: Bench) -> None:
    bench.journal = bench.communities = None
    administration = bench.administration()
    assert await administration.log("discord", "river-club", 5) == []
    assert await administration.channels("discord", "river-club") == {}
    assert not await administration.greet("discord", "river-club")
    with pytest.raises(JournalError, match="channels cannot be remembered"):
        await administration.set_channel("discord", "river-club", "dams", ChannelMode.DENY)
