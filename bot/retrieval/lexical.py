"""Weigh the terms of a query for lexical search, and mend what was misspelt.

A word that the index does not hold may be a compound written apart or together
("rainforest", "rain forest"), or a misspelling. Words that are ordinary English are left
alone even if the corpus lacks them: what the corpus does not speak of must not turn into
something that it does. Called by `bot.retrieval.search`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.ports import Index
from bot.retrieval.analysis import STOP_WORDS, Analyzer, bigram

BIGRAM_WEIGHT = 0.4
CORRECTED_WEIGHT = 0.8
# Long posts keep their 32 most telling terms; on shorter queries the cut costs nothing
# and keeps common words from touching every posting.
MOST_TERMS = 32
# A term in so large a share of the passages, and in so many of them, is in every passage's
# mind: measured on the seeds' dev set, see docs/decisions/retrieval.md.
_EVERYWHERE = 0.1
_FEWEST_EVERYWHERE = 8
# Share of the query's idf that has to be left: "is the forest really green" without what all
# speak of would be "is the really green".
_LEAST_FOCUS = 0.5
_SHORTEST_CORRECTED = 3
_SHORTEST_PART = 3


@dataclass(frozen=True, slots=True)
class WeighedQuery:
    """A query as lexical search takes it.

    ``weights`` holds single terms and bigrams; ``idf`` the single terms alone, in nats,
    also those that the index lacks; ``corrections`` what misspelt words were taken for;
    ``text`` is the query with them put right, for the encoder; ``focus`` the same without
    the terms that a tenth of all passages hold, None when there are none of those or
    little would be left: what the whole corpus is about tells no passage from another.
    """

    text: str
    focus: str | None
    weights: Mapping[str, float]
    idf: Mapping[str, float]
    corrections: Mapping[str, str]


def weigh(
    text: str, index: Index, analyzer: Analyzer, is_word: Callable[[str], bool]
) -> WeighedQuery:
    """Weigh the terms of ``text`` against an index.

    Args:
        text: The query, cleaned of markup.
        index: Where it is to be searched.
        analyzer: The analysis that the index was built with.
        is_word: Whether a folded word is ordinary language, not to be corrected.
    """
    words = analyzer.words(text)
    terms = [analyzer.stem(word) for word in words]
    joined = [analyzer.stem(left + right) for left, right in pairwise(words)]
    frequency = _frequencies(index, [*terms, *joined])

    resolved: list[tuple[str, float]] = []
    corrections: dict[str, str] = {}
    for at, (word, term) in enumerate(zip(words, terms, strict=True)):
        if at < len(joined) and frequency[joined[at]] and word not in STOP_WORDS:
            resolved.append((joined[at], 1.0))
        if word in STOP_WORDS:
            continue
        if frequency[term]:
            resolved.append((term, 1.0))
        elif is_word(word):
            resolved.append((term, 0.0))
        elif parts := _parts(word, index, analyzer):
            resolved += [(part, 1.0) for part in parts]
        elif (near := _correction(word, term, index)) is not None:
            corrections[word] = near
            resolved.append((near, CORRECTED_WEIGHT))
        else:
            resolved.append((term, 0.0))
    corrected = _corrected(text, corrections)
    focus = _focus(corrected, index, analyzer)
    return _weighed(corrected, focus, resolved, corrections, index)


def _weighed(
    text: str,
    focus: str | None,
    resolved: Sequence[tuple[str, float]],
    corrections: Mapping[str, str],
    index: Index,
) -> WeighedQuery:
    singles: dict[str, float] = {}
    for term, weight in resolved:
        singles[term] = singles.get(term, 0.0) + weight
    idf = inverse_document_frequency(index, list(singles))
    kept = sorted(singles, key=lambda term: -idf[term])[:MOST_TERMS]
    weights = {term: singles[term] for term in kept if singles[term] > 0}
    for (left, _), (right, _) in pairwise(resolved):
        if left in weights and right in weights:
            weights[bigram(left, right)] = BIGRAM_WEIGHT
    return WeighedQuery(text, focus, weights, {term: idf[term] for term in kept}, corrections)


def inverse_document_frequency(index: Index, terms: Sequence[str]) -> dict[str, float]:
    """Return each term's idf, ``ln(1 + (n - df + 0.5) / (df + 0.5))`` as Lucene's BM25 has it."""
    size = index.size
    return {
        term: math.log(1 + (size - df + 0.5) / (df + 0.5))
        for term, df in zip(terms, index.document_frequency(terms).tolist(), strict=True)
    }


def _focus(text: str, index: Index, analyzer: Analyzer) -> str | None:
    words = analyzer.words(text)
    terms = {word: analyzer.stem(word) for word in words if word not in STOP_WORDS}
    frequency = _frequencies(index, list(terms.values()))
    everywhere = max(_FEWEST_EVERYWHERE, _EVERYWHERE * index.size)
    common = {word for word, term in terms.items() if frequency[term] >= everywhere}
    idf = inverse_document_frequency(index, list(frequency))
    kept = sum(idf[term] for word, term in terms.items() if word not in common)
    if not common or kept < _LEAST_FOCUS * sum(idf[term] for term in terms.values()):
        return None
    return " ".join(word for word in words if word not in common)


def _frequencies(index: Index, terms: Sequence[str]) -> dict[str, int]:
    distinct = list(dict.fromkeys(terms))
    return dict(zip(distinct, index.document_frequency(distinct).tolist(), strict=True))


def _parts(word: str, index: Index, analyzer: Analyzer) -> list[str]:
    """Split a compound where both parts are terms; the rarer part decides between splits."""
    splits = [
        [analyzer.stem(word[:at]), analyzer.stem(word[at:])]
        for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    ]
    if not splits:
        return []
    frequency = _frequencies(index, [part for split in splits for part in split])
    best = max(splits, key=lambda split: min(frequency[part] for part in split))
    return best if min(frequency[part] for part in best) else []


def _correction(word: str, term: str, index: Index) -> str | None:
    if len(word) < _SHORTEST_CORRECTED or any(ch.isdigit() for ch in word):
        return None
    # The stem of a misspelt word can be further off than the word: "traning", "trane".
    near = index.similar_terms(term, 1) or index.similar_terms(word, 1)
    return near[0] if near else None


def _corrected(text: str, corrections: Mapping[str, str]) -> str:
    if not corrections:
        return text
    return " ".join(corrections.get(word.casefold().strip(".,;:!?"), word) for word in text.split())
