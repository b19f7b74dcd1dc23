"""Keyed hashes in place of names: who asked, and what, without saying it.

HMAC-SHA256 (RFC 2104) with a key that is not in the journal, so that nobody who holds
the file alone can try out names. Called by `journal`; leaves storing to it.
"""

import hmac
import os
from collections.abc import Callable
from pathlib import Path

import aiosqlite

from bot.backends.sqlite.failures import refusal

KEY_BYTES = 32
FEWEST_KEY_BYTES = 16


class Pseudonyms:
    """Makes keyed hashes with one key.

    Args:
        key: A secret of the operator's.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @property
    def fingerprint(self) -> bytes:
        """What tells this key from another without giving it away, 32 bytes."""
        return self._hash("key")

    def asker(self, platform: str, asker_id: str) -> bytes:
        """Return the hash that stands for an asker, 32 bytes."""
        return self._hash("asker", platform, asker_id)

    def channel(self, platform: str, community_id: str, channel_id: str) -> bytes:
        """Return the hash that stands for a channel, 32 bytes."""
        return self._hash("channel", platform, community_id, channel_id)

    def text(self, text: str) -> bytes:
        """Return a hash that is the same for the same text only, 32 bytes."""
        return self._hash("text", text)

    def owner(self, platform: str, owner_id: str) -> bytes:
        """Return what stands for whose an installation is: an asker, or nothing for the bot."""
        return self.asker(platform, owner_id) if owner_id else b""

    def state(self, platform: str, state: str) -> bytes:
        """Return what recognises a one-time word of a platform, 32 bytes."""
        return self._hash("state", platform, state)

    def forgotten(self, platform: str, interaction_id: str) -> str:
        """Return what an interaction's id becomes when its asker is forgotten."""
        return f"forgotten:{self._hash('interaction', platform, interaction_id).hex()}"

    def _hash(self, *parts: str) -> bytes:
        # Each part behind its length: ("ab", "c") and ("a", "bc") must differ.
        message = "".join([f"{len(part)}:{part}" for part in parts]).encode(
            "utf-8", "surrogatepass"
        )
        return hmac.digest(self._key, message, "sha256")


def key_file_of(path: Path) -> Path:
    """Return where the key of a journal lies, unless one was given."""
    return path.with_name(f"{path.name}.key")


async def known_fingerprint(connection: aiosqlite.Connection) -> bytes | None:
    """Return what tells the key that a journal was begun with; None before it has one."""
    rows = list(
        await connection.execute_fetchall("SELECT value FROM facts WHERE name = 'key_fingerprint'")
    )
    return rows[0][0] if rows else None


async def settled_key(
    connection: aiosqlite.Connection,
    path: Path,
    asker_key: bytes | None,
    random_bytes: Callable[[int], bytes],
) -> bytes:
    """Return the key that this journal was begun with, or begin it with one.

    Another key would find nobody who asked before, so that they could not be forgotten.

    Args:
        connection: To the journal.
        path: Its file; the key file lies beside it.
        asker_key: A key that was given; None means that of the key file.
        random_bytes: Makes a key of so many bytes.

    Raises:
        JournalError: The key is missing, or another one than the journal's.
        OSError: The key file cannot be read or written.
    """
    key_file = key_file_of(path)
    known = await known_fingerprint(connection)
    key = asker_key if asker_key is not None else read_key(key_file)
    if key is None and known is not None:
        raise refusal(
            path,
            f"its key file {key_file} is missing; put a backup in its place, or move the journal "
            "away to begin a new one",
        )
    if key is None:
        key = create_key(key_file, random_bytes)
    fingerprint = Pseudonyms(key).fingerprint
    if known is None:
        await connection.execute_fetchall(
            "INSERT INTO facts (name, value) VALUES ('key_fingerprint', ?)", (fingerprint,)
        )
    elif known != fingerprint:
        raise refusal(
            path,
            "it was begun with another key than the one given; set that key again, or move the "
            "journal away to begin a new one",
        )
    return key


def read_key(path: Path) -> bytes | None:
    """Read a key file; None when there is none.

    Raises:
        JournalError: The file holds something else than a key.
        OSError: The file cannot be read.
    """
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        text = ""
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise refusal(
            path,
            f"the key file should hold {2 * KEY_BYTES} hexadecimal digits; put a backup in its "
            "place, for without it no asker can be found again",
        )
    return key


def create_key(path: Path, random_bytes: Callable[[int], bytes]) -> bytes:
    """Write a new key file that only its owner may read, and return the key.

    Raises:
        OSError: The file cannot be written, or is there already.
    """
    key = random_bytes(KEY_BYTES)
    # Written beside and renamed: no crash leaves half a key under the name.
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return key
