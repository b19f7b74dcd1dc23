"""The structure of plain text is found by general rules."""

import pytest

from bot.corpus.cleaning import clean
from bot.corpus.raw import BlockKind
from bot.corpus.structure import CAPTION_LENGTH, find_blocks
from tests.bot.corpus.texts import plain


def blocks(text: str) -> list[tuple[str, str]]:
    return [(block.kind.value, text[block.start : block.end]) for block in find_blocks(text)]


def paragraphs(text: str) -> list[str]:
    return [words for kind, words in blocks(text) if kind == BlockKind.PARAGRAPH]


def headings(text: str) -> list[str]:
    return [words for kind, words in blocks(text) if kind == BlockKind.HEADING]


LONG = "Pears want a warm wall and a patient gardener, and even then they sulk for years." * 2


@pytest.mark.parametrize(
    "heading",
    [
        "On pears",
        "Why walls matter",
        'There is no "best" wall',
        "2. Soil",
        "3.1 Clay",
        "桃について",
    ],
)
def test_a_short_line_above_a_paragraph_is_its_heading(heading: str) -> None:
    assert headings(f"It froze.\n{heading}\n{LONG}") == [heading]


@pytest.mark.parametrize(
    "line",
    ["It froze.", "as it was said", "Three things:", "Pears,", "***", "Ha…", LONG[:95], "12"],
)
def test_other_short_lines_are_no_headings(line: str) -> None:
    assert headings(f"It froze.\n{line}\n{LONG}") == []


def test_headings_may_stand_above_each_other() -> None:
    assert headings(f"Fruit\nPears\n{LONG}\nApples\n{LONG}") == ["Fruit", "Pears", "Apples"]


def test_a_list_of_short_lines_is_no_stack_of_headings() -> None:
    assert len(headings(f"Quince\nPlum\nPear\nApple\nCherry\n{LONG}")) == 3


def test_markdown_headings_lose_their_marks() -> None:
    text = f"# Fruit #\n{LONG}\n### Pears\nShort"
    assert headings(text) == ["Fruit", "Pears"]
    assert [block.level for block in find_blocks(text) if block.kind is BlockKind.HEADING] == [1, 3]


def test_a_line_of_marks_alone_is_nothing() -> None:
    assert blocks("Pears keep.\n----\n* * *\nApples do not.") == [
        ("paragraph", "Pears keep."),
        ("paragraph", "Apples do not."),
    ]


def test_a_sentence_cut_by_a_blank_line_is_one_paragraph() -> None:
    text = "They are better than those of the U.S.\n\ngrowers, it seems.\n\nApples are not."
    assert paragraphs(text) == [text[:-17], "Apples are not."]


def test_a_new_sentence_in_small_letters_is_not_joined() -> None:
    assert len(paragraphs("it froze hard.\n\nthen it thawed.")) == 2


def test_nothing_is_joined_across_a_cut() -> None:
    cleaned = clean(plain("we went out and\n\nShare\n\nfroze"))
    assert len(find_blocks(cleaned.text)) == 2


def test_lines_wrapped_by_hand_are_joined_to_paragraphs() -> None:
    text = (
        "Early pears\n"
        "The pears that ripen first are the ones that nobody remembers to\n"
        "Pick in time, because they ripen while everybody is away at the\n"
        "Seaside. They fall, and the wasps have them.\n"
        "\n"
        "Late pears are hard as stones in October and have to lie in straw\n"
        "Until the new year, when they are the best fruit there is."
    )
    assert headings(text) == ["Early pears"]
    assert [words.count("\n") for words in paragraphs(text)] == [2, 1]


def test_list_items_are_paragraphs_without_their_bullets() -> None:
    text = "We grow:\n- pears on the wall\n- apples in the field\n• plums"
    assert paragraphs(text)[1:] == ["pears on the wall", "apples in the field", "plums"]


