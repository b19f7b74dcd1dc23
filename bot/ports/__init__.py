"""What the core needs from the outside, as Protocols without a technology in their names.

`bot.backends` implements the storage ports, `bot.retrieval` and `bot.stance` the models.
Ports that only compute or read local files are plain functions: the service runs them
off the event loop. What waits on a disk or a network is async.
"""

from bot.ports.accounts import Accounts
from bot.ports.communities import (
    COMMAND_LINE,
    PROCESS_DIED,
    Communities,
    ReindexPermit,
)
from bot.ports.corrections import (
    Correction,
    Corrections,
    CorrectionsInForce,
    Ruling,
    Standing,
    Verdict,
)
from bot.ports.gateways import Gateway, Gateways, GatewayState
from bot.ports.index import Hits, Index, IndexStore, IndexWriter, PreparedDocument
from bot.ports.installations import Installations
from bot.ports.journal import (
    Journal,
    JournalEntry,
    JournalHealth,
    KeptQuote,
    QuoteRole,
    RateLimits,
    Receipt,
    RequestState,
    ShownQuote,
    TextPolicy,
)
from bot.ports.models import Encoder, StanceModel, Vectors
from bot.ports.vitals import Vitals

__all__ = [
    "COMMAND_LINE",
    "PROCESS_DIED",
    "Accounts",
    "Communities",
    "Correction",
    "Corrections",
    "CorrectionsInForce",
    "Encoder",
    "Gateway",
    "GatewayState",
    "Gateways",
    "Hits",
    "Index",
    "IndexStore",
    "IndexWriter",
    "Installations",
    "Journal",
    "JournalEntry",
    "JournalHealth",
    "KeptQuote",
    "PreparedDocument",
    "QuoteRole",
    "RateLimits",
    "Receipt",
    "ReindexPermit",
    "RequestState",
    "Ruling",
    "ShownQuote",
    "StanceModel",
    "Standing",
    "TextPolicy",
    "Vectors",
    "Verdict",
    "Vitals",
]
