"""Installations in memory; passes the contract that every backend passes."""

from collections.abc import Callable

from bot.ports import Installations


class MemoryInstallations:
    """Keeps everything in dicts, for a test to look at.

    ``left`` names the communities that were forgotten; it knows of nothing else of theirs.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.kept: dict[tuple[str, str, str], bytes] = {}
        self.states: dict[tuple[str, str], float] = {}
        self.left: list[tuple[str, str]] = []

    async def keep(self, platform: str, community_id: str, owner_id: str, sealed: bytes) -> None:
        self.kept[platform, community_id, owner_id] = sealed

    async def find(self, platform: str, community_id: str, owner_id: str = "") -> bytes | None:
        return self.kept.get((platform, community_id, owner_id))

    async def forget(self, platform: str, community_id: str, owner_id: str | None = None) -> int:
        gone = [
            key
            for key in self.kept
            if key[:2] == (platform, community_id) and owner_id in (None, key[2])
        ]
        for key in gone:
            del self.kept[key]
        return len(gone)

    async def forget_community(self, platform: str, community_id: str) -> None:
        await self.forget(platform, community_id)
        self.left.append((platform, community_id))

    async def note_state(self, platform: str, state: str, until: float) -> None:
        self.states[platform, state] = until

    async def use_state(self, platform: str, state: str) -> bool:
        until = self.states.pop((platform, state), None)
        return until is not None and self._clock() < until


def _keeps_the_port(installations: MemoryInstallations) -> Installations:
    return installations  # the type checker says when the fake drifts from its port