def test_recurring_names_before_a_colon_are_speakers() -> None:
    text = "ANN: It froze.\nBO LEE: Did it?\nANN: It did.\nAnd it hailed.\nNote: nobody was hurt."
    found = [(block.speaker, text[block.start : block.end]) for block in find_blocks(text)]
    assert found == [
        ("ANN", "It froze."),
        ("BO LEE", "Did it?"),
        ("ANN", "It did."),
        ("ANN", "And it hailed."),
        ("ANN", "Note: nobody was hurt."),
    ]


def test_someone_who_speaks_once_in_a_dialogue_is_a_speaker() -> None:
    text = "Ann: One.\nBo: Two.\nAnn: Three.\nBo: Four.\nCy: Five."
    assert find_blocks(text)[-1].speaker == "Cy"


@pytest.mark.parametrize(
    "text", ["Pears: a history.", "Note: one.\nNote: two.", "so: one.\nso: two."]
)
def test_other_words_before_a_colon_are_no_speakers(text: str) -> None:
    assert {block.speaker for block in find_blocks(text)} == {None}


def test_speakers_and_times_on_a_line_of_their_own() -> None:
    text = "Ann Ray  0:03\nIt froze.\n\nBo  0:09\nDid it?\n\nAnn Ray  0:12\nIt did."
    assert [(block.speaker, block.locator) for block in find_blocks(text)] == [
        ("Ann Ray", "0:03"),
        ("Bo", "0:09"),
        ("Ann Ray", "0:12"),
    ]


def test_someone_whose_line_with_a_time_comes_once_is_a_speaker() -> None:
    long = "\nIt froze hard." * 9
    text = f"Ann Ray  0:03{long}\nBo  0:09\nDid it?"
    assert {block.speaker for block in find_blocks(text)} == {"Ann Ray", "Bo"}


def test_time_stamps_at_the_beginning_of_lines_are_locators() -> None:
    text = "[00:12] Ann: It froze.\n(00:19) Bo: Did it?\n00:25 Ann: It did.\n00:31\nBo: Oh dear."
    found = [(b.locator, b.speaker, text[b.start : b.end]) for b in find_blocks(text)]
    assert found == [
        ("00:12", "Ann", "It froze."),
        ("00:19", "Bo", "Did it?"),
        ("00:25", "Ann", "It did."),
        ("00:31", "Bo", "Oh dear."),
    ]


def test_one_bare_time_at_the_beginning_of_a_line_is_prose() -> None:
    (block,) = find_blocks("10:30 is when the market opens.")
    assert (block.start, block.locator) == (0, None)


def test_captions_are_joined_to_stretches_with_the_time_of_their_beginning() -> None:
    lines = [f"0:{second:02}\nand then we pruned the pears on the wall" for second in range(10, 30)]
    found = find_blocks("\n".join(lines))
    assert [block.locator for block in found][:2] == ["0:10", "0:15"]
    assert all(block.end - block.start <= CAPTION_LENGTH for block in found)


def test_chapters_in_capitals_are_headings() -> None:
    assert headings(f"CHAPTER I.\n\nTHE WALL\n\n{LONG}") == ["CHAPTER I.", "THE WALL"]


def test_nothing_is_joined_across_a_rule() -> None:
    assert paragraphs("pears on\n---\nthe wall") == ["pears on", "the wall"]


def test_short_lines_in_comments_are_no_headings() -> None:
    cleaned = clean(plain(f"Lovely pears\n\n{LONG}\n\nReply\n\nIndeed\n\n{LONG}\n\nReply"))
    found = find_blocks(cleaned.text, cleaned.separators)
    assert {block.kind for block in found} == {BlockKind.PARAGRAPH}


def test_a_stamp_with_nothing_said_is_no_block() -> None:
    assert paragraphs("[0:12] ...\n[0:15] It froze.") == ["It froze."]


def test_empty_text_has_no_blocks() -> None:
    assert find_blocks(" \n\n") == ()
