"""Keep what people and documents say from acting on a terminal. Used wherever text is shown."""

import unicodedata

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Marks that reorder the text around them: a quote could seem to say what it does not.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    """Return a text on one line in which nothing acts on a terminal.

    White space is folded; control characters, lone surrogates and marks that reorder the
    text become a replacement character.
    """
    folded = " ".join(text.split())
    return "".join(
        _REPLACEMENT
        if unicodedata.category(character) in ("Cc", "Cs") or character in _REORDERING
        else character
        for character in folded
    )
