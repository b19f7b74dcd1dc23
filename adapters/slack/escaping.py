"""Show a text on Slack to the letter: nothing in it acts as markup.

Block Kit's rich text and plain text carry characters as they are, so nothing is escaped there.
In a message's own text only three marks act (docs.slack.dev/messaging/formatting-message-text):
`<` and `>`, which hold mentions, channels and links, and `&`, which begins an entity.
"""

from adapters.messaging.lengths import CUT, length
from adapters.messaging.printable import printable


def escaped(text: str) -> str:
    """Return the text of a message that shows a text to the letter."""
    return printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """Return a text for blocks that carry characters as they are; never empty, which they mind."""
    return printable(text) or " "


def line(text: str, limit: int | None = None) -> str:
    """Return a text on one line, cut to ``limit`` units if given; empty if nothing shows."""
    shown = " ".join(printable(text).split())
    if limit is None or length(shown) <= limit:
        return shown
    kept = shown[:limit]
    while length(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + CUT


def unescaped(text: str) -> str:
    """Return what somebody typed, of the text that Slack tells; markup in angles stays."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
