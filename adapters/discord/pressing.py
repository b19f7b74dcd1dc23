"""Do what buttons and menus say. Called by `client` for every press."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import discord

from adapters.discord import layout, views
from adapters.discord.commands import Asks
from adapters.discord.interacting import attend, tell
from adapters.discord.sending import InteractionPost, View
from adapters.discord.translate import PLATFORM
from adapters.messaging.guides import opt_out_report
from adapters.messaging.presses import Action, Press
from adapters.messaging.recording import Recording, Records
from adapters.messaging.working import Work
from bot import texts
from bot.types import Feedback, QueryKind, Quote, Visibility


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
        self._recording: Recording[View] = Recording(PLATFORM, records, around, views)
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
        asker, recording = str(interaction.user.id), self._recording
        match press:
            case Press(Action.HELPFUL, request_id):
                rated = Feedback.HELPFUL
                await _answer(interaction, lambda: recording.rated(request_id, asker, rated))
            case Press(Action.NOT_HELPFUL, request_id):
                await tell(interaction, recording.reasons(request_id))
            case Press(Action.REASON, request_id) if chosen:
                reason = Feedback(chosen[0])
                await _answer(interaction, lambda: recording.rated(request_id, asker, reason))
            case Press(Action.TOPIC, _, slug):
                message = interaction.message
                is_private = message is not None and message.flags.ephemeral
                seen_by = Visibility.ASKER if is_private else Visibility.EVERYONE
                await self._asks.ask(interaction, slug, seen_by, QueryKind.TOPIC)
            case Press(Action.FORGET):
                await _answer(interaction, lambda: recording.forgotten(asker))
            case Press(Action.OPT_OUT, ""):
                await tell(interaction, layout.report(opt_out_report(asker)))
            case Press(Action.OPT_OUT):
                await _answer(interaction, lambda: recording.opted_out(asker))
            case Press(Action.OPT_IN):
                await _answer(interaction, lambda: recording.opted_in(asker))
            case Press(Action.PUBLISH, staged_id):
                await self._staged.publish(interaction, staged_id)
            case Press(Action.DISCARD, staged_id):
                await self._staged.discard(interaction, staged_id)
            case Press(Action.MORE | Action.COUNTERPOINTS | Action.WHY | Action.CONTEXT):
                await _answer(interaction, lambda: recording.recalled(press, asker))
            case _:
                await tell(interaction, layout.refusal(texts.STALE_BUTTON, str(interaction.id)))


async def _answer(interaction: discord.Interaction, make: Callable[[], Awaitable[View]]) -> None:
    """Answer with what the records say; they may take longer than Discord waits."""
    post = InteractionPost(interaction, is_private=True)
    if await post.open():
        await post.show(await make())
