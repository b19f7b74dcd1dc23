"""No token is stored in clear, and the keys that seal them can be changed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from adapters.slack.installing import InstallationStore, sealer_from
from bot.backends.sqlite import SqliteJournal
from bot.errors import ConfigError
from bot.ports import TextPolicy
from tests.adapters.slack.installed import (
    ADAS,
    NEW_KEY,
    OLD_KEY,
    RENEWED,
    RIVERS,
    an_installation,
    as_values,
    tokens_of,
)
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.installations import MemoryInstallations
from tests.fakes.journal import an_interaction


@pytest.fixture
def kept() -> MemoryInstallations:
    return MemoryInstallations(ManualClock())


@pytest.fixture
def store(kept: MemoryInstallations) -> InstallationStore:
    return InstallationStore(kept, sealer_from(NEW_KEY))


# --- the keys


def test_first_key_seals() -> None:
    sealed = sealer_from(f"{NEW_KEY},{OLD_KEY}").encrypt(b"words")
    assert Fernet(NEW_KEY).decrypt(sealed) == b"words"


def test_every_key_opens() -> None:
    sealed = Fernet(OLD_KEY).encrypt(b"words")
    assert sealer_from(f" {NEW_KEY} , {OLD_KEY} ,").decrypt(sealed) == b"words"


@pytest.mark.parametrize("keys", ["", " ", ",", " , "])
def test_no_key_is_refused_with_a_way_to_make_one(keys: str) -> None:
    with pytest.raises(ConfigError, match=r"SLACK_ENCRYPTION_KEY is not set.*python -c .*Fernet"):
        sealer_from(keys)


@pytest.mark.parametrize("bad", ["hunter2", "é" * 44, NEW_KEY[:-2]])
def test_bad_key_is_named_by_its_place_and_not_shown(bad: str) -> None:
    with pytest.raises(ConfigError, match=r"SLACK_ENCRYPTION_KEY: key 2 .*python -c") as caught:
        sealer_from(f"{NEW_KEY},{bad}")
    assert bad not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_way_to_make_a_key_makes_one() -> None:
    with pytest.raises(ConfigError) as caught:
        sealer_from("")
    script = str(caught.value).split('python -c "')[1].rstrip('"')
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert sealer_from(made.stdout)


# --- sealing


async def test_nothing_is_handed_over_in_clear(
    store: InstallationStore, kept: MemoryInstallations
) -> None:
    await store.async_save(an_installation(user_token=ADAS))
    clear = [key for key, sealed in kept.kept.items() if b"xox" in sealed or b"River" in sealed]
    assert (len(kept.kept), clear) == (2, [])


async def test_old_key_opens_behind_a_new_one(kept: MemoryInstallations) -> None:
    await InstallationStore(kept, sealer_from(OLD_KEY)).async_save(an_installation())
    rotated = InstallationStore(kept, sealer_from(f"{NEW_KEY},{OLD_KEY}"))
    bot = await rotated.async_find_bot(enterprise_id=None, team_id="T1")
    assert as_values(bot)["bot_token"] == RIVERS


async def test_renewed_token_is_sealed_with_the_new_key(kept: MemoryInstallations) -> None:
    await InstallationStore(kept, sealer_from(OLD_KEY)).async_save(an_installation())
    rotated = InstallationStore(kept, sealer_from(f"{NEW_KEY},{OLD_KEY}"))
    await rotated.async_save_bot(an_installation().to_bot())
    opened = Fernet(NEW_KEY).decrypt(kept.kept["slack", "T1", ""])
    assert json.loads(opened)["bot_token"] == RIVERS


async def test_wrong_key_says_which_setting_and_what_to_do(
    kept: MemoryInstallations, store: InstallationStore, caplog: pytest.LogCaptureFixture
) -> None:
    await InstallationStore(kept, sealer_from(OLD_KEY)).async_save(an_installation())
    for finding in (store.async_find_bot, store.async_find_installation):
        with pytest.raises(ConfigError, match=r"SLACK_ENCRYPTION_KEY.* of T1.*back.*again"):
            await finding(enterprise_id=None, team_id="T1")
    assert [record.message for record in caplog.records] == ["installation_not_opened"] * 2


async def test_installing_again_helps_after_the_key_was_lost(
    kept: MemoryInstallations, store: InstallationStore
) -> None:
    await InstallationStore(kept, sealer_from(OLD_KEY)).async_save(an_installation())
    await store.async_save(an_installation())
    assert await store.async_find_bot(enterprise_id=None, team_id="T1") is not None


async def test_journals_files_hold_no_token(tmp_path: Path) -> None:
    async with await SqliteJournal.open(
        tmp_path / "journal.db",
        clock=ManualClock(),
        new_id=CountingIds(),
        text_policy=TextPolicy.OFF,
    ) as journal:
        store = InstallationStore(journal.installations, sealer_from(NEW_KEY))
        await store.async_save(an_installation(user_token=ADAS))
        await store.async_save_bot(an_installation(bot_token=RENEWED).to_bot())
        assert await tokens_of(store, "UADA") == ("UADA", RENEWED, ADAS)
        while_open = files_of(tmp_path)
    assert {"journal.db", "journal.db-wal"} <= while_open.keys()
    for files in (while_open, files_of(tmp_path)):
        assert [name for name, held in files.items() if b"installations" in held] != []
        assert [name for name, held in files.items() if b"xox" in held] == []


async def test_uninstalling_leaves_no_sealed_byte_and_no_question(tmp_path: Path) -> None:
    async with await SqliteJournal.open(
        tmp_path / "journal.db",
        clock=ManualClock(),
        new_id=CountingIds(),
        text_policy=TextPolicy.FULL,
    ) as journal:
        store = InstallationStore(journal.installations, sealer_from(NEW_KEY))
        await store.async_save(an_installation())
        await journal.begin(an_interaction(platform="slack", community_id="T1", text="tapirs"))
        sealed = await journal.installations.find("slack", "T1")
        assert sealed is not None
        await store.async_delete_all(enterprise_id=None, team_id="T1")
        left = [
            name for name, held in files_of(tmp_path).items() if sealed in held or b"tapirs" in held
        ]
    assert left == []


def files_of(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
