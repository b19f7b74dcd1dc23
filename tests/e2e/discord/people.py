"""The members of a server on the loopback Discord, and what they do with the bot.

What a member does becomes gateway events in the shapes that simcord knows. A member may only
do what Discord lets people do: use a command that was registered, press a button that is there.
"""

from typing import Any

import discord
from simcord.backend import Backend, serializers
from simcord.backend.command_access import command_access
from simcord.backend.models import Channel, Guild, Interaction, Message, Overwrite, Role
from simcord.components import walk_components
from simcord.enums import AppCommandType, InteractionType, OptionType, OverwriteType
from simcord.interactions import base_payload, check_options, nest_options, walk_to_subcommand

from tests.e2e.discord.reading import BUTTON, STRING_SELECT, buttons_of
from tests.e2e.discord.server import LoopbackDiscord


class Community:
    """A server that the bot is in, with a channel ``general`` and the bot's own role.

    Args:
        server: The Discord that it lives on.
        name: Its name.
        shard: The shard to live on, and of how many.
        invites: Whether the bot is let in at once, and not by `invite` later on.
    """

    def __init__(
        self,
        server: LoopbackDiscord,
        name: str = "Motorists",
        shard: tuple[int, int] = (0, 1),
        *,
        invites: bool = True,
    ) -> None:
        self.server = server
        self.backend = server.backend
        server.gateway.muted = True
        number, count = shard
        self.guild: Guild = self.backend.create_guild(name, shard_id=number, shard_count=count)
        self.bot_role: Role = next(role for role in self.guild.roles.values() if role.managed)
        self.bot_role.permissions = 0  # invited with no more than what everybody may
        self.bot_role.mentionable = True
        self.general = self.channel("general")
        self.guild.system_channel_id = self.general.id
        server.gateway.muted = False
        if invites:
            self.invite()

    def invite(self) -> None:
        """Let the bot in; heard by one that is running."""
        self.server.gateway.join(self.guild.id)

    def channel(self, name: str) -> Channel:
        """Open a text channel."""
        return self.backend.create_channel(self.guild.id, name)

    def thread(self, starter: Message, name: str = "A thread") -> Channel:
        """Open a thread from a message; they have the same id."""
        return self.backend.create_thread(
            starter.channel_id, name, starter.author_id, message_id=starter.id
        )

    def member(self, name: str, *, manages: bool = False, is_bot: bool = False) -> "Member":
        """Let somebody join, as one who may manage the server if so wanted."""
        user = self.backend.make_user(name, bot=is_bot)
        roles = [self._keepers().id] if manages else []
        self.backend.add_member(self.guild.id, user.id, roles=roles, announce=True)
        return Member(self.server, user.id, self.guild)

    def forbid(self, channel: Channel, *permissions: str) -> None:
        """Take permissions in a channel away from the bot."""
        denied = discord.Permissions(**dict.fromkeys(permissions, True)).value
        overwrite = Overwrite(self.backend.bot_user.id, OverwriteType.MEMBER, deny=denied)
        self.backend.set_overwrite(channel.id, overwrite)

    def _keepers(self) -> Role:
        allowed = discord.Permissions(manage_guild=True).value
        role = Role(self.backend.snowflake(), "Keepers", allowed, 2)
        self.guild.roles[role.id] = role
        told = {"guild_id": str(self.guild.id), "role": serializers.role_payload(role)}
        self.backend.emit("GUILD_ROLE_CREATE", told)
        return role


