"""Show a text on Slack to the letter: nothing in it acts as markup.

Block Kit's rich text and plain text carry characters as they are, so nothing is escaped there.
In a message's own text only three marks act (docs.slack.dev/messaging/formatting-message-text):
`<` and `>`, which hold mentions, channels and links, and `&`, which begins an entity.
"""

import re

from adapters.messaging.lengths import CUT, beginning, clipped, length
from adapters.messaging.printable import printable

_HALF_AN_ENTITY = re.compile(r"&[a-z]*\Z")


def escaped(text: str, limit: int | None = None) -> str:
    """Return the text of a message that shows a text to the letter.

    Args:
        text: What is shown.
        limit: Units that may be sent, entities counted as Slack gets them; it is cut there.
    """
    marked = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if limit is None or length(marked) <= limit:
        return marked
    return _HALF_AN_ENTITY.sub("", beginning(marked, limit - 1)).rstrip() + CUT


def literal(text: str) -> str:
    """Return a text for blocks that carry characters as they are; never empty, which they mind."""
    return printable(text) or " "


def line(text: str, limit: int | None = None) -> str:
    """Return a text on one line, cut to ``limit`` units if given; empty if nothing shows."""
    shown = " ".join(printable(text).split())
    return shown if limit is None else clipped(shown, limit)


def unescaped(text: str) -> str:
    """Return what somebody typed, of the text that Slack tells; markup in angles stays."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
