"""What the SQLite journal does beyond the contract: files, keys, forgetting, closing."""

import asyncio
import inspect
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import aiosqlite
import pytest

from bot.backends.sqlite import SqliteJournal
from bot.backends.sqlite.migrations import MIGRATIONS
from bot.errors import JournalError
from bot.ports import Journal, TextPolicy
from bot.types import Query, QueryKind
from tests.bot.backends.sqlite.conftest import OpenJournal
from tests.contracts.journal_contract import entries
from tests.fakes.clock import ManualClock
from tests.fakes.journal import a_reply, an_interaction

_KEY = b"sixteen bytes at least"


def _keeps_the_port(journal: SqliteJournal) -> Journal:
    return journal  # the type checker says when the journal drifts from its port


async def test_what_was_written_is_there_after_reopening(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        receipt = await journal.begin(an_interaction())
        await journal.finish(receipt.request_id, a_reply())
        before = await entries(journal)
    async with await open_journal() as journal:
        assert await entries(journal) == before


async def test_an_acknowledged_write_is_synced_in_a_write_ahead_log(
    open_journal: OpenJournal, path: Path
) -> None:
    asked: list[tuple[object, ...]] = []

    class Spied(sqlite3.Connection):
        def close(self) -> None:
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "secure_delete"):
                asked.extend(self.execute(f"PRAGMA {pragma}").fetchall())
            super().close()

    def connect(path: Path, timeout: float) -> aiosqlite.Connection:
        return aiosqlite.connect(path, timeout=timeout, isolation_level=None, factory=Spied)

    async with await open_journal(connect=connect):
        pass
    assert asked == [("wal",), (2,), (1,), (1,)]


