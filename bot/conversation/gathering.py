"""Gather the evidence for a query: quotes to the point, and those that argue the other side.

The matches of `bot.retrieval` become quotes of whole sentences, near-duplicates fold into
one, the stance model says which side each takes, and whatever fails the verbatim check is
dropped. Which words a reader sees around them is for `composing`. Plain functions that
compute: `bot.service` runs them off the event loop.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.corpus.quoting import LONGEST_QUOTE, joinable, make_quote, verify
from bot.ports import Index, StanceModel
from bot.retrieval.calibration import LEXICAL_WEIGHT
from bot.retrieval.search import Match, Ranking, Search
from bot.stance.opposing import opposing_scores
from bot.types import Document, Evidence, Passage, Query, QueryKind, Quote, Source, Stance
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
    ones; ``sure`` what a side needs to be told. A counterpoint needs ``opposes`` beside a claim,
    and ``disputes`` beside an answer or what a topic was taken to say, which nobody claimed: a
    sum, in [-1, 2], of its relevance and of how much likelier its side is than the other, as what
    is near to a claim seldom opposes it by mistake. Beside a counterpoint, or a quote of somebody
    who has been quoted enough, a quote needs the share ``beside_better`` of its relevance.
    ``duplicate`` is the cosine from which two quotes say the same; ``crowding`` what each quote
    already taken from a speaker costs the next one, of whom ``per_speaker`` are shown at most.

    ``candidates`` are read because they are near to the query and ``opposing`` more because
    they are near to its opposite; ``disputed`` others are held against the best answer to a
    question that is no claim.
    """

    answerable: float = 0.2
    relevant: float = 0.32
    further: float = 0.22
    beside_better: float = 0.8
    sure: float = 0.55
    opposes: float = 1.1
    disputes: float = 1.5
    candidates: int = 8
    opposing: int = 4
    disputed: int = 5
    first: int = 3
    quotes: int = 6
    counterpoints: int = 3
    duplicate: float = 0.8
    crowding: float = 0.005
    per_speaker: int = 2


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


class _Speakers:
    """Let nobody who is named speak more often than ``most`` times, unless nobody else does."""

    def __init__(self, candidates: Sequence[_Candidate], most: int) -> None:
        named = {_speaker(one) for one in candidates}
        self._most = most if len(named) > 1 else len(candidates)
        self._heard: Counter[str] = Counter()

    def admit(self, candidate: _Candidate) -> bool:
        """Count a quote for its speaker, and tell whether it may be shown."""
        speaker = _speaker(candidate)
        if speaker is None:
            return True
        self._heard[speaker] += 1
        return self._heard[speaker] <= self._most


