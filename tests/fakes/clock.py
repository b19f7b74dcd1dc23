"""Time and ids that a test decides."""


class ManualClock:
    """Stands still until it is told to go on; seconds since the epoch."""

    def __init__(self, now: float = 1_750_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class CountingIds:
    """Makes r1, r2, r3 and so on."""

    def __init__(self, prefix: str = "r") -> None:
        self._prefix = prefix
        self._count = 0

    def __call__(self) -> str:
        self._count += 1
        return f"{self._prefix}{self._count}"
