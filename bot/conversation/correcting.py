"""Let what admins found wrong with quotes hold in a reply.

What is hidden is not gathered; speakers and reports are corrected, and a quote whose side was
corrected goes to where that side is shown. Happens after gathering and before composing, and
again when a reply is recalled. Called by `bot.service`, and by `bot.reading` for what is read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.conversation.composing import headline
from bot.conversation.rulings import Rulings, is_one_in_other, places
from bot.ports import CorrectionsInForce, Index, Standing, Verdict
from bot.retrieval.verbatim import folded
from bot.texts import WITHDRAWN
from bot.types import Document, Evidence, Passage, Query, QueryKind, Quote, Recalled, Stance

_Key = tuple[str, str]
"""A document's id and the text of a quote."""

Sides = tuple[tuple[Evidence, ...], tuple[Evidence, ...]]
"""Quotes, and what takes the other side."""


class Correcting:
    """Corrects quotes by what holds at that moment.

    Args:
        in_force: Says what holds.
        serving: Returns the index that serves; None where there is none.
    """

    def __init__(
        self,
        in_force: CorrectionsInForce,
        serving: Callable[[], Index | None] = lambda: None,
    ) -> None:
        self._in_force = in_force
        self._serving = serving
        self._seen: tuple[Standing, Index | None, Rulings] | None = None

    @property
    def version(self) -> str:
        """What differs whenever other corrections hold."""
        return self._in_force.current().version

    def hides(self, quote: Quote) -> bool:
        """Whether a quote is not to be shown."""
        return _hides(self._rulings(), quote)

    def is_hidden(self, document_id: str, text: str) -> bool:
        """Whether words of a document are not to be quoted, or share some with those.

        A few words have to be shared, as nothing tells where in the document they stand.
        """
        return self._rulings().hides(document_id, text)

    def corrected(
        self, query: Query, quotes: Sequence[Evidence], counterpoints: Sequence[Evidence]
    ) -> Sides:
        """Return what is shown of either side.

        Args:
            query: What was asked; a side is corrected for its claim alone.
            quotes: What was found, best first.
            counterpoints: What was found to take the other side, best first.
        """
        rulings = self._rulings()
        if not rulings:
            return tuple(quotes), tuple(counterpoints)
        sides = self._sides_on(query.claim, [*quotes, *counterpoints], rulings)
        shown = [_restated(one, rulings, sides) for one in _kept(quotes, rulings)]
        against = [_restated(one, rulings, sides) for one in _kept(counterpoints, rulings)]
        if sides:
            return _parted(query, shown, against, sides)
        return tuple(shown), tuple(against)

    def recalled(self, recalled: Recalled) -> Recalled:
        """Return a reply that was made again, corrected by what holds now."""
        reply = recalled.reply
        found = (*reply.quotes, *reply.counterpoints)
        if not found:
            return recalled
        # Without the words that were asked, no side was kept that could be told apart.
        query = reply.query or Query("", QueryKind.QUESTION)
        quotes, counterpoints = self.corrected(query, reply.quotes, reply.counterpoints)
        if (quotes, counterpoints) == (reply.quotes, reply.counterpoints):
            return recalled
        has_any = bool(quotes or counterpoints)
        told = reply.headline
        if not has_any:
            told = WITHDRAWN
        elif reply.query is not None:
            told = headline(query.kind, query.text, quotes, counterpoints)
        return replace(
            recalled,
            reply=replace(
                reply,
                answered=has_any,
                headline=told,
                quotes=quotes,
                counterpoints=counterpoints,
            ),
        )

    def passages(self, document: Document, passages: Sequence[Passage]) -> list[Passage]:
        """Return sentences of a document with corrected speakers, and what tells another's view.

        Args:
            document: The document with its text.
            passages: Some of its sentences, in order.
        """
        changed = list(passages)
        for one in self._rulings().of(document.id):
            verdict, speaker = one.correction.verdict, one.correction.speaker
            if verdict not in (Verdict.SPEAKER, Verdict.REPORTED):
                continue
            for start, end in places(document.text, one.words):
                for number, passage in enumerate(changed):
                    if not (passage.start < end and start < passage.end):
                        continue
                    if verdict is Verdict.REPORTED:
                        changed[number] = replace(passage, reported=True)
                    elif speaker:
                        changed[number] = replace(passage, speaker=speaker)
        return changed

    def _sides_on(
        self, claim: str | None, evidence: Iterable[Evidence], rulings: Rulings
    ) -> dict[_Key, Stance]:
        """Return the sides on a claim that were corrected, by quote."""
        if claim is None:
            return {}
        claimed = self._in_force.claim_hash(claim)
        return {
            _key_of(quote): ruled.correction.stance
            for quote in (one.quote for one in evidence)
            for ruled in rulings.on(quote)
            if ruled.correction.stance is not None
            and ruled.correction.claim_hash == claimed
            # A neighbour that shares a sentence may say something else in all.
            and is_one_in_other(ruled.words, folded(quote.text))
        }

    def _rulings(self) -> Rulings:
        standing, index = self._in_force.current(), self._serving()
        seen = self._seen
        if seen is not None and seen[0] is standing and seen[1] is index:
            return seen[2]
        rulings = Rulings(standing, index)
        self._seen = (standing, index, rulings)
        return rulings


def _hides(rulings: Rulings, quote: Quote) -> bool:
    if rulings.hides(quote.document_id, quote.text):
        return True
    return any(one.hides for one in rulings.on(quote))


def _kept(evidence: Iterable[Evidence], rulings: Rulings) -> list[Evidence]:
    return [one for one in evidence if not _hides(rulings, one.quote)]


def _restated(evidence: Evidence, rulings: Rulings, sides: Mapping[_Key, Stance]) -> Evidence:
    quote = evidence.quote
    for one in rulings.on(quote):
        ruled = one.correction
        if ruled.verdict is Verdict.REPORTED:
            quote = replace(quote, reported=True)
        elif ruled.verdict is Verdict.SPEAKER and ruled.speaker:
            quote = replace(quote, speaker=ruled.speaker)
    evidence = replace(evidence, quote=quote) if quote is not evidence.quote else evidence
    if _key_of(quote) in sides:
        side = sides[_key_of(quote)]
        evidence = replace(evidence, stance=side, probability=1.0)  # somebody read it
    return evidence


def _parted(
    query: Query,
    quotes: Sequence[Evidence],
    counterpoints: Sequence[Evidence],
    corrected: dict[_Key, Stance],
) -> Sides:
    """Put each quote whose side was corrected where that side is shown, behind the others."""
    other_side = Stance.OPPOSES
    if query.kind is QueryKind.QUESTION:
        # What a question's best answer says is its side; what says otherwise disputes it.
        says = next((one.stance for one in quotes if one.stance is not Stance.NEUTRAL), None)
        other_side = Stance.SUPPORTS if says is Stance.OPPOSES else Stance.OPPOSES

    def is_settled(one: Evidence) -> bool:
        return query.kind is not QueryKind.QUESTION and _key_of(one.quote) not in corrected

    shown = [one for one in quotes if is_settled(one) or one.stance is not other_side]
    against = [one for one in counterpoints if is_settled(one) or one.stance is other_side]
    against += [one for one in quotes if one not in shown]
    shown += [one for one in counterpoints if one not in against]
    return tuple(shown), tuple(against)


def _key_of(quote: Quote) -> _Key:
    return quote.document_id, quote.text
