"""Find the passages that bear on a query, best first.

Lexical and dense search each propose candidates; a candidate's score is its cosine with
the query plus its share of the best BM25 score that the query could get. Both parts are
absolute, so that a score means the same for every query and `calibration` can tell from
it whether the corpus answers at all. Called by `bot.service` and the benchmarks, off the
event loop; what a passage argues is for `bot.stance`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.ports import Encoder, Index, Vectors
from bot.retrieval.analysis import Analyzer
from bot.retrieval.calibration import LEXICAL_WEIGHT, Calibration, Signals
from bot.retrieval.lexical import WeighedQuery, weigh

Floats = NDArray[np.float32]

# A passage's own vector against the best of its vectors (in context, or a window of it).
OWN_WEIGHT = 0.3
# The query without what the whole corpus is about, against the query as it is.
FOCUS_WEIGHT = 0.4
# Neighbours smooth each other's scores: "Regularizing ad hoc retrieval scores" (Diaz 2005).
NEIGHBOUR_WEIGHT = 0.2
NEIGHBOUR_TEMPERATURE = 0.05
# A counterpoint: near to where the claim's opposite lies, against near to the claim.
OPPOSITE_WEIGHT = 0.3
_SMOOTHED = 100
_DEPTH = 200  # candidates that each of the two searches proposes, at least
_COVERED = 10  # candidates whose words are compared with the query's


@dataclass(frozen=True, slots=True)
class Match:
    """A passage that bears on a query.

    ``relevance`` is the calibrated probability, in [0, 1], that it is to the point;
    ``score`` orders the ranking; ``cosine`` in [-1, 1] and ``lexical`` >= 0 made it.
    """

    row: int
    relevance: float
    score: float
    cosine: float
    lexical: float


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Rows and their scores, all ``(n,)``, in row order."""

    rows: NDArray[np.int64]
    score: Floats
    cosine: Floats
    lexical: Floats


@dataclass(frozen=True, slots=True)
class Ranking:
    """The passages found for a query, best first.

    ``answerable`` is the calibrated probability, in [0, 1], that the corpus holds what
    was asked for, ``signals`` what that was told from; ``query`` says how the words were
    taken, ``vectors`` where the query lies, ``(1 or 2, d)``, as a whole and its focus, and
    ``candidates`` all that was scored.
    """

    matches: tuple[Match, ...]
    answerable: float
    query: WeighedQuery
    signals: Signals
    vectors: Vectors
    candidates: Candidates


