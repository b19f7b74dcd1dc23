"""What goes wrong on the way: the answer to a request of the bot, changed on purpose.

A fault names a method of the Web API (``chat.postMessage``, ``views.*``, ``response_url``), lets
``after`` matching requests pass and then spoils ``times`` of them; `LASTING` spoils all that
follow. `server` asks for the fault of each request.
"""

import sys
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

LASTING = sys.maxsize


class Loss(Enum):
    """A connection that is closed without an answer, before or after the work is done."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong; ``hits`` counts the requests that it spoiled.

    ``status`` answers instead of doing the work, ``loss`` closes the connection, ``delay_s`` waits
    before all else. ``channel``, if told, is the one that the request has to be about.
    """

    method: str
    times: int = 1
    after: int = 0
    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    loss: Loss | None = None
    delay_s: float = 0.0
    channel: str = ""
    hits: int = 0

    def matches(self, method: str, body: dict[str, Any]) -> bool:
        """Say whether a request is one of those meant."""
        return fnmatchcase(method, self.method) and self.channel in ("", body.get("channel"))


class Faults:
    """The faults that wait for their request."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def take(self, method: str, body: dict[str, Any]) -> Fault | None:
        """Return the fault of this request, if one is due."""
        for fault in self._waiting:
            if not fault.matches(method, body):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.hits += 1
            if fault.hits >= fault.times:
                self._waiting.remove(fault)
            return fault
        return None

    def clear(self) -> None:
        """Let everything go well again."""
        self._waiting.clear()

    def refuse(
        self,
        method: str,
        code: str,
        *,
        times: int = 1,
        after: int = 0,
        channel: str = "",
        **told: Any,
    ) -> Fault:
        """Answer with one of Slack's error codes, with ``told`` beside it."""
        body = {"ok": False, "error": code, **told}
        return self._add(Fault(method, times, after, 200, body, channel=channel))

    def rate_limit(
        self, method: str, *, retry_after_s: int = 1, times: int = 1, after: int = 0
    ) -> Fault:
        """Answer 429 with how many whole seconds to wait."""
        headers = {"Retry-After": str(retry_after_s)}
        body = {"ok": False, "error": "ratelimited"}
        return self._add(Fault(method, times, after, 429, body, headers))

    def http_error(
        self, method: str, *, status: int = 503, times: int = 1, after: int = 0
    ) -> Fault:
        """Answer as the proxy in front of Slack does when what is behind it fails."""
        body = "<html><body>Service Unavailable</body></html>"
        return self._add(Fault(method, times, after, status, body))

    def lose_response(self, method: str, *, times: int = 1, after: int = 0) -> Fault:
        """Do the work, then close the connection without a word."""
        return self._add(Fault(method, times, after, loss=Loss.RESPONSE))

    def lose_request(self, method: str, *, times: int = 1, after: int = 0) -> Fault:
        """Close the connection without having done anything."""
        return self._add(Fault(method, times, after, loss=Loss.REQUEST))

    def delay(self, method: str, seconds: float, *, times: int = 1, after: int = 0) -> Fault:
        """Take time before the work is done."""
        return self._add(Fault(method, times, after, delay_s=seconds))

    def _add(self, fault: Fault) -> Fault:
        self._waiting.append(fault)
        return fault
