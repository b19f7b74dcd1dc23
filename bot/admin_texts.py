"""Every sentence that an admin reads, in one place; `texts` has those of members.

The same rules hold: text and never markup, short, plain and kind. Everyone may import it.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.texts import plural
from bot.types import ChannelMode

ADMINS_ONLY = "Only people who manage this place can do that."
REINDEX_STARTED = "Reading the documents again. I will say when it is done."
REINDEX_UNCHANGED = "Nothing has changed since the last time."
NO_LOG = "Nobody has asked anything yet."
NO_CHANNELS = "I speak only when I am called, in every channel."
DOCTOR_WELL = "Everything works."
OWNERS_ONLY = "Only the people who run me can do that."
ANSWERED = "answered"
UNANSWERED = "nothing found"
TEXT_NOT_KEPT = "words not kept"
NOTHING_UNANSWERED = "Nothing was asked in vain lately."
CHANNEL_MODES: Mapping[ChannelMode, str] = MappingProxyType(
    {
        ChannelMode.ALLOW: "I answer there when I am called.",
        ChannelMode.DENY: "I keep out of it.",
        ChannelMode.AUTO: "I answer there without being called when I find something.",
    }
)
"""What each setting of a channel means."""
AUTO_IS_DEAF = (
    "But I cannot read messages that do not mention me: the message content intent is missing. "
    "Until the people who run me grant it, I answer only when I am called."
)
STAGED = "This is how I read it. It counts for nothing until you publish it."
PUBLISH = "Publish"
DISCARD = "Discard"
DISCARDED = "It is gone, and nothing has changed."
NOT_INDEXED = "No document has been read yet."
READ_LAST = "Read last:"
CHANNELS_TITLE = "What I do in each channel"
LOG_UNANSWERED = "Asked in vain, newest first"
LOG_ALL = "Asked lately, newest first"
DOCTOR_FOUND = "Something needs a look."
HEARS_ALL = "I may read messages that do not mention me."
HEARS_CALLS = "I use no intent that has to be granted, and read only what mentions me."
PERMISSIONS_WELL = "I have the permissions that I need in this channel."
COMMANDS_WELL = "All my commands are registered."
LINKS_WELL = "Answers link to the pages of the quotes."
LINKS_DEAD = "My public address leads readers to their own machine, so I do not link to it."
NO_HEARTBEAT = "No heartbeat has been answered yet."
NOT_STAGED = "That document cannot be used."
NOT_PUBLISHED = "That document was not published."
NOT_READ = "The documents could not be read."
SEND_FILE = "Send me the file in a direct message, and I show you how I read it."
ADD_TITLE = "Add a document"
ADD_SUBMIT = "Read it"
CANCEL = "Cancel"
REPORTED_DIRECTLY = "I tell you how it goes in our direct messages."
SCOPES_WELL = "I have all the permissions that I need."
SOCKET_SILENT = "The socket to Slack has not answered yet."
NO_SOCKET = "Slack delivers to my web address; there is no socket."
CLOCK_WELL = "My clock and Slack's agree."
REINDEX = "Read the documents again"
UNANSWERED_BUTTON = "Asked in vain"
DOCTOR_BUTTON = "Check the set-up"
DASHBOARD_OWNERS_ONLY = (
    "The dashboard shows every community, so only the owners whom the setting OWNERS names may "
    "open it."
)
NO_DASHBOARD = (
    "There is no dashboard, as no password is set for it: counterpoint web-password prints the "
    "line that has to be in the settings, mine and those of the pages."
)
NO_DASHBOARD_LOG = (
    "There is no dashboard without the log of interactions, and it cannot be opened; "
    "counterpoint doctor says why."
)
DASHBOARD_IS_LOCAL = (
    "My public address leads to the machine that opens it, so that the link works only where the "
    "pages run."
)
NOT_FETCHED = "This file could not be fetched; please add it again:"

LOG_NOTHING = "Nothing is noted that fits."
LOG_FORGOTTEN = "(forgotten)"
LOG_NO_WORDS = "(words are not kept)"
RESTORED_UNCHECKED = (
    "The journal that stood there cannot be read, or hid its members by another key. So who was "
    "forgotten or opted out since the copy was made could not be looked up: they are in it again."
)


def listening(address: str) -> str:
    """Say where the pages are, or whatever else is asked for by HTTP."""
    return f"Listening on {address}"


def reindexed(added: int, changed: int, removed: int, passages: int) -> str:
    """Say what a reindex did."""
    return (
        f"Done: {plural(added, 'document')} added, {changed} changed, {removed} removed; "
        f"{plural(passages, 'passage')} in all."
    )


def reindexing(files: int, total: str | None, sentences: int, found: int) -> str:
    """Say how far a reindex has come: of how many files, and of how many sentences found."""
    of_all = f" of {total}" if total is not None else ""
    return f"Reading: {files}{of_all} files, {sentences} of {found} sentences."


def sentences_changed(added: int, removed: int) -> str:
    """Say how many sentences a document gained and lost."""
    return f"{plural(added, 'sentence')} new, {removed} gone"


def quotes_lost(count: int) -> str:
    """Say how many quotes that were posted a reindex took away; at least one."""
    were, are = ("was", "is") if count == 1 else ("were", "are")
    return f"{plural(count, 'quote')} that {were} posted {are} no longer in the documents."


def sentences_read(count: int) -> str:
    """Say how many sentences a document has."""
    return plural(count, "sentence")


def index_receipt(version: str, seconds: float) -> str:
    """Say which version serves now, and how long it took to make."""
    return f"Version {version}, {seconds} s"


def too_large(megabytes: int) -> str:
    """Say how large a file may be."""
    return f"That file is too large; I take up to {megabytes} MB."


def latency(milliseconds: int) -> str:
    """Say how long the platform takes to answer a heartbeat."""
    return f"The latency of the gateway is {milliseconds} ms."


def permissions_missing(names: Sequence[str]) -> str:
    """Name the permissions that the bot lacks in a channel."""
    return f"I lack these here: {', '.join(names)}. Let my role have them in this channel."


def commands_differ(names: Sequence[str]) -> str:
    """Name the commands that the platform and the bot do not both know."""
    return f"These are not known on both sides: {', '.join(names)}. Restart me to register them."


def commands_unknown(reason: str) -> str:
    """Say that the platform would not tell which commands it knows."""
    return f"I could not ask which commands are registered: {reason}"


def scopes_missing(names: Sequence[str]) -> str:
    """Name the permissions that the workspace did not grant."""
    return f"I lack these: {', '.join(names)}. Install me again from the manifest."


def socket_age(seconds: int) -> str:
    """Say when the socket to Slack last answered."""
    return f"The socket to Slack answered {plural(seconds, 'second')} ago."


def clock_skew(seconds: int) -> str:
    """Say how far the clocks are apart."""
    return (
        f"My clock and Slack's differ by {plural(seconds, 'second')}; over five minutes nothing "
        "that Slack sends is taken. Set this machine's clock."
    )


def login_link(minutes: int) -> str:
    """Say what a link to the dashboard is good for."""
    return (
        f"This link logs you in to the dashboard once, within {plural(minutes, 'minute')}. Keep "
        "it to yourself: whoever opens it first is in."
    )


def misused(usage: str) -> str:
    """Say how a command is used."""
    return f"I did not understand that. Use: {usage}"


def unreadable(paths: Sequence[str]) -> str:
    """Name the files that could not be read; at least one."""
    verb = "was" if len(paths) == 1 else "were"
    return f"{plural(len(paths), 'file')} {verb} left out: {', '.join(paths)}"


def status(documents: int, passages: int, topics: int, version: str) -> str:
    """Say what the bot can search now."""
    documents_told, passages_told = plural(documents, "document"), plural(passages, "passage")
    return f"{documents_told}, {passages_told}, {plural(topics, 'topic')}, version {version}."


def no_journal(file: str) -> str:
    """Say that nothing has been noted yet, and where it would be."""
    return (
        f"There is no journal at {file} yet. Nothing was asked, or the data folder is another one."
    )


def words_left_out(count: int) -> str:
    """Say how much could not be searched through."""
    return f"Of {plural(count, 'interaction')} the words are not kept."


def key_copied(file: str) -> str:
    """Say where the copy of the journal's key is."""
    return f"Its key: {file}. Keep it in another place than the copy, which is of no use without."


def journal_aside(file: str) -> str:
    """Say where the journal is that gave way to a copy."""
    return f"The journal that stood there is now {file}. Delete it when all is well."


def restored_blank(count: int) -> str:
    """Say how much of a copy was blanked before it was put back."""
    return f"{plural(count, 'interaction')} forgotten or expired since then stayed so."
