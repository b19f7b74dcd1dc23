"""The embedded backend under the contract, and what files on a disk are exposed to."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from bot.backends.embedded import EmbeddedStore
from bot.backends.embedded.generation import EmbeddedIndex
from bot.errors import IndexBusy, IndexUnavailable
from bot.ports import IndexStore
from tests.bot.backends.embedded.build_forever import DOCUMENTS, SENTENCES
from tests.contracts.index_contract import (
    BEES,
    DIMENSION,
    ENCODER,
    TEA,
    TRAINS,
    IndexContract,
    prepare,
    publish,
    terms_of,
    texts,
    vector_of,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> EmbeddedStore:
    return EmbeddedStore(folder, ENCODER, DIMENSION)


class TestEmbeddedIndex(IndexContract):
    """`EmbeddedStore` under the contract."""

    @pytest.fixture
    def store(self, folder: Path) -> IndexStore:
        return EmbeddedStore(folder, ENCODER, DIMENSION)


def generations(folder: Path) -> list[str]:
    """Return the names of the generations on disk."""
    return sorted(path.name for path in (folder / "generations").iterdir())


def assert_sound(index: EmbeddedIndex) -> None:
    """Check that every passage is whole and is found by its words and its vector."""
    for row, text in enumerate(texts(index, range(index.size))):
        assert row in index.match(dict.fromkeys(terms_of(text), 1.0), 500)[0]
        assert row in index.nearest(vector_of(text), 10)[0]


# --- generations ---


def test_another_store_sees_what_was_published(store: EmbeddedStore, folder: Path) -> None:
    reader = EmbeddedStore(folder, ENCODER, DIMENSION)
    publish(store, prepare("tea", TEA))
    first = reader.current()
    publish(store, prepare("bees", BEES))
    second = reader.current()
    assert first is not None
    assert second is not None
    assert (first.document_ids(), second.document_ids()) == (["tea"], ["bees"])


def test_the_generation_before_stays_and_older_ones_go(store: EmbeddedStore, folder: Path) -> None:
    oldest = publish(store, prepare("tea", TEA))
    for number in range(3):
        publish(store, prepare("bees", BEES, fingerprint=str(number)))
    assert generations(folder) == ["000003", "000004"]
    # Whoever still holds the removed one is not disturbed.
    assert texts(oldest, oldest.match({"bitter": 1.0}, 1)[0]) == [TEA[1]]
    assert oldest.similar_terms("coffe", 1) == ["coffee"]


def test_an_unfinished_generation_is_cleared_away(store: EmbeddedStore, folder: Path) -> None:
    publish(store, prepare("tea", TEA))
    shutil.copytree(folder / "generations" / "000001", folder / "generations" / "000002")
    (folder / "generations" / "000002" / "corpus.db").write_bytes(b"half")
    publish(store, prepare("bees", BEES), keep=["tea"])
    current = store.current()
    assert current is not None
    assert current.document_ids() == ["bees", "tea"]


def test_a_writer_without_changes_leaves_no_trace(store: EmbeddedStore, folder: Path) -> None:
    publish(store, prepare("tea", TEA))
    writer = store.begin()
    writer.keep("tea")
    assert generations(folder) == ["000001"]
    writer.close()


def test_a_change_shares_the_files_of_a_large_lexical_index(
    store: EmbeddedStore, folder: Path
) -> None:
    sentences = [f"Word{n} and tea." for n in range(600)]
    publish(store, *(prepare(f"d{n:02d}", sentences) for n in range(10)))
    names = [f"d{n:02d}" for n in range(1, 10)]
    after = publish(store, prepare("new", BEES), keep=names)
    first, second = (folder / "generations" / name / "lexical" for name in generations(folder))
    shared = [path for path in second.glob("*.idx") if (first / path.name).exists()]
    assert shared
    assert all(path.samefile(first / path.name) for path in shared)
    assert after.size == 5402
    assert after.document_frequency(["word7", "tea", "queen"]).tolist() == [9, 5400, 1]
    assert texts(after, after.match({"queen": 1.0}, 5)[0]) == [BEES[1]]
    rows, scores = after.match({"word7": 1.0}, 20)
    assert rows.tolist() == [600 * number + 7 for number in range(9)]
    assert len(set(scores.tolist())) == 1
    # Deleted in two steps, more than half of what is left: everything is written anew.
    last = publish(store, keep=names[:8])
    assert last.size == 4800
    third = folder / "generations" / "000003" / "lexical"
    assert not any((first / path.name).exists() for path in third.glob("*.idx"))


def test_files_are_copied_where_they_cannot_be_linked(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    sentences = [f"Word{n} and tea." for n in range(600)]
    publish(store, *(prepare(f"d{n:02d}", sentences) for n in range(10)))
    after = publish(store, prepare("tea", TEA), keep=[f"d{n:02d}" for n in range(10)])
    assert after.match({"bitter": 1.0}, 1)[0].tolist() == [6001]


# --- what can go wrong ---


def test_another_process_that_builds_is_waited_for(store: EmbeddedStore, folder: Path) -> None:
    writer = store.begin()
    with pytest.raises(IndexBusy, match="Another process"):
        EmbeddedStore(folder, ENCODER, DIMENSION).begin()
    writer.close()


def test_another_encoder_is_refused_and_can_build_anew(store: EmbeddedStore, folder: Path) -> None:
    publish(store, prepare("tea", TEA))
    other = EmbeddedStore(folder, "other-encoder", DIMENSION)
    with pytest.raises(IndexUnavailable, match=r"test-encoder.*counterpoint reindex"):
        other.current()
    writer = other.begin()
    assert writer.fingerprints == {}
    writer.put(prepare("tea", TEA))
    writer.build()
    writer.publish()
    writer.close()
    current = other.current()
    assert current is not None
    assert current.size == 3


def test_vectors_of_another_length_are_refused(folder: Path) -> None:
    writer = EmbeddedStore(folder, ENCODER, DIMENSION + 1).begin()
    with pytest.raises(ValueError, match="shape"):
        writer.put(prepare("tea", TEA))
    writer.close()


PARTS = ["corpus.db", "documents.npy", "codes.npy", "scales.npy", "offsets.npy", "sketch.npy"]


@pytest.mark.parametrize("part", [*PARTS, "lexical/meta.json", "lexical"])
@pytest.mark.parametrize("damage", ["gone", "garbage"])
def test_a_damaged_part_is_named_and_the_index_can_be_built_anew(
    store: EmbeddedStore, folder: Path, part: str, damage: str
) -> None:
    publish(store, prepare("tea", TEA))
    path = folder / "generations" / "000001" / part
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    if damage == "garbage":
        path.write_bytes(b"garbage" * 1000)
    reader = EmbeddedStore(folder, ENCODER, DIMENSION)
    with pytest.raises(IndexUnavailable, match=r"generations/000001.*counterpoint reindex"):
        reader.current()
    index = publish(reader, prepare("tea", TEA))
    assert texts(index, range(3)) == TEA


def test_segments_that_are_cut_short_are_noticed(store: EmbeddedStore, folder: Path) -> None:
    publish(store, prepare("tea", TEA))
    for path in (folder / "generations" / "000001" / "lexical").glob("*.idx"):
        # A new file: the old one is mapped by the store above, and must keep its length.
        whole = path.read_bytes()
        path.unlink()
        path.write_bytes(whole[:-7])
    with pytest.raises(IndexUnavailable, match="counterpoint reindex"):
        EmbeddedStore(folder, ENCODER, DIMENSION).current()


def test_damage_that_a_query_meets_is_named(store: EmbeddedStore, folder: Path) -> None:
    sentences = [f"Sentence {n}." for n in range(2000)]
    index = publish(store, prepare("tea", sentences))
    with (folder / "generations" / "000001" / "corpus.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 1_000_000)
        file.truncate(20_000)
    for query in (
        lambda: index.passages(range(2000)),
        lambda: index.document("tea"),
        lambda: index.similar_terms("sentense", 1),
    ):
        with pytest.raises(IndexUnavailable, match="counterpoint reindex"):
            query()


def test_parts_of_different_generations_are_noticed(store: EmbeddedStore, folder: Path) -> None:
    publish(store, prepare("tea", TEA))
    publish(store, prepare("bees", BEES))
    first, second = (folder / "generations" / name for name in generations(folder))
    shutil.copyfile(first / "documents.npy", second / "documents.npy")
    with pytest.raises(IndexUnavailable, match="different numbers"):
        EmbeddedStore(folder, ENCODER, DIMENSION).current()


def test_another_format_is_refused(store: EmbeddedStore, folder: Path) -> None:
    publish(store, prepare("tea", TEA))
    connection = sqlite3.connect(folder / "generations" / "000001" / "corpus.db")
    connection.execute("UPDATE facts SET value = '0' WHERE name = 'format'")
    connection.commit()
    connection.close()
    with pytest.raises(IndexUnavailable, match="format 0"):
        EmbeddedStore(folder, ENCODER, DIMENSION).current()


@pytest.mark.parametrize("pointer", ["", "seven", "99"])
def test_a_wrong_pointer_is_named(store: EmbeddedStore, folder: Path, pointer: str) -> None:
    publish(store, prepare("tea", TEA))
    (folder / "CURRENT").write_text(pointer, encoding="utf-8")
    with pytest.raises(IndexUnavailable, match="counterpoint reindex"):
        store.current()
    assert publish(store, prepare("bees", BEES)).document_ids() == ["bees"]


def test_without_a_pointer_nothing_serves(store: EmbeddedStore, folder: Path) -> None:
    publish(store, prepare("tea", TEA))
    (folder / "CURRENT").unlink()
    assert store.current() is None


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with pytest.raises(IndexUnavailable, match=r"data.*cannot be written"):
        EmbeddedStore(tmp_path / "data", ENCODER, DIMENSION).begin()


def test_what_stands_in_the_way_of_a_new_generation_is_named(
    store: EmbeddedStore, folder: Path
) -> None:
    publish(store, prepare("tea", TEA))
    (folder / "generations" / "000002").write_text("a file", encoding="utf-8")
    for _ in range(2):  # the lock is free again
        with pytest.raises(IndexUnavailable, match="cannot be written"):
            store.begin()


def test_a_writer_may_be_closed_by_another_thread(store: EmbeddedStore) -> None:
    writer = store.begin()
    thread = Thread(target=writer.close)
    thread.start()
    thread.join()
    store.begin().close()


def test_a_document_without_passages_is_kept_in_the_list(store: EmbeddedStore) -> None:
    publish(store, prepare("empty", []), prepare("tea", TEA))
    index = publish(store, prepare("zebra", BEES), prepare("tea", TEA), keep=["empty"])
    assert index.document_ids() == ["empty", "tea", "zebra"]
    assert len(index.rows_of("empty")) == 0
    assert texts(index, range(5)) == [*TEA, *BEES]


def test_a_full_disk_leaves_the_old_generation(
    store: EmbeddedStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, prepare("tea", TEA))

    def refuse(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(np, "save", refuse)
    with pytest.raises(IndexUnavailable, match="no space left"):
        publish(store, prepare("bees", BEES))
    monkeypatch.undo()
    assert generations(folder) == ["000001"]
    assert publish(store, prepare("trains", TRAINS), keep=["tea"]).size == 6


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 13))]
)
def test_a_killed_build_leaves_the_old_generation(
    store: EmbeddedStore, folder: Path, seed: int
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.bot.backends.embedded.build_forever", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "serving\n"
        time.sleep(random.Random(seed).uniform(0, 0.4))  # noqa: S311 - not a secret
        child.kill()
    served = store.current()
    assert served is not None
    assert served.size == DOCUMENTS * SENTENCES
    assert_sound(served)
    after = publish(store, prepare("new", TEA), keep=served.document_ids()[1:])
    assert after.size == (DOCUMENTS - 1) * SENTENCES + len(TEA)
    assert len(generations(folder)) == 2


def test_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    with pytest.raises(IndexUnavailable, match="DATA_DIR"):
        EmbeddedStore(tmp_path / "data", ENCODER, DIMENSION).current()
