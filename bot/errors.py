"""Everything that Counterpoint raises on purpose.

    BotError                  what a caller may catch; says whether a retry helps
    ├── ConfigError           a setting or a model file is missing or wrong
    ├── CorpusError           a document, topic or alias file cannot be used
    │   ├── ReadError         one file cannot be read; the others still can
    │   └── StagedGone        a document that was to be published waits no more
    ├── IndexUnavailable      no index serves, or a new one could not be built
    │   └── IndexBusy         another process is building one now
    ├── JournalError          the log of interactions cannot be read or written
    ├── DeliveryError         a reply could not be brought to the platform
    │   └── DeliveryUnknown   it may have been brought there, or not
    └── TooSoon               it may be asked for again in some seconds
        ├── RateLimited       an asker or a channel asked too often
        └── CoolingDown       the last reindex was a moment ago

``key`` names the sentence of `bot.texts` that a member is shown; the message itself is
for the operator and names the input and the way out.
"""

from math import ceil


class BotError(Exception):
    """Base of all errors raised on purpose."""

    retryable: bool = False
    key: str = "error_internal"


class ConfigError(BotError):
    """A setting or a shipped file is missing or wrong; the message says which."""

    key = "error_config"


class CorpusError(BotError):
    """A document, topic or alias file cannot be used; the message names it."""

    key = "error_corpus"


class ReadError(CorpusError):
    """One file cannot be read. ``path`` names it, ``reason`` says why in a sentence."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class StagedGone(CorpusError):
    """A document that was to be published waits no more, or not in that community."""

    key = "error_staged_gone"


class IndexUnavailable(BotError):
    """No index serves yet, or the new one failed its checks; the old one stays."""

    retryable = True
    key = "error_index"


class IndexBusy(IndexUnavailable):
    """Another process is building an index for the same corpus."""

    key = "error_index_busy"


class JournalError(BotError):
    """The log of interactions cannot be opened, read or written."""

    retryable = True
    key = "error_journal"


class DeliveryError(BotError):
    """A finished reply could not be brought to the platform; ``code`` is the platform's word."""

    retryable = True
    key = "error_delivery"

    def __init__(self, told: str = "", code: str = "") -> None:
        super().__init__(told)
        self.code = code


class DeliveryUnknown(DeliveryError):
    """The platform did not say whether it took a reply, and that cannot be looked up."""

    key = "error_delivery_unknown"


class TooSoon(BotError):
    """What was asked for may be asked for again in ``seconds`` seconds (at least 1)."""

    retryable = True
    key = "error_rate"

    def __init__(self, told: str, wait_s: float) -> None:
        self.seconds = max(1, ceil(wait_s))
        super().__init__(f"{told} Again in {self.seconds} s.")


class RateLimited(TooSoon):
    """An asker, or everyone in a channel, asked more often than RATE_PER_... allows."""


class CoolingDown(TooSoon):
    """A reindex took effect less than REINDEX_COOLDOWN_S seconds ago."""

    key = "error_cooling_down"
