"""What every keeper of corrections keeps to; a backend's tests inherit it."""

import asyncio
import hashlib
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest

from bot.ports import Correction, Corrections, CorrectionsInForce, Ruling, Verdict
from bot.types import Stance
from tests.fakes.clock import ManualClock

Desk = tuple[Corrections, CorrectionsInForce]
"""The corrections as those need them who make them, and as those who answer."""

CLAIM = "Rye bread keeps longer."
HIDDEN = Ruling(Verdict.HIDE, "r1", "rye", "It keeps for weeks.")
RENAMED = Ruling(Verdict.SPEAKER, "r2", "oats", "Oats do not.", speaker="Bea")
SIDED = Ruling(Verdict.SIDE, "r3", "rye", "It goes stale.", claim=CLAIM, stance=Stance.OPPOSES)
DISMISSED = Ruling(Verdict.DISMISS, "r4")
ALL = (HIDDEN, RENAMED, SIDED, DISMISSED)


def ruled(correction: Correction, claim: str | None) -> Ruling:
    """Return what was ruled, as far as a correction tells it."""
    return Ruling(
        correction.verdict,
        correction.request_id,
        correction.document_id,
        correction.text,
        speaker=correction.speaker,
        claim=claim,
        stance=correction.stance,
    )


class CorrectionsContract(ABC):
    """The behaviour of what keeps corrections and says which of them hold."""

    @abstractmethod
    def opened(self, clock: Callable[[], float]) -> AbstractAsyncContextManager[Desk]:
        """Open an empty one, and close it at the end."""

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    async def desk(self, clock: ManualClock) -> AsyncIterator[Desk]:
        async with self.opened(clock) as desk:
            yield desk

    # --- noting

    async def test_nothing_holds_at_first(self, desk: Desk) -> None:
        corrections, in_force = desk
        assert list(await corrections.holding()) == []
        assert in_force.current().corrections == ()

    async def test_what_is_noted_holds_as_it_was_ruled(self, desk: Desk) -> None:
        corrections, _ = desk
        for ruling in ALL:
            await corrections.note(ruling)
        held = await corrections.holding()
        told = [ruled(one, ruling.claim) for one, ruling in zip(held, ALL, strict=True)]
        assert told == list(ALL)

    async def test_those_who_answer_know_the_same_at_once(self, desk: Desk) -> None:
        corrections, in_force = desk
        for ruling in ALL:
            number = await corrections.note(ruling)
            assert list(in_force.current().corrections) == list(await corrections.holding())
        await corrections.undo(number)
        assert list(in_force.current().corrections) == list(await corrections.holding())

    async def test_each_has_a_number_and_the_first_made_is_first(self, desk: Desk) -> None:
        corrections, _ = desk
        numbers = [await corrections.note(ruling) for ruling in ALL]
        assert numbers == sorted(set(numbers))
        assert [one.number for one in await corrections.holding()] == numbers

    async def test_many_noted_at_once_all_hold(self, desk: Desk) -> None:
        corrections, in_force = desk
        many = [replace(HIDDEN, request_id=f"r{number}") for number in range(20)]
        numbers = await asyncio.gather(*map(corrections.note, many))
        assert len(set(numbers)) == 20
        assert {one.request_id for one in in_force.current().corrections} == {
            one.request_id for one in many
        }

    async def test_the_same_may_be_ruled_twice(self, desk: Desk) -> None:
        corrections, _ = desk
        first, second = [await corrections.note(HIDDEN) for _ in range(2)]
        assert await corrections.undo(first)
        assert [one.number for one in await corrections.holding()] == [second]

    async def test_it_is_known_when_each_was_made(self, desk: Desk, clock: ManualClock) -> None:
        corrections, _ = desk
        began = clock.now
        await corrections.note(HIDDEN)
        clock.advance(60)
        await corrections.note(RENAMED)
        assert [one.made_at for one in await corrections.holding()] == [began, began + 60]

    @pytest.mark.parametrize(
        "text", ["It keeps.", "", "a\x00b", "\ud800 it is", "花'; --", "x" * 9_999]
    )
    async def test_a_quote_is_known_by_its_text(self, desk: Desk, text: str) -> None:
        corrections, in_force = desk
        await corrections.note(replace(HIDDEN, text=text))
        (found,) = in_force.current().corrections
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        assert found.text_hash == digest

    async def test_names_of_any_kind_can_be_ruled_on(self, desk: Desk) -> None:
        corrections, in_force = desk
        for name in ("", "\ud800", "a\x00b", "'; --"):
            await corrections.note(Ruling(Verdict.SPEAKER, name, name, name, speaker=name))
        assert len(in_force.current().corrections) == 4

    # --- the claim that a side was corrected for

    @pytest.mark.parametrize(
        "claim", [CLAIM, "rye bread keeps longer", "  Rye  BREAD keeps\nlonger ", f"{CLAIM}.!"]
    )
    async def test_a_claim_is_known_however_it_is_typed(self, desk: Desk, claim: str) -> None:
        corrections, in_force = desk
        await corrections.note(SIDED)
        (found,) = in_force.current().corrections
        assert found.claim_hash == in_force.claim_hash(claim)

    @pytest.mark.parametrize("claim", ["Rye bread keeps long.", "Rye bread keeps longer, too.", ""])
    async def test_another_claim_is_another(self, desk: Desk, claim: str) -> None:
        corrections, in_force = desk
        await corrections.note(SIDED)
        (found,) = in_force.current().corrections
        assert found.claim_hash != in_force.claim_hash(claim)

    async def test_the_words_of_a_claim_are_not_kept(self, desk: Desk) -> None:
        corrections, _ = desk
        await corrections.note(SIDED)
        assert "keeps longer" not in repr(await corrections.holding()).casefold()

    async def test_where_no_claim_is_ruled_on_none_is_known(self, desk: Desk) -> None:
        corrections, _ = desk
        await corrections.note(HIDDEN)
        assert [one.claim_hash for one in await corrections.holding()] == [None]

    # --- undoing

    async def test_what_is_undone_holds_no_more_and_the_others_do(self, desk: Desk) -> None:
        corrections, _ = desk
        first, second, third = [await corrections.note(one) for one in ALL[:3]]
        assert await corrections.undo(second)
        assert [one.number for one in await corrections.holding()] == [first, third]

    async def test_what_does_not_hold_cannot_be_undone(self, desk: Desk) -> None:
        corrections, in_force = desk
        number = await corrections.note(HIDDEN)
        assert [await corrections.undo(number) for _ in range(2)] == [True, False]
        before = in_force.current()
        for other in (number + 1, 0, -1):
            assert not await corrections.undo(other)
        assert in_force.current() is before

    async def test_of_many_who_undo_at_once_one_is_told_so(self, desk: Desk) -> None:
        corrections, _ = desk
        number = await corrections.note(HIDDEN)
        told = await asyncio.gather(*(corrections.undo(number) for _ in range(10)))
        assert sorted(told) == [False] * 9 + [True]

    async def test_a_number_is_not_used_again(self, desk: Desk) -> None:
        corrections, _ = desk
        number = await corrections.note(HIDDEN)
        await corrections.undo(number)
        assert await corrections.note(HIDDEN) > number

    # --- the version

    async def test_the_version_differs_whenever_what_holds_does(self, desk: Desk) -> None:
        corrections, in_force = desk
        versions = [in_force.current().version]
        for ruling in (HIDDEN, RENAMED):
            number = await corrections.note(ruling)
            versions.append(in_force.current().version)
        await corrections.undo(number)
        versions.append(in_force.current().version)
        await corrections.note(RENAMED)
        versions.append(in_force.current().version)
        assert len(set(versions)) == len(versions)

    async def test_while_nothing_changes_what_holds_is_the_same_object(self, desk: Desk) -> None:
        corrections, in_force = desk
        for ruling in (None, *ALL):
            if ruling is not None:
                await corrections.note(ruling)
            assert in_force.current() is in_force.current()