async def test_tables_are_strict_about_types(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal():
        pass
    database = sqlite3.connect(path)
    tables = database.execute("PRAGMA table_list").fetchall()
    database.close()
    assert all(strict for _, name, _, _, _, strict in tables if not name.startswith("sqlite_"))


async def test_a_request_of_a_closed_journal_is_new_again(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        first = await journal.begin(an_interaction())
    async with await open_journal() as journal:
        again = await journal.begin(an_interaction())
    assert (again.is_new, again.request_id) == (True, first.request_id)


async def test_a_request_of_another_journal_that_is_open_is_not_new(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as first, await open_journal() as second:
        await first.begin(an_interaction())
        assert not (await second.begin(an_interaction())).is_new
        clock.advance(901)
        assert (await second.begin(an_interaction())).is_new
        assert not (await first.begin(an_interaction())).is_new


async def test_the_lease_is_the_operators_to_set(
    open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal(lease_s=10.0) as journal:
        await journal.begin(an_interaction())
        clock.advance(11)
        assert (await journal.begin(an_interaction())).is_new


# --- who may read it


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


async def test_the_journal_is_for_its_owner_only(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        await journal.begin(an_interaction())
        files = [path, path.with_name("journal.db-wal"), path.with_name("journal.db-shm")]
        assert {mode_of(file) for file in files} == {0o600}


async def test_what_an_operator_lets_others_read_stays_so(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal():
        pass
    await asyncio.to_thread(path.chmod, 0o640)
    async with await open_journal():
        pass
    assert mode_of(path) == 0o640


# --- the key


async def test_a_random_key_is_made_once_for_its_owner_only(
    path: Path, open_journal: OpenJournal
) -> None:
    key_file = path.with_name("journal.db.key")
    async with await open_journal():
        pass
    key = key_file.read_text()
    assert mode_of(key_file) == 0o600
    assert len(bytes.fromhex(key)) == 32
    async with await open_journal():
        pass
    assert key_file.read_text() == key


async def test_a_key_that_was_given_is_not_written_down(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal(asker_key=_KEY) as journal:
        await journal.begin(an_interaction())
        assert await journal.forget("discord", "ada") == 1
    assert not path.with_name("journal.db.key").exists()
    assert _files_with(path.parent, _KEY) == []


async def test_another_key_is_refused_lest_nobody_could_be_forgotten(
    open_journal: OpenJournal,
) -> None:
    async with await open_journal(asker_key=_KEY):
        pass
    with pytest.raises(JournalError, match="begun with another key"):
        await open_journal(asker_key=b"another key of some length")


async def test_a_missing_key_file_is_not_replaced(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal():
        pass
    key_file = path.with_name("journal.db.key")
    key_file.unlink()
    with pytest.raises(JournalError, match=r"key file .*journal\.db\.key is missing; put a backup"):
        await open_journal()
    assert not key_file.exists()


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32, "ab" * 31, "é" * 64])
async def test_a_file_that_holds_no_key_is_refused(
    path: Path, open_journal: OpenJournal, content: str
) -> None:
    path.with_name("journal.db.key").write_text(content, encoding="utf-8")
    with pytest.raises(JournalError, match=r"journal\.db\.key.*64 hexadecimal digits"):
        await open_journal()


async def test_a_short_key_is_refused(open_journal: OpenJournal) -> None:
    with pytest.raises(JournalError, match=r"has 5 bytes; it needs at least 16"):
        await open_journal(asker_key=b"short")


async def test_different_keys_hide_the_same_asker_differently(tmp_path: Path) -> None:
    askers = set()
    for name in ("a.db", "b.db"):
        async with await SqliteJournal.open(
            tmp_path / name, clock=ManualClock(), new_id=lambda: "r1", text_policy=TextPolicy.OFF
        ) as journal:
            await journal.begin(an_interaction())
            askers.update([entry.asker for entry in await entries(journal)])
    assert len(askers) == 2


# --- what the file holds


@pytest.mark.parametrize("policy", [TextPolicy.HASHED, TextPolicy.OFF])
async def test_words_that_are_not_to_be_kept_never_reach_the_disk(
    tmp_path: Path, open_journal: OpenJournal, policy: TextPolicy
) -> None:
    async with await open_journal(text_policy=policy) as journal:
        receipt = await journal.begin(an_interaction(text="zebra crossing", asker_id="quagga"))
        query = Query("zebra crossing", QueryKind.CLAIM, "A zebra crossing helps.")
        await journal.finish(receipt.request_id, a_reply(query=query))
        assert _files_with(tmp_path, b"zebra crossing", b"quagga") == []


async def test_forgotten_words_are_gone_from_every_file(
    tmp_path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        for number in range(200):
            asked = an_interaction(
                id=f"okapi-{number}", text="zebra " * number, thread_id="quagga",
                asker_id="ada" if number % 2 else "grace",
            )  # fmt: skip
            receipt = await journal.begin(asked)
            query = Query("zebra", QueryKind.TOPIC, "The zebra.", "quagga", f"gnu-{number}")
            await journal.finish(receipt.request_id, a_reply(query=query), error="tapir")
            await journal.delivered(receipt.request_id, [f"gnu-{number}"])
        assert _files_with(tmp_path, b"zebra", b"quagga", b"tapir") != []
        assert await journal.forget("discord", "ada") == 100
        assert await journal.forget("discord", "grace") == 100
        words = (b"zebra", b"quagga", b"tapir", b"gnu-", b"okapi")
        assert _files_with(tmp_path, *words) == []


async def test_forget_needs_no_reader_to_pause(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal(busy_timeout_s=0.05) as journal:
        await journal.begin(an_interaction())
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM interactions").fetchall()
        assert await journal.forget("discord", "ada") == 1
        reader.close()


def _files_with(folder: Path, *words: bytes) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [file.name for file in files if any(word in file.read_bytes() for word in words)]


# --- reading and checking


async def test_reading_waits_for_no_writer(path: Path, open_journal: OpenJournal) -> None:
    async with await open_journal(busy_timeout_s=0.05) as journal:
        await journal.begin(an_interaction())
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert len(await entries(journal)) == 1
        other.close()


async def test_a_reader_that_stops_early_leaves_nothing_open(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        for number in range(3):
            await journal.begin(an_interaction(id=str(number)))
        async for _ in journal.recent(3):
            break


@pytest.mark.parametrize("name", ["a b.db", "a?b.db", "a#b.db", "a%20b.db", "ä.db"])
async def test_a_path_may_hold_any_character(tmp_path: Path, name: str) -> None:
    async with await SqliteJournal.open(
        tmp_path / name, clock=ManualClock(), new_id=lambda: "r1", text_policy=TextPolicy.FULL
    ) as journal:
        await journal.begin(an_interaction())
        assert len(await entries(journal)) == 1
    assert (tmp_path / name).is_file()


async def test_check_tells_version_size_and_last_write(
    path: Path, open_journal: OpenJournal, clock: ManualClock
) -> None:
    async with await open_journal() as journal:
        receipt = await journal.begin(an_interaction())
        await journal.finish(receipt.request_id, a_reply())
        clock.advance(5)
        await journal.delivered(receipt.request_id, ["m1"])
        health = await journal.check()
    assert health.location == str(path)
    assert health.schema_version == MIGRATIONS[-1].version
    assert health.size_bytes > 4096
    assert health.last_write == clock.now


async def test_check_finds_rows_without_an_interaction(
    path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        other = sqlite3.connect(path)
        other.execute("INSERT INTO deliveries VALUES ('nobody', 'm1', 0.0)")
        other.commit()
        other.close()
        health = await journal.check()
    assert health.problems == ("a row of deliveries belongs to no interaction",)


# --- closing


async def test_close_loses_nothing_that_was_asked_for(open_journal: OpenJournal) -> None:
    async with await open_journal() as journal:
        waiting = [
            asyncio.create_task(journal.begin(an_interaction(id=str(number))))
            for number in range(300)
        ]
        await asyncio.sleep(0)
    assert all(receipt.is_new for receipt in await asyncio.gather(*waiting))
    async with await open_journal() as journal:
        assert len(await entries(journal, 1000)) == 300


async def test_close_leaves_neither_a_log_nor_a_sign_of_life(
    path: Path, tmp_path: Path, open_journal: OpenJournal
) -> None:
    async with await open_journal() as journal:
        await journal.begin(an_interaction())
    left = set(_files_with(tmp_path, b""))
    assert left - {"open.lock"} == {"journal.db", "journal.db.key"}


async def test_an_opening_that_fails_leaves_nothing_open(
    path: Path, open_journal: OpenJournal
) -> None:
    def taken() -> str:
        return "taken"

    async with await open_journal(new_id=taken) as journal:
        with pytest.raises(JournalError, match="'taken' is open"):
            await open_journal(new_id=taken)
        assert (await journal.begin(an_interaction())).is_new


def test_a_process_that_forgets_to_close_still_ends(path: Path) -> None:
    program = """
        import asyncio, pathlib, sys, uuid
        from bot.backends.sqlite import SqliteJournal
        from bot.ports import TextPolicy
        async def main():
            await SqliteJournal.open(pathlib.Path(sys.argv[1]), clock=lambda: 0.0,
                new_id=lambda: uuid.uuid4().hex, text_policy=TextPolicy.FULL)
        asyncio.run(main())
    """
    subprocess.run(
        [sys.executable, "-c", inspect.cleandoc(program), str(path)], check=True, timeout=20
    )
