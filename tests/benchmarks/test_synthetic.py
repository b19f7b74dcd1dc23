"""Made sentences have the vectors of what they were made from."""

import json
from pathlib import Path

import numpy as np

from bot.corpus.sentences import sentence_spans
from tests.benchmarks.synthetic import StandInEncoder, read_sentences, write_documents

SENTENCES = ["Night trains are slow but they save a hotel.", "Planes are fast and they cost a lot."]


def stand_in() -> StandInEncoder:
    return StandInEncoder("real", SENTENCES, np.eye(2, 8, dtype=np.float32), _draw())


def _draw() -> np.random.Generator:
    return np.random.default_rng(1)


def test_a_made_sentence_is_near_both_of_its_parents() -> None:
    encoder = stand_in()
    made = [encoder.make() for _ in range(20)]
    (mixed,) = [one for one in set(made) if one.startswith("Night") and one.endswith("lot.")]
    (vector,) = encoder.encode([mixed])
    assert min(vector[:2]) > 0.4
    assert encoder.unknown == 0


def test_an_unknown_text_gets_a_vector_of_its_own() -> None:
    vectors = stand_in().encode(["tea", "bees", "tea"])
    assert np.array_equal(vectors[0], vectors[2])
    assert abs(float(vectors[0] @ vectors[1])) < 0.95


def test_read_sentences_are_whole_and_different(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    texts = ["a hive holds one queen and many workers! More.", "Too short.", "a hive", "Bees dance"]
    file.write_text("".join(json.dumps({"text": text}) + "\n" for text in (*texts, texts[0])))
    assert read_sentences([file], 9, _draw()) == ["A hive holds one queen and many workers."]


def test_written_documents_split_into_the_sentences_they_were_made_of(tmp_path: Path) -> None:
    assert write_documents(tmp_path / "texts", iter(SENTENCES * 30)) == 2
    text = (tmp_path / "texts" / "text-00001.txt").read_text("utf-8")
    assert [text[start:end] for start, end in sentence_spans(text)] == SENTENCES * 5
