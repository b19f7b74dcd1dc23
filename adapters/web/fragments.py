"""Lead to the very place in the original: by a text fragment, or by the second in a video. Pure.

Text fragments: https://wicg.github.io/scroll-to-text-fragment/ ; a browser that knows none opens
the page at its top.
"""

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from adapters.messaging.links import linkable
from bot.typography import readable

_LONGEST_WHOLE = 120
"""Characters of a quote that is named whole; of a longer one, its first and last words."""
_WORDS = 5
_VIDEOS = re.compile(r"(?:(?:www|m|music)\.)?(?:youtube(?:-nocookie)?\.com|youtu\.be)", re.I)
_STAMP = re.compile(r"(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,2}):(?P<seconds>[0-5]\d)", re.ASCII)


def place_in_original(url: str | None, text: str, locator: str | None) -> str | None:
    """Return the address of a quote in the original.

    Args:
        url: The document's own address.
        text: The quote.
        locator: Where a reader finds it; a time, for what was said.

    Returns:
        The address; None when the document has none that may be linked.
    """
    address = linkable(url or "")
    if address is None:
        return None
    stamp = _STAMP.fullmatch(locator or "")
    parts = urlsplit(address)
    if stamp is not None and _VIDEOS.fullmatch(parts.hostname or ""):
        seconds = (
            int(stamp["hours"] or 0) * 3600 + int(stamp["minutes"]) * 60 + int(stamp["seconds"])
        )
        query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "t"]
        return urlunsplit(parts._replace(query=urlencode([*query, ("t", f"{seconds}s")])))
    directive = text_directive(text)
    if not directive:
        return address
    bare = address.partition(":~:")[0]
    return f"{bare}{'' if '#' in bare else '#'}:~:{directive}"


def text_directive(text: str) -> str:
    """Return the directive that finds a quote (``text=...``); empty when it has no words."""
    said = readable(text)
    words = said.split()
    if not words:
        return ""
    if len(said) <= _LONGEST_WHOLE or len(words) <= 2 * _WORDS:
        return f"text={_encoded(said)}"
    return f"text={_encoded(' '.join(words[:_WORDS]))},{_encoded(' '.join(words[-_WORDS:]))}"


def _encoded(words: str) -> str:
    # What separates the parts of a directive may not stand in one of them.
    return quote(words, safe="", errors="replace").replace("-", "%2D")
