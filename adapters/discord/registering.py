"""Make Discord's commands from the core's command table.

Names, descriptions, options and choices are the table's; each command calls the handler of its
name with the interaction and the options as keywords. Called by `client`.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, ClassVar, cast

import discord
from discord import app_commands

from bot.commands import (
    Audience,
    Command,
    MessageMenu,
    Option,
    OptionType,
    Place,
    Subcommand,
)

Handler = Callable[..., Awaitable[None]]
Complete = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]
Channel = app_commands.AppCommandChannel | app_commands.AppCommandThread
"""A channel or a thread, as the options of a command tell it."""


class _PlacesToSpeak(app_commands.Transformer):
    """Offers the channels in which something can be said: no categories."""

    type = discord.AppCommandOptionType.channel
    channel_types: ClassVar = [
        discord.ChannelType.text,
        discord.ChannelType.news,
        discord.ChannelType.voice,
        discord.ChannelType.stage_voice,
        discord.ChannelType.forum,
        discord.ChannelType.public_thread,
        discord.ChannelType.private_thread,
        discord.ChannelType.news_thread,
    ]

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> Channel:
        """Take the channel as Discord tells it."""
        return cast("Channel", value)


def register(
    tree: app_commands.CommandTree[Any],
    commands: Sequence[Command],
    menus: Sequence[MessageMenu],
    handlers: Mapping[str, Handler],
    complete_topic: Complete,
) -> None:
    """Add commands and menus to a tree.

    Args:
        tree: Where Discord's commands are kept.
        commands: The table of commands.
        menus: The table of entries in a message's menu.
        handlers: What each does, by its name; a subcommand's is ``command subcommand``. A
            menu's takes the message.
        complete_topic: Offers topics.

    Raises:
        KeyError: A command without a handler.
    """
    for command in commands:
        if command.subcommands:
            tree.add_command(_group(command, handlers, complete_topic))
        else:
            made = _command(command, handlers[command.name], complete_topic)
            made.allowed_contexts = _contexts(command.places)
            made.allowed_installs = _installs(command.audience)
            made.default_permissions = _permissions(command.audience)
            tree.add_command(made)
    for menu in menus:
        tree.add_command(_menu(menu, handlers[menu.name]))


def _group(
    command: Command, handlers: Mapping[str, Handler], complete_topic: Complete
) -> app_commands.Group:
    group = app_commands.Group(
        name=command.name,
        description=command.description,
        allowed_contexts=_contexts(command.places),
        allowed_installs=_installs(command.audience),
        default_permissions=_permissions(command.audience),
    )
    for sub in command.subcommands:
        group.add_command(_command(sub, handlers[f"{command.name} {sub.name}"], complete_topic))
    return group


def _command(
    table: Command | Subcommand, handler: Handler, complete_topic: Complete
) -> app_commands.Command[Any, ..., None]:
    async def callback(interaction: discord.Interaction, **options: object) -> None:
        await handler(interaction, **options)

    # discord.py reads the options off the signature; here the table writes it.
    cast("Any", callback).__signature__ = _signature(table.options)
    described = {option.name: option.description for option in table.options}
    chosen = {
        option.name: [
            app_commands.Choice(name=choice.label, value=choice.value) for choice in option.choices
        ]
        for option in table.options
        if option.choices
    }
    annotated = app_commands.choices(**chosen)(app_commands.describe(**described)(callback))
    made: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=table.name, description=table.description, callback=cast("Any", annotated)
    )
    for option in table.options:
        if option.suggests_topics:
            made.autocomplete(option.name)(complete_topic)
    return made


def _menu(menu: MessageMenu, handler: Handler) -> app_commands.ContextMenu:
    async def callback(interaction: discord.Interaction, message: discord.Message) -> None:
        await handler(interaction, message)

    made = app_commands.ContextMenu(
        name=menu.name,
        callback=callback,
        allowed_contexts=_contexts(menu.places),
        allowed_installs=_installs(menu.audience),
    )
    made.default_permissions = _permissions(menu.audience)
    return made


def _contexts(places: frozenset[Place]) -> app_commands.AppCommandContext:
    is_direct = Place.DIRECT in places
    return app_commands.AppCommandContext(
        guild=Place.COMMUNITY in places, dm_channel=is_direct, private_channel=is_direct
    )


def _installs(audience: Audience) -> app_commands.AppInstallationType:
    """Members may take the app along for themselves; administration needs the server's."""
    return app_commands.AppInstallationType(guild=True, user=audience is Audience.MEMBERS)


def _permissions(audience: Audience) -> discord.Permissions | None:
    return discord.Permissions(manage_guild=True) if audience is Audience.ADMINS else None


def _signature(options: Sequence[Option]) -> inspect.Signature:
    first = inspect.Parameter(
        "interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction
    )
    others = [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if option.required else None,
            annotation=_annotation(option),
        )
        for option in options
    ]
    return inspect.Signature([first, *others])


def _annotation(option: Option) -> Any:
    match option.type:
        case OptionType.TEXT:
            return str
        case OptionType.INTEGER if (option.minimum, option.maximum) != (None, None):
            return app_commands.Range[int, option.minimum, option.maximum]
        case OptionType.INTEGER:
            return int
        case OptionType.CHANNEL:
            return app_commands.Transform[Channel, _PlacesToSpeak]
        case OptionType.FILE:
            return discord.Attachment
