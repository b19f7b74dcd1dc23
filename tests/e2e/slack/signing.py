"""How Slack signs what it posts, and how forgers get it wrong.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import time
from enum import Enum

STALE_S = 600
"""Well outside the five minutes in which a signature counts."""


class Flaw(Enum):
    """What is wrong with a signed request; all but `WRONG_SECRET` and `NO_SIGNATURE` fit."""

    WRONG_SECRET = "wrong secret"  # noqa: S105  the name of a flaw
    NO_SIGNATURE = "no signature"
    NO_TIMESTAMP = "no timestamp"
    STALE = "stale"
    FUTURE = "future"
    EMPTY_TIMESTAMP = "empty timestamp"
    GARBAGE_TIMESTAMP = "garbage timestamp"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the v0 signature of a body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed(secret: str, body: bytes, flaw: Flaw | None = None) -> dict[str, str]:
    """Return the headers that sign a body now, perhaps with something wrong about them."""
    moment = int(time.time())
    timestamps = {
        Flaw.STALE: str(moment - STALE_S),
        Flaw.FUTURE: str(moment + STALE_S),
        Flaw.EMPTY_TIMESTAMP: "",
        Flaw.GARBAGE_TIMESTAMP: "yesterday",
    }
    timestamp = timestamps.get(flaw, str(moment)) if flaw is not None else str(moment)
    known = secret[::-1] if flaw is Flaw.WRONG_SECRET else secret
    headers = {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(known, timestamp, body),
    }
    if flaw is Flaw.NO_SIGNATURE:
        del headers["X-Slack-Signature"]
    if flaw is Flaw.NO_TIMESTAMP:
        del headers["X-Slack-Request-Timestamp"]
    return headers
