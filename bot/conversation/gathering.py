"""Gather the evidence for a query: quotes to the point, and those that argue the other side.

The matches of `bot.retrieval` become quotes of whole sentences, near-duplicates fold into
one, the stance model says which side each takes, and whatever fails the verbatim check is
dropped. Which words a reader sees around them is for `composing`. Plain functions that
compute: `bot.service` runs them off the event loop.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.corpus.quoting import LONGEST_QUOTE, joinable, make_quote, verify
from bot.ports import Index, StanceModel
from bot.retrieval.search import Match, Search
from bot.stance.opposing import opposing_scores
from bot.types import Document, Evidence, Passage, Query, QueryKind, Source, Stance
from bot.typography import readable
from bot.words import word_set

_log = logging.getLogger(__name__)

SIDES = (Stance.SUPPORTS, Stance.OPPOSES, Stance.NEUTRAL)
_UNKNOWN = np.zeros(len(SIDES), np.float32)

# A sentence that opens like this leans on the one before it.
_LEANING = word_set(
    """also and as because besides but consequently furthermore hence her here his however
    instead it its moreover nevertheless nonetheless nor or otherwise she so still such that
    then there therefore these they this those thus yet he their similarly likewise"""
)


@dataclass(frozen=True, slots=True)
class GatheringLimits:
    """How much is looked at and shown, and how sure the bot has to be.

    Probabilities are calibrated, in [0, 1]: below ``answerable`` the bot says nothing;
    ``relevant`` is what a quote needs, ``further`` what it needs behind ``first`` better
    ones; ``sure`` what a side needs to be told; ``opposes`` and ``disputes`` what a
    counterpoint needs to be shown beside a claim or an answer. Beside a counterpoint, a
    quote needs the share ``beside_counterpoint`` of its relevance. ``duplicate`` is the
    cosine from which two quotes say the same; ``crowding`` what each quote already taken
    from a speaker costs the next one; ``disputed`` how many others are held against the
    best answer to a question that is no claim.
    """

    answerable: float = 0.2
    relevant: float = 0.32
    further: float = 0.22
    beside_counterpoint: float = 0.8
    sure: float = 0.5
    opposes: float = 0.5
    disputes: float = 0.8
    candidates: int = 12
    disputed: int = 5
    first: int = 3
    quotes: int = 6
    counterpoints: int = 3
    duplicate: float = 0.8
    crowding: float = 0.005


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found: ``answerable`` in [0, 1] says how sure the bot is that it answers."""

    quotes: tuple[Evidence, ...]
    counterpoints: tuple[Evidence, ...]
    answerable: float


@dataclass(frozen=True, slots=True, eq=False)  # told apart by identity
class _Candidate:
    """A quote that may be shown; ``sides`` holds the three probabilities once they are known."""

    row: int
    evidence: Evidence
    text: str
    vector: NDArray[np.float32]
    rank_score: float
    sides: NDArray[np.float32]


