"""A post that remembers what was shown in it."""

import asyncio

from bot.errors import DeliveryError


class FakePost:
    """Remembers what was shown; refuses the first ``failures``, or was answered by another."""

    def __init__(self, failures: int = 0, *, is_open: bool = True) -> None:
        self.shown: list[str] = []
        self.was_shown = asyncio.Event()
        self.has_stood_down = False
        self.detour: str | None = None
        self._failures = failures
        self._is_open = is_open

    async def open(self) -> bool:
        return self._is_open

    async def show(self, view: str) -> str:
        self.was_shown.set()
        if self._failures:
            self._failures -= 1
            raise DeliveryError("closed", "50013")
        self.shown.append(view)
        return "77"

    async def stand_down(self) -> None:
        self.has_stood_down = True
