"""Measure and cut labels and names. Pure; the tables of limits build on it."""

CUT = "\N{HORIZONTAL ELLIPSIS}"
"""Stands where a label or a name was cut."""


def length(text: str) -> int:
    """Return the length of a text in UTF-16 units, never less than any platform counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clipped(text: str, limit: int) -> str:
    """Return a label or a name cut to ``limit`` units, with an ellipsis where it was cut.

    For names and labels only: a quote is shown whole or not at all.
    """
    if length(text) <= limit:
        return text
    return beginning(text, limit - 1).rstrip() + CUT


def beginning(text: str, limit: int) -> str:
    """Return as many of a text's first characters as ``limit`` units hold."""
    kept = text[: max(limit, 0)]
    while (over := length(kept) - max(limit, 0)) > 0:
        kept = kept[: -((over + 1) // 2)]  # a character has two units at most
    return kept
