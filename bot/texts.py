"""Every sentence that a member reads, in one place: short, plain and kind.

Sentences are text and never markup: adapters escape and decorate. A constant is a sentence
that never changes, a function one with numbers or names in it. What stands here is shown to
members; messages for operators stay where their errors are raised. Everyone may import it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from bot.types import Feedback

# --- nothing to show ------------------------------------------------------------

NOTHING_FOUND = "Nothing in the corpus on that."
NEAR_TOPICS = "The corpus does cover these:"
WITHDRAWN = "What I quoted here was found misleading, and has been withdrawn."
HOW_TO_ASK = (
    "Ask me a question, state a claim or name a topic, and I answer with quotes from the "
    "documents, for and against."
)

# --- labels beside the evidence -------------------------------------------------

COUNTERPOINTS = "Counterpoints"
REPORTED = "reports somebody else's view"
UNKNOWN_AUTHOR = "author unknown"
UNKNOWN_DATE = "no date"
SUPPORTS = "supports"
OPPOSES = "opposes"
NEUTRAL = "bears on it"
OPEN_SOURCE = "Read in context"
ORIGINAL = "Original"
AGAINST_ANSWERS = "These dispute the answers."
TOO_LONG_TO_SHOW = "This quote is too long to be shown here whole. Please read it at its source."

# --- buttons and what they bring ------------------------------------------------

CONTEXT = "Context"
WHY = "Why this?"
HELPFUL = "Helpful"
NOT_HELPFUL = "Not helpful"
WHAT_IS_WRONG = "What is wrong with it?"
THANKS = "Thank you, that is noted."
NOT_SEARCHED = "not searched"
NO_MORE = "There is nothing more to show."
UNKNOWN_REQUEST = "I no longer know that answer. Please ask again."
REASONS: Mapping[Feedback, str] = MappingProxyType(
    {
        Feedback.MISATTRIBUTED: "Somebody else said it",
        Feedback.OUT_OF_CONTEXT: "Torn out of its context",
        Feedback.WRONG_SIDE: "It takes the other side",
        Feedback.OFF_TOPIC: "It is about something else",
        Feedback.OTHER: "Something else",
    }
)
"""The label of each reason why an answer did not help."""

# --- Slack's own surfaces --------------------------------------------------------

SHARE = "Share"
IS_SHARED = "Shared with everybody here."
NOT_SHARED = "I could not share that here. Invite me to this channel and try again."
CHOOSE_TOPIC = "Choose a topic"
CHOOSE_OR_TYPE = "Choose a topic, or write what you want to ask behind /source."
SEARCHING = "is looking through the documents…"
PROMPTS_TITLE = "Try one of these"
PROMPT_HELP = "How do I ask you?"
NOT_INSTALLED = "I am not installed here any more. An admin of this workspace can install me again."
SOMEBODY = "somebody"
A_CHANNEL = "a channel"
HOME_TITLE = "What I know"
HOME_TOPICS = "Topics"
HOME_ADMIN = "For those who look after me"
EXPORT = "Send me what you keep of me"
EXPORTED = "This is everything that I keep of you."
EXPORT_NOTHING = "I keep nothing of you."
EXPORT_NAME = "what-counterpoint-keeps-of-you.json"
SENT_DIRECTLY = "I have written to you directly."
CONVERSATION_HIDDEN = (
    "I cannot read what was said here before. Open the menu of the message you mean, then More "
    "message shortcuts, and choose Find sources."
)

# --- waiting, limits and refusals -----------------------------------------------

ANSWER_IN_CHANNEL = "I could not answer in place, so here is the answer."
STALE_BUTTON = "That button has expired. Please ask again."
ALREADY_ANSWERED = "I have answered that message already."
RESTARTING = "I am being restarted. Please ask again in a minute."
NOT_IN_CHANNEL = "I have been asked to keep out of that channel."
NOT_ALLOWED_THERE = "I may not write in that channel, so here is the answer."
NOTHING_TO_READ = "That message has no words that I could look into."
CONTENT_HIDDEN = (
    "I cannot read messages here that do not mention me. Open the menu of the message and "
    "choose Find sources."
)

# --- administration -------------------------------------------------------------

STAGED_GONE = "That document was published or discarded, or waited over a day. Add it again."

# --- help and privacy -----------------------------------------------------------

HELP_TITLE = "How to ask"
HELP_MENTION = "Mention me with a question, a claim or a topic."
HELP_TOPIC = "Use /source with a topic to see both sides of it."
HELP_VERBATIM = "Every quote is word for word from a document. When there is nothing, I say so."
MENU_ON_DISCORD = "Apps"
MENU_ON_SLACK = "More message shortcuts"
PRIVACY_TITLE = "What I keep"
KEPT_FOR_EVER = (
    "None of it expires by itself; it stays until the people who run me clear it, or you do."
)
READS_OTHERS = (
    "I read other messages when you call me in a conversation, and all of them in a channel "
    "where I am set to answer without being called."
)
PRIVACY = (
    "I keep what you ask me, which quotes I answered with, and whether you found them helpful.",
    KEPT_FOR_EVER,
    "Those who look after me in a place can see what was asked there.",
    READS_OTHERS,
)
FORGET_NOTHING = "I had kept no question of yours. Whatever else I had is gone."
FORGET_WARNING = (
    "This removes everything that you asked me and my answers from my records. "
    "It cannot be undone. Messages that I posted stay until somebody deletes them."
)
FORGET = "Remove it all"
KEEPS_NOTHING = (
    "I keep nothing of what you ask me, as you wish. I know you by a hash alone, and count for a "
    "minute that you asked, for the limits."
)
OPT_OUT = "Keep nothing of mine"
OPT_OUT_WARNING = (
    "From now on I would keep nothing of what you ask, and know you by a hash alone. My answers "
    "to you would have no buttons, as these need my records."
)
OPTED_OUT = "From now on I keep nothing of yours."
OPT_IN = "Keep it again"
OPTED_IN = "From now on I keep what you ask again."
CANNOT_RECALL = "I keep nothing of what you ask, so I cannot look that up. Please ask again."
NOT_NOTED = "I keep nothing of yours, so I have not noted that."
NO_RECORD = "I keep no record of this answer, so it has no buttons."

# --- welcome --------------------------------------------------------------------

WELCOME = "Hello! I answer with quotes from documents, word for word, for and against."
WELCOME_TRY = "Three things to try:"

# --- errors ---------------------------------------------------------------------

ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "error_internal": "Something went wrong on my side. It is noted.",
        "error_config": "I am not set up correctly. Please tell the people who run me.",
        "error_corpus": "One of the documents cannot be used. The people who run me can see why.",
        "error_staged_gone": STAGED_GONE,
        "error_index": "I cannot search right now. Please try again in a minute.",
        "error_index_busy": "The documents are being read already. Please wait until that is done.",
        "error_journal": "I cannot keep my records right now. Please try again in a minute.",
        "error_delivery": "I have an answer but could not post it. Please try again.",
        "error_delivery_unknown": "I cannot tell whether my answer arrived. If you do not see "
        "it, please ask again.",
        "error_rate": "That was a lot of questions. Please ask again in a minute.",
        "error_cooling_down": "The documents were read a moment ago. Please try again in a minute.",
    }
)
"""The sentence for each `key` of `bot.errors`."""

_INVITE = "I am not in that channel. Invite me to it and ask again."
SLACK_REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "not_in_channel": _INVITE,
        "channel_not_found": "I cannot see that channel. Invite me to it and ask again.",
        "is_archived": "That channel is archived, so I cannot write in it. Ask in another one.",
        "restricted_action": "I may not write in that channel. Its admins can let me.",
        "missing_scope": "I lack a permission here. An admin of this workspace has to install me "
        "again.",
    }
)
"""What is wrong and what to do, for each code with which Slack refuses a message."""


def error(key: str, request_id: str | None = None) -> str:
    """Return the sentence for an error, with the id to name when asking for help.

    An unknown key gets the sentence for an internal error: a member is never shown a key.
    """
    sentence = ERRORS.get(key, ERRORS["error_internal"])
    return f"{sentence} If it stays, name this id: {request_id}" if request_id else sentence


# --- headlines ------------------------------------------------------------------


def claim_headline(supporting: int, opposing: int, bearing: int) -> str:
    """Return the line above the evidence on a claim; ``bearing`` passages take no side.

    At least one count is above zero.
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


# --- other sentences with numbers or names --------------------------------------


def moment(at: float) -> str:
    """Return a time in UTC, where nothing can tell it in the reader's own zone."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def shared_by(name: str, asked: str = "") -> str:
    """Say who shared an answer with a channel, and what they had asked, if that is told."""
    return f"Shared by {name}, who asked: {asked}" if asked else f"Shared by {name}"


def asked(text: str) -> str:
    """Say what was asked, where the question itself is not to be seen."""
    return f"Asked: {text}"


def refused(code: str) -> str:
    """Say why an answer is not where it was asked for, by the platform's code."""
    told = SLACK_REFUSALS.get(code, f"I could not answer in place ({code}).")
    return f"{told} Here is the answer."


def not_sent(code: str) -> str:
    """Say why a file was not sent, by the platform's code."""
    return SLACK_REFUSALS.get(code, f"I could not send you the file ({code}).")


def knows(documents: int, passages: int, topics: int) -> str:
    """Say what the bot can search, for members."""
    counted = plural(documents, "document"), plural(passages, "sentence"), plural(topics, "topic")
    return f"{counted[0]}, {counted[1]}, {counted[2]}."


def use_menu(menu: str) -> str:
    """Say where the entries of a message's menu are; ``menu`` is the one within it."""
    return (
        f"Open the menu of a message, then {menu}, and choose Find sources or Find counterpoints."
    )


