"""Count interactions, for ``counterpoint log stats``. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.ports import JournalEntry, RequestState


@dataclass(slots=True)
class Tally:
    """Counts interactions."""

    total: int = 0
    forgotten: int = 0
    answered: int = 0
    not_found: int = 0
    undelivered: int = 0
    platforms: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    took_ms: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def add(self, entry: JournalEntry) -> None:
        """Count one more."""
        self.total += 1
        self.forgotten += entry.asker is None
        self.answered += entry.answered is True
        self.not_found += entry.answered is False and entry.error is None
        self.undelivered += entry.state is RequestState.FINISHED
        self.platforms[entry.platform] += 1
        if entry.kind is not None:
            self.kinds[entry.kind] += 1
        if entry.error is not None:
            self.errors[entry.error] += 1
        self.verdicts.update(entry.feedback)
        if entry.took_ms is not None:
            self.took_ms.append(entry.took_ms)
        self.times = [*self.times[:1], entry.begun_at]

    def record(self) -> dict[str, Any]:
        """Return the figures; times as ISO 8601, UTC."""
        took = sorted(self.took_ms)
        return {
            "interactions": self.total,
            "first": iso(self.times[0]) if self.times else None,
            "last": iso(self.times[-1]) if self.times else None,
            "answered": self.answered,
            "not_found": self.not_found,
            "undelivered": self.undelivered,
            "forgotten": self.forgotten,
            "platforms": dict(self.platforms.most_common()),
            "kinds": dict(self.kinds.most_common()),
            "errors": dict(self.errors.most_common()),
            "verdicts": dict(self.verdicts.most_common()),
            "took_ms": {
                f"p{percent}": round(took[-(-len(took) * percent // 100) - 1], 1)  # nearest rank
                for percent in (50, 95, 99)
                if took
            },
        }


def iso(seconds: float) -> str:
    """Return a time for people and programs, UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
