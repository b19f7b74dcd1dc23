"""Documents become sentences that a reader can find again."""

import re

import pytest
from hypothesis import given

from bot.corpus.cleaning import CUT
from bot.corpus.raw import Block, BlockKind, RawDocument
from bot.corpus.splitting import (
    UNKNOWN_KIND,
    read_document,
    split,
    states_something,
    title_from_id,
    to_document,
)
from bot.types import ReadDocument
from tests.bot.corpus.texts import ANY_TEXT, plain

LONG = "Pears want a warm wall and a patient gardener, and even then they sulk for years."


def texts(read: ReadDocument) -> list[str]:
    return [read.document.text[p.start : p.end] for p in read.passages]


def read(text: str, **metadata: str) -> ReadDocument:
    return read_document(plain(text), "pears", metadata)


def test_passages_are_numbered_sentences() -> None:
    passages = split(plain("Pears keep until Easter. Apples do not keep."), "fruit")
    assert [(p.id, p.position, p.document_id) for p in passages] == [
        ("fruit#0", 0, "fruit"),
        ("fruit#1", 1, "fruit"),
    ]


def test_paragraphs_are_counted_as_locators() -> None:
    found = read("Pears keep until Easter. Apples never do.\n\nPlums do not keep at all.")
    assert [p.locator for p in found.passages] == ["paragraph 1", "paragraph 1", "paragraph 2"]


def test_comments_are_counted_as_locators() -> None:
    found = read("8 Comments\nLovely pears here.\nReply\n\nOverrated, I say.\nTruly so.\nReply\n")
    assert [p.locator for p in found.passages] == ["comment 1", "comment 2", "comment 2"]


def test_label_headings_become_sections_and_statements_can_be_quoted_too() -> None:
    found = read(f"On walls\n{LONG}\nNo wall is ever warm enough\n{LONG}")
    assert texts(found) == [LONG, "No wall is ever warm enough", LONG]
    assert [(p.section, p.locator) for p in found.passages] == [
        ("On walls", "paragraph 1"),
        ("No wall is ever warm enough", "paragraph 2"),
        ("No wall is ever warm enough", "paragraph 2"),
    ]


def test_a_heading_that_repeats_the_title_is_no_section() -> None:
    found = read(f"Pears: a History\n{LONG}", title="Pears: a history")
    assert [p.section for p in found.passages] == [None]


@pytest.mark.parametrize(
    ("heading", "states"),
    [
        ("Pears need a wall", True),
        ("A wall isn’t enough", True),  # noqa: RUF001
        ("Pears", False),
        ("On pears and walls", False),
        ("Why pears need a wall", False),
        ("What is a wall?", False),
        ("Planted on 3 May", False),
    ],
)
def test_states_something(heading: str, states: bool) -> None:
    assert states_something(heading) is states


def test_a_time_stamp_locates_the_sentence_it_closes_and_is_not_quoted() -> None:
    found = read("It froze hard in May [00:25:25]. It hailed in June. (1:02) It thawed (12:03).")
    assert texts(found) == ["It froze hard in May", "It hailed in June.", "It thawed"]
    assert [p.locator for p in found.passages] == ["00:25:25", "1:02", "12:03"]


def test_a_time_stamp_inside_a_sentence_stays_in_it() -> None:
    found = read("It froze hard [00:25:25] in the middle of May.")
    assert texts(found) == ["It froze hard [00:25:25] in the middle of May."]
    assert found.passages[0].locator == "00:25:25"


def test_a_time_stamp_after_another_locates_what_follows() -> None:
    found = read("It froze hard in May [0:25].\n\n[0:31] It hailed in June. It thawed in July.")
    assert [p.locator for p in found.passages] == ["0:25", "0:31", "0:31"]


def test_a_stamp_and_nothing_else_is_no_passage() -> None:
    assert texts(read("It froze hard in May.\n\nSo: [0:25].")) == ["It froze hard in May.", "So:"]


