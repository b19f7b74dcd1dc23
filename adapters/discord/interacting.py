"""Attend to an interaction, so that whoever began it always hears something.

Used by `commands`, `admin` and `pressing`.
"""

import logging
from collections.abc import Awaitable, Callable

import discord

from adapters.discord import layout
from adapters.discord.sending import InteractionPost, View
from adapters.messaging import attending
from adapters.messaging.working import Work
from bot.errors import DeliveryError

_log = logging.getLogger(__name__)


async def attend(
    interaction: discord.Interaction, work: Work, deed: Callable[[], Awaitable[None]]
) -> None:
    """Do what an interaction asks for, and tell what went wrong.

    Args:
        interaction: What Discord sent.
        work: Knows whether anything is still taken.
        deed: What is to be done.
    """

    async def tell_it(sentence: str) -> None:
        await tell_trouble(interaction, sentence)

    await attending.attend(str(interaction.id), work, deed, tell_it)


async def tell(interaction: discord.Interaction, view: View) -> None:
    """Answer at once, for the asker alone."""
    await InteractionPost(interaction, is_private=True).show(view)


async def tell_trouble(interaction: discord.Interaction, sentence: str) -> None:
    """Tell whoever began an interaction what went wrong, as well as that can be done."""
    post = InteractionPost.of_begun(interaction)
    try:
        await post.show(layout.refusal(sentence, str(interaction.id)))
    except DeliveryError as error:
        told = {"id": str(interaction.id), "reason": str(error)}
        _log.error("delivery_failed", extra=told)
