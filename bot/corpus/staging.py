"""Documents that somebody sent and nobody has approved yet: read, checked, kept apart.

Each lies in a folder of its own with a note of who sent it from where, so that it outlives
the process; what is not published within a day goes. Leaves the corpus to `bot.corpus.adding`
and the index to whoever publishes. Called by `bot.administration`, off the event loop.
"""

import json
import re
import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bot.corpus.adding import Addition, check_document
from bot.corpus.manifest import Entry
from bot.corpus.readers import DEFAULT_LIMITS, ReadLimits
from bot.corpus.readers.limits import in_megabytes
from bot.corpus.splitting import title_from_id
from bot.errors import CorpusError, ReadError, StagedGone
from bot.types import AdminRequest, IndexReport

KEPT_S = 24 * 3600.0
"""How long a document waits for approval, in seconds."""

MOST_BYTES = 25_000_000
"""Size of a file that came over a platform, at most."""

STAGED_LIMITS = replace(DEFAULT_LIMITS, max_bytes=MOST_BYTES)
"""Bounds on a file that came over a platform."""

MOST_WAITING = 100
"""Documents that wait at the same time, of all communities together."""

_NOTE = "staged.json"
_FILE_FOLDER = "document"
_LONGEST_NAME = 120  # bytes; most file systems take 255
_SAMPLED = 3
_ID = re.compile(r"\w{1,64}", re.ASCII)
_FORBIDDEN = frozenset('<>:"|?*/\\')  # somewhere


@dataclass(frozen=True, slots=True)
class StagedDocument:
    """A document that waits for approval, as it would stand in the corpus.

    ``sentences`` counts what could be quoted; ``sample`` holds some of them, from its
    beginning, middle and end.
    """

    id: str
    file_name: str
    title: str
    author: str | None
    date: str | None
    sentences: int
    sample: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Note:
    """What lies beside a document that waits."""

    platform: str
    community_id: str
    user_id: str
    staged_at: float
    file_name: str
    title: str | None
    author: str | None
    url: str | None


