"""Slack's adapter keeps what every adapter keeps to, in Socket Mode and by HTTP."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from bot import texts
from bot.commands import FORGET_ME, HELP, PRIVACY, SOURCE, SOURCE_ADMIN, MessageMenu
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
from tests.e2e.slack.interactions import Invocation
from tests.e2e.slack.reading import labels_of, links_of, pinged_by, quotes_of, text_of
from tests.e2e.slack.stage import Stage
from tests.e2e.slack.workspace import Message


def read(stage: Stage, message: Message) -> Shown:
    """Return a message as its readers see it."""
    quotes: dict[int, str] = {}
    counterpoints: dict[int, str] = {}
    side = quotes
    for block in message.blocks:
        if block["type"] == "header" and block["text"]["text"] == texts.COUNTERPOINTS:
            side = counterpoints
        elif number := _number_in(block):
            [side[number]] = quotes_of(_only(message, block))
    people = ((ASKER, stage.ada), (OTHER, stage.keeper))
    place = message.channel
    return Shown(
        words=" ".join(text_of(message).split()),
        quotes=quotes,
        counterpoints=counterpoints,
        offers=tuple(labels_of(message)),
        links=tuple(links_of(message)),
        pings=tuple(pinged_by(message)),
        readers=frozenset(
            name
            for name, one in people
            if message.visible_to(one.id) and (place.kind != "im" or one.id in place.members)
        ),
        native=message,
    )


def _number_in(block: dict[str, Any]) -> int | None:
    """Return the number of the quote that a block tells."""
    if block["type"] != "rich_text" or block["elements"][0]["type"] != "rich_text_quote":
        return None
    first = block["elements"][1]["elements"][0]
    return int(first["text"]) if first["text"].isdecimal() else None


def _only(message: Message, block: dict[str, Any]) -> Message:
    """Return a message of one block."""
    return Message(
        message.team, message.channel, message.ts, message.user_id, message.text, [block]
    )


class SlackStand(ButtonStand):
    """A workspace on the loopback Slack.

    Args:
        stage: Runs the bot.
    """

    platform = "slack"
    lacks: Mapping[Ability, str] = MappingProxyType({})
    guide = (texts.HELP_MENTION, texts.HELP_TOPIC, texts.use_menu(texts.MENU_ON_SLACK))
    forgets_with = FORGET_ME.slack_name

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._people = {ASKER: stage.ada, OTHER: stage.keeper}
        self._asked: Message | None = None
        self.folder = stage.folder
        self.asker_id = f"{stage.workspace.id}_{stage.ada.id}"
        self.owner = f"slack:{stage.ada.id}"

    # --- asking

    async def ask(self, text: str, by: str = ASKER) -> Shown:
        return await self._ask(text, by)

    async def ask_about(self, *said: str, by: str = OTHER) -> Shown:
        member = self._people.get(by) or self._stage.workspace.member(by)
        first, *rest = said
        root = member.say(self._stage.general, first)
        for text in rest:
            member.say(self._stage.general, text, thread=root)
        return await self._ask("source?", ASKER, root)

    async def topic(self, text: str, *, privately: bool = False) -> Shown:
        for_all = "" if privately else " in-channel"
        return await self._command(SOURCE.slack_name, f"{text}{for_all}")

    async def look_into(self, menu: MessageMenu, said: str) -> Shown:
        message = self._stage.keeper.say(self._stage.general, said)
        return await self._shown(self._stage.ada.shortcut(message, menu.trigger.value))

    async def repeat(self) -> list[Shown]:
        asked, server = self._asked, self._stage.server
        assert asked is not None
        for told in self._stage.workspace.told_of(asked):
            await server.replay(told)
        server.feed.posted(asked)  # the same message under other ids of events
        # Once the next one is answered, whatever comes of this one is there.
        await self._stage.answer(self._stage.keeper.ask(self._stage.general, CLAIM))
        return [read(self._stage, one) for one in self._stage.workspace.answers_to(asked)]

    async def _ask(self, text: str, by: str, thread: Message | None = None) -> Shown:
        self._asked = self._people[by].ask(self._stage.general, text, thread=thread)
        return read(self._stage, await self._stage.answer(self._asked))

    # --- what is under an answer

    async def press(self, shown: Shown, label: str, by: str = ASKER) -> Shown:
        return await self._shown(self._people[by].press(_message(shown), label))

    async def choose(self, shown: Shown, value: str) -> Shown:
        return await self._shown(self._stage.ada.choose(_message(shown), value))

    async def _shown(self, asked: Invocation) -> Shown:
        return read(self._stage, await self._stage.shown(asked))

    # --- the rest

    async def help(self) -> Shown:
        return await self._command(HELP.slack_name)

    async def privacy(self) -> Shown:
        return await self._command(PRIVACY.slack_name)

    async def forget_me(self) -> Shown:
        return await self._command(FORGET_ME.slack_name)

    async def administer(self, deed: str, by: str = OTHER) -> Shown:
        member, team = self._people[by], self._stage.workspace.team
        before = set(team.said_by_bot(member.direct))
        asked = member.command(self._stage.general, SOURCE_ADMIN.slack_name, deed)
        if deed != "reindex":
            return await self._shown(asked)

        def outcome() -> Shown | None:
            directly = [one for one in team.said_by_bot(member.direct) if one not in before]
            told = (read(self._stage, one) for one in (*asked.shown, *directly))
            return next((one for one in told if is_outcome(one.words)), None)

        return await self._stage.until(outcome)

    async def stop(self) -> None:
        await self._stage.stop()

    async def start(self, **settings: str) -> None:
        await self._stage.start(**settings)

    async def _command(self, name: str, text: str = "") -> Shown:
        return await self._shown(self._stage.ada.command(self._stage.general, name, text))


def _message(shown: Shown) -> Message:
    assert isinstance(shown.native, Message)
    return shown.native


class TestSlackAdapter(AdapterContract, ConversationContract, KeepingContract):
    """In a workspace that installed the bot by a token."""

    @pytest.fixture
    def stand(self, stage: Stage) -> Stand:
        return SlackStand(stage)
