"""What the bot knows besides the index: topics, and how evidence is found with the aliases.

The index is made with the aliases of its day, so that both are renewed together, by a
reindex. Opened by `bot.bootstrap`, asked by `bot.service` at every request.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from bot.conversation.gathering import Gatherer
from bot.corpus.library import ALIASES_FILE, TOPICS_FILE
from bot.corpus.topics import Aliases, read_aliases, read_topics
from bot.errors import CorpusError
from bot.types import Topic

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The topics of the corpus, and what finds evidence with its aliases."""

    topics: tuple[Topic, ...]
    gatherer: Gatherer


class KnowledgeOnDisk:
    """Reads topics and aliases again whenever a reindex took effect, in whichever process.

    Not whenever their files change: the index holds the aliases of its day.

    Args:
        folder: The corpus.
        stamp: The file that a reindex writes anew.
        gatherer_of: Makes what finds evidence with these aliases.
    """

    def __init__(
        self, folder: Path, stamp: Path, gatherer_of: Callable[[Aliases], Gatherer]
    ) -> None:
        self._folder = folder
        self._stamp = stamp
        self._gatherer_of = gatherer_of
        self._lock = Lock()
        self._seen: tuple[int, int] | None = None
        self._known: Knowledge | None = None

    def __call__(self) -> Knowledge:
        """Return what is known; costs one look at a file's time stamp while it is the same."""
        with self._lock:
            now = self._stamp_now()
            if self._known is None or now != self._seen:
                self._seen, self._known = now, self._read()
            return self._known

    def _read(self) -> Knowledge:
        try:
            topics = read_topics(self._folder / TOPICS_FILE)
            aliases = read_aliases(self._folder / ALIASES_FILE)
        except CorpusError as error:  # their files are broken, but the index still answers
            _log.error("corpus_unusable", extra={"reason": str(error)})
            topics, aliases = (), {}
        return Knowledge(topics, self._gatherer_of(aliases))

    def _stamp_now(self) -> tuple[int, int] | None:
        try:
            status = self._stamp.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino
