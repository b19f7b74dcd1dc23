"""What communities set and did, in memory; passes the contract that every backend passes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.ports import Communities, ReindexPermit
from bot.types import AdminRequest, ChannelMode, IndexReport


@dataclass
class NotedReindex:
    """A reindex as it was noted."""

    by: AdminRequest | None
    finished_at: float | None = None
    version: str | None = None
    error: str | None = None
    report: IndexReport | None = None
    reason: str | None = None


class MemoryCommunities:
    """Keeps everything in dicts and lists, for a test to look at."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.modes: dict[tuple[str, str], dict[str, ChannelMode]] = {}
        self.greeted: set[tuple[str, str]] = set()
        self.reindexes: list[NotedReindex] = []

    async def channels(self, platform: str, community_id: str) -> Mapping[str, ChannelMode]:
        return dict(self.modes.get((platform, community_id), {}))

    async def set_channel(
        self, platform: str, community_id: str, channel_id: str, mode: ChannelMode
    ) -> None:
        modes = self.modes.setdefault((platform, community_id), {})
        modes.pop(channel_id, None)
        if mode is not ChannelMode.ALLOW:
            modes[channel_id] = mode

    async def greet(self, platform: str, community_id: str) -> bool:
        is_new = (platform, community_id) not in self.greeted
        self.greeted.add((platform, community_id))
        return is_new

    async def begin_reindex(self, by: AdminRequest, cooldown_s: float) -> ReindexPermit:
        if any(one.finished_at is None for one in self.reindexes):
            return ReindexPermit(None, is_busy=True)
        for one in reversed(self.reindexes):
            if one.by is not None and one.error is None and one.finished_at is not None:
                wait_s = one.finished_at + cooldown_s - self._clock()
                if 0 < wait_s <= cooldown_s:
                    return ReindexPermit(None, wait_s=wait_s)
                break
        self.reindexes.append(NotedReindex(by))
        return ReindexPermit(len(self.reindexes))

    async def begin_local_reindex(self) -> int:
        self.reindexes.append(NotedReindex(None))
        return len(self.reindexes)

    async def end_reindex(
        self,
        number: int,
        report: IndexReport | None,
        error: str | None,
        reason: str | None = None,
    ) -> None:
        noted = self.reindexes[number - 1]
        noted.finished_at = self._clock()
        noted.version = report.version if report else None
        noted.error = error
        noted.report = report
        noted.reason = reason


def _keeps_the_port(communities: MemoryCommunities) -> Communities:
    return communities  # the type checker says when the fake drifts from its port
