"""What the administration takes and returns; values only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.indexing import Progress
from bot.ports import IndexStore
from bot.types import IndexReport, Topic

OnProgress = Callable[[Progress], None]
"""Told how far a reindex has come, from a worker thread."""


@dataclass(frozen=True, slots=True)
class AdminPolicy:
    """Who may administer, and how often the documents may be read again.

    Args:
        community_may: Whether those who manage a community may; else only the owners.
        owners: Who always may, as ``platform:id``.
        cooldown_s: Seconds between a reindex that took effect and the next one.
    """

    community_may: bool = True
    owners: frozenset[str] = frozenset()
    cooldown_s: float = 60.0


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    """What can be searched now; ``version`` and ``built_at`` are None while nothing can.

    ``titles`` are those of the documents, in order.
    """

    version: str | None
    documents: int
    passages: int
    topics: int
    built_at: float | None
    titles: tuple[str, ...] = ()


class Health(StrEnum):
    """How a part is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: ``told`` says it, with the way out where something is wrong."""

    part: str
    health: Health
    told: str


@dataclass(frozen=True, slots=True)
class CorpusView:
    """How the corpus and its index are seen and renewed; the functions block.

    Args:
        store: Where the index is opened.
        topics: Returns the topics as of the last reindex.
        built_at: Returns when the index was last brought up to date, in seconds since the
            epoch; None when it never was.
        changed_at: Returns when the corpus folder last changed; None when that is unknown.
        reindex: Brings the index up to date and tells how far it has come.
    """

    store: IndexStore
    topics: Callable[[], Sequence[Topic]]
    built_at: Callable[[], float | None]
    changed_at: Callable[[], float | None]
    reindex: Callable[[OnProgress], IndexReport]
