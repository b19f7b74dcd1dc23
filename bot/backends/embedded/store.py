"""Where generations live: numbered folders and a pointer to the one that serves.

    DATA/
      CURRENT              the number of the generation that serves; replaced atomically
      writer.lock          held by the one process that builds
      generations/000007/  corpus.db, documents.npy, codes.npy ..., lexical/

A folder with a higher number than CURRENT is unfinished: its builder was killed, or is at
work while it holds the lock. The generation before the current one is kept for readers
that are about to open it. Called by `bot.bootstrap`.
"""

import shutil
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

from bot.backends.embedded.files import write_atomically
from bot.backends.embedded.generation import EmbeddedIndex, unreadable, unwritable
from bot.backends.embedded.writer import EmbeddedWriter
from bot.errors import IndexBusy, IndexUnavailable

CONTEXT_BOOST = 0.3
"""What a term around a passage counts beside one in it, unless told otherwise."""

_ATTEMPTS = 3


class EmbeddedStore:
    """Open and build generations in one folder; safe in several threads and processes.

    Args:
        folder: The data folder; made when the first generation is begun.
        encoder: Name of the encoder that makes the vectors.
        dimension: Length of its vectors.
        context_boost: Weight of the terms around a passage.
    """

    def __init__(
        self, folder: Path, encoder: str, dimension: int, context_boost: float = CONTEXT_BOOST
    ) -> None:
        self._folder = folder
        self._pointer = folder / "CURRENT"
        self._generations = folder / "generations"
        self._encoder = encoder
        self._dimension = dimension
        self._context_boost = context_boost
        self._lock = Lock()
        self._seen: tuple[int, int] | None = None
        self._current: EmbeddedIndex | None = None

    def current(self) -> EmbeddedIndex | None:
        """Return the generation that serves, or None when none was ever published.

        Costs one look at a file's time stamp while nothing new was published.

        Raises:
            IndexUnavailable: It is damaged, or another encoder or version made it.
        """
        with self._lock:
            stamp = self._stamp()
            if stamp is None:
                self._seen, self._current = None, None
            elif stamp != self._seen:
                self._current = self._open()
                self._seen = stamp
            return self._current

    def begin(self) -> EmbeddedWriter:
        """Start a new generation from the one that serves, if that can be read.

        Raises:
            IndexBusy: Another writer holds the lock.
            IndexUnavailable: The folder cannot be written.
        """
        try:
            self._generations.mkdir(parents=True, exist_ok=True)
            # A writer may be closed by another thread than the one that began it.
            lock = FileLock(self._folder / "writer.lock", thread_local=False)
            lock.acquire(timeout=0)
        except Timeout:
            raise IndexBusy(
                f"Another process is building an index in {self._folder}. "
                "Wait until it has finished, or stop it, and try again."
            ) from None
        except OSError as error:
            raise unwritable(self._folder, error) from error
        try:
            return self._begin(lock)
        except OSError as error:
            lock.release()
            raise unwritable(self._folder, error) from error

    def _begin(self, lock: FileLock) -> EmbeddedWriter:
        serving = self._number() or 0
        for number, folder in self._folders():
            if number > serving:
                shutil.rmtree(folder)
        try:
            base = self._open() if serving else None
        except IndexUnavailable:
            base = None
        folder = self._generations / f"{serving + 1:06d}"
        return EmbeddedWriter(
            folder=folder,
            encoder=self._encoder,
            dimension=self._dimension,
            context_boost=self._context_boost,
            base=base,
            publish=lambda: self._publish(serving + 1),
            release=lock.release,
        )

    def _publish(self, number: int) -> None:
        write_atomically(self._pointer, f"{number}\n")
        for other, folder in self._folders():
            if other < number - 1:
                # What cannot be removed now (a file held open on Windows) goes next time.
                shutil.rmtree(folder, ignore_errors=True)

    def _open(self) -> EmbeddedIndex:
        """Open the generation that serves; it may be replaced and removed meanwhile."""
        for attempt in range(_ATTEMPTS):
            number = self._number()
            if number is None:
                break
            folder = self._generations / f"{number:06d}"
            try:
                return EmbeddedIndex(folder, self._encoder, self._context_boost)
            except IndexUnavailable:
                if attempt + 1 == _ATTEMPTS or self._number() == number:
                    raise
        raise unreadable(self._folder, f"{self._pointer.name} does not name a generation")

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self._pointer.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise IndexUnavailable(
                f"The data folder {self._folder} cannot be used ({error.strerror}). Make it a "
                "folder that this user may read and write, or name another one as DATA_DIR."
            ) from error
        return status.st_mtime_ns, status.st_ino

    def _number(self) -> int | None:
        """Return the number that the pointer holds, or None when it holds none."""
        try:
            return int(self._pointer.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def _folders(self) -> list[tuple[int, Path]]:
        return sorted(
            (int(folder.name), folder)
            for folder in self._generations.iterdir()
            if folder.name.isdecimal()
        )
