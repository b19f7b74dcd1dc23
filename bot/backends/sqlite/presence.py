"""Which processes that write a journal are alive, by a file that each keeps locked.

The system drops a lock when its holder dies, however it dies; a process id would be
given to somebody else, and is always 1 in a container. Called by `journal`, to answer
a request again whose first handler is gone.
"""

from pathlib import Path

from filelock import FileLock, Timeout

from bot.backends.sqlite.failures import refusal


class Presence:
    """Shows that this process is alive, and tells whether another one is.

    Args:
        folder: Where the lock files lie, one for each process.
        process: This process's own name, fit for a file name and used only once.
    """

    def __init__(self, folder: Path, process: str) -> None:
        self.process = process
        self._folder = folder
        self._own = self._lock(process)

    def enter(self) -> None:
        """Appear, and clear away what dead processes left.

        Raises:
            JournalError: The name is in use.
            OSError: The folder cannot be written.
        """
        for path in sorted(self._folder.glob("*.alive")):
            self.is_gone(path.name.removesuffix(".alive"))
        try:
            self._own.acquire(blocking=False)
        except Timeout:
            raise refusal(
                self._folder, f"a process named {self.process!r} is open; ids must be unique"
            ) from None

    def is_gone(self, process: str) -> bool:
        """Tell whether a process is dead or has closed the journal."""
        path = self._path(process)
        if process == self.process or not path.exists():
            return process != self.process
        lock = self._lock(process)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return False
        lock.release()
        path.unlink(missing_ok=True)
        return True

    def leave(self) -> None:
        """Disappear. Safe to call twice."""
        if self._own.is_locked:
            self._own.release()
            self._path(self.process).unlink(missing_ok=True)

    def _path(self, process: str) -> Path:
        return self._folder / f"{process}.alive"

    def _lock(self, process: str) -> FileLock:
        # Acquired by whichever thread comes first and released by another.
        return FileLock(self._path(process), thread_local=False)
