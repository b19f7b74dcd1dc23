"""The seeds that come with the project are whole and can be quoted to the character."""

import re
from pathlib import Path

import pytest

from bot.corpus.library import Corpus, read_corpus

SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.fixture(scope="module")
def seeds() -> Corpus:
    return read_corpus(SEEDS)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_every_document_is_read(seeds: Corpus) -> None:
    assert seeds.failures == ()
    assert len(seeds.documents) == len(list((SEEDS / "documents").iterdir())) == 4


def test_every_passage_is_in_its_file_to_the_character(seeds: Corpus) -> None:
    files = [squeezed(path.read_text("utf-8")) for path in (SEEDS / "documents").iterdir()]
    for read in seeds.documents:
        for passage in read.passages:
            words = squeezed(read.document.text[passage.start : passage.end])
            assert any(words in file for file in files)


def test_no_page_chrome_can_be_quoted(seeds: Corpus) -> None:
    for read in seeds.documents:
        texts = [read.document.text[p.start : p.end] for p in read.passages]
        chrome = ("Navigated to", "Expand full comment", "8 Comments", "Further Reading")
        assert [text for text in texts if any(line in text for line in chrome)] == []


def test_the_thread_has_eight_comments(seeds: Corpus) -> None:
    (thread,) = [read for read in seeds.documents if read.document.kind == "comments"]
    numbers = dict.fromkeys(passage.locator for passage in thread.passages)
    assert list(numbers) == [f"comment {number}" for number in range(1, 9)]


def test_the_summary_has_time_stamps_and_sections(seeds: Corpus) -> None:
    (summary,) = [read for read in seeds.documents if read.document.kind == "summary"]
    stamps = [p for p in summary.passages if re.fullmatch(r"\d\d:\d\d:\d\d", p.locator or "")]
    assert len(stamps) == 8
    assert all(passage.section for passage in summary.passages)
    assert not any("[0" in summary.document.text[p.start : p.end] for p in summary.passages)


def test_topics_can_be_argued_for_and_against(seeds: Corpus) -> None:
    slugs = {topic.slug for topic in seeds.topics}
    assert {"open-weights", "export-controls", "resilience", "censorship"} <= slugs
    assert all(topic.proposition.endswith(".") for topic in seeds.topics)


def test_spellings_of_speech_recognition_are_known(seeds: Corpus) -> None:
    assert {"deep seq", "deep seek"} <= {name.casefold() for name in seeds.aliases["DeepSeek"]}
