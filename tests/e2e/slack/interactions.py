"""Payloads of commands, shortcuts, buttons, menus and modals, and what came of them.

https://docs.slack.dev/reference/interaction-payloads
"""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.e2e.slack.blockkit import nodes
from tests.e2e.slack.delivery import COMMAND, INTERACTION, Delivery
from tests.e2e.slack.reading import Shown
from tests.e2e.slack.responses import ResponseUrl
from tests.e2e.slack.shapes import VERIFICATION_TOKEN, message_payload, view_payload
from tests.e2e.slack.workspace import APP_ID, Channel, Message, Team, User, View

if TYPE_CHECKING:
    from tests.e2e.slack.server import LoopbackSlack

Node = dict[str, Any]

_PLACES = {"im": "directmessage", "group": "privategroup", "mpim": "privategroup"}


@dataclass(slots=True, eq=False)
class Invocation:
    """Something that somebody did with the bot, and what it was answered with."""

    team: Team
    delivery: Delivery
    trigger_id: str
    response: ResponseUrl | None

    @property
    def is_acked(self) -> bool:
        """Whether the bot has taken it in."""
        return self.delivery.is_acked

    @property
    def shown(self) -> list[Message]:
        """What came through the response URL or the acknowledgement and is still there."""
        shown = self.response.shown if self.response is not None else []
        return [one for one in dict.fromkeys(shown) if not one.is_deleted]

    @property
    def ephemerals(self) -> list[Message]:
        """Those of `shown` that one person sees."""
        return [one for one in self.shown if one.is_ephemeral]

    @property
    def messages(self) -> list[Message]:
        """Those of `shown` that all in the channel see."""
        return [one for one in self.shown if not one.is_ephemeral]

    @property
    def views(self) -> list[View]:
        """The modals that it opened."""
        return [one for one in self.team.views.values() if one.trigger_id == self.trigger_id]


class Desk:
    """Makes the payloads of one person's doings in one team and sends them."""

    def __init__(self, server: "LoopbackSlack", team: Team, user: User) -> None:
        self._server = server
        self._team = team
        self._user = user

    def command(self, channel: Channel, name: str, text: str) -> Invocation:
        """Send a slash command."""
        team = self._team
        response = self._server.responses.issue(team, channel, self._user.id)
        trigger_id = self._server.trigger(team, self._user.id)
        payload = {
            "token": VERIFICATION_TOKEN,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": _PLACES.get(channel.kind, channel.name),
            "user_id": self._user.id,
            "user_name": self._user.handle,
            "command": name,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": response.url,
            "trigger_id": trigger_id,
        }
        delivery = self._server.deliver(COMMAND, payload)
        return Invocation(team, delivery, trigger_id, response)

    def shortcut(self, message: Message, callback_id: str) -> Invocation:
        """Send a message shortcut."""
        response = self._server.responses.issue(self._team, message.channel, self._user.id)
        told = {
            "callback_id": callback_id,
            "action_ts": _now(),
            "channel": _channel(message.channel),
            "message_ts": message.ts,
            "message": message_payload(message),
            "response_url": response.url,
        }
        return self._send("message_action", told, response)

    def use(self, shown: Shown, action: Node, values: Node) -> Invocation:
        """Send what was done with one element; ``values`` is all that is chosen there now."""
        told: Node = {"actions": [{**action, "action_ts": _now()}]}
        if isinstance(shown, View):
            return self._send("block_actions", told | self._place(shown), None)
        response = self._server.responses.issue(
            self._team, shown.channel, self._user.id, source=shown
        )
        told |= {**self._place(shown), "state": {"values": values}, "response_url": response.url}
        return self._send("block_actions", told, response)

    def suggest(self, shown: Shown, element: Node, text: str) -> Delivery:
        """Send what was typed into a menu that has its options from the bot."""
        told = {
            "action_id": element["action_id"],
            "block_id": element["block_id"],
            "value": text,
            **self._place(shown),
        }
        payload = {"type": "block_suggestion", **self._common(), **told}
        return self._server.deliver(INTERACTION, payload)

    def submit(self, view: View) -> Invocation:
        """Send a modal."""
        told = {"view": view_payload(self._team, view), "response_urls": []}
        return self._send("view_submission", told, None)

    def dismiss(self, view: View) -> Invocation:
        """Close a modal; the bot is told if it wants to be."""
        view.is_closed = True
        told = {"view": view_payload(self._team, view), "is_cleared": False}
        return self._send("view_closed", told, None)

    def _send(self, kind: str, told: Node, response: ResponseUrl | None) -> Invocation:
        trigger_id = self._server.trigger(self._team, self._user.id)
        payload = {"type": kind, **self._common(), "trigger_id": trigger_id, **told}
        delivery = self._server.deliver(INTERACTION, payload)
        return Invocation(self._team, delivery, trigger_id, response)

    def _common(self) -> Node:
        team, user = self._team, self._user
        return {
            "team": {"id": team.id, "domain": team.domain},
            "user": {
                "id": user.id,
                "username": user.handle,
                "name": user.handle,
                "team_id": team.id,
            },
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _place(self, shown: Shown) -> Node:
        """Return where an element is; what only one person sees is not sent along."""
        if isinstance(shown, View):
            container = {"type": "view", "view_id": shown.id}
            return {"container": container, "view": view_payload(self._team, shown)}
        told: Node = {
            "type": "message",
            "message_ts": shown.ts,
            "channel_id": shown.channel.id,
            "is_ephemeral": shown.is_ephemeral,
        }
        if shown.is_reply:
            told["thread_ts"] = shown.root_ts
        place = {"container": told, "channel": _channel(shown.channel)}
        if not shown.is_ephemeral:
            place["message"] = message_payload(shown)
        return place


def filled_in(view: View, values: Node) -> Node:
    """Return the state of a modal's inputs, by block and action.

    Args:
        view: The modal.
        values: What to fill in, by action_id: a text, or an option (its value or text, or the
            whole of it) or a list of them. What is not named stays as it was.
    """
    state: Node = {**view.values}
    known = set()
    for block in view.blocks:
        for node in nodes(block):
            if "action_id" not in node or node["type"] == "button":
                continue
            known.add(node["action_id"])
            of_block = dict(state.get(block["block_id"], {}))
            if node["action_id"] in values or node["action_id"] not in of_block:
                value = values.get(node["action_id"])
                of_block[node["action_id"]] = _filled(node, value)
            state[block["block_id"]] = of_block
    unknown = set(values) - known
    assert not unknown, f"no inputs {unknown} among {known}"
    return state


def option_of(element: Node, wanted: str) -> Node:
    """Return the option of a menu that has a value or a text."""
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    for option in options:
        if wanted in (option["value"], option["text"]["text"]):
            return dict(option)
    raise AssertionError(f"no option {wanted!r} among {[one['value'] for one in options]}")


def _filled(node: Node, value: Any) -> Node:
    kind = str(node["type"])
    if kind.endswith("_input"):
        return {"type": kind, "value": value if value is not None else node.get("initial_value")}
    if kind == "checkboxes" or kind.startswith("multi_"):
        chosen = value if value is not None else node.get("initial_options") or []
        return {"type": kind, "selected_options": [_option(node, one) for one in chosen]}
    chosen = value if value is not None else node.get("initial_option")
    return {"type": kind, "selected_option": _option(node, chosen)}


def _option(node: Node, value: Any) -> Node | None:
    return option_of(node, value) if isinstance(value, str) else value


def _channel(channel: Channel) -> Node:
    return {"id": channel.id, "name": _PLACES.get(channel.kind, channel.name)}


def _now() -> str:
    return f"{time.time():.6f}"
