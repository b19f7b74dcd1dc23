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

_Stamp = tuple[int, int, int]
"""When a file was written, which it is and how long."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The topics of the corpus, and what finds evidence with its aliases."""

    topics: tuple[Topic, ...]
    gatherer: Gatherer


class KnowledgeOnDisk:
    """Reads topics and aliases again whenever a reindex took effect, in whichever process.

    Not whenever their files change: the index holds the aliases of its day. Only where a file
    cannot be used does what was known before stay, until the file is mended.

    Args:
        folder: The corpus.
        stamp: The file that a reindex writes anew.
        gatherer_of: Makes what finds evidence with these aliases.
    """

    def __init__(
        self, folder: Path, stamp: Path, gatherer_of: Callable[[Aliases], Gatherer]
    ) -> None:
        self._stamp = stamp
        self._topics_file = folder / TOPICS_FILE
        self._aliases_file = folder / ALIASES_FILE
        self._gatherer_of = gatherer_of
        self._lock = Lock()
        self._seen: _Stamp | None = None
        self._broken: tuple[_Stamp | None, ...] | None = None
        self._topics: tuple[Topic, ...] = ()
        self._aliases: Aliases = {}
        self._known: Knowledge | None = None

    def __call__(self) -> Knowledge:
        """Return what is known; costs one look at a file's time stamp while it is the same."""
        with self._lock:
            now = _stamp_of(self._stamp)
            if self._known is None or now != self._seen or self._may_be_mended():
                self._seen, self._known = now, self._read()
            return self._known

    def _read(self) -> Knowledge:
        files = self._files_now()
        reasons: list[str] = []
        try:
            self._topics = read_topics(self._topics_file)
        except CorpusError as error:  # the file is broken, but the index still answers
            reasons.append(str(error))
        try:
            self._aliases = read_aliases(self._aliases_file)
        except CorpusError as error:
            reasons.append(str(error))
        if reasons and files != self._broken:
            _log.error("corpus_unusable", extra={"reason": " ".join(reasons)})
        self._broken = files if reasons else None
        return Knowledge(self._topics, self._gatherer_of(self._aliases))

    def _may_be_mended(self) -> bool:
        return self._broken is not None and self._files_now() != self._broken

    def _files_now(self) -> tuple[_Stamp | None, ...]:
        return _stamp_of(self._topics_file), _stamp_of(self._aliases_file)


def _stamp_of(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size
