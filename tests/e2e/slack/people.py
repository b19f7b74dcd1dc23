"""The members of a workspace on the loopback Slack, and what they do with the bot.

What a member does becomes events and interactions in Slack's shapes. A member may only do what
Slack lets people do: press a button that is there, choose an option that is offered.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.e2e.slack.delivery import Delivery
from tests.e2e.slack.grants import CLIENT_ID
from tests.e2e.slack.interactions import Desk, Invocation, filled_in, option_of
from tests.e2e.slack.reading import Shown, buttons_of, selects_of
from tests.e2e.slack.shapes import view_payload
from tests.e2e.slack.workspace import Channel, File, Message, Team, User, View

if TYPE_CHECKING:
    from tests.e2e.slack.server import LoopbackSlack

Node = dict[str, Any]


class Workspace:
    """A team with a channel ``general``; made by `LoopbackSlack.workspace`.

    Args:
        server: The Slack that it lives on.
        team: What is known of it.
    """

    def __init__(self, server: "LoopbackSlack", team: Team) -> None:
        self.server = server
        self.team = team
        self.general = self.channel("general")

    @property
    def id(self) -> str:
        """The id of the team."""
        return self.team.id

    @property
    def bot(self) -> User:
        """The bot as one of the team's users."""
        return self.team.bot

    def channel(self, name: str, kind: str = "channel", *, has_bot: bool = True) -> Channel:
        """Open a channel; see `Team.add_channel`."""
        return self.team.add_channel(name, kind, has_bot=has_bot)

    def archive(self, channel: Channel) -> None:
        """Close a channel for good."""
        channel.is_archived = True

    def member(self, name: str, *, is_admin: bool = False, is_owner: bool = False) -> "Member":
        """Let somebody join."""
        user = self.team.add_user(name, is_admin=is_admin, is_owner=is_owner)
        return Member(self.server, self.team, user)

    def other_bot(self, name: str = "Chatter") -> "Member":
        """Let another app's bot join, which can say things like a member."""
        return Member(self.server, self.team, self.team.add_user(name, is_bot=True))

    def allow(self, *scopes: str) -> None:
        """Grant the bot more scopes."""
        self.team.scopes.update(scopes)

    def withhold(self, *scopes: str) -> None:
        """Take scopes away from the bot."""
        self.team.scopes.difference_update(scopes)

    def uninstall(self) -> list[Delivery]:
        """Take the bot out of the team."""
        return self.server.uninstall(self.team)

    def told_of(self, message: Message) -> list[Delivery]:
        """Return what the bot was sent about a message when it was written."""
        told = []
        for one in self.server.deliveries:
            event = one.payload.get("event", {})
            place = one.payload.get("team_id"), event.get("channel"), event.get("ts")
            if place == (self.id, message.channel.id, message.ts):
                told.append(one)
        return told

    def answers_to(self, asked: Message) -> list[Message]:
        """Return what the bot wrote for all to see in the thread of a message."""
        below = asked.channel.replies(asked.root_ts)
        return [one for one in below if one.user_id == self.bot.id and not one.is_deleted]


