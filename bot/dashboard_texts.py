"""Every sentence of the dashboard, which operators read; `page_texts` has those of readers.

The same rules hold: sentences are text and never markup.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bot.ports.communities import COMMAND_LINE
from bot.ports.corrections import Verdict
from bot.texts import plural
from bot.types import Feedback, QueryKind, Stance

# --- entering -------------------------------------------------------------------

NAME = "Dashboard"
ENTER = "Log in"
LEAVE = "Log out"
PASSWORD = "Password"  # noqa: S105 (a label)
WRONG_PASSWORD = "That is not the password."  # noqa: S105 (a sentence)
LINK_TOLD = "Your link logs you in once."
LINK_GONE = (
    "This link was used already, is too old or was never made: get another in chat with "
    "/source-admin dashboard, or log in with the password."
)
WITH_PASSWORD = "Log in with the password"  # noqa: S105 (a label)
STALE_FORM = "This form is no longer good. Please open the page again and repeat it."
NOT_ENTERED = "You are not logged in, or no longer. Please log in and repeat it."
NO_LOG = "The log of interactions cannot be opened, so that there is nothing to show here."

# --- getting about --------------------------------------------------------------

OVERVIEW = "Overview"
MISSING = "Not found"
SHOWN = "Shown"
CORPUS = "Corpus"
DISPUTES = "Disputes"
PARTS = "Parts of the dashboard"
SPAN = "Span of time"
SPANS: Mapping[int, str] = MappingProxyType({1: "Last day", 7: "Last week", 30: "Last 30 days"})
NOTHING = "Nothing yet."
AS_CSV = "CSV"
AS_JSON = "JSON"
UTC_TOLD = "All times are UTC."

# --- the overview ---------------------------------------------------------------

ASKED = "What was asked, and where"
ASKED_TOLD = (
    "Other: nothing was asked (a greeting), it is being answered, or it was forgotten and had no "
    "answer."
)
REQUESTS = "requests"
ANSWER_RATE = "answered"
MEDIAN = "median time"
SLOWEST = "95th percentile"
HELPFUL_SHARE = "found helpful"
ANSWERED = "Answered"
UNANSWERED = "Nothing found"
FAILED = "Failed"
REFUSED = "Over a limit"
OTHER = "Other"
LATENCY = "How long answers took"
FEEDBACK = "What members said"
PLOT_ASKED = "Requests over time"
PLOT_LATENCY = "Seconds to an answer: median, 95th and 99th percentile"
PLOT_LEDGER = "Quotes for and against, by topic"

# --- what is missing, what is shown, the corpus ---------------------------------

MISSING_TOLD = (
    "What was searched for in vain, with similar words together. It tells which documents are "
    "missing. Words are here only where the log keeps them."
)
LEDGER = "Balance by topic"
LEDGER_TOLD = "How many quotes of either side were shown where a topic was named."
QUOTES = "Quotes"
SPEAKERS = "Who was quoted"
DOCUMENTS = "Documents"
REINDEXES = "Reindexes"
WHAT_CHANGED = "What they changed"
UNREAD = "What they could not read"
UNCHANGED = "Nothing had changed."
NOT_NOTED = "What changed was not noted."
RUNNING = "not finished"
EARLIER = "Earlier ones"
GONE = "Posted quotes that are gone"
GONE_TOLD = (
    "No document holds their words any more. The page of each shows what was quoted, and what is "
    "most like it now."
)
NOTHING_GONE = "Every quote that was posted is still in the documents."
VERSION = "The version that serves:"
CHANGES: Mapping[str, str] = MappingProxyType(
    {"added": "Added", "changed": "Changed", "removed": "Removed"}
)
"""What a reindex did to a document."""

# --- disputes -------------------------------------------------------------------

DISPUTES_TOLD = (
    "Replies that members found wrong, newest first. What you decide holds from the next reply "
    "on, also after a reindex, and can be undone."
)
NO_DISPUTES = "Nobody found anything wrong that is still open."
OPEN = "Open"
SETTLED = "Settled"
HELD = "What holds now"
NO_RULINGS = "Nothing has been decided yet."
WORDS_NOT_KEPT = "The words were not kept."
HIDE = "Hide it"
RENAME = "Change the speaker"
SPEAKER = "Who really said it"
MARK_REPORTED = "Mark it as somebody else's view"
CORRECT_SIDE = "Correct its side"
SIDE = "The side that it takes"
DISMISS = "Nothing is wrong with this reply"
UNDO = "Undo"
DECIDE = "Decide about this quote"
BAD_RULING = "That could not be decided: something was left out, or the quote is not in that reply."
NO_RULING = "That does not hold any more."
SPEAKER_TOO_LONG = "That name is too long."

FEEDBACKS: Mapping[Feedback, str] = MappingProxyType(
    {
        Feedback.HELPFUL: "Helpful",
        Feedback.MISATTRIBUTED: "Misattributed",
        Feedback.OUT_OF_CONTEXT: "Out of context",
        Feedback.WRONG_SIDE: "Wrong side",
        Feedback.OFF_TOPIC: "Off topic",
        Feedback.OTHER: "Other",
    }
)
"""What a member can say of a reply."""

KINDS: Mapping[QueryKind, str] = MappingProxyType(
    {
        QueryKind.QUESTION: "Question",
        QueryKind.CLAIM: "Claim",
        QueryKind.TOPIC: "Topic",
    }
)
"""What somebody wants."""

STANCES: Mapping[Stance, str] = MappingProxyType(
    {
        Stance.SUPPORTS: "Supports",
        Stance.OPPOSES: "Opposes",
        Stance.NEUTRAL: "Takes no side",
    }
)
"""The side that a quote takes."""

RULINGS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.HIDE: "Hidden",
        Verdict.SPEAKER: "Speaker changed",
        Verdict.REPORTED: "Marked as somebody else's view",
        Verdict.SIDE: "Side corrected",
        Verdict.DISMISS: "Found to be right",
    }
)
"""What was decided."""


def too_many_tries(seconds: int) -> str:
    """Say when a password may be tried again."""
    return f"Too many tries. Please wait {plural(seconds, 'second')}."


def said_by(times: int, said: str) -> str:
    """Say how many members said something of a reply."""
    return f"{said}, {times} times" if times > 1 else said


def newest_shown(shown: int, in_all: int) -> str:
    """Say how many of the disputes are on the page, and in its files."""
    return (
        f"The newest {shown} of {in_all} are shown, here and in the files. Those behind them come "
        "as these are decided."
    )


def asked_on(platform: str, day: str) -> str:
    """Say where and when something was asked."""
    return f"Asked on {platform}, {day}"


def read_on(day: str) -> str:
    """Say when the documents were read."""
    return f"read on {day}"


def reindexed_from(platform: str) -> str:
    """Say where a reindex was asked for."""
    return "from the command line" if platform == COMMAND_LINE else f"from {platform}"


def took(time: str) -> str:
    """Say how long it took."""
    return f"took {time}"


def of_version(version: str) -> str:
    """Name the version that a reindex made."""
    return f"version {version}"


def holding(documents: int, sentences: int | None) -> str:
    """Say how much there was to quote from then on."""
    told = plural(documents, "document")
    return told if sentences is None else f"{told} with {plural(sentences, 'sentence')}"


def reindexed(added: int, changed: int, removed: int, sentences: str) -> str:
    """Say how many documents a reindex changed, and sentences (as ``+3 -1``)."""
    counts = (("added", added), ("changed", changed), ("removed", removed))
    (first, count), *further = [(what, count) for what, count in counts if count]
    told = [f"{plural(count, 'document')} {first}", *(f"{more} {what}" for what, more in further)]
    return f"{', '.join(told)}; {sentences} sentences" if sentences else ", ".join(told)


def not_read(files: int) -> str:
    """Say how many files could not be read."""
    return f"{plural(files, 'file')} could not be read"


def shown_times(times: int) -> str:
    """Say how often a quote was shown, as far as that is still known."""
    return f"shown {plural(times, 'time')}" if times else "how often it was shown is forgotten"
