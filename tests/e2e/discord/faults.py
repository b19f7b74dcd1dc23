"""What goes wrong on the way: the answer to a request of the bot, changed on purpose.

A fault names a method and a path pattern (``/channels/*/messages``), lets ``after`` matching
requests pass and then spoils ``times`` of them. `server` asks for the fault of each request.
"""

from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any


class Loss(Enum):
    """A connection that is closed without an answer, before or after the work is done."""

    REQUEST = "request"
    RESPONSE = "response"


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong; ``hits`` counts the requests that it spoiled.

    ``status`` answers instead of doing the work, or after it where ``is_done``, ``loss`` closes
    the connection, ``delay_s`` waits before all else.
    """

    method: str
    path: str
    times: int = 1
    after: int = 0
    status: int | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    loss: Loss | None = None
    delay_s: float = 0.0
    is_done: bool = False
    hits: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Say whether a request is one of those meant."""
        return self.method in (method, "*") and fnmatchcase(path, self.path)


class Faults:
    """The faults that wait for their request."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault of this request, if one is due."""
        for fault in self._waiting:
            if not fault.matches(method, path):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.hits += 1
            if fault.hits >= fault.times:
                self._waiting.remove(fault)
            return fault
        return None

    def refuse(
        self, method: str, path: str, status: int, code: int, message: str, *, times: int = 1
    ) -> Fault:
        """Answer with one of Discord's own errors."""
        body = {"code": code, "message": message}
        return self._add(Fault(method, path, times, status=status, body=body))

    def rate_limit(
        self, method: str, path: str, *, retry_after_s: float = 0.05, after: int = 0
    ) -> Fault:
        """Answer 429 as Discord itself does, which the ``Via`` header tells from a ban."""
        body = {"message": "You are being rate limited.", "retry_after": retry_after_s}
        headers = {"Via": "1.1 google", "Retry-After": "1", "X-RateLimit-Scope": "user"}
        body["global"] = False
        return self._add(Fault(method, path, 1, after, 429, body, headers))

    def gateway_error(
        self, method: str, path: str, *, status: int = 502, times: int = 1, after: int = 0
    ) -> Fault:
        """Answer as the proxy in front of Discord does when what is behind it fails."""
        body = "<html><body>Bad Gateway</body></html>"
        return self._add(Fault(method, path, times, after, status, body))

    def work_then_fail(self, method: str, path: str) -> Fault:
        """Do the work, then answer as a proxy does that lost what is behind it."""
        fault = self.gateway_error(method, path)
        fault.is_done = True
        return fault

    def lose_response(self, method: str, path: str, *, times: int = 1) -> Fault:
        """Do the work, then close the connection without a word."""
        return self._add(Fault(method, path, times, loss=Loss.RESPONSE))

    def lose_request(self, method: str, path: str, *, times: int = 1) -> Fault:
        """Close the connection without having done anything."""
        return self._add(Fault(method, path, times, loss=Loss.REQUEST))

    def delay(self, method: str, path: str, seconds: float, *, times: int = 1) -> Fault:
        """Take time before the work is done."""
        return self._add(Fault(method, path, times, delay_s=seconds))

    def _add(self, fault: Fault) -> Fault:
        self._waiting.append(fault)
        return fault
