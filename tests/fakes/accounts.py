"""Accounts in memory; pass the contract that every backend passes."""

from collections.abc import Callable

from bot.ports import Accounts


class MemoryAccounts:
    """Keeps everything in dicts, for a test to look at; each with the time when it is over."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.ended: dict[str, float] = {}
        self.links: dict[str, float] = {}

    async def end_session(self, session_id: str, until: float) -> None:
        self.ended.setdefault(session_id, until)

    async def has_ended(self, session_id: str) -> bool:
        return session_id in self.ended

    async def note_link(self, token: str, until: float) -> None:
        self.links[token] = until

    async def use_link(self, token: str) -> bool:
        until = self.links.pop(token, None)
        return until is not None and self._clock() < until


def _keeps_the_port(accounts: MemoryAccounts) -> Accounts:
    return accounts  # the type checker says when the fake drifts from its port
