"""What the tests of the readers ask of a document."""

from itertools import pairwise

from bot.corpus.raw import Block, RawDocument


def texts(document: RawDocument) -> list[str]:
    """Return the text of each block."""
    return [document.text[block.start : block.end] for block in blocks(document)]


def blocks(document: RawDocument) -> tuple[Block, ...]:
    """Return the blocks of a document that is known to have some."""
    assert document.blocks is not None
    return document.blocks


def assert_sound(document: RawDocument) -> None:
    """Check what holds for every document that has blocks."""
    assert all(0 <= block.start < block.end <= len(document.text) for block in blocks(document))
    assert all(before.end <= after.start for before, after in pairwise(blocks(document)))
    assert all(text.strip() for text in texts(document))
    between = set(range(len(document.text))).difference(
        *(range(block.start, block.end) for block in blocks(document))
    )
    assert all(document.text[position] == "\n" for position in between)
    document.text.encode("utf-8")
