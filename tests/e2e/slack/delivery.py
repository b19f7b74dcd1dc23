"""Something that Slack tells the bot, how often it was sent and what the bot answered.

`socketmode` and `posting` are the two ways to send; the kinds are those of Socket Mode.
"""

import time
from dataclasses import dataclass, field
from typing import Any

EVENT, COMMAND, INTERACTION = "events_api", "slash_commands", "interactive"
MOST_RETRIES = 3
"""https://docs.slack.dev/apis/events-api/#retries"""


@dataclass(slots=True, eq=False)
class Attempt:
    """One time that it was sent: an envelope, or a signed request with its raw bytes."""

    number: int
    sent_at: float
    reason: str = ""
    envelope_id: str = ""
    raw: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    answered_at: float | None = None
    status: int | None = None
    body: Any = None

    @property
    def latency_s(self) -> float:
        """How long the answer took; infinity while there is none."""
        return (self.answered_at or float("inf")) - self.sent_at

    @property
    def is_acked(self) -> bool:
        """Whether the bot took it in."""
        return self.status is not None and 200 <= self.status < 300

    def answer(self, status: int, body: Any) -> None:
        """Note what the bot answered."""
        self.answered_at, self.status, self.body = time.monotonic(), status, body


@dataclass(slots=True, eq=False)
class Delivery:
    """What is to be told; ``is_lost`` once Slack has given up."""

    kind: str
    payload: dict[str, Any]
    attempts: list[Attempt] = field(default_factory=list)
    is_lost: bool = False

    @property
    def is_acked(self) -> bool:
        """Whether an attempt was acknowledged."""
        return any(one.is_acked for one in self.attempts)

    @property
    def answer(self) -> Any:
        """What the first acknowledgement held."""
        return next((one.body for one in self.attempts if one.is_acked), None)

    @property
    def latency_s(self) -> float:
        """How long the quickest acknowledgement took, from its own sending."""
        return min((one.latency_s for one in self.attempts if one.is_acked), default=float("inf"))

    @property
    def event_id(self) -> str:
        """The id of an event; the same in all attempts."""
        return str(self.payload.get("event_id", ""))

    def begin(self, reason: str = "") -> Attempt:
        """Start another attempt."""
        attempt = Attempt(len(self.attempts), time.monotonic(), reason)
        self.attempts.append(attempt)
        return attempt


@dataclass(frozen=True, slots=True)
class Ack:
    """An acknowledgement over a socket, however late."""

    envelope_id: str
    at: float
    latency_s: float
    payload: Any
    delivery: Delivery
