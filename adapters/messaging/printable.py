"""Keep what would act out of a text that is shown. Pure; markup is each adapter's own to escape."""

import unicodedata

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Marks that reorder the text around them: a quote could seem to say what it does not.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    """Return a text whose characters only show: no control characters, no reordering.

    Line breaks of every sort become one sort, and none is left at the end.
    """
    if text.isprintable():  # most texts: no control characters, no marks, no line breaks
        return text
    lines = "\n".join(text.splitlines()).rstrip("\n")
    return "".join(
        _REPLACEMENT
        if (unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t")
        or character in _REORDERING
        else character
        for character in lines
    )
