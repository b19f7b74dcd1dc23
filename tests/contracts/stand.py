"""What the suites of chat adapters work with: a platform with the bot, seen by its readers.

`Stand` is what a platform's tests give, `Shown` what its readers see; `ButtonStand` is the half of
a stand that is alike wherever there are buttons.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import pytest

from bot import admin_texts, texts
from bot.commands import MessageMenu

ASKER, OTHER = "Ada", "Grace"
"""Who asks, and somebody else, who looks after the place."""
restarted = pytest.mark.parametrize("restarts", [False, True], ids=["same process", "restarted"])

_MORE = re.compile(re.escape(texts.show_more(0)).replace("0", r"(\d+)"))
_DONE = admin_texts.reindexed(0, 0, 0, 0).partition(" ")[0]
_OUTCOMES = (
    _DONE,
    admin_texts.REINDEX_UNCHANGED,
    admin_texts.ADMINS_ONLY,
    admin_texts.OWNERS_ONLY,
    texts.cooling_down(0).partition("0")[0],
)


class Ability(StrEnum):
    """What not every platform has."""

    AUDIENCE = "audience"
    PRESSES = "buttons that can be pressed at any time, by anybody"
    FEEDBACK = "feedback"
    MENUS = "menus of messages"
    PRIVACY = "privacy and forgetting"
    LIMITS = "limits"
    ADMINS = "admins"


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that the bot showed, as its readers see it.

    ``words`` is all of it on one line, where marks that act are gone and others stand as they
    were typed. Quotes are told by their numbers, counterpoints apart. ``offers`` can be pressed
    or typed next, ``links`` and ``pings`` are where it leads and whom it calls, ``readers`` the
    names of those who see it. ``native`` is the platform's own message, for the stand alone.
    """

    words: str
    quotes: Mapping[int, str]
    counterpoints: Mapping[int, str]
    offers: tuple[str, ...]
    links: tuple[str, ...]
    pings: tuple[str, ...]
    readers: frozenset[str]
    native: object = None

    @property
    def evidence(self) -> Mapping[int, str]:
        """Both sides."""
        return {**self.quotes, **self.counterpoints}

    @property
    def hidden(self) -> int:
        """How many quotes it says there are beside what it shows."""
        found = _MORE.search(" ".join((self.words, *self.offers)))
        return int(found[1]) if found else 0


class Stand(Protocol):
    """A platform with the bot and two people, `ASKER` and `OTHER`; the first does what follows."""

    @property
    def platform(self) -> str:
        """What the core calls the platform."""

    @property
    def folder(self) -> Path:
        """Holds ``corpus`` and ``data``."""

    @property
    def asker_id(self) -> str:
        """What the core calls the asker."""

    @property
    def owner(self) -> str:
        """What the setting `OWNERS` calls the asker."""

    @property
    def lacks(self) -> Mapping[Ability, str]:
        """What the platform does not have, each with the reason."""

    @property
    def guide(self) -> tuple[str, ...]:
        """What its help says in the platform's own words."""

    @property
    def forgets_with(self) -> str:
        """The command that removes everything of a member."""

    # --- asking

    async def ask(self, text: str, by: str = ASKER) -> Shown:
        """Call the bot with a text."""

    async def ask_about(self, *said: str, by: str = OTHER) -> Shown:
        """Call it with a mere "source?" where somebody said something, in order."""

    async def topic(self, text: str, *, privately: bool = False) -> Shown:
        """Use the command for topics."""

    async def look_into(self, menu: MessageMenu, said: str) -> Shown:
        """Use the menu of a message that `OTHER` wrote."""

    async def repeat(self) -> list[Shown]:
        """Have the platform tell of the last `ask` again; returns all answers to it."""

    # --- what is under an answer

    async def more(self, shown: Shown) -> Shown:
        """Show what follows."""

    async def context(self, shown: Shown, number: int) -> Shown:
        """Show what stands around a quote."""

    async def counterpoints(self, shown: Shown) -> Shown:
        """Show the other side alone."""

    async def why(self, shown: Shown, by: str = ASKER) -> Shown:
        """Show how an answer came about."""

    async def follow(self, shown: Shown, offer: str) -> Shown:
        """Take up an offer."""

    async def choose(self, shown: Shown, value: str) -> Shown:
        """Choose from the only menu there is."""

    # --- the rest

    async def help(self) -> Shown:
        """Ask how to ask."""

    async def privacy(self) -> Shown:
        """Ask what is kept."""

    async def forget_me(self) -> Shown:
        """Ask to have everything removed; it goes when that is followed."""

    async def administer(self, deed: str, by: str = OTHER) -> Shown:
        """Use the command of admins, such as ``channels deny``; returns the last word of it."""

    async def stop(self) -> None:
        """Stop the bot."""

    async def start(self, **settings: str) -> None:
        """Start it, perhaps with other settings."""


def is_outcome(words: str) -> bool:
    """Whether this is the last word on a reindex, and no progress."""
    return any(one in words for one in _OUTCOMES)


def needs(stand: Stand, ability: Ability) -> None:
    """Leave a test out where the platform has no such thing."""
    if reason := stand.lacks.get(ability):
        pytest.skip(f"no {ability} on {stand.platform}: {reason}")


async def restart(stand: Stand, **settings: str) -> None:
    """Stop the bot and start it again."""
    await stand.stop()
    await stand.start(**settings)


async def restart_if(stand: Stand, restarts: bool) -> None:
    """Do so, where what was shown before can still be pressed then."""
    if restarts:
        needs(stand, Ability.PRESSES)
        await restart(stand)


class OnStand:
    """A suite that has a stand."""

    @pytest.fixture
    def stand(self) -> Stand:
        """Return a platform with the bot, running."""
        raise NotImplementedError


class ButtonStand(ABC):
    """Does by buttons what is under an answer."""

    async def more(self, shown: Shown) -> Shown:
        """Show what follows."""
        return await self.press(shown, texts.show_more(shown.hidden))

    async def follow(self, shown: Shown, offer: str) -> Shown:
        """Take up an offer."""
        return await self.press(shown, offer)

    async def context(self, shown: Shown, number: int) -> Shown:
        """Show what stands around a quote."""
        return await self.press(shown, f"{texts.CONTEXT} {number}")

    async def counterpoints(self, shown: Shown) -> Shown:
        """Show the other side alone."""
        return await self.press(shown, texts.COUNTERPOINTS)

    async def why(self, shown: Shown, by: str = ASKER) -> Shown:
        """Show how an answer came about."""
        return await self.press(shown, texts.WHY, by)

    @abstractmethod
    async def press(self, shown: Shown, label: str, by: str = ASKER) -> Shown:
        """Press a button."""
