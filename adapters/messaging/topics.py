"""Offer topics while a member types. Pure and quick: it runs between two heartbeats.

Called by the adapters' `commands` modules.
"""

from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, utils

from adapters.messaging.lengths import length
from bot.types import Topic

LIKE = 65.0
"""Likeness (rapidfuzz WRatio, 0 to 100) from which on a topic is offered."""
_BEGINS = 100.0
"""Added where a word of the name begins with what was typed: that is what completing means."""


class TopicFinder:
    """Finds topics by what was typed of their names so far, mistakes included.

    Args:
        topics: Returns the topics of the corpus; another value after a reindex.
        longest: Units of a slug that the platform can carry; a topic with more is left out.
    """

    def __init__(self, topics: Callable[[], Sequence[Topic]], longest: int) -> None:
        self._current = topics
        self._longest = longest
        self._known: Sequence[Topic] | None = None
        self._topics: list[Topic] = []
        self._names: list[tuple[str, int]] = []

    def find(self, typed: str, most: int) -> list[Topic]:
        """Return the topics that fit best, best first; all of them as long as nothing is typed.

        Args:
            typed: What was typed so far.
            most: How many to return at most.
        """
        topics = self._current()
        if topics is not self._known:  # there was a reindex, or nobody has asked yet
            self._learn(topics)
        wanted = utils.default_process(typed[:100])
        if not wanted:
            return self._topics[:most]
        best: dict[int, float] = {}
        for name, place in self._names:
            begins = _BEGINS if f" {wanted}" in f" {name}" else 0.0
            score = begins + fuzz.WRatio(wanted, name, score_cutoff=LIKE)
            best[place] = max(score, best.get(place, 0.0))
        ranked = sorted(best, key=lambda place: (-best[place], place))
        return [self._topics[place] for place in ranked[:most] if best[place] >= LIKE]

    def _learn(self, topics: Sequence[Topic]) -> None:
        self._known = topics
        self._topics = [topic for topic in topics if 0 < length(topic.slug) <= self._longest]
        self._names = [
            (utils.default_process(name), place)
            for place, topic in enumerate(self._topics)
            for name in (topic.slug, topic.title, *topic.aliases)
        ]
