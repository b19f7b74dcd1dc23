"""Let what admins found wrong with quotes hold in a reply.

What is hidden is not gathered; speakers and reports are corrected, and a quote whose side was
corrected goes to where that side is shown. Happens after gathering and before composing, and
again when a reply is recalled. Called by `bot.service`, and by `bot.reading` for what is read.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.conversation.composing import headline
from bot.ports import CorrectionsInForce, Standing, Verdict
from bot.texts import WITHDRAWN
from bot.types import Document, Evidence, Passage, Query, QueryKind, Quote, Recalled, Stance

_Key = tuple[str, str]
"""A document's id and the SHA-256 of a quote's text, hex."""

Sides = tuple[tuple[Evidence, ...], tuple[Evidence, ...]]
"""Quotes, and what takes the other side."""


@dataclass(frozen=True)
class _Rulings:
    """What holds, by what it is about."""

    hidden: dict[str, dict[_Key, str]] = field(default_factory=dict)
    speakers: dict[_Key, str] = field(default_factory=dict)
    reported: set[_Key] = field(default_factory=set)
    sides: dict[tuple[_Key, str], Stance] = field(default_factory=dict)
    texts: dict[str, dict[str, _Key]] = field(default_factory=dict)


class Correcting:
    """Corrects quotes by what holds at that moment.

    Args:
        in_force: Says what holds.
    """

    def __init__(self, in_force: CorrectionsInForce) -> None:
        self._in_force = in_force
        self._seen: tuple[Standing, _Rulings] | None = None

    @property
    def version(self) -> str:
        """What differs whenever other corrections hold."""
        return self._in_force.current().version

    def hides(self, quote: Quote) -> bool:
        """Whether a quote is not to be shown."""
        return self.is_hidden(quote.document_id, quote.text)

    def is_hidden(self, document_id: str, text: str) -> bool:
        """Whether words of a document are not to be quoted, or hold some that are not."""
        return _is_hidden(document_id, text, self._rulings())

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
        if not rulings.texts:
            return tuple(quotes), tuple(counterpoints)
        sides = self._sides_on(query.claim, rulings)
        shown = [_restated(one, rulings, sides) for one in _kept(quotes, rulings)]
        against = [_restated(one, rulings, sides) for one in _kept(counterpoints, rulings)]
        if any(_key_of(one.quote) in sides for one in (*shown, *against)):
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
        rulings = self._rulings()
        changed = list(passages)
        for text, key in rulings.texts.get(document.id, {}).items():
            speaker, is_reported = rulings.speakers.get(key), key in rulings.reported
            if speaker is None and not is_reported:
                continue
            for start in _places(document.text, text):
                end = start + len(text)
                changed = [
                    replace(
                        one, speaker=speaker or one.speaker, reported=one.reported or is_reported
                    )
                    if start <= one.start and one.end <= end
                    else one
                    for one in changed
                ]
        return changed

    def _rulings(self) -> _Rulings:
        standing = self._in_force.current()
        if self._seen is None or self._seen[0] is not standing:
            self._seen = (standing, _sorted_out(standing))
        return self._seen[1]

    def _sides_on(self, claim: str | None, rulings: _Rulings) -> dict[_Key, Stance]:
        if claim is None or not rulings.sides:
            return {}
        claimed = self._in_force.claim_hash(claim)
        return {key: side for (key, on), side in rulings.sides.items() if on == claimed}


def _sorted_out(standing: Standing) -> _Rulings:
    rulings = _Rulings()
    for one in standing.corrections:
        if one.verdict is Verdict.DISMISS:
            continue
        key = (one.document_id, one.text_hash)
        rulings.texts.setdefault(one.document_id, {})[one.text] = key
        if one.verdict is Verdict.HIDE:
            rulings.hidden.setdefault(one.document_id, {})[key] = one.text
        elif one.verdict is Verdict.REPORTED:
            rulings.reported.add(key)
        elif one.verdict is Verdict.SPEAKER and one.speaker:
            rulings.speakers[key] = one.speaker
        elif one.verdict is Verdict.SIDE and one.claim_hash and one.stance:
            rulings.sides[key, one.claim_hash] = one.stance
    return rulings


def _kept(evidence: Iterable[Evidence], rulings: _Rulings) -> list[Evidence]:
    return [
        one for one in evidence if not _is_hidden(one.quote.document_id, one.quote.text, rulings)
    ]


def _is_hidden(document_id: str, text: str, rulings: _Rulings) -> bool:
    hidden = rulings.hidden.get(document_id)
    if not hidden:
        return False
    if _key(document_id, text) in hidden:
        return True
    # A quote that goes on from the sentence before would show the hidden one again.
    return any(_stands_in(words, text) for words in hidden.values())


def _stands_in(words: str, text: str) -> bool:
    """Whether words stand in a text, as whole words."""
    for at in _places(text, words):
        end = at + len(words)
        is_begun_before = text[at - 1 : at].isalnum() and words[0].isalnum()
        goes_on = words[-1].isalnum() and text[end : end + 1].isalnum()
        if not is_begun_before and not goes_on:
            return True
    return False


def _restated(evidence: Evidence, rulings: _Rulings, sides: dict[_Key, Stance]) -> Evidence:
    quote, key = evidence.quote, _key_of(evidence.quote)
    if key in rulings.speakers or key in rulings.reported:
        quote = replace(
            quote,
            speaker=rulings.speakers.get(key, quote.speaker),
            reported=quote.reported or key in rulings.reported,
        )
        evidence = replace(evidence, quote=quote)
    if key in sides:
        evidence = replace(evidence, stance=sides[key], probability=1.0)  # somebody read it
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


def _places(text: str, words: str) -> Iterable[int]:
    at = text.find(words) if words else -1
    while at >= 0:
        yield at
        at = text.find(words, at + len(words))


def _key_of(quote: Quote) -> _Key:
    return _key(quote.document_id, quote.text)


def _key(document_id: str, text: str) -> _Key:
    return document_id, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
