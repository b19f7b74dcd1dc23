"""Every sentence of the pages themselves; what answers say is in `bot.texts`.

The same rules hold: sentences are text and never markup.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.texts import REPORTED, plural

# --- on every page --------------------------------------------------------------

NAME = "Counterpoint"
SKIP = "Skip to the text"
TO_THE_START = "All documents and topics"
SEARCH = "Search"
SEARCH_LABEL = "Ask a question, state a claim or name a topic"
COLOPHON = "Every quote is word for word from a document, and links to its place in it."

# --- the first page -------------------------------------------------------------

WHAT_IT_IS = (
    "Ask what these documents say, and read it in their own words: quotes that answer, and quotes "
    "that argue the other side.",
    "Nothing here is summed up or made up; each quote opens where it stands.",
)
TOPICS = "Topics"
DOCUMENTS = "Documents"
NO_DOCUMENTS = "There are no documents yet."

# --- a document -----------------------------------------------------------------

ORIGINAL = "Read the original"
ORIGINAL_PLACE = "See it in the original"
CONTENTS = "Contents"
SPEAKERS = "Who speaks"
LICENCE = "Licence"
PAGES = "Pages of this document"
PAGES_BELOW = "Pages of this document, below the text"
PREVIOUS = "Previous page"
NEXT = "Next page"
NO_DOCUMENT = "There is no such document, or it was taken away."
COPIED = "Link copied"
DOTTED = "A dotted line stands below what tells somebody else's view."
HOW_TO_CITE = "Each sentence is a link to itself: choose one to cite it."
ARROWS = "The left and right arrow keys go from one to the next."

# --- a quote --------------------------------------------------------------------

NO_QUOTE = "Nothing is known of such a quote. The address may have a mistake in it."
MOVED = "This quote stands elsewhere now than where it was cited; the words are the same."
WITHDRAWN = "The bot no longer quotes this: it was found to mislead. Please read what is around it."
QUOTE_CHANGED = "The document has changed"
QUOTE_CHANGED_TOLD = "It no longer says this. It was so when it was quoted, word for word:"
QUOTE_CHANGED_UNKNOWN = "It no longer says what was cited here, and the old words were not kept."
NOW_READS = "What is most like it now:"
NOTHING_LIKE_IT = "Nothing in the document is like it any more."
QUOTE_GONE = "The document is gone"
QUOTE_GONE_TOLD = "It is no longer in the corpus. This is what was quoted from it, word for word:"
CITED = "The quote that is marked"
TO_THE_QUOTE = "Go to the quote"
PERMALINK = "Permalink"
WHOLE_DOCUMENT = "Read the document as it is now"

# --- a topic, and what was searched ---------------------------------------------

TOPIC = "Topic"
FOR = "For"
AGAINST = "Against"
NONE_FOR = "No passage clearly argues for it."
NONE_AGAINST = "No passage clearly argues against it."
BOTH_SIDES = "Both sides of this topic, beside each other"
NO_SIDE = "On neither side"
NO_TOPIC = "There is no such topic. The first page lists those that there are."
RESULTS = "What the documents say"
NO_QUESTION = "Type a question, a claim or a topic above."
QUESTION_TOO_LONG = "That question is too long. Please ask in fewer words."
NOT_BY_ITSELF = "This page is opened by people, not fetched in advance."
RESTARTING = "This is being restarted. Please try again in a minute."

# --- what went wrong ------------------------------------------------------------

ASK_FOR_HELP = "If it stays, name this id to the people who run this:"
FAILURES: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        400: ("That was not understood", "The address or what was sent with it is not right."),
        403: ("Not allowed", "You may not do that."),
        404: ("There is no such page", "It may have moved, or the address has a mistake in it."),
        405: ("Not possible here", "This page can be read, and nothing else."),
        410: ("It is gone", "It was here once, and is not any more."),
        413: ("Too long", "That is more than can be taken here."),
        414: ("Too long", QUESTION_TOO_LONG),
        429: ("One moment, please", "That was a lot of questions. Please ask again in a minute."),
        500: ("Something went wrong", "It went wrong on our side, and it is noted."),
        503: ("Back in a moment", "This cannot be shown right now. Please try again in a minute."),
        504: ("That took too long", "Please try again in a minute."),
    }
)
"""The heading and the sentence for each status."""


def page_of(number: int, pages: int) -> str:
    """Say which page of a document it is."""
    return f"Page {number} of {pages}"


def counted(documents: int, sentences: int) -> str:
    """Say how much there is to read."""
    return f"{plural(documents, 'document')}, {plural(sentences, 'sentence')}"


def sentences(count: int) -> str:
    """Count sentences."""
    return plural(count, "sentence")


def by(author: str, title: str, reported: bool = False) -> str:
    """Say who is quoted from which document, in one line; and that it is somebody else's view."""
    return f"{author} ({REPORTED}): {title}" if reported else f"{author}: {title}"
