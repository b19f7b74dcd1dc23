"""Attend to an interaction, so that whoever began it always hears something.

Refuses while the process stops, tells errors with an id, and logs the same id. Used by
`commands`, `admin` and `pressing`.
"""

import logging
from collections.abc import Awaitable, Callable

import discord

from adapters.discord import layout
from adapters.discord.sending import InteractionPost, View
from adapters.discord.working import Work
from bot import texts
from bot.errors import BotError, DeliveryError, TooSoon

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
    if work.is_stopping:
        await tell_trouble(interaction, texts.RESTARTING)
        return
    number = str(interaction.id)
    with work.held():
        try:
            await deed()
        except DeliveryError as error:
            _log.error("delivery_failed", extra={"id": number, "reason": str(error)})
        except BotError as error:
            _log.warning("interaction_refused", extra={"id": number, "reason": str(error)})
            await tell_trouble(interaction, sentence_for(error, number))
        except Exception:  # the adapter's edge: nobody is left before a spinner
            _log.exception("interaction_failed", extra={"id": number})
            await tell_trouble(interaction, texts.error("error_internal", number))


def sentence_for(error: BotError, request_id: str) -> str:
    """Return what a member is told of an error."""
    if isinstance(error, TooSoon):
        told = texts.cooling_down if error.key == "error_cooling_down" else texts.slow_down
        return told(error.seconds)
    return texts.error(error.key, request_id)


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
