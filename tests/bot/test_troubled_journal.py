"""A journal in trouble: answers go on without the log, or stop where the log is required.

That a disk fills up for real is in `test_full_disk`, as it takes a process of its own.
"""

import itertools
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from bot import texts
from bot.backends.sqlite import SqliteJournal
from bot.bootstrap import Application
from bot.errors import JournalError
from bot.ports import TextPolicy
from tests.bot.backends.sqlite.trouble import Tap, damage, locked, own_folder, protected
from tests.bot.test_bootstrap import settings_in
from tests.bot.test_service import Bench
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.journal import an_interaction

CLAIM = "School uniforms should be compulsory."

required = pytest.mark.parametrize("log_required", [False, True])


@pytest.fixture(autouse=True)
def _events(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)


def told_of(caplog: pytest.LogCaptureFixture, event: str) -> str:
    """Return what the log says of an event."""
    told = [str(vars(one)["reason"]) for one in caplog.records if one.message == event]
    return " ".join(told)


# --- while the bot runs ---------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def bench() -> Iterator[Bench]:
    with ThreadPoolExecutor(2) as executor:
        yield Bench(executor)


async def opened(path: Path, tap: Tap) -> SqliteJournal:
    return await SqliteJournal.open(
        path,
        clock=ManualClock(),
        new_id=CountingIds("noted"),
        text_policy=TextPolicy.FULL,
        busy_timeout_s=0.05,
        connect=tap.connect,
    )


@asynccontextmanager
async def lock_held(path: Path) -> AsyncIterator[SqliteJournal]:
    async with await opened(path, Tap()) as journal:
        with locked(path):
            yield journal


@asynccontextmanager
async def writing_refused(path: Path) -> AsyncIterator[SqliteJournal]:
    tap = Tap()
    async with await opened(path, tap) as journal:
        tap.set("query_only = ON")
        yield journal


@asynccontextmanager
async def no_room(path: Path) -> AsyncIterator[SqliteJournal]:
    tap = Tap()
    async with await opened(path, tap) as journal:
        tap.set("max_page_count = 1")
        with suppress(JournalError):
            for number in itertools.count():  # until the pages that there are hold no more
                await journal.begin(an_interaction(id=f"before-{number}"))
        yield journal


@asynccontextmanager
async def damaged(path: Path) -> AsyncIterator[SqliteJournal]:
    async with await opened(path, Tap()):
        pass
    damage(path, "interactions")
    async with await opened(path, Tap()) as journal:
        yield journal


@required
@pytest.mark.parametrize(
    ("in_trouble", "told"),
    [
        (lock_held, "another process holds its write lock"),
        (writing_refused, "make the file and its folder writable"),
        (no_room, "the disk is full; free some space"),
        (damaged, "put a backup in its place"),
    ],
)
async def test_trouble_stops_answers_only_where_the_log_is_required(
    bench: Bench,
    path: Path,
    in_trouble: Callable[[Path], AbstractAsyncContextManager[SqliteJournal]],
    told: str,
    log_required: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench.log_required = log_required
    async with in_trouble(path) as journal:
        bench.journal = journal
        reply = await bench.ask()
    assert (reply.answered, reply.id) == (not log_required, "own1")
    assert reply.error == ("error_journal" if log_required else None)
    if log_required:
        assert reply.headline == texts.error("error_journal", "own1")
    event = "request_refused" if log_required else "journal_failed"
    assert f"{path}: " in told_of(caplog, event)
    assert told in told_of(caplog, event)
    # Nobody waits twice for a journal that does not know the request.
    assert [one.message for one in caplog.records] == [event]


@required
async def test_after_the_trouble_requests_are_noted_again(
    bench: Bench, path: Path, log_required: bool
) -> None:
    bench.log_required = log_required
    async with await opened(path, Tap()) as journal:
        bench.journal = journal
        with locked(path):
            await bench.ask()
        reply = await bench.ask()
        assert reply.answered
        assert await journal.entry(reply.id) is not None


# --- before it starts -----------------------------------------------------------------


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Application:
    """An application whose index serves; tests leave it as it is."""
    application = Application(settings_in(tmp_path_factory.mktemp("indexed")))
    application.reindex()
    return application


@pytest.fixture
async def application(indexed: Application) -> AsyncIterator[Application]:
    """An application with an index and a journal of its own, in a folder that all may read."""
    with own_folder() as folder:
        data = folder / "data"
        shutil.copytree(indexed.settings.data_dir, data)
        application = Application(replace(indexed.settings, data_dir=data))
        # The models are the slow part, and the same for all.
        application.__dict__["encoder"] = indexed.encoder
        application.__dict__["stance"] = indexed.stance
        await ask(application)  # so that nothing is left to be loaded
        yield application


async def ask(application: Application) -> bool:
    """Start the bot and ask it; returns whether it answers."""
    async with application.bot() as bot:
        reply = await bot.handle(an_interaction(text=CLAIM))
        assert reply is None or reply.error is None
        return reply is not None and reply.answered


@contextmanager
def new_in_protected_folder(journal: Path) -> Iterator[None]:
    for file in journal.parent.glob(f"{journal.name}*"):
        file.rename(journal.parents[1] / file.name)
    with protected(journal.parent):
        yield


@contextmanager
def in_protected_folder(journal: Path) -> Iterator[None]:
    locks = journal.with_name(f"{journal.name}.locks")
    with protected(*locks.iterdir(), locks, journal, journal.parent):
        yield


@contextmanager
def being_opened(journal: Path) -> Iterator[None]:
    with FileLock(journal.with_name(f"{journal.name}.locks") / "open.lock"):
        yield


@contextmanager
def no_database(journal: Path) -> Iterator[None]:
    journal.write_bytes(b"this is no database" * 1_000)
    yield


@required
@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (new_in_protected_folder, "make the file and its folder writable"),
        (in_protected_folder, "make the file and its folder writable"),
        (being_opened, "another process has been opening it"),
        (no_database, "move it and its -wal file away"),
    ],
)
async def test_trouble_keeps_it_from_starting_only_where_the_log_is_required(
    application: Application,
    trouble: Callable[[Path], AbstractContextManager[None]],
    told: str,
    log_required: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    application.settings = replace(application.settings, log_required=log_required)
    path = application.settings.journal_path
    with trouble(path):
        if log_required:
            with pytest.raises(JournalError, match=told) as caught:
                await ask(application)
            assert f"{path}: " in str(caught.value)
        else:
            assert await ask(application)
            assert f"{path}: " in told_of(caplog, "journal_failed")
            assert told in told_of(caplog, "journal_failed")
