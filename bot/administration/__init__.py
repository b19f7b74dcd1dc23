"""What admins may do: look after the documents, the channels and the log.

Knows no platform: an adapter says who asks, from where and whether they manage that place,
asks `Administration.may_administer`, and renders what comes back. Opened by `bot.bootstrap`,
called by the adapters' admin commands.
"""

from bot.administration.administering import Administration
from bot.administration.inviting import ENTER_PATH, LINK_S, LoginLinks
from bot.administration.noting import ReindexNotes
from bot.administration.overseeing import Dispute, DisputedQuote, Disputes, Oversight, Want
from bot.administration.values import (
    AdminPolicy,
    CorpusStatus,
    CorpusView,
    Finding,
    Health,
    OnProgress,
)
from bot.corpus.staging import MOST_BYTES, StagedDocument
from bot.indexing import Progress, Stage
from bot.types import AdminRequest

__all__ = [
    "ENTER_PATH",
    "LINK_S",
    "MOST_BYTES",
    "AdminPolicy",
    "AdminRequest",
    "Administration",
    "CorpusStatus",
    "CorpusView",
    "Dispute",
    "DisputedQuote",
    "Disputes",
    "Finding",
    "Health",
    "LoginLinks",
    "OnProgress",
    "Oversight",
    "Progress",
    "ReindexNotes",
    "Stage",
    "StagedDocument",
    "Want",
]