class Search:
    """Hybrid search over an index, with everything that it needs injected."""

    def __init__(
        self,
        encoder: Encoder,
        analyzer: Analyzer,
        calibration: Calibration,
        is_word: Callable[[str], bool],
        opposite: Callable[[Floats], Floats] | None = None,
    ) -> None:
        self._encoder = encoder
        self._analyzer = analyzer
        self._calibration = calibration
        self._is_word = is_word
        self._opposite = opposite

    def rank(self, index: Index, text: str, limit: int) -> Ranking:
        """Return the ``limit`` best passages for a query of any kind."""
        query = weigh(text, index, self._analyzer, self._is_word)
        texts = [query.text] if query.focus is None else [query.text, query.focus]
        # One at a time: in a batch, the int8 model's figures depend on the texts beside.
        vectors = np.vstack([self._encoder.encode([one]) for one in texts])
        candidates = _candidates(index, query, vectors, max(limit, _DEPTH))
        signals, matches = self._judged(index, query, candidates, limit)
        answerable = self._calibration.answerable(signals)
        return Ranking(matches, answerable, query, signals, vectors, candidates)

    def oppose(self, index: Index, ranking: Ranking, limit: int) -> tuple[Match, ...]:
        """Return the ``limit`` passages that may best argue against what was searched for.

        Ranked by nearness to the query and, with `OPPOSITE_WEIGHT`, to its opposite; the stance
        of a passage has still to be told. Without a map of opposites these are the best matches
        themselves.
        """
        if self._opposite is None or not ranking.matches:
            return ranking.matches[:limit]
        turned = self._opposite(ranking.vectors[0])[np.newaxis]
        proposed, _ = index.nearest(turned[0], max(limit, _DEPTH))
        known = ranking.candidates
        rows = np.union1d(known.rows, proposed).astype(np.int64)
        at = np.searchsorted(rows, known.rows)
        is_new = np.ones(len(rows), np.bool_)
        is_new[at] = False
        own = index.vectors(rows.tolist())
        cosine, lexical = np.zeros(len(rows), np.float32), np.zeros(len(rows), np.float32)
        cosine[at], lexical[at] = known.cosine, known.lexical
        cosine[is_new] = _cosines(index, rows[is_new], own[is_new], ranking.vectors)
        opposite = _cosines(index, rows, own, turned)
        plain = cosine + LEXICAL_WEIGHT * lexical
        score = np.asarray(plain + OPPOSITE_WEIGHT * (opposite - plain), np.float32)
        candidates = Candidates(rows, _smoothed(score, own), cosine, lexical)
        return self._judged(index, ranking.query, candidates, limit)[1]

    def _judged(
        self, index: Index, query: WeighedQuery, candidates: Candidates, limit: int
    ) -> tuple[Signals, tuple[Match, ...]]:
        """Return the best candidates with their calibrated relevance, and its signals."""
        order = np.argsort(-candidates.score, kind="stable")[:limit]
        coverage = self._coverage(index, query, candidates.rows[order[:_COVERED]].tolist())
        signals = Signals.of(
            candidates.cosine[order], candidates.lexical[order], coverage, index.size
        )
        relevance = self._calibration.relevance(signals)
        matches = tuple(
            Match(
                row=int(candidates.rows[at]),
                relevance=float(relevance[place]),
                score=float(candidates.score[at]),
                cosine=float(candidates.cosine[at]),
                lexical=float(candidates.lexical[at]),
            )
            for place, at in enumerate(order)
        )
        return signals, matches

    def _coverage(self, index: Index, query: WeighedQuery, rows: Sequence[int]) -> Floats:
        """Return the idf-weighted share of the query's terms in and next to each passage."""
        total = sum(query.idf.values())
        shares = np.zeros(len(rows), np.float32)
        for place, passage in enumerate(index.passages(rows)):
            text = index.document(passage.document_id).text
            around = text[max(0, passage.start - _CONTEXT) : passage.end + _CONTEXT]
            held = set(self._analyzer.stems(f"{passage.section or ''} {around}"))
            found = sum(idf for term, idf in query.idf.items() if term in held)
            shares[place] = found / total if total else 0.0
        return shares


_CONTEXT = 200  # characters on each side of a passage that may name what it speaks of


def _candidates(index: Index, query: WeighedQuery, vectors: Vectors, depth: int) -> Candidates:
    matched, bm25 = index.match(query.weights, depth)
    near = [index.nearest(vector, depth)[0] for vector in vectors]
    rows = np.unique(np.concatenate([matched, *near])).astype(np.int64)
    own = index.vectors(rows.tolist())
    cosine = _cosines(index, rows, own, vectors)
    lexical = np.zeros(len(rows), np.float32)
    highest = sum(query.idf.values())
    if highest:
        lexical[np.searchsorted(rows, matched)] = bm25 / highest
    score = cosine + LEXICAL_WEIGHT * lexical
    return Candidates(rows, _smoothed(score, own), cosine, lexical)


def _cosines(index: Index, rows: NDArray[np.int64], own: Vectors, vectors: Vectors) -> Floats:
    """Return how near rows are to a query, given as a whole and, where there is one, its focus."""
    cosine = np.zeros(len(rows), np.float32)
    shares = (1 - FOCUS_WEIGHT, FOCUS_WEIGHT) if len(vectors) == 2 else (1.0,)
    for share, vector in zip(shares, vectors, strict=True):
        best = index.cosines(rows.tolist(), vector)
        # Not `@`: the threads of BLAS wait for each other on a busy machine.
        direct = np.einsum("ij,j->i", own, vector)
        cosine += share * (OWN_WEIGHT * direct + (1 - OWN_WEIGHT) * best)
    return cosine


def _smoothed(scores: Floats, vectors: Vectors) -> Floats:
    """Mix the best candidates' scores with those of the candidates most like them."""
    best = np.argsort(-scores, kind="stable")[:_SMOOTHED]
    if len(best) < 2:
        return scores
    similarity = np.einsum("id,jd->ij", vectors[best], vectors[best])
    np.fill_diagonal(similarity, -np.inf)
    weights = np.exp((similarity - 1) / NEIGHBOUR_TEMPERATURE)
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    mixed = (1 - NEIGHBOUR_WEIGHT) * scores[best] + NEIGHBOUR_WEIGHT * (weights @ scores[best])
    smoothed = scores.copy()
    smoothed[best] = mixed
    return smoothed
