"""Recognise the topics of the corpus by name, spelling mistakes included, and near ones.

Matching is by spelling alone; what a text means is the business of `bot.retrieval`. Called by
`bot.conversation.kinds` and `bot.conversation.asking`, and for suggestions by whoever answers.
"""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.types import Topic
from bot.words import word_set

MOST_WORDS = 8
"""A text of more words than this does not merely name a topic."""
NEAR_WORD = 82.0
"""Likeness (rapidfuzz ratio, 0 to 100) from which on two words count as the same subject."""

_WORD = re.compile(r"[^\W_]+")
_FRAME = word_set("the a an topic topics about on re regarding debate issue subject")
_EMPTY = _FRAME | word_set(
    """of in to for and or is are was be been being do does did not no it its this that these
    those with by from at as than more most less very can will would should could may might
    must have has had i you we they he she what who why how which when where there their our
    your my if but so just any some all only about over into out up good bad better best worse
    make makes made get say says said think mean means much many one people"""
)


def find_topic(text: str, topics: Sequence[Topic]) -> Topic | None:
    """Return the topic that a text names, or None.

    Case, hyphens, spaces, articles and the order of words do not matter. One wrong letter is
    forgiven in names of four letters and more, two in names of eight and more (the `AUTO`
    fuzziness of Lucene-based engines, one step stricter); each word has to keep its first
    letter, so that "deregulation" does not find "regulation".

    Args:
        text: What somebody typed.
        topics: The topics of the corpus; on a tie the first one wins.
    """
    words = _words(text)
    if not words or len(words) > MOST_WORDS:
        return None
    best: tuple[int, Topic] | None = None
    for topic in topics:
        for name in _names(topic):
            distance = _distance(words, name)
            if distance is not None and (best is None or distance < best[0]):
                best = (distance, topic)
    return best[1] if best else None


def near_topics(text: str, topics: Sequence[Topic], limit: int) -> list[Topic]:
    """Return topics whose names or descriptions share words with a text, nearest first.

    Args:
        text: What was asked in vain.
        topics: The topics of the corpus.
        limit: How many to return at most.

    Returns:
        Up to ``limit`` topics; fewer, or none, when the others share nothing with the text.
    """
    asked = [word for word in _WORD.findall(text.casefold()) if word not in _EMPTY]
    scored = [(_nearness(asked, topic), topic) for topic in topics]
    near = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
    return [topic for _, topic in near[: max(limit, 0)]]


def _nearness(asked: Sequence[str], topic: Topic) -> float:
    """Sum, over the words asked, the likeness of the best word: names in full, prose at half."""
    named = {word for name in _names(topic) for word in name}
    told = set(_WORD.findall(f"{topic.description} {topic.proposition}".casefold())) - _EMPTY
    return sum(max(_best(word, named), _best(word, told) / 2) for word in asked)


def _best(word: str, others: set[str]) -> float:
    found = process.extractOne(word, others, scorer=fuzz.ratio, score_cutoff=NEAR_WORD)
    return found[1] / 100 if found else 0.0


def _names(topic: Topic) -> Iterator[list[str]]:
    for name in (topic.slug, topic.title, *topic.aliases):
        words = _words(name)
        if words:
            yield words


def _words(text: str) -> list[str]:
    words = _WORD.findall(text.casefold())
    return [word for word in words if word not in _FRAME] or words


def _distance(words: Sequence[str], name: Sequence[str]) -> int | None:
    """Return the edits between two names, or None when they are too many."""
    joined = "".join(name)
    allowed = 2 if len(joined) >= 8 else 1 if len(joined) >= 4 else 0
    pairs = ((words, name), (sorted(words), sorted(name)))
    distances = [
        OSA.distance("".join(left), "".join(right), score_cutoff=allowed)
        for left, right in pairs
        if _initials_agree(left, right)
    ]
    best = min(distances, default=allowed + 1)
    return best if best <= allowed else None


def _initials_agree(left: Sequence[str], right: Sequence[str]) -> bool:
    """Compare first letters word by word, or of the whole where the spaces differ."""
    if len(left) != len(right):
        return left[0][0] == right[0][0]
    return all(one[0] == other[0] for one, other in zip(left, right, strict=True))
