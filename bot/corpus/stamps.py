"""Time stamps in running text: what one looks like, and how it is written as a locator.

Used by the search for structure (a stamp that opens a line) and by the splitter (a stamp
that closes a sentence).
"""

import re

_TIME = r"(?:\d{1,2}:)?\d{1,2}:[0-5]\d(?:[.,]\d{1,3})?"
_BRACKETED = rf"(?:\[{_TIME}\]|\({_TIME}\))"

BRACKETED = re.compile(_BRACKETED)
"""A stamp in square or round brackets: ``[00:25:25]``, ``(12:03)``."""

LEADING = re.compile(rf"\s*(?P<stamp>{_BRACKETED})\s*[-–—]?\s*")  # noqa: RUF001 (en dash meant)
"""A bracketed stamp before the words it goes with."""

TRAILING = re.compile(rf"\s*(?P<stamp>{_BRACKETED})[.!?…]*\s*\Z")
"""A bracketed stamp after the words it goes with, and the full stop set behind it."""

LINE_START = re.compile(
    rf"\s*(?P<stamp>{_BRACKETED}|{_TIME})(?=\s|\Z)\s*(?:[-–—|]\s+)?"  # noqa: RUF001
)
"""A stamp that opens a line, bracketed or bare."""

TIME = _TIME
"""The pattern of a bare time: ``0:12``, ``00:25:25``, ``00:25:25.400``."""


def locator(stamp: str) -> str:
    """Return a stamp as a locator: its brackets and fractions of a second taken off."""
    return re.split(r"[.,]", stamp.strip("[]() \t"))[0]
