"""Measure and cut labels and names. Pure; the tables of limits build on it."""

CUT = "\N{HORIZONTAL ELLIPSIS}"
"""Stands where a label or a name was cut."""


def length(text: str) -> int:
    """Return the length of a text in UTF-16 units, never less than any platform counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def clipped(text: str, limit: int) -> str:
    """Return a label or a name cut to ``limit`` units, with an ellipsis where it was cut.

    For names and labels only: a quote is shown whole or not at all.
    """
    if length(text) <= limit:
        return text
    kept = text[:limit]
    while length(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + CUT
