"""What every index does, whatever it runs on: inherit `IndexContract` and give it a store."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.errors import IndexBusy
from bot.ports import Index, IndexStore, PreparedDocument, Vectors
from bot.types import Document, Passage, ReadDocument, Source

DIMENSION = 48
ENCODER = "test-encoder"

TEA = ["Tea calms the nerves.", "Green tea is bitter.", "Coffee wakes people."]
BEES = ["Bees dance to tell where flowers stand.", "A hive holds one queen."]
TRAINS = ["Night trains are slow.", "Trains emit less than planes.", "Sleepers sell out early."]


def vector_of(text: str) -> NDArray[np.float32]:
    """Return a unit vector that depends on nothing but the text."""
    seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])
    vector = np.random.default_rng(seed).standard_normal(DIMENSION)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def terms_of(text: str) -> tuple[str, ...]:
    """Return lower-case words."""
    return tuple(text.lower().replace(".", "").split())


def prepare(
    document_id: str,
    sentences: Sequence[str],
    *,
    title: str = "Title",
    fingerprint: str = "1",
    context: str = "",
    further: Sequence[Vectors] = (),
) -> PreparedDocument:
    """Return a document of these sentences, joined by spaces.

    ``further[i]`` are vectors of passage i beside its own.
    """
    text = " ".join(sentences)
    passages: list[Passage] = []
    start = 0
    for position, sentence in enumerate(sentences):
        end = start + len(sentence)
        passages.append(
            Passage(f"{document_id}#{position}", document_id, start, end, position=position)
        )
        start = end + 1
    document = Document(
        document_id, title, "Ann Author", "2024", None, "essay", None, text, "0" * 64
    )
    vectors = [vector_of(sentence)[None, :] for sentence in sentences]
    for position, extra in enumerate(further):
        vectors[position] = np.concatenate([vectors[position], extra])
    return PreparedDocument(
        ReadDocument(document, tuple(passages)),
        fingerprint,
        tuple(terms_of(sentence) for sentence in sentences),
        tuple(terms_of(context) for _ in sentences),
        tuple(vectors),
    )


def publish(store: IndexStore, *documents: PreparedDocument, keep: Sequence[str] = ()) -> Index:
    """Publish a generation of these documents and return what then serves."""
    writer = store.begin()
    try:
        for document_id in keep:
            writer.keep(document_id)
        for document in documents:
            writer.put(document)
        writer.build()
        writer.publish()
    finally:
        writer.close()
    index = store.current()
    assert index is not None
    return index


def texts(index: Index, rows: Sequence[int] | NDArray[np.int64]) -> list[str]:
    """Return the texts of these rows."""
    return [
        index.document(passage.document_id).text[passage.start : passage.end]
        for passage in index.passages([int(row) for row in rows])
    ]


class IndexContract:
    """The promises of `bot.ports.Index`, `IndexWriter` and `IndexStore`."""

    @pytest.fixture
    def store(self) -> IndexStore:
        """Return an empty store for vectors of `DIMENSION` by `ENCODER`."""
        raise NotImplementedError

    @pytest.fixture
    def index(self, store: IndexStore) -> Index:
        """Return an index of three small documents."""
        return publish(store, prepare("tea", TEA), prepare("bees", BEES), prepare("trains", TRAINS))

    # --- reading ---

    def test_rows_follow_document_ids_and_passages(self, index: Index) -> None:
        assert index.document_ids() == ["bees", "tea", "trains"]
        assert texts(index, range(index.size)) == [*BEES, *TEA, *TRAINS]
        assert index.rows_of("tea") == range(2, 5)
        assert [p.position for p in index.passages([4, 2])] == [2, 0]

    def test_an_unknown_document_has_no_rows_and_no_text(self, index: Index) -> None:
        assert len(index.rows_of("cheese")) == 0
        with pytest.raises(KeyError):
            index.document("cheese")

    def test_titles_come_in_index_order(self, store: IndexStore) -> None:
        index = publish(store, prepare("b", TEA, title="Zwei"), prepare("a", BEES, title="Eins"))
        assert list(index.titles().items()) == [("a", "Eins"), ("b", "Zwei")]

    def test_sources_are_told_in_index_order(self, store: IndexStore) -> None:
        index = publish(store, prepare("b", BEES, title="Zwei"), prepare("a", TEA, title="Eins"))
        told = [Source.of(index.document(document_id)) for document_id in ("a", "b")]
        assert list(index.sources()) == told

    def test_match_ranks_by_the_rarer_and_the_weightier_term(self, index: Index) -> None:
        rows, scores = index.match({"green": 1.0, "tea": 1.0}, 10)
        assert texts(index, rows) == [TEA[1], TEA[0]]
        assert scores[0] > scores[1] > 0
        rows, _ = index.match({"coffee": 1.0, "planes": 3.0}, 10)
        assert texts(index, rows) == [TRAINS[1], TEA[2]]

    def test_match_finds_nothing_for_unknown_terms_or_no_room(self, index: Index) -> None:
        for terms, limit in (({"zebra": 1.0}, 5), ({}, 5), ({"tea": 1.0}, 0)):
            rows, scores = index.match(terms, limit)
            assert len(rows) == len(scores) == 0

    def test_a_term_counts_less_in_the_context_than_in_the_passage(self, store: IndexStore) -> None:
        index = publish(
            store,
            prepare("a", ["Bread is baked."], context="kettle"),
            prepare("b", ["A kettle boils."], context="bread"),
        )
        rows, scores = index.match({"kettle": 1.0}, 5)
        assert texts(index, rows) == ["A kettle boils.", "Bread is baked."]
        assert scores[1] == pytest.approx(0.3 * scores[0], rel=0.1)

    def test_equal_scores_rank_by_row_however_few_are_asked_for(self, store: IndexStore) -> None:
        index = publish(store, *(prepare(f"d{n:02d}", ["Same words."]) for n in range(40, 0, -1)))
        for limit in (1, 7, 40):
            assert index.match({"same": 1.0}, limit)[0].tolist() == list(range(limit))
            assert index.nearest(vector_of("Same words."), limit)[0].tolist() == list(range(limit))

    def test_nearest_ranks_by_the_cosine(self, index: Index) -> None:
        query = vector_of(BEES[1]) + 0.3 * vector_of(TEA[0])
        query /= np.linalg.norm(query)
        rows, scores = index.nearest(query, 3)
        exact = np.array([vector_of(text) for text in [*BEES, *TEA, *TRAINS]]) @ query
        assert rows.tolist() == np.argsort(-exact)[:3].tolist()
        assert scores == pytest.approx(np.sort(exact)[::-1][:3], abs=0.01)
        assert len(index.nearest(query, 0)[0]) == 0

    def test_a_passage_is_as_near_as_its_best_vector(self, store: IndexStore) -> None:
        window = vector_of("a window")
        index = publish(
            store, prepare("a", TEA, further=[np.empty((0, DIMENSION), np.float32), window[None]])
        )
        rows, scores = index.nearest(window, 1)
        assert texts(index, rows) == [TEA[1]]
        assert scores[0] == pytest.approx(1.0, abs=0.01)
        assert index.cosines([1], window)[0] == pytest.approx(1.0, abs=0.01)
        assert index.vectors([1])[0] == pytest.approx(vector_of(TEA[1]), abs=0.01)

    def test_cosines_and_vectors_come_in_the_order_asked(self, index: Index) -> None:
        query = vector_of("anything")
        expected = [vector_of(text) @ query for text in (TRAINS[0], BEES[0])]
        assert index.cosines([5, 0], query) == pytest.approx(expected, abs=0.01)
        vectors = index.vectors([5, 0])
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)
        assert len(index.cosines([], query)) == 0

    def test_document_frequency_counts_passages(self, store: IndexStore) -> None:
        index = publish(store, prepare("a", ["Tea tea tea.", "Tea."], context="milk"))
        frequencies = index.document_frequency(["tea", "milk", "tea"])
        assert frequencies.tolist() == [2, 0, 2]

    def test_similar_terms_are_nearest_first_then_most_frequent(self, store: IndexStore) -> None:
        index = publish(
            store, prepare("a", ["planet planet", "planes", "planes planter", "plant", "gpt5"])
        )
        assert index.similar_terms("planee", 5) == ["planes", "planet", "plant", "planter"]
        assert index.similar_terms("plnaet", 1) == ["planet"]
        assert index.similar_terms("gpt4", 5) == []
        assert index.similar_terms("zzzzzz", 5) == []
        assert "planes" not in index.similar_terms("planes", 5)

    # --- building ---

    def test_nothing_serves_before_the_first_generation(self, store: IndexStore) -> None:
        assert store.current() is None
        writer = store.begin()
        writer.put(prepare("tea", TEA))
        writer.build()
        assert store.current() is None
        writer.close()
        assert store.current() is None

    def test_an_index_can_be_empty(self, store: IndexStore) -> None:
        index = publish(store)
        assert index.size == 0
        assert index.document_ids() == []
        assert len(index.match({"tea": 1.0}, 5)[0]) == 0
        assert len(index.nearest(vector_of("tea"), 5)[0]) == 0

    def test_a_published_generation_takes_over_and_the_old_one_goes_on(
        self, store: IndexStore, index: Index
    ) -> None:
        for round_ in range(3):
            publish(store, prepare("bees", TEA, fingerprint=f"r{round_}"))
        assert texts(index, index.match({"queen": 1.0}, 1)[0]) == [BEES[1]]
        current = store.current()
        assert current is not None
        assert current is store.current()
        assert current.document_ids() == ["bees"]

    def test_kept_changed_new_and_dropped_documents(self, store: IndexStore, index: Index) -> None:
        after = publish(
            store,
            prepare("tea", ["Tea is cheap.", *TEA[1:]], fingerprint="2"),
            prepare("apes", ["Apes nap."]),
            keep=["trains"],
        )
        expected = ["Apes nap.", "Tea is cheap.", *TEA[1:], *TRAINS]
        assert texts(after, range(after.size)) == expected
        assert after.document_frequency(["nerves", "cheap", "queen"]).tolist() == [0, 1, 0]
        assert len(after.match({"queen": 1.0, "nerves": 1.0}, 5)[0]) == 0
        for row, text in enumerate(expected):
            assert after.nearest(vector_of(text), 1)[0].tolist() == [row]
            assert row in after.match(dict.fromkeys(terms_of(text), 1.0), 3)[0]
        assert after.similar_terms("nervess", 5) == []

    def test_equal_content_has_equal_version_rows_and_scores(
        self, store: IndexStore, index: Index
    ) -> None:
        version = index.version
        rows, scores = index.match({"tea": 1.0, "trains": 1.0}, 10)
        changed = publish(store, prepare("tea", TEA, fingerprint="2"), keep=["bees"])
        assert changed.version != version
        again = publish(store, prepare("trains", TRAINS), prepare("tea", TEA), keep=["bees"])
        assert again.version == version
        rows_again, scores_again = again.match({"tea": 1.0, "trains": 1.0}, 10)
        assert rows_again.tolist() == rows.tolist()
        assert scores_again.tolist() == scores.tolist()

    def test_fingerprints_are_those_of_the_generation_that_serves(
        self, store: IndexStore, index: Index
    ) -> None:
        writer = store.begin()
        assert writer.fingerprints == {"bees": "1", "tea": "1", "trains": "1"}
        writer.put(prepare("tea", TEA, fingerprint="2"))
        writer.close()
        writer = store.begin()
        assert writer.fingerprints["tea"] == "1"
        writer.close()

    def test_a_renewed_document_has_another_record_and_the_same_passages(
        self, store: IndexStore, index: Index
    ) -> None:
        record = prepare("tea", TEA, title="Renewed").read.document
        writer = store.begin()
        writer.renew(record, "2")
        with pytest.raises(KeyError):
            writer.renew(prepare("cheese", TEA).read.document, "2")
        writer.build()
        writer.publish()
        writer.close()
        after = store.current()
        assert after is not None
        assert after.document("tea") == record
        assert after.titles() == {"tea": "Renewed"}
        assert texts(after, after.match({"bitter": 1.0}, 1)[0]) == [TEA[1]]
        writer = store.begin()
        assert writer.fingerprints == {"tea": "2"}
        writer.close()

    def test_one_writer_at_a_time(self, store: IndexStore) -> None:
        writer = store.begin()
        with pytest.raises(IndexBusy):
            store.begin()
        writer.close()
        writer.close()
        store.begin().close()

    def test_a_document_is_named_once_and_kept_only_if_it_serves(
        self, store: IndexStore, index: Index
    ) -> None:
        writer = store.begin()
        with pytest.raises(KeyError):
            writer.keep("cheese")
        writer.keep("tea")
        with pytest.raises(ValueError, match="tea"):
            writer.put(prepare("tea", TEA))
        writer.close()

    def test_parts_that_do_not_fit_are_refused(self, store: IndexStore) -> None:
        whole = prepare("tea", TEA)
        nan = np.full((1, DIMENSION), np.nan, np.float32)
        none = np.empty((0, DIMENSION), np.float32)
        writer = store.begin()
        for terms, vectors in (
            (whole.terms[:1], whole.vectors),
            (whole.terms, whole.vectors[:1]),
            (whole.terms, (*whole.vectors[:2], nan)),
            (whole.terms, (*whole.vectors[:2], none)),
        ):
            with pytest.raises(ValueError, match=r"a passage|vector"):
                writer.put(PreparedDocument(whole.read, "1", terms, whole.context_terms, vectors))
        writer.close()

    def test_publishing_needs_a_build(self, store: IndexStore) -> None:
        writer = store.begin()
        with pytest.raises(RuntimeError):
            writer.publish()
        writer.close()

    def test_many_threads_read_at_once(self, index: Index) -> None:
        def search(number: int) -> list[str]:
            row = number % index.size
            (text,) = texts(index, [row])
            nearest = texts(index, index.nearest(vector_of(text), 1)[0])
            index.similar_terms("trainz", 3)
            rows = index.match(dict.fromkeys(terms_of(text), 1.0), 3)[0]
            assert row in rows
            return [text, *nearest]

        with ThreadPoolExecutor(8) as pool:
            for text, nearest in pool.map(search, range(200)):
                assert text == nearest

    @settings(
        max_examples=10,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
        ],
    )
    @given(
        st.lists(
            st.text(st.characters(categories=None), min_size=1, max_size=30),
            min_size=1,
            max_size=4,
        ),
        st.text(st.characters(categories=None), min_size=1, max_size=12),
    )
    def test_text_of_any_kind_comes_back_and_is_found(
        self, store: IndexStore, sentences: list[str], term: str
    ) -> None:
        prepared = prepare("id-\udcff", sentences, title="\x00\ud800")
        terms = ((term, "\n"), *prepared.terms[1:])
        prepared = PreparedDocument(
            prepared.read, "1", terms, prepared.context_terms, prepared.vectors
        )
        index = publish(store, prepared)
        assert index.document("id-\udcff") == prepared.read.document
        assert index.passages(range(len(sentences))) == list(prepared.read.passages)
        assert 0 in index.match({term: 1.0}, len(sentences))[0]
        assert index.document_frequency([term])[0] >= 1
        index.similar_terms(term, 5)
