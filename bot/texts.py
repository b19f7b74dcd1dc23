"""Every sentence that a member reads, in one place: short, plain and kind.

Sentences are text and never markup: adapters escape and decorate. A constant is a sentence
that never changes, a function one with numbers or names in it. What stands here is shown to
members; messages for operators stay where their errors are raised. Everyone may import it.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

# --- nothing to show ------------------------------------------------------------

NOTHING_FOUND = "Nothing in the corpus on that."
NEAR_TOPICS = "The corpus does cover these:"
HOW_TO_ASK = (
    "Ask me a question, state a claim or name a topic, and I answer with quotes from the "
    "documents, for and against."
)
NOTHING_TO_CHECK = "I found no message here that makes a claim. Reply to one, or write the claim."

# --- labels beside the evidence -------------------------------------------------

QUOTES = "Quotes"
COUNTERPOINTS = "Counterpoints"
REPORTED = "reports somebody else's view"
UNKNOWN_AUTHOR = "author unknown"
UNKNOWN_DATE = "no date"
SUPPORTS = "supports"
OPPOSES = "opposes"
NEUTRAL = "bears on it"
SHOW_LESS = "Show less"
OPEN_SOURCE = "Read in context"
SHARE = "Show to everyone"
ONLY_YOU = "Only you see this."

# --- waiting, limits and refusals -----------------------------------------------

SEARCHING = "Looking through the documents."
TOO_LATE = "This took too long, so I stopped. Please ask again."
ANSWER_IN_CHANNEL = "I could not answer in place, so here is the answer."
ADMINS_ONLY = "Only people who manage this place can do that."
NOT_HERE = "That does not work here. Try it in a channel."
STALE_BUTTON = "That button has expired. Please ask again."
ALREADY_ANSWERED = "I have answered that message already."

# --- administration -------------------------------------------------------------

REINDEX_STARTED = "Reading the documents again. I will say when it is done."
REINDEX_UNCHANGED = "Nothing has changed since the last time."
NO_LOG = "Nobody has asked anything yet."
NO_CHANNELS = "I speak only when I am called, in every channel."
DOCTOR_WELL = "Everything works."

# --- help and privacy -----------------------------------------------------------

HELP_TITLE = "How to ask"
HELP = (
    "Mention me with a question, a claim or a topic.",
    "Reply to a message and mention me, and I look for sources on what it says.",
    "Open the menu of a message and choose Find sources or Find counterpoints.",
    "Use /source with a topic to see both sides of it.",
    "Every quote is word for word from a document. When there is nothing, I say so.",
)
PRIVACY = (
    "I keep what you ask me and my answers for as long as the people who run me have set. "
    "I read other messages of a conversation only when you call me in it."
)
FORGET_NOTHING = "I had kept nothing of yours."

# --- errors ---------------------------------------------------------------------

ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "error_internal": "Something went wrong on my side. It is noted.",
        "error_config": "I am not set up correctly. Please tell the people who run me.",
        "error_corpus": "One of the documents cannot be used. The people who run me can see why.",
        "error_index": "I cannot search right now. Please try again in a minute.",
        "error_index_busy": "The documents are being read already. Please wait until that is done.",
        "error_journal": "I cannot keep my records right now. Please try again in a minute.",
        "error_delivery": "I have an answer but could not post it. Please try again.",
    }
)
"""The sentence for each `key` of `bot.errors`."""


def error(key: str, request_id: str | None = None) -> str:
    """Return the sentence for an error, with the id to name when asking for help.

    An unknown key gets the sentence for an internal error: a member is never shown a key.
    """
    sentence = ERRORS.get(key, ERRORS["error_internal"])
    return f"{sentence} If it stays, name this id: {request_id}" if request_id else sentence


# --- headlines ------------------------------------------------------------------


def claim_headline(supporting: int, opposing: int, bearing: int) -> str:
    """Return the line above the evidence on a claim; at least one count is above zero.

    Args:
        supporting: Passages that support the claim.
        opposing: Passages that oppose it.
        bearing: Passages that bear on it and take no side.
    """
    if not supporting and not opposing:
        stand = "it takes no side" if bearing == 1 else "none takes a side"
        return f"{_passages(bearing, 'bears', 'bear')} on this; {stand}."
    opposed = "it" if supporting else "this"
    parts = _counted(
        (supporting, "supports this", "support this"),
        (opposing, f"opposes {opposed}", f"oppose {opposed}"),
        (bearing, "bears on it", "bear on it"),
    )
    if not opposing:
        return f"{parts}; no passage clearly argues against it."
    if not supporting:
        return f"{parts}; no passage clearly supports it."
    return f"{parts}."


def question_headline(answering: int, disputing: int) -> str:
    """Return the line above the answers to a question; at least one count is above zero."""
    if not answering:
        return f"{_passages(disputing, 'disputes', 'dispute')} the premise of this."
    return (
        _counted(
            (answering, "answers this", "answer this"), (disputing, "disputes it", "dispute it")
        )
        + "."
    )


def topic_headline(title: str, supporting: int, opposing: int, bearing: int) -> str:
    """Return the line above the two sides of a topic; at least one count is above zero.

    Args:
        title: The topic as it is known, or as it was typed.
        supporting: Passages for the topic's proposition.
        opposing: Passages against it.
        bearing: Passages that take no side on it.
    """
    if not supporting and not opposing:
        return f"{title}: {_passages(bearing, 'bears', 'bear')} on it."
    parts = _counted((supporting, "for", "for"), (opposing, "against", "against"))
    if bearing:
        parts = f"{parts}, {bearing} on neither side"
    if not opposing:
        return f"{title}: {parts}; no passage clearly argues against it."
    if not supporting:
        return f"{title}: {parts}; nothing here argues for it."
    return f"{title}: {parts}."


# --- other sentences with numbers -----------------------------------------------


def show_more(hidden: int) -> str:
    """Return the label of the button that shows the rest."""
    return f"Show {hidden} more"


def slow_down(seconds: int) -> str:
    """Say that the asker has reached a limit, and when to ask again."""
    return f"That was a lot of questions. Please ask again in {_plural(seconds, 'second')}."


def busy(seconds: int) -> str:
    """Say that too many people ask at once."""
    return f"Many people are asking at once. Please try again in {_plural(seconds, 'second')}."


def answers_message(author: str) -> str:
    """Say whose message a reply is about."""
    return f"About what {author} wrote:"


def reindexed(added: int, changed: int, removed: int, passages: int) -> str:
    """Say what a reindex did."""
    return (
        f"Done: {_plural(added, 'document')} added, {changed} changed, {removed} removed; "
        f"{_plural(passages, 'passage')} in all."
    )


def unreadable(paths: Sequence[str]) -> str:
    """Name the files that could not be read; at least one."""
    verb = "was" if len(paths) == 1 else "were"
    return f"{_plural(len(paths), 'file')} {verb} left out: {', '.join(paths)}"


def quotes_gone(count: int) -> str:
    """Warn that quotes posted before are no longer in the documents."""
    verb = "is" if count == 1 else "are"
    return f"{_plural(count, 'quote')} posted before {verb} no longer in the documents."


def forgotten(count: int) -> str:
    """Say how much of a member's text was removed."""
    return (
        f"Removed {_plural(count, 'request')} of yours, with my answers."
        if count
        else (FORGET_NOTHING)
    )


def status(documents: int, passages: int, version: str) -> str:
    """Say what the bot can search now."""
    return f"{_plural(documents, 'document')}, {_plural(passages, 'passage')}, version {version}."


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _passages(count: int, singular: str, plural: str) -> str:
    return f"{_plural(count, 'passage')} {singular if count == 1 else plural}"


def _counted(*parts: tuple[int, str, str]) -> str:
    """Join the counts above zero; the first says what is counted."""
    said = [(count, one if count == 1 else many) for count, one, many in parts if count]
    first, *others = said
    return ", ".join(
        [f"{_plural(first[0], 'passage')} {first[1]}", *(f"{n} {verb}" for n, verb in others)]
    )
