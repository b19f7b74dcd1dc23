"""Chrome goes, every other character stays."""

from hypothesis import given

from bot.corpus.cleaning import CUT, clean
from bot.corpus.raw import Block, BlockKind, RawDocument
from tests.bot.corpus.texts import ANY_TEXT, plain


def words(text: str) -> str:
    return clean(plain(text)).text.replace(CUT, " ")


def test_whole_lines_of_chrome_are_cut() -> None:
    text = (
        "Navigated to Pears - Podcast\nPears keep.\nShare\n8 Comments\nSubscribe to our newsletter"
    )
    assert words(text).split() == ["Pears", "keep."]


def test_a_sentence_that_mentions_chrome_stays() -> None:
    text = (
        "Share what you have.\nWe use cookies and pears for this cake, and they are good.\nReply!"
    )
    assert clean(plain(text)).text == text


def test_form_lines_are_cut_at_the_top_only() -> None:
    text = "From: gardener\nPears keep until Easter.\nFrom: the barn it came."
    assert words(text).strip() == "Pears keep until Easter.\nFrom: the barn it came."


def test_empty_headings_are_cut_at_the_end_only() -> None:
    text = "See also\nPears keep until Easter.\nFurther Reading\nShare"
    assert words(text).split("\n")[:2] == ["See also", "Pears keep until Easter."]
    assert "Further" not in words(text)


def test_a_document_of_chrome_alone_is_kept() -> None:
    assert clean(plain("Share\nReply\nReply")).text == "Share\nReply\nReply"


def test_line_ends_become_newlines() -> None:
    assert clean(plain("a\r\nb\rc\fd\ne")).text == "a\nb\nc\nd\ne"


def test_a_cut_is_marked_where_it_was() -> None:
    assert clean(plain("Pears keep.\nShare\nApples do not.")).text == (
        f"Pears keep.\n{CUT}\nApples do not."
    )


def test_separators_count_from_the_second_on() -> None:
    assert clean(plain("One.\nReply\nTwo.")).separators == ()
    cleaned = clean(plain("One.\nReply\nTwo.\nReply\n"))
    assert [cleaned.text[offset] for offset in cleaned.separators] == [CUT, CUT]


def test_blocks_move_with_the_text() -> None:
    text = "Pears\r\nkeep.\r\nShare\r\nApples do not."
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, text.index(piece), text.index(piece) + len(piece))
        for piece in ("Pears\r\nkeep.", "Share", "Apples do not.")
    )
    cleaned = clean(RawDocument(text, blocks, ""))
    assert cleaned.blocks is not None
    assert [cleaned.text[block.start : block.end] for block in cleaned.blocks] == [
        "Pears\nkeep.",
        "Apples do not.",
    ]


@given(ANY_TEXT)
def test_the_lines_that_stay_are_the_files_to_the_character(text: str) -> None:
    cleaned = clean(plain(text)).text
    original = text.replace("\ud800", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
    lines = iter(original.replace("\f", "\n").split("\n"))
    assert all(line in lines for line in cleaned.split("\n") if line != CUT)