class Staging:
    """The documents that wait.

    Args:
        folder: Where they lie; made when the first one comes.
        corpus: The corpus that they shall become part of.
        clock: Seconds since the epoch, UTC.
        new_id: Makes ids fit for file names.
        limits: Bounds on reading.
    """

    def __init__(
        self,
        folder: Path,
        corpus: Path,
        clock: Callable[[], float],
        new_id: Callable[[], str],
        limits: ReadLimits = STAGED_LIMITS,
    ) -> None:
        self._folder = folder
        self._corpus = corpus
        self._clock = clock
        self._new_id = new_id
        self._limits = limits

    def stage(
        self,
        by: AdminRequest,
        file_name: str,
        content: bytes,
        *,
        title: str | None = None,
        author: str | None = None,
        url: str | None = None,
    ) -> StagedDocument:
        """Read a document, see whether it fits into the corpus, and keep it apart.

        Args:
            by: Who sent it, and from where.
            file_name: Its name as it was sent; what may not stand in a name is taken out.
            content: Its bytes.
            title: As its readers know it; None for this and below: as the file says.
            author: Who wrote or said it.
            url: Where it was published.

        Raises:
            ReadError: It cannot be read, is too large, or holds nothing to quote.
            CorpusError: A file of that name is in the corpus, a value cannot be used, or too
                many documents wait.
        """
        self.sweep()
        name = safe_name(file_name)
        if len(content) > self._limits.max_bytes:
            raise ReadError(
                name,
                f"It has {in_megabytes(len(content))}, more than the "
                f"{in_megabytes(self._limits.max_bytes)} that are allowed. Split it.",
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        if sum(1 for _ in self._folder.iterdir()) >= MOST_WAITING:
            raise CorpusError(
                f"{MOST_WAITING} documents wait already; publish or discard some of them first"
            )
        note = _Note(
            by.platform, by.community_id, by.user_id, self._clock(), name,
            title or None, author or None, url or None,
        )  # fmt: skip
        staged_id = self._new_id()
        place = self._folder / staged_id
        try:
            (place / _FILE_FOLDER).mkdir(parents=True)
            (place / _FILE_FOLDER / name).write_bytes(content)
            addition = self._checked(place, note)
            # Written last: what has no note is no document that waits, but the rest of a crash.
            (place / _NOTE).write_text(json.dumps(asdict(note)), "utf-8")
        except OSError as error:
            shutil.rmtree(place, ignore_errors=True)
            raise CorpusError(f"{place}: cannot be written ({error.strerror})") from error
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        return _described(staged_id, addition)

    def publish(
        self, by: AdminRequest, staged_id: str, reindex: Callable[[], IndexReport]
    ) -> IndexReport:
        """Put a document into the corpus and have it indexed.

        When anything fails, the corpus is made what it was, and the document goes on waiting.

        Args:
            by: Who publishes it; of the community that it was sent from.
            staged_id: Which document.
            reindex: Brings the index up to the corpus.

        Raises:
            CorpusError: No such document waits there, or it does not fit into the corpus any
                more.
            ReadError: It could not be indexed.
            BotError: What ``reindex`` raised.
        """
        place, note = self._found(by, staged_id)
        placed = self._checked(place, note).place()
        try:
            report = reindex()
            for failure in report.failures:
                if self._corpus / failure.path == placed.target:
                    raise ReadError(placed.target.name, failure.reason)
        except BaseException:
            placed.undo()
            raise
        shutil.rmtree(place, ignore_errors=True)
        return report

    def discard(self, by: AdminRequest, staged_id: str) -> bool:
        """Throw a document away; False when none of that id waits in that community."""
        try:
            place, _ = self._found(by, staged_id)
        except CorpusError:
            return False
        shutil.rmtree(place, ignore_errors=True)
        return True

    def sweep(self) -> None:
        """Throw away what has waited too long."""
        for place in self._folder.glob("*"):
            note = _read_note(place)
            try:
                since = note.staged_at if note else place.stat().st_mtime
            except FileNotFoundError:  # another process was faster
                continue
            if self._clock() - since > KEPT_S:
                shutil.rmtree(place, ignore_errors=True)

    def _found(self, by: AdminRequest, staged_id: str) -> tuple[Path, _Note]:
        # The id comes back from a platform's button: it may say anything.
        if _ID.fullmatch(staged_id):
            place = self._folder / staged_id
            note = _read_note(place)
            theirs = (by.platform, by.community_id)
            if (
                note is not None
                and (note.platform, note.community_id) == theirs
                and self._clock() - note.staged_at <= KEPT_S
            ):
                return place, note
        raise StagedGone(
            "No such document waits here: it was published or discarded, or it waited for more "
            "than a day. Add it again."
        )

    def _checked(self, place: Path, note: _Note) -> Addition:
        known = Entry(note.file_name, title=note.title, author=note.author, url=note.url)
        path = place / _FILE_FOLDER / note.file_name
        try:
            return check_document(self._corpus, path, known, self._limits)
        except ReadError as error:  # whose path tells where it waits, which helps nobody
            raise ReadError(note.file_name, error.reason) from error


def _read_note(place: Path) -> _Note | None:
    try:
        return _Note(**json.loads((place / _NOTE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):  # none yet, or only half of one: a process died
        return None


def safe_name(file_name: str) -> str:
    """Return a name that any file system takes, without folders and invisible characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", file_name))[-1]
    kept = "".join(one for one in last if one.isprintable() and one not in _FORBIDDEN)
    # Hidden files and those of an open word processor would not be found again.
    stem, dot, ending = kept.strip(" .~$").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    while len(f"{stem}{dot}{ending}".encode()) > _LONGEST_NAME and len(stem) > 1:
        stem = stem[:-1]
    return f"{stem.strip() or 'document'}{dot}{ending[:16]}"


def _described(staged_id: str, addition: Addition) -> StagedDocument:
    documents = addition.documents
    sentences = [
        read.document.text[passage.start : passage.end]
        for read in documents
        for passage in read.passages
    ]
    step = max(1, (len(sentences) - 1) // (_SAMPLED - 1)) if len(sentences) > _SAMPLED else 1
    return StagedDocument(
        id=staged_id,
        file_name=addition.entry.file,
        title=_title(addition),
        author=_shared([read.document.author for read in documents]),
        date=_shared([read.document.date for read in documents]),
        sentences=len(sentences),
        sample=tuple(sentences[::step][:_SAMPLED]),
    )


def _title(addition: Addition) -> str:
    if len(addition.documents) == 1:
        return addition.documents[0].document.title
    return addition.entry.title or title_from_id(Path(addition.entry.file).stem)


def _shared(values: list[str | None]) -> str | None:
    """Return what all documents of a file have in common."""
    return values[0] if len(set(values)) == 1 else None
