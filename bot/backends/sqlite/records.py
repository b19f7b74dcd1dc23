"""What the journal writes of requests: the tuples of its statements' parameters, in order.

Each kind of write is one, so that a group of one kind goes to SQLite in a single call. `rows`
makes these from the core's values, `operations` writes them.
"""

from dataclasses import dataclass
from typing import NamedTuple

from bot.backends.sqlite.writer import Write
from bot.ports import Receipt
from bot.types import Trigger

WAS_ASKED = "(state <> 'finished' OR answered IS NOT NULL)"
"""Holds for every row but those of what nobody asked and the bot did not answer."""
IS_LISTED = f"({WAS_ASKED} AND (state <> 'begun' OR asker IS NOT NULL))"
"""Leaves out as well what nothing tells of until it is answered, should its process have died."""


class BeginRow(NamedTuple):
    """A new interaction, and the limits that hold for it.

    ``forgotten_id`` is its id where nothing tells whose it is; of ``per_asker`` and
    ``per_channel``, 0 sets no limit. ``channel`` stands for the channel where nothing tells which
    it is.
    """

    request_id: str
    platform: str
    interaction_id: str
    community_id: str
    channel_id: str
    thread_id: str | None
    asker: bytes
    trigger: str
    text: str | None
    text_hash: bytes | None
    kind: str | None
    created_at: float
    begun_at: float
    process: str
    forgotten_id: str
    per_asker: int
    per_channel: int
    window_s: float
    context_messages: int
    channel: bytes

    @property
    def is_unasked(self) -> bool:
        """Whether nobody called the bot: nothing of it is written before it is answered."""
        return self.trigger == Trigger.AUTO.value


class FinishRow(NamedTuple):
    """What a reply adds to its interaction; ``answered`` is 0 or 1, ``stage_ms`` JSON.

    Of what nobody asked and the bot did not answer, there is ``finished_at`` alone.
    """

    request_id: str
    kind: str | None
    answered: int | None
    error: str | None
    corpus_version: str | None
    took_ms: float | None
    stage_ms: str | None
    finished_at: float
    query_text: str | None
    query_claim: str | None
    query_topic: str | None
    query_answers: str | None


class QuoteRow(NamedTuple):
    """A quote that a reply showed."""

    request_id: str
    role: str
    rank: int
    document_id: str
    span_start: int
    span_end: int
    text_hash: bytes
    stance: str
    probability: float
    score: float


class KeptRow(NamedTuple):
    """A quote as it is shown, for as long as the journal lasts."""

    document_id: str
    span_start: int
    span_end: int
    digest: str
    text: str
    title: str
    first_shown_at: float


class DeliveryRow(NamedTuple):
    """A message that carried a reply."""

    request_id: str
    message_id: str
    delivered_at: float


@dataclass(frozen=True, slots=True)
class Begin(Write[Receipt]):
    """Note a request, unless it is known."""

    row: BeginRow


@dataclass(frozen=True, slots=True)
class Finish(Write[None]):
    """Note a reply; one that was noted before gives way to it.

    ``begun`` is the request where nobody had asked: it is kept from now on.
    """

    row: FinishRow
    quotes: tuple[QuoteRow, ...]
    kept: tuple[KeptRow, ...]
    begun: BeginRow | None = None


@dataclass(frozen=True, slots=True)
class Deliver(Write[None]):
    """Note that a reply arrived."""

    request_id: str
    rows: tuple[DeliveryRow, ...]
