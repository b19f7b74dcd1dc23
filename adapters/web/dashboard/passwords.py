"""The password of the dashboard: it is set as a hash, and checked against that alone."""

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from bot.errors import ConfigError

SHORTEST_PASSWORD = 12
"""Characters."""
LONGEST_PASSWORD = 1_000
"""Characters."""


def hashed(password: str) -> str:
    """Return the hash of a password, for ``WEB_ADMIN_PASSWORD_HASH``.

    Raises:
        ConfigError: It is too short to be safe, or too long.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ConfigError(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; a few words "
            "in a row are good."
        )
    return PasswordHasher().hash(password)


def checked_hash(password_hash: str) -> str:
    """Return a hash from the settings; raises ConfigError when no password can fit it."""
    try:
        PasswordHasher().check_needs_rehash(password_hash)
    except InvalidHashError:
        raise ConfigError(
            "WEB_ADMIN_PASSWORD_HASH is no hash of argon2. `counterpoint web-password` prints "
            "one; put it between single quotes, as it holds dollar signs."
        ) from None
    return password_hash


def fits(password: str, password_hash: str) -> bool:
    """Whether a password is the right one; takes a while, and the same time when it is not."""
    try:
        return PasswordHasher().verify(password_hash, password[: LONGEST_PASSWORD + 1])
    except Argon2Error:
        return False