class Gatherer:
    """Gather evidence from an index, with the models injected."""

    def __init__(
        self,
        search: Search,
        stance: StanceModel,
        permalink_base: str,
        limits: GatheringLimits | None = None,
    ) -> None:
        self._search = search
        self._stance = stance
        self._permalink_base = permalink_base
        self._limits = limits or GatheringLimits()

    def gather(self, index: Index, query: Query, on_stage: Callable[[str], None]) -> Gathered:
        """Return the evidence for a query, nothing when the corpus does not answer it.

        Args:
            index: The generation to search.
            query: What is asked.
            on_stage: Told the name of each stage when it is over.
        """
        ranking = self._search.rank(index, _search_text(query), self._limits.candidates * 3)
        on_stage("search")
        is_known_topic = query.topic is not None and bool(ranking.matches)
        if ranking.answerable < self._limits.answerable and not is_known_topic:
            return Gathered((), (), ranking.answerable)
        candidates = self._candidates(index, ranking.matches)
        on_stage("quote")
        if not candidates:
            return Gathered((), (), ranking.answerable)
        gathered = self._taken_sides(query, candidates)
        on_stage("stance")
        return replace(gathered, answerable=ranking.answerable)

    def _candidates(self, index: Index, matches: Sequence[Match]) -> list[_Candidate]:
        floor = self._limits.further
        kept = [match for match in matches if match.relevance >= floor] or list(matches[:1])
        rows = [match.row for match in kept]
        passages = index.passages(rows)
        vectors = index.vectors(rows)
        found: list[_Candidate] = []
        taken: set[tuple[str, int]] = set()
        for match, passage, vector in zip(kept, passages, vectors, strict=True):
            if len(found) == self._limits.candidates:
                break
            document = index.document(passage.document_id)
            span = _span(index, document, passage, match.row)
            places = {(document.id, one.position) for one in span}
            if places & taken:
                continue
            quote = make_quote(document, span, self._permalink_base)
            if not verify(quote, document):
                _log.error("quote_not_verbatim", extra={"passage": passage.id})
                continue
            text = readable(quote.text)
            if any(text == one.text for one in found):  # copies would crowd out the others
                continue
            taken |= places
            # Without a claim there is no side to take.
            evidence = Evidence(quote, _source(document), Stance.NEUTRAL, 1.0, match.relevance)
            found.append(_Candidate(match.row, evidence, text, vector, match.score, _UNKNOWN))
        return found

    def _taken_sides(self, query: Query, candidates: Sequence[_Candidate]) -> Gathered:
        if query.kind is QueryKind.QUESTION:
            return self._answers(query, candidates)
        if query.claim is None:
            return Gathered(self._spread(candidates), (), 0.0)
        sided = self._sided(query.claim, candidates)
        against = [one for one in sided if self._takes(one, Stance.OPPOSES, self._limits.opposes)]
        # What the best counterpoint leaves far behind is not what the claim is about.
        best = max((one.evidence.score for one in against), default=0.0)
        floor = self._limits.beside_counterpoint * best
        rest = [one for one in sided if one not in against and one.evidence.score >= floor]
        return Gathered(self._spread(rest), self._counterpoints(against, Stance.OPPOSES), 0.0)

    def _answers(self, query: Query, candidates: Sequence[_Candidate]) -> Gathered:
        """Answers first, in order of relevance; then what takes the other side of the best."""
        if query.claim is None:
            # A wh-question is no claim: what disputes its best answer disputes that text.
            first, *others = candidates
            others = self._sided(first.text, others[: self._limits.disputed])
            other_side = Stance.OPPOSES
        else:
            candidates = self._sided(query.claim, candidates)
            first, *others = candidates
            if first.evidence.stance is Stance.NEUTRAL:
                return Gathered(self._spread(candidates), (), 0.0)
            is_yes = first.evidence.stance is Stance.SUPPORTS
            other_side = Stance.OPPOSES if is_yes else Stance.SUPPORTS
        against = [one for one in others if self._takes(one, other_side, self._limits.disputes)]
        disputing = {one.row for one in against}
        answers = [
            # One that may take the other side, but not surely, is an answer that takes none.
            _without_side(one) if one.evidence.stance is other_side else one
            for one in candidates
            if one.row not in disputing
        ]
        return Gathered(self._spread(answers), self._counterpoints(against, other_side), 0.0)

    def _takes(self, candidate: _Candidate, side: Stance, threshold: float) -> bool:
        """Whether a candidate takes a side surely enough to be shown as taking it."""
        evidence = candidate.evidence
        return evidence.stance is side and evidence.probability >= threshold

    def _sided(self, claim: str, candidates: Sequence[_Candidate]) -> list[_Candidate]:
        """Say which side each takes on the claim, and how surely."""
        probabilities = self._stance.classify([(claim, one.text) for one in candidates])
        sided = []
        for candidate, row in zip(candidates, probabilities, strict=True):
            side = int(row.argmax())
            if row[side] < self._limits.sure:
                side = SIDES.index(Stance.NEUTRAL)  # one that is as likely wrong is not told
            evidence = replace(candidate.evidence, stance=SIDES[side], probability=float(row[side]))
            sided.append(replace(candidate, evidence=evidence, sides=row))
        return sided

    def _spread(self, candidates: Sequence[_Candidate]) -> tuple[Evidence, ...]:
        """Take the best, each time preferring documents and speakers not heard yet.

        What is less to the point follows only where enough is: it is behind "more".
        """
        strong = [one for one in candidates if one.evidence.score >= self._limits.relevant]
        weak = [one for one in candidates if one not in strong]
        if len(strong) < self._limits.first:
            strong, weak = strong or weak[:1], []
        taken: list[_Candidate] = []
        for left in (strong, weak):
            while left and len(taken) < self._limits.quotes:
                best = max(left, key=lambda one: one.rank_score - self._crowding(one, taken))
                left.remove(best)
                if not self._repeats(best, taken):
                    taken.append(best)
        return tuple(one.evidence for one in taken)

    def _repeats(self, candidate: _Candidate, taken: Sequence[_Candidate]) -> bool:
        """Whether a quote of the same list says the same.

        Only within a list: to the encoder, a statement and its denial are alike.
        """
        return any(float(candidate.vector @ one.vector) >= self._limits.duplicate for one in taken)

    def _crowding(self, candidate: _Candidate, taken: Sequence[_Candidate]) -> float:
        quote = candidate.evidence.quote
        heard = sum(
            (one.evidence.quote.document_id == quote.document_id)
            and (one.evidence.quote.speaker == quote.speaker)
            for one in taken
        )
        return self._limits.crowding * heard

    def _counterpoints(self, against: Sequence[_Candidate], side: Stance) -> tuple[Evidence, ...]:
        if not against:
            return ()
        sides = np.stack([one.sides for one in against])
        if side is Stance.SUPPORTS:  # the answer says no: what says yes disputes it
            sides = sides[:, [1, 0, 2]]
        relevance = np.array([one.rank_score for one in against], np.float32)
        order = np.argsort(-opposing_scores(relevance, sides), kind="stable")
        taken: list[_Candidate] = []
        for one in (against[at] for at in order):
            if len(taken) < self._limits.counterpoints and not self._repeats(one, taken):
                taken.append(one)
        return tuple(one.evidence for one in taken)


def _without_side(candidate: _Candidate) -> _Candidate:
    neutral = float(candidate.sides[SIDES.index(Stance.NEUTRAL)])
    evidence = replace(candidate.evidence, stance=Stance.NEUTRAL, probability=neutral)
    return replace(candidate, evidence=evidence)


def _search_text(query: Query) -> str:
    if query.kind is QueryKind.TOPIC and query.claim:
        return f"{query.text}. {query.claim}"
    return query.text


def _span(index: Index, document: Document, passage: Passage, row: int) -> list[Passage]:
    """Return the sentence, with the one before it where it leans on that."""
    words = document.text[passage.start : passage.end].split(maxsplit=1)
    leans = bool(words) and words[0].strip(",;:\u2026\"'").casefold() in _LEANING
    if not leans or passage.position == 0:
        return [passage]
    (before,) = index.passages([row - 1])
    fits = passage.end - before.start <= LONGEST_QUOTE
    return [before, passage] if fits and joinable(document, before, passage) else [passage]


def _source(document: Document) -> Source:
    return Source(document.id, document.title, document.author, document.date, document.url)
