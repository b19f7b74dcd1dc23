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
    """What is wrong with a signed request; the signatures of those with a bad time stamp fit."""

    WRONG_SECRET = "wrong secret"  # noqa: S105  the name of a flaw
    NO_SIGNATURE = "no signature"
    NO_TIMESTAMP = "no timestamp"
    STALE = "stale"
    FUTURE = "future"
    EMPTY_TIMESTAMP = "empty timestamp"
    GARBAGE_TIMESTAMP = "garbage timestamp"
    FOREIGN_DIGITS = "foreign digits"
    ENDLESS_TIMESTAMP = "endless timestamp"
    NEGATIVE_TIMESTAMP = "negative timestamp"
    FOREIGN_SIGNATURE = "foreign signature"
    EMPTY_SIGNATURE = "empty signature"
    OTHER_BODY = "other body"


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
        Flaw.FOREIGN_DIGITS: "\N{ARABIC-INDIC DIGIT ONE}" * 10,  # which int() takes
        Flaw.ENDLESS_TIMESTAMP: "1" * 5_000,  # which int() does not
        Flaw.NEGATIVE_TIMESTAMP: f"-{moment}",
    }
    timestamp = timestamps.get(flaw, str(moment)) if flaw is not None else str(moment)
    known = secret[::-1] if flaw is Flaw.WRONG_SECRET else secret
    meant = body[:-1] if flaw is Flaw.OTHER_BODY else body
    headers = {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(known, timestamp, meant),
    }
    if flaw is Flaw.FOREIGN_SIGNATURE:
        headers["X-Slack-Signature"] = "v0=\N{GREEK SMALL LETTER ALPHA}"
    if flaw is Flaw.EMPTY_SIGNATURE:
        headers["X-Slack-Signature"] = ""
    if flaw is Flaw.NO_SIGNATURE:
        del headers["X-Slack-Signature"]
    if flaw is Flaw.NO_TIMESTAMP:
        del headers["X-Slack-Request-Timestamp"]
    return headers