class Member:
    """Somebody who talks to the bot.

    Args:
        server: The Discord that they are on.
        user_id: Their id.
        guild: The server that they speak in; None in direct messages.
    """

    def __init__(self, server: LoopbackDiscord, user_id: int, guild: Guild | None) -> None:
        self.server = server
        self.backend: Backend = server.backend
        self.id = user_id
        self.guild = guild
        self.brings_the_bot = False
        """Whether the bot comes along with this member and is not invited to the server."""

    @property
    def direct(self) -> Channel:
        """Their direct messages with the bot."""
        return self.backend.get_dm_channel(self.id)

    # --- messages -----------------------------------------------------------------

    def say(self, channel: Channel, text: str, *, to: Message | None = None) -> Message:
        """Write a message, perhaps as a reply to another."""
        reference = None
        if to is not None:
            reference = {"channel_id": str(to.channel_id), "message_id": str(to.id)}
        return self.backend.create_message(channel.id, self.id, text, reference=reference)

    def show(self, channel: Channel, file: str) -> Message:
        """Send a file without a word."""
        files = self.backend.store_attachments(channel.id, [(file, b"...")])
        return self.backend.create_message(channel.id, self.id, "", attachments=files)

    def ask(self, channel: Channel, text: str, *, to: Message | None = None) -> Message:
        """Write a message that mentions the bot."""
        return self.say(channel, f"<@{self.backend.bot_user.id}> {text}", to=to)

    def edit(self, message: Message, text: str) -> None:
        """Change a message."""
        self.backend.edit_message(message.channel_id, message.id, {"content": text})

    def delete(self, message: Message) -> None:
        """Take a message back."""
        self.backend.delete_message(message.channel_id, message.id)

    # --- commands -----------------------------------------------------------------

    def sees(self, channel: Channel, name: str) -> bool:
        """Say whether the client shows this member a command."""
        access = command_access(
            self.backend, self._command(name), user_id=self.id, channel_id=channel.id
        )
        return bool(access.allowed)

    def slash(self, channel: Channel, name: str, /, **options: Any) -> Interaction:
        """Run a command (``"source-admin status"``).

        A file is a pair of name and content. Whether the client would show the command is not
        looked at: the settings of a server can show it to anybody.
        """
        root = self._command(name.split()[0])
        leaf, nesting = walk_to_subcommand(root, name.split()[1:])
        kinds = {option["name"]: option["type"] for option in leaf.get("options") or []}
        check_options(
            name, leaf, {key: value for key, value in options.items() if not _is_channel(value)}
        )
        resolved: dict[str, Any] = {}
        built = [
            {
                "name": key,
                "type": kinds[key],
                "value": self._sent(channel, kinds[key], value, resolved),
            }
            for key, value in options.items()
        ]
        data = {
            "id": root["id"],
            "name": root["name"],
            "type": root["type"],
            "options": nest_options(root, nesting, built),
            "resolved": resolved,
        }
        return self._interact(InteractionType.APPLICATION_COMMAND, channel, data)

    def type_into(self, channel: Channel, name: str, option: str, text: str) -> Interaction:
        """Type into an option that makes suggestions."""
        root = self._command(name)
        typed = {"name": option, "type": OptionType.STRING, "value": text, "focused": True}
        data = {"id": root["id"], "name": name, "type": root["type"], "options": [typed]}
        return self._interact(InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE, channel, data)

    def menu(self, message: Message, name: str) -> Interaction:
        """Choose an entry of a message's own menu."""
        root = self.backend.find_command(name, None, AppCommandType.MESSAGE)
        assert root is not None, f"no menu entry {name!r} was registered"
        payload = dict(serializers.message_payload(self.backend, message))
        data = {
            "id": root["id"],
            "name": name,
            "type": AppCommandType.MESSAGE,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): payload}},
        }
        channel = self.backend.get_channel(message.channel_id)
        return self._interact(InteractionType.APPLICATION_COMMAND, channel, data)

    # --- components ---------------------------------------------------------------

    def press(self, message: Message, label: str) -> Interaction:
        """Press the first button of this label that this member sees."""
        assert message.visible_to(self.id), "that message is not shown to this member"
        buttons = {str(one.get("label")): one for one in reversed(buttons_of(message))}
        assert label in buttons, f"no button {label!r} among {list(buttons)}"
        assert not buttons[label].get("disabled"), f"the button {label!r} is disabled"
        custom_id = buttons[label]["custom_id"]
        return self._use(message, {"custom_id": custom_id, "component_type": BUTTON})

    def choose(self, message: Message, value: str) -> Interaction:
        """Choose from the only menu of a message."""
        menus = (one for one in walk_components(message.components) if one["type"] == STRING_SELECT)
        menu = next(menus)
        known = [option["value"] for option in menu["options"]]
        assert value in known, f"{value!r} is not among {known}"
        data = {"custom_id": menu["custom_id"], "component_type": STRING_SELECT, "values": [value]}
        return self._use(message, data)

    # --- below --------------------------------------------------------------------

    def _command(self, name: str) -> dict[str, Any]:
        guild_id = self.guild.id if self.guild is not None else None
        command = self.backend.find_command(name, guild_id)
        assert command is not None, f"no command {name!r} was registered"
        return command

    def _sent(self, channel: Channel, kind: int, value: Any, resolved: dict[str, Any]) -> Any:
        """Return an option's value as it is sent; what it stands for goes to ``resolved``."""
        if kind == OptionType.CHANNEL:
            allowed = self.backend.compute_permissions(value.guild_id, self.id, value.id)
            payload = dict(serializers.channel_payload(self.backend, value))
            payload["permissions"] = str(allowed)
            resolved.setdefault("channels", {})[str(value.id)] = payload
            return str(value.id)
        if kind == OptionType.ATTACHMENT:
            name, content = value
            made = self.backend.cdn.store_attachment(
                self.backend.snowflake(), channel.id, name, content, None
            )
            resolved.setdefault("attachments", {})[made["id"]] = made
            return made["id"]
        return value

    def _use(self, message: Message, data: dict[str, Any]) -> Interaction:
        channel = self.backend.get_channel(message.channel_id)
        return self._interact(InteractionType.MESSAGE_COMPONENT, channel, data, message)

    def _interact(
        self,
        kind: InteractionType,
        channel: Channel,
        data: dict[str, Any],
        on: Message | None = None,
    ) -> Interaction:
        interaction, payload = base_payload(
            self.backend,
            type=kind,
            channel_id=channel.id,
            guild_id=channel.guild_id,
            user_id=self.id,
            data=data,
        )
        if on is not None:
            payload["message"] = dict(serializers.message_payload(self.backend, on))
            interaction.source_message_id = on.id
        if self.brings_the_bot:
            payload["authorizing_integration_owners"] = {"1": str(self.id)}
        self.backend.emit("INTERACTION_CREATE", payload)
        return interaction


def _is_channel(value: Any) -> bool:
    return isinstance(value, Channel)
