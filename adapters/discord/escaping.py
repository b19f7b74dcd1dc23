r"""Show a text on Discord to the letter: nothing in it acts as markup.

Discord's readers take a backslash before a mark for "show the mark" (``\\`` too), so marks get
one and letters stay as they are: what a reader sees and copies is what the document says.
Zero-width characters, which `discord.utils.escape_mentions` puts in, would be copied along.
`discord.utils.escape_markdown` leaves several things alone that act: links, custom emoji, time
stamps, mentions of channels and commands, emoji names, numbered lists, sub-text.

Pings are switched off for every message by `AllowedMentions.none()`; this keeps even the looks
of one away. Used wherever text is shown that a person typed or a document holds.
"""

import re

from adapters.discord import limits
from adapters.messaging.printable import printable

# `<` begins mentions, custom emoji, time stamps, commands and links that show no preview; `[`
# begins a masked link; a colon only acts where it opens an emoji's name or follows a scheme.
_MARK = re.compile(
    r"[\\*_~`|<\[]"
    r"|@(?=everyone|here)"
    r"|:(?=//|[^\s:]*:)"  # looks no further than the next colon: linear in the text
    # Headings, sub-text, lists and block quotes act at the beginning of a line.
    r"|^[ \t]*(?:[#>+-]|\d+(?=\.(?:\s|$)))",
    re.MULTILINE,
)


def escaped(text: str) -> str:
    """Return the Discord markdown that shows a text to the letter, line by line."""
    return _MARK.sub(_with_backslash, printable(text))


def escaped_line(text: str, limit: int | None = None) -> str:
    """Return the markdown that shows a text on one line, cut to ``limit`` units if given.

    The limit counts what is sent, backslashes included.
    """
    line = " ".join(printable(text).split())
    shown = escaped(line)
    if limit is None or limits.length(shown) <= limit:
        return shown
    kept = line[:limit]
    while (over := limits.length(shown := escaped(kept.rstrip() + limits.CUT)) - limit) > 0:
        kept = kept[: -max(1, over // 2)]
    return shown


def quoted(text: str) -> str:
    """Return a text as a block quote, each of its lines marked."""
    return "\n".join(f"> {line}" for line in escaped(text).split("\n"))


def _with_backslash(found: re.Match[str]) -> str:
    mark = found[0]
    if mark[-1].isdigit():
        return f"{mark}\\"  # "1." becomes "1\."
    return f"{mark[:-1]}\\{mark[-1]}"
