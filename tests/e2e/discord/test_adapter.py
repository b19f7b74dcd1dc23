"""Discord's adapter keeps what every adapter keeps to."""

import re
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from simcord.backend.models import Channel, Interaction, Message

from bot import texts
from bot.commands import FORGET_ME, MessageMenu
from tests.contracts.adapter_contract import AdapterContract, ConversationContract
from tests.contracts.keeping_contract import KeepingContract
from tests.contracts.stand import (
    ASKER,
    OTHER,
    Ability,
    ButtonStand,
    Shown,
    Stand,
    is_outcome,
)
from tests.e2e.corpus import CLAIM
from tests.e2e.discord.people import Member
from tests.e2e.discord.reading import (
    answers_to,
    labels_of,
    links_of,
    pinged_by,
    shown_by,
    text_of,
)
from tests.e2e.discord.stage import Stage

_QUOTE = re.compile(r"^> (?P<said>.*)\n-# \*\*(?P<number>\d+)\*\*", re.MULTILINE)
_HEADING = re.compile(rf"^### {texts.COUNTERPOINTS}$", re.MULTILINE)
_LEAD = re.compile(r"^(?:> |-# |#{1,3} |- )", re.MULTILINE)
_LINK = re.compile(
    r"(?<!\\)\[(?P<label>[^\[\]\\]*)\]\((?P<masked>[^()\s]+)\)|(?P<bare>https?://[^\s<>]+)"
)
_ACTS = re.compile(
    r"\\(?P<mark>[^\w\s])"  # shows the mark
    r"|\|\|.*?\|\||<(?:[@#/:t][^<>]*)>|@(?:everyone|here)|:\w+:"  # hide something, or look like
    r"|\*\*|__|~~|[*_~`|]",  # something else; and what is gone once it acts
    re.DOTALL,
)


def read(stage: Stage, message: Message) -> Shown:
    """Return a message as its readers see it."""
    raw = text_of(message)
    [place] = [one.start() for one in _HEADING.finditer(raw)] or [len(raw)]
    quotes: dict[int, str] = {}
    counterpoints: dict[int, str] = {}
    for found in _QUOTE.finditer(raw):
        side = quotes if found.start() < place else counterpoints
        side[int(found["number"])] = _as_read(found["said"])
    links = [found["masked"] or found["bare"] for found in _LINK.finditer(raw)]
    people = ((ASKER, stage.ada), (OTHER, stage.keeper))
    return Shown(
        words=" ".join(_as_read(_LEAD.sub("", raw)).split()),
        quotes=quotes,
        counterpoints=counterpoints,
        offers=tuple(labels_of(message)),
        links=(*links, *links_of(message)),
        pings=tuple(pinged_by(message)),
        readers=frozenset(name for name, one in people if message.visible_to(one.id)),
        native=message,
    )


def _as_read(markdown: str) -> str:
    """Return what Discord shows of its markdown: what acts is gone, what is escaped is there."""
    labelled = _LINK.sub(lambda found: found["label"] or found["bare"] or "", markdown)
    return _ACTS.sub(lambda found: found["mark"] or "", labelled)


class DiscordStand(ButtonStand):
    """A server on the loopback Discord.

    Args:
        stage: Runs the bot.
    """

    platform = "discord"
    lacks: Mapping[Ability, str] = MappingProxyType({})
    guide = (texts.HELP_MENTION, texts.HELP_TOPIC, texts.use_menu(texts.MENU_ON_DISCORD))
    forgets_with = f"/{FORGET_ME.name}"

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._people = {ASKER: stage.ada, OTHER: stage.keeper}
        self._asked: Message | None = None
        self.folder = stage.folder
        self.asker_id = str(stage.ada.id)
        self.owner = f"discord:{stage.ada.id}"

    # --- asking

    async def ask(self, text: str, by: str = ASKER) -> Shown:
        return await self._ask(self._stage.general, text, by)

    async def ask_about(self, *said: str, by: str = OTHER) -> Shown:
        member = self._people.get(by) or self._stage.community.member(by)
        first, *rest = said
        thread = self._stage.community.thread(member.say(self._stage.general, first))
        for text in rest:
            member.say(thread, text)
        return await self._ask(thread, "source?", ASKER)

    async def topic(self, text: str, *, privately: bool = False) -> Shown:
        seen_by = {"visibility": "asker"} if privately else {}
        return await self._shown(
            self._stage.ada.slash(self._stage.general, "source", topic=text, **seen_by)
        )

    async def look_into(self, menu: MessageMenu, said: str) -> Shown:
        message = self._stage.keeper.say(self._stage.general, said)
        return await self._shown(self._stage.ada.menu(message, menu.name))

    async def repeat(self) -> list[Shown]:
        asked, server = self._asked, self._stage.server
        assert asked is not None
        server.forget_nonces()  # later than Discord remembers them
        server.backend.announce_message_create(asked)
        # Once the next one is answered, whatever comes of this one is there.
        await self._stage.answer(self._stage.keeper.ask(self._stage.general, CLAIM))
        return [read(self._stage, one) for one in answers_to(server, asked)]

    async def _ask(self, channel: Channel, text: str, by: str) -> Shown:
        self._asked = self._people[by].ask(channel, text)
        return read(self._stage, await self._stage.answer(self._asked))

    # --- what is under an answer

    async def press(self, shown: Shown, label: str, by: str = ASKER) -> Shown:
        return await self._shown(self._people[by].press(_message(shown), label))

    async def choose(self, shown: Shown, value: str) -> Shown:
        return await self._shown(self._stage.ada.choose(_message(shown), value))

    async def _shown(self, asked: Interaction) -> Shown:
        return read(self._stage, await self._stage.shown(asked))

    # --- the rest

    async def help(self) -> Shown:
        return await self._slash(self._stage.ada, "help")

    async def privacy(self) -> Shown:
        return await self._slash(self._stage.ada, "privacy")

    async def forget_me(self) -> Shown:
        return await self._slash(self._stage.ada, "forget-me")

    async def administer(self, deed: str, by: str = OTHER) -> Shown:
        name, *action = deed.split()
        options = {"action": action[0]} if action else {}
        asked = self._people[by].slash(self._stage.general, f"source-admin {name}", **options)
        if name != "reindex":
            return await self._shown(asked)

        def outcome() -> Shown | None:
            told = (read(self._stage, one) for one in shown_by(self._stage.server, asked))
            return next((one for one in told if is_outcome(one.words)), None)

        return await self._stage.until(outcome)

    async def stop(self) -> None:
        await self._stage.stop()

    async def start(self, **settings: str) -> None:
        await self._stage.start(**settings)

    async def _slash(self, member: Member, name: str) -> Shown:
        return await self._shown(member.slash(self._stage.general, name))


def _message(shown: Shown) -> Message:
    assert isinstance(shown.native, Message)
    return shown.native


class TestDiscordAdapter(AdapterContract, KeepingContract):
    """Where the bot reads no more than what calls it."""

    @pytest.fixture
    def stand(self, stage: Stage) -> Stand:
        return DiscordStand(stage)


class TestDiscordConversations(ConversationContract):
    """Where it was granted the message content intent."""

    @pytest.fixture
    def message_content(self) -> bool:
        return True

    @pytest.fixture
    def stand(self, stage: Stage) -> Stand:
        return DiscordStand(stage)
