"""Sessions: signed cookies that end by themselves, and the tokens that guard forms.

Nothing is stored of a session until it is ended before its time. What signs them lies in a file
of its own; another key, or another password, ends them all.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from itsdangerous import BadData, URLSafeSerializer

from bot.errors import ConfigError

IDLE_S = 12 * 3600
"""Seconds without a request after which a session is over."""
LONGEST_S = 7 * 24 * 3600
"""Seconds after which a session is over in any case."""

_KEY_BYTES = 32
_SKEW_S = 60.0  # a clock that was set back does not end sessions
_RENEWED_S = 60.0


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has logged in; times are in seconds since the epoch."""

    id: str
    begun_at: float
    seen_at: float

    @property
    def until(self) -> float:
        """When it is over in any case."""
        return self.begun_at + LONGEST_S


class Sessions:
    """Makes and reads sessions.

    Args:
        key: Signs them.
        password_hash: The hash of the password that they were begun with.
        clock: Seconds since the epoch, UTC.
    """

    def __init__(
        self, key: bytes, password_hash: str, clock: Callable[[], float] = time.time
    ) -> None:
        salt = hashlib.sha256(password_hash.encode()).hexdigest()
        self._key = hmac.digest(key, f"forms:{salt}".encode(), "sha256")
        self._clock = clock
        self._signed = URLSafeSerializer(
            key,
            salt=f"session:{salt}",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def begin(self) -> Session:
        """Begin a session."""
        now = self._clock()
        return Session(secrets.token_urlsafe(24), now, now)

    def written(self, session: Session) -> str:
        """Return a session as a cookie."""
        return str(self._signed.dumps([session.id, session.begun_at, session.seen_at]))

    def read(self, cookie: str) -> Session | None:
        """Return the session of a cookie; None when it is forged, damaged or over."""
        try:
            values = self._signed.loads(cookie)
        except BadData:
            return None
        match values:
            case [str(name), float(begun_at), float(seen_at)]:
                session = Session(name, begun_at, seen_at)
            case _:
                return None
        now = self._clock()
        is_past = session.begun_at <= now + _SKEW_S and session.seen_at <= now + _SKEW_S
        is_fresh = now < session.until and now < session.seen_at + IDLE_S
        return session if is_past and is_fresh else None

    def renewed(self, session: Session) -> Session | None:
        """Return a session as just seen; None while its cookie is new enough."""
        now = self._clock()
        return replace(session, seen_at=now) if now > session.seen_at + _RENEWED_S else None

    def lifetime_s(self, session: Session) -> int:
        """Return for how many seconds a browser may keep the cookie."""
        return max(0, int(session.until - self._clock()))

    def token(self, session_id: str) -> str:
        """Return what a form of a session has to bring along."""
        return hmac.digest(self._key, session_id.encode("utf-8", "replace"), "sha256").hex()

    def is_token(self, session_id: str, token: str) -> bool:
        """Whether a form belongs to a session; takes as long whatever it brought."""
        known = self.token(session_id).encode()
        return hmac.compare_digest(known, token.encode("utf-8", "replace"))


def session_key(path: Path) -> bytes:
    """Return the key in a file, which is made for its owner only when it is not there.

    Raises:
        ConfigError: The file cannot be read or written, or holds no key.
    """
    try:
        if not path.exists():
            _create(path)
        key = bytes.fromhex(path.read_text("ascii"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be used: {error}.") from error
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise ConfigError(
            f"{path} should hold {2 * _KEY_BYTES} hexadecimal digits. Delete it: a new one is "
            "made, and everybody logs in again."
        )
    return key


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # Of processes that start together, one makes the key.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