_Sides = tuple[list[_Candidate], list[_Candidate]]
"""Quotes, and what takes the other side, both best first."""


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
        self.permalink_base = permalink_base
        self._limits = limits or GatheringLimits()

    def gather(
        self,
        index: Index,
        query: Query,
        on_stage: Callable[[str], None],
        hides: Callable[[Quote], bool] = lambda _: False,
    ) -> Gathered:
        """Return the evidence for a query, nothing when the corpus does not answer it.

        Args:
            index: The generation to search.
            query: What is asked.
            on_stage: Told the name of each stage when it is over.
            hides: Tells which quotes are not to be shown; others take their places.
        """
        ranking = self._search.rank(index, _search_text(query), self._limits.candidates * 3)
        on_stage("search")
        is_known_topic = query.topic is not None and bool(ranking.matches)
        if ranking.answerable < self._limits.answerable and not is_known_topic:
            return Gathered((), (), ranking.answerable)
        candidates = self._candidates(index, self._considered(index, query, ranking), hides)
        on_stage("quote")
        if not candidates:
            return Gathered((), (), ranking.answerable)
        quotes, against = self._taken_sides(query, candidates)
        on_stage("stance")
        if query.kind is QueryKind.TOPIC and against:
            quotes = _evened(quotes, len(against))
        return Gathered(_evidence(quotes), _evidence(against), ranking.answerable)

    def _considered(self, index: Index, query: Query, ranking: Ranking) -> list[Match]:
        """Return the matches to look at: the nearest, what may argue against a claim, the rest.

        A few more than are wanted, as some will fold into others.
        """
        limits = self._limits
        near = [match for match in ranking.matches if match.relevance >= limits.further]
        near = near or list(ranking.matches[:1])
        if query.claim is None:
            return near
        best, rest = near[: limits.candidates], near[limits.candidates :]
        seen = {match.row for match in best}
        opposite = self._search.oppose(index, ranking, limits.candidates + limits.opposing)
        scored = {match.row: match for match in ranking.matches}
        against = [
            scored.get(one.row) or replace(one, score=one.cosine + LEXICAL_WEIGHT * one.lexical)
            for one in opposite
            if one.row not in seen and one.relevance >= limits.further
        ]
        return best + against[: limits.opposing] + rest

    def _candidates(
        self, index: Index, kept: Sequence[Match], hides: Callable[[Quote], bool]
    ) -> list[_Candidate]:
        limit = self._limits.candidates + self._limits.opposing
        rows = [match.row for match in kept]
        passages = index.passages(rows)
        vectors = index.vectors(rows)
        found: list[_Candidate] = []
        taken: set[tuple[str, int]] = set()
        for match, passage, vector in zip(kept, passages, vectors, strict=True):
            if len(found) == limit:
                break
            document = index.document(passage.document_id)
            span = _span(index, document, passage, match.row)
            places = {(document.id, one.position) for one in span}
            if places & taken:
                continue
            quote = make_quote(document, span, self.permalink_base)
            if not verify(quote, document):
                _log.error("quote_not_verbatim", extra={"passage": passage.id})
                continue
            if hides(quote):
                continue
            text = readable(quote.text)
            if any(text == one.text for one in found):  # copies would crowd out the others
                continue
            taken |= places
            # Without a claim there is no side to take.
            evidence = Evidence(quote, Source.of(document), Stance.NEUTRAL, 1.0, match.relevance)
            found.append(_Candidate(match.row, evidence, text, vector, match.score, _UNKNOWN))
        return found

    def _taken_sides(self, query: Query, candidates: Sequence[_Candidate]) -> _Sides:
        if query.kind is QueryKind.QUESTION:
            return self._answers(query, candidates)
        if query.claim is None:
            return self._shown(candidates, [])
        sided = self._sided(query.claim, candidates)
        is_topic = query.kind is QueryKind.TOPIC
        least = self._limits.disputes if is_topic else self._limits.opposes
        against = [one for one in sided if self._takes(one, Stance.OPPOSES, least)]
        # What the best counterpoint leaves far behind is not what the claim is about.
        best = max((one.evidence.score for one in against), default=0.0)
        floor = self._limits.beside_better * best
        rest = [one for one in sided if one not in against and one.evidence.score >= floor]
        return self._shown(_unsided(rest, Stance.OPPOSES), against)

    def _answers(self, query: Query, candidates: Sequence[_Candidate]) -> _Sides:
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
                return self._shown(candidates, [])
            is_yes = first.evidence.stance is Stance.SUPPORTS
            other_side = Stance.OPPOSES if is_yes else Stance.SUPPORTS
        against = [one for one in others if self._takes(one, other_side, self._limits.disputes)]
        disputing = {one.row for one in against}
        answers = [one for one in candidates if one.row not in disputing]
        return self._shown(_unsided(answers, other_side), against, other_side)

    def _takes(self, candidate: _Candidate, side: Stance, least: float) -> bool:
        """Whether a candidate is so near, and takes a side so surely, as to be shown for it."""
        supports, opposes, _ = candidate.sides.tolist()
        lead = supports - opposes if side is Stance.SUPPORTS else opposes - supports
        return candidate.evidence.stance is side and candidate.evidence.score + lead >= least

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

    def _shown(
        self,
        quotes: Sequence[_Candidate],
        against: Sequence[_Candidate],
        other_side: Stance = Stance.OPPOSES,
    ) -> _Sides:
        """Choose what is shown of either side; the rarer counterpoints choose first."""
        speakers = _Speakers([*quotes, *against], self._limits.per_speaker)
        shown = self._counterpoints(against, other_side, speakers)
        return self._spread(quotes, speakers), shown

    def _spread(self, candidates: Sequence[_Candidate], speakers: _Speakers) -> list[_Candidate]:
        """Take the best, each time preferring documents and speakers not heard yet.

        What is less to the point follows only where enough is: it is behind "more".
        """
        strong = [one for one in candidates if one.evidence.score >= self._limits.relevant]
        weak = [one for one in candidates if one not in strong]
        if len(strong) < self._limits.first:
            strong, weak = strong or weak[:1], []
        taken: list[_Candidate] = []
        floor = 0.0
        for left in (strong, weak):
            while left and len(taken) < self._limits.quotes:
                best = max(left, key=lambda one: one.rank_score - self._crowding(one, taken))
                left.remove(best)
                if self._repeats(best, taken) or best.evidence.score < floor:
                    continue
                if speakers.admit(best):
                    taken.append(best)
                else:  # who may not speak again is no reason to show what is less to the point
                    floor = max(floor, self._limits.beside_better * best.evidence.score)
        return taken

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

    def _counterpoints(
        self, against: Sequence[_Candidate], side: Stance, speakers: _Speakers
    ) -> list[_Candidate]:
        if not against:
            return []
        sides = np.stack([one.sides for one in against])
        if side is Stance.SUPPORTS:  # the answer says no: what says yes disputes it
            sides = sides[:, [1, 0, 2]]
        relevance = np.array([one.rank_score for one in against], np.float32)
        order = np.argsort(-opposing_scores(relevance, sides), kind="stable")
        taken: list[_Candidate] = []
        for one in (against[at] for at in order):
            if len(taken) == self._limits.counterpoints:
                break
            if not self._repeats(one, taken) and speakers.admit(one):
                taken.append(one)
        return taken


def _evened(quotes: Sequence[_Candidate], opposing: int) -> list[_Candidate]:
    """Put as many supporters first as there are opponents, the others behind what is neutral."""
    pro = [one for one in quotes if one.evidence.stance is Stance.SUPPORTS]
    first = pro[:opposing]
    return first + [one for one in quotes if one not in pro] + pro[len(first) :]


def _speaker(candidate: _Candidate) -> str | None:
    """Name who says a quote; None where nobody is named, as many may stand behind a text."""
    return candidate.evidence.quote.speaker or candidate.evidence.source.author


def _evidence(candidates: Sequence[_Candidate]) -> tuple[Evidence, ...]:
    return tuple(one.evidence for one in candidates)


def _unsided(candidates: Sequence[_Candidate], side: Stance) -> list[_Candidate]:
    """Take the label off those that may take a side, but not surely enough to be told so."""
    neutral = SIDES.index(Stance.NEUTRAL)
    return [
        replace(
            one,
            evidence=replace(
                one.evidence, stance=Stance.NEUTRAL, probability=float(one.sides[neutral])
            ),
        )
        if one.evidence.stance is side
        else one
        for one in candidates
    ]


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
