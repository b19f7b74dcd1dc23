"""Know what is being worked on, so that a stop can finish it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Work:
    """What a process holds, and whether it takes more."""

    def __init__(self) -> None:
        self._held = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._is_stopping = False

    @property
    def is_stopping(self) -> bool:
        """Whether nothing new is taken."""
        return self._is_stopping

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold something while the block runs."""
        self._held += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._held -= 1
            if not self._held:
                self._idle.set()

    def stop(self) -> None:
        """Take nothing more from now on."""
        self._is_stopping = True

    async def finish(self, timeout_s: float) -> int:
        """Wait for what is held; returns how much of it was not finished."""
        try:
            await asyncio.wait_for(self._idle.wait(), timeout_s)
        except TimeoutError:
            return self._held
        return 0
