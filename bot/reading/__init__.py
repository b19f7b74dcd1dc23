"""Read the documents as they stand in the index, and find a quote again after they changed.

Knows no markup: what comes back is text in blocks, and places. Opened by `bot.bootstrap`, called
by whoever shows documents.
"""

from bot.reading.reading import Reading
from bot.reading.values import (
    Block,
    BlockKind,
    DocumentPage,
    Found,
    Kept,
    KeptQuotes,
    Outcome,
    Piece,
    Place,
    QuoteId,
    Section,
    Shelf,
    Speaker,
)

__all__ = [
    "Block",
    "BlockKind",
    "DocumentPage",
    "Found",
    "Kept",
    "KeptQuotes",
    "Outcome",
    "Piece",
    "Place",
    "QuoteId",
    "Reading",
    "Section",
    "Shelf",
    "Speaker",
]