def expires(days: int) -> str:
    """Say after how many days goes what a member asked; stands for `KEPT_FOR_EVER`."""
    return (
        f"What you asked goes by itself after {plural(days, 'day')}, or before that when you "
        "remove it."
    )


def forget_with(command: str) -> str:
    """Say which command removes everything of a member."""
    return f"Use {command} to remove everything of yours."


def named(request_id: str) -> str:
    """Name a request, for whoever asks for help with it."""
    return f"Id: {request_id}"


def left_out(count: int) -> str:
    """Say how much of a list there was no room for."""
    return f"and {count} more"


def show_more(hidden: int) -> str:
    """Return the label of the button that shows the rest."""
    return f"Show {hidden} more"


def slow_down(seconds: int, request_id: str | None = None) -> str:
    """Say that the asker has reached a limit, and when to ask again; with the id, if given."""
    told = f"That was a lot of questions. Please ask again in {plural(seconds, 'second')}."
    return f"{told} {named(request_id)}" if request_id else told


def cooling_down(seconds: int) -> str:
    """Say when the documents may be read again."""
    wait = plural(seconds, "second")
    return f"The documents were read a moment ago. Please try again in {wait}."


def queued(place: int) -> str:
    """Say that the asker has to wait, and for how many."""
    return f"Many people are asking; yours is number {place}."


def sides_on(claim: str) -> str:
    """Name the statement that the quotes support or oppose."""
    return f"Sides taken on: {claim}"


def against(claim: str) -> str:
    """Say why counterpoints are shown: what they argue against."""
    return f"These argue against: {claim}"


def searched_for(text: str, kind: str) -> str:
    """Say what was searched for, and what it was taken for: a question, a claim or a topic."""
    return f"Searched for the {kind}: {text}"


def figures(start: int, end: int, score: int, stance: str, probability: int) -> str:
    """Say where a quote stands in its document, and how sure the bot is, in percent."""
    # Neutral is told where no side is sure, so that its own probability says little.
    sure = "of no sure side" if stance == NEUTRAL else f"{probability} % sure that it {stance}"
    return f"characters {start} to {end}, {score} % to the point, {sure}"


def receipt(version: str, request_id: str) -> str:
    """Name what was searched and the request, for whoever wants to look into it."""
    return f"Corpus version {version}, request {request_id}"


def answers_message(author: str) -> str:
    """Say whose message a reply is about."""
    return f"About what {author} wrote:"


def quotes_gone(count: int) -> str:
    """Warn that quotes posted before are no longer in the documents."""
    verb = "is" if count == 1 else "are"
    return f"{plural(count, 'quote')} posted before {verb} no longer in the documents."


def forgotten(count: int) -> str:
    """Say how much of a member's text was removed."""
    removed = f"Removed {plural(count, 'request')} of yours, with my answers."
    return removed if count else FORGET_NOTHING


def plural(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _passages(count: int, singular: str, many: str) -> str:
    return f"{plural(count, 'passage')} {singular if count == 1 else many}"


def _counted(*parts: tuple[int, str, str]) -> str:
    """Join the counts above zero; the first says what is counted."""
    said = [(count, one if count == 1 else many) for count, one, many in parts if count]
    first, *others = said
    return ", ".join(
        [f"{plural(first[0], 'passage')} {first[1]}", *(f"{n} {verb}" for n, verb in others)]
    )
