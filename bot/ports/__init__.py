"""What the core needs from the outside, as Protocols without a technology in their names.

`bot.backends` implements the storage ports, `bot.retrieval` and `bot.stance` the models.
Ports that only compute or read local files are plain functions: the service runs them
off the event loop. What waits on a disk or a network is async.
"""

from bot.ports.communities import Communities, ReindexPermit
from bot.ports.index import Hits, Index, IndexStore, IndexWriter, PreparedDocument
from bot.ports.installations import Installations
from bot.ports.journal import (
    Journal,
    JournalEntry,
    JournalHealth,
    QuoteRole,
    RateLimits,
    Receipt,
    RequestState,
    ShownQuote,
    TextPolicy,
)
from bot.ports.models import Encoder, StanceModel, Vectors

__all__ = [
    "Communities",
    "Encoder",
    "Hits",
    "Index",
    "IndexStore",
    "IndexWriter",
    "Installations",
    "Journal",
    "JournalEntry",
    "JournalHealth",
    "PreparedDocument",
    "QuoteRole",
    "RateLimits",
    "Receipt",
    "ReindexPermit",
    "RequestState",
    "ShownQuote",
    "StanceModel",
    "TextPolicy",
    "Vectors",
]
