"""A page is the text of its document, to the character, in blocks that a reader can make out."""

from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.raw import Block as RawBlock
from bot.corpus.raw import BlockKind as RawKind
from bot.corpus.raw import RawDocument
from bot.corpus.splitting import read_document
from bot.reading import Block, BlockKind
from bot.reading.laying import lay
from bot.reading.outlining import breaks, outline
from bot.types import ReadDocument

STORY = """\
On bread

Rye bread keeps for a week. Wheat is quicker to bake and goes stale sooner.

Flour

Stone-ground flour holds more of the germ.
It spoils sooner.
"""

PIECES = st.sampled_from(
    ["Rye keeps. ", "Is it so? ", "\n", "\n\n", "\f", "On bread\n", "[00:12] ", "Ann: ", "  ", "x"]
)


def blocks_of(document: ReadDocument) -> tuple[Block, ...]:
    text = document.document.text
    known = outline(text, document.passages)
    return lay(text, 0, document.passages, breaks(known.is_wrapped))


def plain(text: str) -> tuple[Block, ...]:
    return blocks_of(read_document(RawDocument(text, None, "0" * 64), "bread"))


def text_of(block: Block) -> str:
    return "".join(piece.text for piece in block.pieces).strip()


def kinds(blocks: tuple[Block, ...]) -> list[tuple[BlockKind, str]]:
    return [(block.kind, text_of(block)) for block in blocks]


@given(st.lists(PIECES, min_size=1, max_size=30).map("".join))
def test_all_pieces_joined_are_the_text(text: str) -> None:
    document = read_document(RawDocument(text, None, "0" * 64), "bread")
    blocks = blocks_of(document)
    said = "".join(piece.text for block in blocks for piece in block.pieces)
    assert said == document.document.text


@given(st.lists(PIECES, min_size=1, max_size=30).map("".join))
def test_every_piece_says_where_it_stands(text: str) -> None:
    document = read_document(RawDocument(text, None, "0" * 64), "bread")
    pieces = [piece for block in blocks_of(document) for piece in block.pieces]
    assert [document.document.text[one.start : one.end] for one in pieces] == [
        one.text for one in pieces
    ]
    assert [one.passage for one in pieces if one.passage] == list(document.passages)


def test_headings_and_paragraphs_are_told_apart() -> None:
    assert kinds(plain(STORY)) == [
        (BlockKind.HEADING, "On bread"),
        (BlockKind.PARAGRAPH, "Rye bread keeps for a week. "
         "Wheat is quicker to bake and goes stale sooner."),
        (BlockKind.HEADING, "Flour"),
        (BlockKind.PARAGRAPH, "Stone-ground flour holds more of the germ."),
        (BlockKind.PARAGRAPH, "It spoils sooner."),
    ]  # fmt: skip


def test_a_heading_above_a_heading_is_one_too() -> None:
    found = kinds(plain("Baking\n\nOn rye\n\nRye bread keeps for a week, they say.\n"))
    assert [kind for kind, _ in found] == [
        BlockKind.HEADING,
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
    ]


def test_lines_that_were_wrapped_are_one_paragraph() -> None:
    text = "Rye bread keeps for\na week. Wheat is\nquicker to bake.\nIt goes stale\nsooner, too.\n"
    assert len(plain(text)) == 1


def test_what_is_no_sentence_stands_aside() -> None:
    text = "How to.\nknead()\nbake()\nThen wait."
    code = RawBlock(RawKind.CODE, 8, 22)
    raw = (
        RawBlock(RawKind.PARAGRAPH, 0, 7),
        code,
        RawBlock(RawKind.PARAGRAPH, 23, 33),
    )
    blocks = blocks_of(read_document(RawDocument(text, raw, "0" * 64), "bread"))
    assert (BlockKind.ASIDE, "knead()\nbake()") in kinds(blocks)


def test_a_speaker_is_named_where_the_text_does_not_do_so() -> None:
    text = "Rye keeps well.\nSo it does.\nAnn is right."
    raw = (
        RawBlock(RawKind.PARAGRAPH, 0, 15, speaker="Ann"),
        RawBlock(RawKind.PARAGRAPH, 16, 27, speaker="Bob"),
        RawBlock(RawKind.PARAGRAPH, 28, 41, speaker="Bob"),
    )
    blocks = blocks_of(read_document(RawDocument(text, raw, "0" * 64), "bread"))
    assert [block.speaker for block in blocks] == ["Ann", "Bob", None]


def test_a_speaker_whom_the_text_names_is_not_named_twice() -> None:
    blocks = plain("Ann: Rye keeps well.\nBob: It does not.\nAnn: It does.\nBob: So you say.\n")
    assert {one.passage.speaker for block in blocks for one in block.pieces if one.passage} == {
        "Ann",
        "Bob",
    }
    assert [block.speaker for block in blocks] == [None] * len(blocks)


def test_a_place_that_the_text_tells_is_not_told_twice() -> None:
    blocks = plain("Rye keeps well. [00:12:05]\nTea is bitter. [00:13:40]\n")
    assert [block.locator for block in blocks] == [None, None]


def test_a_place_is_told_where_it_changes() -> None:
    blocks = plain("Rye keeps well. Wheat does not.\n\nTea is bitter.\n")
    assert [block.locator for block in blocks] == ["paragraph 1", "paragraph 2"]
