"""Lead to the very place in the original: by a text fragment, or by a second of what plays. Pure.

Text fragments: https://wicg.github.io/scroll-to-text-fragment/ ; a browser that knows none opens
the page at its top. Seconds of a file: https://www.w3.org/TR/media-frags/ .
"""

import re
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from adapters.messaging.links import linkable
from bot.typography import readable

_LONGEST_WHOLE = 120
"""Characters of a quote that is named whole; of a longer one, its first and last words."""
_WORDS = 5
_YOUTUBE = re.compile(r"(?:(?:www|m|music)\.)?(?:youtube(?:-nocookie)?\.com|youtu\.be)", re.I)
_VIMEO = re.compile(r"(?:(?:www|player)\.)?vimeo\.com", re.I)
_RECORDING = re.compile(r".+\.(?:mp3|mp4|m4a|m4v|aac|flac|oga|ogg|ogv|opus|wav|webm)", re.I)
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
    if stamp is not None:
        hours, minutes, seconds = (int(part or 0) for part in stamp.groups())
        recorded = _in_recording(parts, hours * 3600 + minutes * 60 + seconds)
        if recorded is not None:
            return recorded
    directive = text_directive(text)
    if not directive:
        return address
    bare = address.partition(":~:")[0]
    return f"{bare}{'' if '#' in bare else '#'}:~:{directive}"


def _in_recording(parts: SplitResult, seconds: int) -> str | None:
    """Return the address of a second of a recording; None when a page is no such thing."""
    host = parts.hostname or ""
    if _YOUTUBE.fullmatch(host):
        is_embedded = parts.path.startswith("/embed/")
        query = [
            pair
            for pair in parse_qsl(parts.query, keep_blank_values=True)
            if pair[0] not in ("t", "start")
        ]
        query.append(("start", str(seconds)) if is_embedded else ("t", f"{seconds}s"))
        return urlunsplit(parts._replace(query=urlencode(query), fragment=""))
    if _VIMEO.fullmatch(host):
        return urlunsplit(parts._replace(fragment=f"t={seconds}s"))
    if _RECORDING.fullmatch(parts.path):
        return urlunsplit(parts._replace(fragment=f"t={seconds}"))
    return None


def text_directive(text: str) -> str:
    """Return the directive that finds a quote (``text=...``); empty when it has no words.

    A browser looks for each part of a directive within one paragraph. Where the quote has several
    lines, which may be paragraphs, the parts are of its first and of its last line.
    """
    lines = [said for line in text.splitlines() if (said := readable(f"\n{line}\n"))]
    if not lines:
        return ""
    # A shorter line, such as a heading, may stand in many places.
    row = next((row for row, line in enumerate(lines) if len(line.split()) >= _WORDS), 0)
    first, last = lines[row].split(), lines[-1].split()
    is_one = row == len(lines) - 1
    if is_one and (len(lines[row]) <= _LONGEST_WHOLE or len(first) <= 2 * _WORDS):
        return f"text={_encoded(lines[row])}"
    return f"text={_encoded(' '.join(first[:_WORDS]))},{_encoded(' '.join(last[-_WORDS:]))}"


def _encoded(words: str) -> str:
    # What separates the parts of a directive may not stand in one of them.
    return quote(words, safe="", errors="replace").replace("-", "%2D")
