"""The reindex use case on an index in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np
import pytest

from bot.errors import CorpusError, IndexUnavailable, ReadError
from bot.indexing import Indexer, Preparation, Progress, Stage
from bot.ports import Hits, Vectors
from bot.types import DocumentChange, ReadDocument
from tests.contracts.index_contract import (
    BEES,
    DIMENSION,
    ENCODER,
    TEA,
    TRAINS,
    prepare,
    texts,
    vector_of,
)
from tests.fakes.index import MemoryIndex, MemoryStore, MemoryWriter


@dataclass
class StubFile:
    """A file whose documents, or whose failure, are given."""

    path: str
    documents: list[ReadDocument] = field(default_factory=list)
    fingerprint: str = "v1"
    failure: CorpusError | None = None
    reads: int = 0

    def read(self) -> Sequence[ReadDocument]:
        self.reads += 1
        if self.failure:
            raise self.failure
        return self.documents


def file(name: str, sentences: Sequence[str], fingerprint: str = "v1") -> StubFile:
    """Return a file with one document of its own name."""
    return StubFile(f"{name}.txt", [prepare(name, sentences).read], fingerprint)


@dataclass
class CountingEncoder:
    """Encodes by `vector_of` and remembers what it was asked."""

    name: str = ENCODER
    seen: list[str] = field(default_factory=list)

    @property
    def dimension(self) -> int:
        return DIMENSION

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return np.array([vector_of(text) for text in texts], np.float32)


@dataclass
class WordAnalyzer:
    """Terms are lower-case words."""

    version: str = "words-1"

    def terms(self, text: str) -> list[str]:
        return text.lower().replace(".", "").split()


class Workbench:
    """An indexer on fakes, and what they saw."""

    def __init__(self, preparation: Preparation | None = None) -> None:
        self.store = MemoryStore()
        self.encoder = CountingEncoder()
        self.analyzer = WordAnalyzer()
        self.preparation = preparation

    def indexer(self) -> Indexer:
        ticks = count()
        return Indexer(
            self.store, self.encoder, self.analyzer, lambda: float(next(ticks)), self.preparation
        )

    @property
    def index(self) -> MemoryIndex:
        assert self.store.serving is not None
        return self.store.serving


@pytest.fixture
def bench() -> Workbench:
    return Workbench()


def changes(*found: DocumentChange) -> dict[str, tuple[str, int, int]]:
    """Return what happened to each document, and how many quotes came and went."""
    return {c.document_id: (c.change, c.quotes_added, c.quotes_removed) for c in found}


def test_a_first_reindex_adds_everything(bench: Workbench) -> None:
    report = bench.indexer().reindex([file("tea", TEA), file("bees", BEES)])
    assert texts(bench.index, range(5)) == [*BEES, *TEA]
    assert changes(*report.changes) == {"bees": ("added", 2, 0), "tea": ("added", 3, 0)}
    assert (report.documents, report.passages, report.took_s) == (2, 5, 1.0)
    assert (report.version, report.previous_version) == (bench.index.version, None)
    assert report.failures == ()


def test_unchanged_files_are_neither_read_nor_encoded_nor_published(bench: Workbench) -> None:
    bench.indexer().reindex([file("tea", TEA)])
    served, bench.encoder.seen = bench.index, []
    again = file("tea", TEA)
    report = bench.indexer().reindex([again])
    assert again.reads == 0
    assert bench.encoder.seen == []
    assert bench.index is served
    assert changes(*report.changes) == {"tea": ("kept", 0, 0)}
    assert report.version == report.previous_version == served.version


def test_only_new_sentences_of_a_changed_document_are_encoded(bench: Workbench) -> None:
    bench.indexer().reindex([file("tea", TEA), file("bees", BEES), file("trains", TRAINS)])
    bench.encoder.seen = []
    report = bench.indexer().reindex(
        [file("tea", [TEA[0], "Tea is cheap."], fingerprint="v2"), file("bees", BEES)]
    )
    assert bench.encoder.seen == ["Tea is cheap."]
    assert changes(*report.changes) == {
        "bees": ("kept", 0, 0),
        "tea": ("changed", 1, 2),
        "trains": ("removed", 0, 3),
    }
    assert bench.index.vectors([2])[0] == pytest.approx(vector_of(TEA[0]))


def test_a_changed_file_prepares_only_its_changed_documents(bench: Workbench) -> None:
    tea, bees = prepare("tea", TEA).read, prepare("bees", BEES).read
    bench.indexer().reindex([StubFile("all.jsonl", [tea, bees])])
    bench.encoder.seen = []
    rehashed = replace(bees, document=replace(bees.document, sha256="1" * 64))
    changed = prepare("tea", TRAINS).read
    report = bench.indexer().reindex([StubFile("all.jsonl", [changed, rehashed], "v2")])
    assert sorted(bench.encoder.seen) == sorted(TRAINS)
    assert bench.index.document("bees").sha256 == "1" * 64
    assert changes(*report.changes) == {"bees": ("kept", 0, 0), "tea": ("changed", 3, 3)}


@pytest.mark.parametrize("part", ["analyzer", "encoder", "preparation"])
def test_another_way_to_prepare_prepares_everything_again(bench: Workbench, part: str) -> None:
    bench.indexer().reindex([file("tea", TEA)])
    bench.encoder.seen = []
    if part == "analyzer":
        bench.analyzer.version = "words-2"
    elif part == "encoder":
        bench.encoder.name = "another"
    else:
        bench.preparation = Preparation(version="another")
    report = bench.indexer().reindex([file("tea", TEA)])
    assert report.version != report.previous_version
    assert changes(*report.changes) == {"tea": ("kept", 0, 0)}
    # Vectors do not depend on the analyser.
    assert sorted(bench.encoder.seen) == ([] if part == "analyzer" else sorted(TEA))


def test_an_unreadable_file_is_reported_and_its_old_documents_stay(bench: Workbench) -> None:
    bench.indexer().reindex([file("tea", TEA), file("bees", BEES)])
    broken = StubFile("tea.txt", failure=ReadError("tea.txt", "it is encrypted"), fingerprint="v2")
    odd = StubFile("odd.txt", failure=CorpusError("no such kind"))
    report = bench.indexer().reindex([broken, odd, file("bees", TRAINS, fingerprint="v2")])
    failures = [(failure.path, failure.reason) for failure in report.failures]
    assert failures == [("tea.txt", "it is encrypted"), ("odd.txt", "no such kind")]
    assert changes(*report.changes) == {"bees": ("changed", 3, 2), "tea": ("kept", 0, 0)}
    assert texts(bench.index, bench.index.rows_of("tea")) == TEA


def test_nothing_readable_leaves_the_old_index(bench: Workbench) -> None:
    bench.indexer().reindex([file("tea", TEA)])
    served = bench.index
    broken = StubFile("tea.txt", failure=ReadError("tea.txt", "it is empty"), fingerprint="v2")
    for corpus in ([broken], []):
        with pytest.raises(IndexUnavailable, match="stays as it was"):
            bench.indexer().reindex(corpus)
    assert bench.index is served
    assert not bench.store.is_busy


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_a_cancelled_reindex_leaves_the_old_index(
    bench: Workbench, error: type[BaseException]
) -> None:
    bench.indexer().reindex([file("tea", TEA)])
    served = bench.index

    def cancel(progress: Progress) -> None:
        if progress.stage is Stage.ENCODING:
            raise error

    with pytest.raises(error):
        bench.indexer().reindex([file("bees", BEES)], cancel)
    assert bench.index is served
    bench.indexer().reindex([file("bees", BEES)])
    assert bench.index.document_ids() == ["bees"]


def test_an_id_belongs_to_the_first_file_that_has_it(bench: Workbench) -> None:
    twice = StubFile("b.jsonl", [prepare("tea", BEES).read, prepare("trains", TRAINS).read])
    corpus = [file("tea", TEA), twice]
    for _ in range(2):
        report = bench.indexer().reindex(corpus)
        assert texts(bench.index, bench.index.rows_of("tea")) == TEA
        assert [failure.path for failure in report.failures] == ["b.jsonl"]
        assert "tea.txt" in report.failures[0].reason
    assert changes(*report.changes)["trains"] == ("kept", 0, 0)
    bench.indexer().reindex([twice])
    assert texts(bench.index, bench.index.rows_of("tea")) == BEES


def test_an_unchanged_file_does_not_take_an_id_from_an_earlier_one(bench: Workbench) -> None:
    bench.indexer().reindex([StubFile("z.txt", [prepare("tea", TEA).read])])
    report = bench.indexer().reindex(
        [StubFile("a.txt", [prepare("tea", BEES).read]), StubFile("z.txt", [])]
    )
    assert texts(bench.index, bench.index.rows_of("tea")) == BEES
    assert [failure.path for failure in report.failures] == ["z.txt"]


def _flawed(name: str, start: int, end: int, second: int | None = None) -> ReadDocument:
    read = prepare("tea", ["One. ", "   ", "Three."]).read
    first, *_, last = read.passages
    broken = replace(first, start=start, end=end, document_id=name)
    return ReadDocument(read.document, (broken, replace(last, start=second or last.start)))


@pytest.mark.parametrize(
    ("read", "flaw"),
    [
        (_flawed("tea", 3, 99), "not inside"),
        (_flawed("tea", -1, 3), "not inside"),
        (_flawed("tea", 3, 3), "not inside"),
        (_flawed("tea", 0, 12, second=11), "before the one before"),
        (_flawed("tea", 6, 9), "blank"),
        (_flawed("bees", 0, 4), "belongs to 'bees'"),
        (prepare("tea", []).read, "no sentence"),
    ],
)
def test_a_flawed_document_is_reported_and_its_old_version_stays(
    bench: Workbench, read: ReadDocument, flaw: str
) -> None:
    bench.indexer().reindex([file("tea", TEA), file("bees", BEES)])
    for _ in range(2):
        report = bench.indexer().reindex([StubFile("tea.txt", [read], "v2"), file("bees", BEES)])
        (failure,) = report.failures
        assert flaw in failure.reason
        assert texts(bench.index, bench.index.rows_of("tea")) == TEA


def test_context_is_title_section_and_neighbours() -> None:
    bench = Workbench(Preparation(matching_text=lambda text: text.replace("Green", "Red")))
    read = prepare("tea", TEA, title="On leaves").read
    sections = [replace(passage, section="Taste") for passage in read.passages]
    bench.indexer().reindex([StubFile("tea.txt", [ReadDocument(read.document, tuple(sections))])])
    (document,) = bench.index.prepared
    assert document.terms[1] == ("red", "tea", "is", "bitter")
    assert document.context_terms[1] == (
        "on",
        "leaves",
        "taste",
        "tea",
        "calms",
        "the",
        "nerves",
        "coffee",
        "wakes",
        "people",
    )
    assert document.context_terms[0][-4:] == ("red", "tea", "is", "bitter")
    assert "Red tea is bitter." in bench.encoder.seen


def test_long_passages_have_a_vector_for_each_window() -> None:
    bench = Workbench(
        Preparation(windows=lambda text: text.split(" and ") if " and " in text else ())
    )
    bench.indexer().reindex([file("tea", ["Short.", "Tea and milk."])])
    expected = [vector_of(text) for text in ("Tea and milk.", "Tea", "milk.")]
    assert bench.index.vector_list[1] == pytest.approx(np.array(expected))
    assert len(bench.index.vector_list[0]) == 1
    bench.encoder.seen = []
    bench.indexer().reindex([file("tea", ["Short.", "Tea and milk.", "New."], fingerprint="v2")])
    assert sorted(bench.encoder.seen) == ["New.", "Tea", "Tea and milk.", "milk."]
    assert bench.index.vector_list[1] == pytest.approx(np.array(expected))


def test_progress_rises_to_the_end(bench: Workbench) -> None:
    seen: list[Progress] = []
    sentences = [f"Sentence {n}." for n in range(300)]
    corpus = [file("a", sentences), file("b", [*sentences[:10], "Last."])]
    bench.indexer().reindex(corpus, seen.append)
    assert [p.path for p in seen if p.stage is Stage.READING] == ["a.txt", "b.txt"]
    counts = [p.sentences for p in seen]
    assert counts == sorted(counts)
    assert (seen[-1].stage, seen[-1].sentences, seen[-1].files) == (Stage.CHECKING, 311, 2)
    assert {p.files_total for p in seen} == {2}
    assert len(bench.encoder.seen) == len(set(bench.encoder.seen)) == 301  # each text once
    seen.clear()
    bench.indexer().reindex(iter(corpus), seen.append)
    assert {p.files_total for p in seen} == {None}


def test_every_text_of_a_batch_is_encoded_once(bench: Workbench) -> None:
    bench.indexer().reindex([file("a", ["Same.", "Same."]), file("b", ["Same."])])
    assert bench.encoder.seen == ["Same."]


class BrokenIndex(MemoryIndex):
    """An index that breaks one promise."""

    def __init__(self, whole: MemoryIndex, flaw: str) -> None:
        super().__init__(whole.prepared)
        self.flaw = flaw

    def match(self, terms: Mapping[str, float], limit: int) -> Hits:
        empty = np.empty(0, np.int64), np.empty(0, np.float32)
        return empty if self.flaw == "words" else super().match(terms, limit)

    def nearest(self, vector: Vectors, limit: int) -> Hits:
        rows, cosines = super().nearest(vector, limit)
        return rows, (cosines - 0.1 if self.flaw == "vector" else cosines).astype(np.float32)

    def rows_of(self, document_id: str) -> range:
        return range(0) if self.flaw == "came back wrong" else super().rows_of(document_id)


@dataclass
class BrokenStore(MemoryStore):
    """A store whose builds are broken."""

    flaw: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def begin(self) -> MemoryWriter:
        store = self

        class Writer(MemoryWriter):
            def build(self) -> MemoryIndex:
                self.built = BrokenIndex(super().build(), store.flaw)
                return self.built

        super().begin()
        return Writer(self)


@pytest.mark.parametrize("flaw", ["words", "vector", "came back wrong"])
def test_an_index_that_fails_its_checks_does_not_serve(bench: Workbench, flaw: str) -> None:
    bench.store = BrokenStore(flaw)
    with pytest.raises(IndexUnavailable, match=flaw):
        bench.indexer().reindex([file("tea", TEA)])
    assert bench.store.current() is None
    assert not bench.store.is_busy


class UnreadableStore(MemoryStore):
    """A store whose serving generation cannot be opened."""

    def current(self) -> MemoryIndex | None:
        raise IndexUnavailable("damaged")


def test_a_damaged_index_is_built_anew(bench: Workbench) -> None:
    bench.indexer().reindex([file("tea", TEA)])
    damaged = UnreadableStore()
    damaged.serving = bench.index
    bench.store = damaged
    report = bench.indexer().reindex([file("tea", TEA, fingerprint="v2")])
    assert report.previous_version is None
    assert changes(*report.changes) == {"tea": ("added", 3, 0)}


def test_fingerprints_of_another_program_are_not_trusted(bench: Workbench) -> None:
    bench.store.serving = MemoryIndex([prepare("tea", TEA, fingerprint="foreign")])
    report = bench.indexer().reindex([file("tea", BEES)])
    assert changes(*report.changes) == {"tea": ("changed", 2, 3)}
