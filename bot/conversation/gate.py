"""Decide whether an event is answered at all. Adapters ask before anything else is done."""

from collections.abc import Container

from bot.types import Interaction, Trigger


def should_speak(
    interaction: Interaction,
    *,
    is_self: bool,
    is_bot: bool,
    is_edit: bool,
    auto_channels: Container[str] = (),
) -> bool:
    """Say whether the bot answers an interaction.

    Args:
        interaction: The event as the adapter translated it.
        is_self: Whether the bot itself caused it.
        is_bot: Whether another bot or a webhook did: two bots would never stop.
        is_edit: Whether it is an edit (or a link preview) of a message seen before.
        auto_channels: Ids of the channels in which the bot may speak unasked.

    Returns:
        True when a person called the bot, or wrote where the bot may speak unasked.
    """
    if is_self or is_bot or is_edit:
        return False
    return interaction.trigger is not Trigger.AUTO or interaction.channel_id in auto_channels