def test_speakers_are_named_apart_from_what_they_say() -> None:
    found = read("ANN: It froze hard.\nBO: Did it really?\nANN: It did indeed.")
    assert [(p.speaker, t) for p, t in zip(found.passages, texts(found), strict=True)] == [
        ("ANN", "It froze hard."),
        ("BO", "Did it really?"),
        ("ANN", "It did indeed."),
    ]


def test_reported_speech_is_marked() -> None:
    found = read("Critics say that pears are overrated. They keep until Easter.")
    assert [p.reported for p in found.passages] == [True, False]


def test_a_view_of_the_author_told_by_name_is_not_reported() -> None:
    text = "Ann Ray argues that pears are overrated."
    assert read(text).passages[0].reported
    assert not read(text, author="Ann Ray").passages[0].reported


def test_what_a_forum_post_cites_is_reported() -> None:
    found = read("> You just need a wall.\nTell that to my landlord.")
    assert [p.reported for p in found.passages] == [True, False]


def test_bylines_separate_comments() -> None:
    found = read("ann_r 3 hours ago | parent\nPears are easy.\nreply\nbo 2h ago\nthey are not.")
    assert [p.locator for p in found.passages] == ["comment 1", "comment 2"]


def test_blocks_of_the_format_are_used_as_they_are() -> None:
    text = "On pears\nIt froze hard.\nx = 1\nIt thawed."
    blocks = (
        Block(BlockKind.HEADING, 0, 8),
        Block(BlockKind.PARAGRAPH, 9, 23, speaker="Ann", locator="00:25"),
        Block(BlockKind.CODE, 24, 29),
        Block(BlockKind.PARAGRAPH, 30, 40),
    )
    found = read_document(RawDocument(text, blocks, "a" * 64), "pears")
    assert texts(found) == ["It froze hard.", "It thawed."]
    assert [(p.section, p.speaker, p.locator) for p in found.passages] == [
        ("On pears", "Ann", "00:25"),
        ("On pears", None, "paragraph 2"),
    ]


def test_metadata_given_wins_over_the_files_own() -> None:
    raw = RawDocument("It froze.", None, "b" * 64, {"title": "Frost", "author": "Ann"})
    document = to_document(raw, "frost", {"title": "The frost", "date": "2025-05"})
    assert (document.title, document.author, document.date) == ("The frost", "Ann", "2025-05")
    assert (document.url, document.licence, document.kind) == (None, None, UNKNOWN_KIND)
    assert (document.sha256, document.text) == ("b" * 64, "It froze.")


def test_a_title_falls_back_to_the_id_in_words() -> None:
    assert title_from_id("on-late_frosts") == "On late frosts"


@given(ANY_TEXT)
def test_any_text_gives_ordered_tight_passages_and_loses_no_word(text: str) -> None:
    found = read_document(plain(text), "d")
    document, position = found.document, 0
    left_out = []
    for number, passage in enumerate(found.passages):
        words = document.text[passage.start : passage.end]
        assert (passage.position, passage.id) == (number, f"d#{number}")
        assert position <= passage.start < passage.end <= len(document.text)
        assert words == words.strip()
        assert CUT not in words
        left_out.append(document.text[position : passage.start])
        position = passage.end
    left_out.append(document.text[position:])
    # Outside of passages: white space, rules, stamps, speakers, and headings that are labels.
    for gap in left_out:
        rest = re.sub(r"[\[(]?(?:\d{1,2}:)?\d{1,2}:\d\d[\])]?", "", gap)
        for line in re.split(r"[\n\f]", rest):
            name = re.fullmatch(r"(.*?)[:：]?\s*", line.strip())  # noqa: RUF001
            assert name is not None
            assert (
                not any(map(str.isalnum, line))
                or line.rstrip().endswith((":", "："))  # noqa: RUF001
                or not states_something(name[1])
            )


@given(ANY_TEXT)
def test_without_speakers_and_headings_every_word_is_in_a_passage(text: str) -> None:
    prose = re.sub(r"[:\n\r\f#：]|\d", "", text)  # noqa: RUF001
    found = read_document(plain(prose), "d")
    inside = "".join(texts(found))
    assert list(filter(str.isalnum, inside)) == list(filter(str.isalnum, found.document.text))