class Member:
    """Somebody who talks to the bot.

    Args:
        server: The Slack that they are on.
        team: The workspace that they are in.
        user: Who they are.
    """

    def __init__(self, server: "LoopbackSlack", team: Team, user: User) -> None:
        self.server = server
        self.team = team
        self.user = user
        self._desk = Desk(server, team, user)
        self._chosen: dict[str, Node] = {}

    @property
    def id(self) -> str:
        """Their id, which somebody in another team may have as well."""
        return self.user.id

    @property
    def direct(self) -> Channel:
        """Their direct messages with the bot."""
        return self.team.direct(self.id)

    @property
    def home(self) -> View | None:
        """The home tab that the bot has published for them."""
        return self.team.homes.get(self.id)

    def sees(self, channel: Channel | None = None) -> list[Message]:
        """Return the ephemeral messages that they see."""
        return self.team.shown_to(self.id, channel)

    # --- messages -----------------------------------------------------------------

    def say(self, channel: Channel, text: str, *, thread: Message | None = None) -> Message:
        """Write a message, perhaps in the thread of another."""
        return self._write(channel, text, thread)

    def ask(self, channel: Channel, text: str, *, thread: Message | None = None) -> Message:
        """Write a message that mentions the bot."""
        return self._write(channel, f"<@{self.team.bot.id}> {text}", thread)

    def tell(self, text: str, *, thread: Message | None = None) -> Message:
        """Write to the bot itself."""
        return self._write(self.direct, text, thread)

    def upload(
        self,
        channel: Channel,
        name: str,
        content: bytes,
        text: str = "",
        *,
        thread: Message | None = None,
    ) -> Message:
        """Share a file."""
        file = self.team.add_file(self.user, name, content, self.server.url)
        return self._write(channel, text, thread, [file], "file_share")

    def edit(self, message: Message, text: str) -> None:
        """Change a message of theirs."""
        assert message.user_id == self.id, "that message is somebody else's"
        before = self.server.feed.picture(message)
        message.change(text, [])
        message.edited_by, message.edited_ts = self.id, self.team.stamp()
        self.server.feed.changed(message, before, by=self.id)

    def delete(self, message: Message) -> None:
        """Take a message back."""
        message.is_deleted = True
        self.server.feed.deleted(message)

    # --- the app's own tabs -------------------------------------------------------

    def open_home(self) -> Delivery | None:
        """Look at the app's home tab."""
        view = self.home
        told = {"view": view_payload(self.team, view)} if view is not None else {}
        return self._open("home", told)

    def open_messages(self) -> Delivery | None:
        """Look at the app's messages tab, where suggested prompts are."""
        return self._open("messages", {})

    # --- commands and elements ----------------------------------------------------

    def command(self, channel: Channel, name: str, text: str = "") -> Invocation:
        """Run a slash command, ``/source``; Slack has none in threads."""
        channel.members.add(self.id)
        return self._desk.command(channel, name, text)

    def shortcut(self, message: Message, callback_id: str) -> Invocation:
        """Choose an entry of a message's own menu."""
        return self._desk.shortcut(message, callback_id)

    def press(self, shown: Shown, label: str) -> Invocation:
        """Press the first button of this label, or one side of feedback buttons."""
        self._look_at(shown)
        buttons = {one["text"]["text"]: one for one in reversed(buttons_of(shown))}
        assert label in buttons, f"no button {label!r} among {list(buttons)}"
        button = buttons[label]
        keys = ("type", "action_id", "block_id", "text", "value", "style")
        action = {key: button[key] for key in keys if key in button}
        return self._desk.use(shown, action, self._values(shown))

    def choose(self, shown: Shown, option: str | Node, *, action_id: str = "") -> Invocation:
        """Choose from a menu.

        Args:
            shown: The message or view.
            option: Its value or its text, or all of it if `type_into` brought it.
            action_id: Of the menu; may be left out where there is only one.
        """
        self._look_at(shown)
        menu = _menu(shown, action_id)
        chosen = option if isinstance(option, dict) else option_of(menu, option)
        state = {"type": menu["type"], "selected_option": chosen}
        self._values(shown).setdefault(menu["block_id"], {})[menu["action_id"]] = state
        action = {"action_id": menu["action_id"], "block_id": menu["block_id"], **state}
        return self._desk.use(shown, action, self._values(shown))

    async def type_into(
        self, shown: Shown, text: str, *, action_id: str = "", within_s: float = 8.0
    ) -> list[Node]:
        """Type into a menu that has its options from the bot, and return what is offered."""
        self._look_at(shown)
        menu = _menu(shown, action_id)
        assert menu["type"] == "external_select", f"{menu['action_id']} has its own options"
        assert len(text) >= menu.get("min_query_length", 3), f"{text!r} is too short to be sent"
        delivery = self._desk.suggest(shown, menu, text)
        await self.server.until(lambda: delivery.is_acked, within_s)
        offered = delivery.answer or {}
        options = list(offered.get("options") or [])
        for group in offered.get("option_groups") or []:
            options += group["options"]
        return options

    def submit(self, view: View, **values: Any) -> Invocation:
        """Fill in a modal and send it; see `filled_in`."""
        assert not view.is_closed, "that modal is closed"
        view.values = filled_in(view, values)
        return self._desk.submit(view)

    def dismiss(self, view: View) -> Invocation:
        """Close a modal without sending it."""
        return self._desk.dismiss(view)

    # --- installing ---------------------------------------------------------------

    def consent(self, url: str) -> str:
        """Allow the app what it asks for, and return where the browser is sent then."""
        asked = {key: one[0] for key, one in parse_qs(urlsplit(url).query).items()}
        assert asked.get("client_id") == CLIENT_ID, f"{url} is not this app's"
        scopes = tuple(asked.get("scope", "").split(","))
        back = asked.get("redirect_uri", "")
        code = self.server.grants.code(self.team, self.id, scopes=scopes, redirect_uri=back)
        return f"{back}?{urlencode({'code': code, 'state': asked.get('state', '')})}"

    def refuse(self, url: str) -> str:
        """Decline what the app asks for, and return where the browser is sent then."""
        asked = {key: one[0] for key, one in parse_qs(urlsplit(url).query).items()}
        told = {"error": "access_denied", "state": asked.get("state", "")}
        return f"{asked.get('redirect_uri', '')}?{urlencode(told)}"

    # --- below --------------------------------------------------------------------

    def _write(
        self,
        channel: Channel,
        text: str,
        thread: Message | None,
        files: list[File] | None = None,
        subtype: str = "",
    ) -> Message:
        channel.members.add(self.id)
        thread_ts = thread.root_ts if thread is not None else None
        message = self.team.add_message(
            channel, self.user, text, thread_ts=thread_ts, files=files or [], subtype=subtype
        )
        self.server.feed.posted(message)
        return message

    def _open(self, tab: str, told: Node) -> Delivery | None:
        event = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": self.direct.id,
            "event_ts": self.team.stamp(),
            "tab": tab,
        }
        return self.server.feed.tell(self.team, event | told)

    def _look_at(self, shown: Shown) -> None:
        if isinstance(shown, View):
            assert shown.user_id == self.id, "that view is somebody else's"
            assert not shown.is_closed, "that modal is closed"
        else:
            assert shown.visible_to(self.id), "that message is not shown to this member"
            shown.channel.members.add(self.id)

    def _values(self, shown: Shown) -> Node:
        """Return what they have chosen so far, by block and action."""
        return shown.values if isinstance(shown, View) else self._chosen.setdefault(shown.ts, {})


def _menu(shown: Shown, action_id: str) -> Node:
    menus = [one for one in selects_of(shown) if action_id in ("", one["action_id"])]
    assert menus, f"no menu {action_id!r} among {[one['action_id'] for one in selects_of(shown)]}"
    return menus[0]
