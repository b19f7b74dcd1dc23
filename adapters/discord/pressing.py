"""Do what buttons and menus say, from the core's records alone: no memory, so no expiry.

Called by `client` for every press.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import discord

from adapters.discord import layout
from adapters.discord.buttons import Action, Menu, Press
from adapters.discord.commands import Asks
from adapters.discord.interacting import attend, tell
from adapters.discord.paging import Seen, find
from adapters.discord.render import (
    render_context,
    render_counterpoints,
    render_more,
    render_why,
)
from adapters.discord.sending import InteractionPost, View
from adapters.discord.translate import PLATFORM
from adapters.discord.working import Work
from bot import texts
from bot.types import Feedback, QueryKind, Quote, Recalled, Visibility


class Records(Protocol):
    """What buttons need of the bot."""

    async def recall(self, request_id: str) -> Recalled | None:
        """Make a reply again; None when it is not known any more."""

    async def rate(self, request_id: str, platform: str, asker_id: str, feedback: Feedback) -> bool:
        """Note what a member thinks of a reply; False when it is not known any more."""

    async def forget(self, platform: str, asker_id: str) -> int:
        """Remove everything of a member; returns how many requests it was."""


class Staged(Protocol):
    """What the buttons under a staged document do."""

    async def publish(self, interaction: discord.Interaction, staged_id: str) -> None:
        """Take the document into the corpus."""

    async def discard(self, interaction: discord.Interaction, staged_id: str) -> None:
        """Throw the document away."""


class Pressing:
    """Does what buttons say.

    Args:
        records: The bot's records.
        around: Returns what stands before and after a quote; may take a while.
        asks: Asks the topic of a suggestion.
        staged: Publishes and discards documents.
        work: What the process holds.
    """

    def __init__(
        self,
        records: Records,
        around: Callable[[Quote], tuple[str, str]],
        asks: Asks,
        staged: Staged,
        work: Work,
    ) -> None:
        self._records = records
        self._around = around
        self._asks = asks
        self._staged = staged
        self._work = work

    async def press(
        self, interaction: discord.Interaction, press: Press | None, chosen: Sequence[str]
    ) -> None:
        """Do what a button or a menu says; None is one that this version does not know."""
        await attend(interaction, self._work, lambda: self._do(interaction, press, chosen))

    async def _do(
        self, interaction: discord.Interaction, press: Press | None, chosen: Sequence[str]
    ) -> None:
        match press:
            case None:
                await tell(interaction, layout.refusal(texts.STALE_BUTTON, str(interaction.id)))
            case Press(Action.HELPFUL, request_id):
                await self._rate(interaction, request_id, Feedback.HELPFUL)
            case Press(Action.NOT_HELPFUL, request_id):
                await tell(interaction, _reasons(request_id))
            case Press(Action.REASON, request_id) if chosen:
                await self._rate(interaction, request_id, Feedback(chosen[0]))
            case Press(Action.TOPIC, _, slug):
                message = interaction.message
                is_private = message is not None and message.flags.ephemeral
                seen_by = Visibility.ASKER if is_private else Visibility.EVERYONE
                await self._asks.ask(interaction, slug, seen_by, QueryKind.TOPIC)
            case Press(Action.FORGET):
                await _answer(interaction, lambda: self._forgotten(interaction))
            case Press(Action.PUBLISH, staged_id):
                await self._staged.publish(interaction, staged_id)
            case Press(Action.DISCARD, staged_id):
                await self._staged.discard(interaction, staged_id)
            case _:
                await _answer(interaction, lambda: self._recorded(press))

    async def _rate(
        self, interaction: discord.Interaction, request_id: str, feedback: Feedback
    ) -> None:
        await _answer(interaction, lambda: self._rated(interaction, request_id, feedback))

    async def _rated(
        self, interaction: discord.Interaction, request_id: str, feedback: Feedback
    ) -> View:
        asker = str(interaction.user.id)
        is_known = await self._records.rate(request_id, PLATFORM, asker, feedback)
        if not is_known:
            return layout.refusal(texts.UNKNOWN_REQUEST, request_id)
        return layout.notice(texts.THANKS)

    async def _forgotten(self, interaction: discord.Interaction) -> View:
        count = await self._records.forget(PLATFORM, str(interaction.user.id))
        return layout.notice(texts.forgotten(count))

    async def _recorded(self, press: Press) -> View:
        recalled = await self._records.recall(press.subject)
        if recalled is None:
            return layout.refusal(texts.UNKNOWN_REQUEST, press.subject)
        reply, gone = recalled.reply, recalled.gone
        match press.action:
            case Action.MORE:
                return render_more(reply, Seen.parse(press.detail), gone)
            case Action.COUNTERPOINTS:
                return render_counterpoints(reply, gone)
            case Action.WHY:
                return render_why(reply)
        evidence = find((*reply.quotes, *reply.counterpoints), press.detail)
        if evidence is None:
            return layout.notice(texts.quotes_gone(1))
        return render_context(evidence, *await asyncio.to_thread(self._around, evidence.quote))


async def _answer(interaction: discord.Interaction, make: Callable[[], Awaitable[View]]) -> None:
    """Answer with what the records say; they may take longer than Discord waits."""
    post = InteractionPost(interaction, is_private=True)
    if await post.open():
        await post.show(await make())


def _reasons(request_id: str) -> View:
    entries = [(label, reason.value) for reason, label in texts.REASONS.items()]
    menu = Menu.of(Press(Action.REASON, request_id), texts.WHAT_IS_WRONG, entries)
    return layout.notice(texts.WHAT_IS_WRONG, *layout.row([menu]))
