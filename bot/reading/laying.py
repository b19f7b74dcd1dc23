"""Lay a stretch of a document out in blocks, to the character: all pieces joined are the text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.reading.values import Block, BlockKind, Piece
from bot.types import Passage
from bot.typography import readable

_MARKS = "#=*_-~ \t\n\r\f"
_LONGEST_HEADING = 90


def lay(
    text: str, start: int, passages: Sequence[Passage], pattern: re.Pattern[str]
) -> tuple[Block, ...]:
    """Return the blocks of a stretch of a document.

    Args:
        text: The stretch.
        start: Where it begins in the document.
        passages: The sentences that begin in it.
        pattern: What divides paragraphs, see `outlining.breaks`.

    Returns:
        The blocks; their pieces joined are the stretch.
    """
    blocks = [_block(pieces) for pieces in _paragraphs(text, start, passages, pattern)]
    return tuple(_labelled(_merged(_with_headings(blocks))))


def _paragraphs(
    text: str, start: int, passages: Sequence[Passage], pattern: re.Pattern[str]
) -> Iterator[tuple[Piece, ...]]:
    pieces: list[Piece] = []
    for piece in _pieces(text, start, passages):
        if piece.passage is not None:
            pieces.append(piece)
            continue
        at = 0
        for parted in pattern.finditer(piece.text):
            # What divides goes with what stands before it.
            pieces.append(Piece(piece.start + at, piece.text[at : parted.end()]))
            at = parted.end()
            if any(one.text.strip() for one in pieces):
                yield tuple(pieces)
                pieces = []
        if at < len(piece.text):
            pieces.append(Piece(piece.start + at, piece.text[at:]))
    if pieces:
        yield tuple(pieces)


def _pieces(text: str, start: int, passages: Sequence[Passage]) -> Iterator[Piece]:
    at = 0
    for one in passages:
        begin, end = one.start - start, one.end - start
        if at < begin:
            yield Piece(start + at, text[at:begin])
        yield Piece(one.start, text[begin:end], one)
        at = end
    if at < len(text):
        yield Piece(start + at, text[at:])


def _block(pieces: tuple[Piece, ...]) -> Block:
    said = [piece for piece in pieces if piece.passage is not None]
    if not said:
        return Block(BlockKind.ASIDE, pieces)
    only = said[0].passage
    if len(said) == 1 and only is not None and only.section == readable(said[0].text):
        return Block(BlockKind.HEADING, pieces)  # one that states something
    return Block(BlockKind.PARAGRAPH, pieces)


def _with_headings(blocks: Sequence[Block]) -> list[Block]:
    """Find the headings among what holds no sentence: by the section of what follows."""
    found: list[Block] = []
    section: str | None = None
    for block in reversed(blocks):
        if block.kind is BlockKind.ASIDE:
            label = readable("".join(piece.text for piece in block.pieces)).strip(_MARKS)
            is_above = bool(found) and found[-1].kind is BlockKind.HEADING
            is_named = section is not None and label == section.strip(_MARKS)
            # A heading right above another one: its section has no sentence of its own.
            if is_named or (is_above and len(label) <= _LONGEST_HEADING and label):
                block = replace(block, kind=BlockKind.HEADING)
                section = None
        else:
            section = next((one.passage.section for one in block.pieces if one.passage), None)
        found.append(block)
    return found[::-1]


def _merged(blocks: Sequence[Block]) -> Iterator[Block]:
    """Put together what stands between sentences, such as the lines of code."""
    held: Block | None = None
    for block in blocks:
        if held is not None and block.kind is held.kind is BlockKind.ASIDE:
            held = replace(held, pieces=held.pieces + block.pieces)
            continue
        if held is not None:
            yield held
        held = block
    if held is not None:
        yield held


def _labelled(blocks: Iterable[Block]) -> Iterator[Block]:
    speaker: str | None = None
    locator: str | None = None
    before = ""
    for block in blocks:
        own = "".join(piece.text for piece in block.pieces if piece.passage is None)
        first = next((piece.passage for piece in block.pieces if piece.passage), None)
        if first is not None:
            is_new = first.speaker is not None and first.speaker != speaker
            is_said = first.speaker is not None and first.speaker in before + own
            is_placed = first.locator is not None and first.locator in before + own
            block = replace(
                block,
                speaker=first.speaker if is_new and not is_said else None,
                locator=first.locator if first.locator != locator and not is_placed else None,
            )
            speaker, locator = first.speaker, first.locator
            before = ""
        else:
            before = own
        yield block
