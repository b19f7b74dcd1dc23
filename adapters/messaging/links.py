"""Tell which addresses a message may link to. Pure; called by the adapters' `render` modules."""

import ipaddress
import re
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from bot import admin_texts
from bot.administration import Finding, Health

_LONGEST = 300
_ADDRESS = re.compile(r"https?://[^\s()<>\[\]\\]+", re.IGNORECASE)


def linkable(url: str) -> str | None:
    """Return a URL that stands in any markup as it is; None for anything else."""
    encoded = percent_encoded(url, safe=":/?#@!$&'*+,;=%~-._", errors="replace")
    return encoded if _ADDRESS.fullmatch(encoded) and len(encoded) <= _LONGEST else None


def is_loopback(url: str) -> bool:
    """Whether a URL leads to the machine that follows it (127.0.0.0/8, ::1, localhost)."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, or no URL at all
        return False


def links_finding(public_url: str) -> Finding:
    """Say whether answers can link to the pages of their quotes."""
    if is_loopback(public_url):
        return Finding("links", Health.WARNING, admin_texts.LINKS_DEAD)
    return Finding("links", Health.OK, admin_texts.LINKS_WELL)
