"""The methods that show something beside messages: views.* and assistant.threads.*."""

import time
from typing import Any
from uuid import uuid4

from tests.e2e.slack.blockkit import problems_of_view
from tests.e2e.slack.calls import Answer, Call, Method, Refusal, named, refuse_blocks
from tests.e2e.slack.shapes import view_payload
from tests.e2e.slack.workspace import Prompts, Status, Team, View

MOST_PROMPTS = 4
"""https://docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts"""


def open_view(call: Call) -> Answer:
    """views.open."""
    trigger_id = call.need("trigger_id")
    user_id = call.server.use_trigger(call.team, trigger_id)
    view = new_view(call.team, user_id, _sent(call, "modal"), trigger_id)
    return {"view": view_payload(call.team, view)}


def update_view(call: Call) -> Answer:
    """views.update."""
    view = _known(call)
    if call.text("hash") not in ("", view.hash):
        raise Refusal("hash_conflict", view=view_payload(call.team, view))
    change_view(view, _sent(call, view.kind))
    return {"view": view_payload(call.team, view)}


def publish(call: Call) -> Answer:
    """views.publish."""
    user = call.user("user_id")
    known = call.team.homes.get(user.id)
    if known is not None and call.text("hash") not in ("", known.hash):
        raise Refusal("hash_conflict", view=view_payload(call.team, known))
    sent = _sent(call, "home")
    if known is None:
        known = call.team.homes[user.id] = new_view(call.team, user.id, sent)
    else:
        change_view(known, sent)
    return {"view": view_payload(call.team, known)}


def new_view(team: Team, user_id: str, sent: dict[str, Any], trigger_id: str = "") -> View:
    """Show a view to somebody."""
    view = View(team.number("V"), team.id, user_id, _complete(sent), _hash(), trigger_id)
    team.views[view.id] = view
    return view


def change_view(view: View, sent: dict[str, Any]) -> None:
    """Show something else in a view."""
    view.earlier.append(view.sent)
    view.sent, view.hash = _complete(sent), _hash()


def submitted(team: Team, view: View, answer: Any) -> None:
    """Do with a modal what the answer to its submission says; without a word it closes."""
    told = answer if isinstance(answer, dict) else {}
    action = told.get("response_action", "clear")
    view.is_closed = action == "clear"
    if action == "update":
        change_view(view, told["view"])
    elif action == "push":
        new_view(team, view.user_id, told["view"])


def set_status(call: Call) -> Answer:
    """assistant.threads.setStatus; an empty status takes it away."""
    channel_id, thread_ts = _thread(call)
    loading = tuple(call.structure("loading_messages") or ())
    status = Status(channel_id, thread_ts, call.text("status"), loading, time.monotonic())
    call.team.statuses.append(status)
    return {}


def set_suggested_prompts(call: Call) -> Answer:
    """assistant.threads.setSuggestedPrompts, which does nothing for a thread of an agent."""
    call.need_scope("assistant:write")
    channel = call.channel("channel_id")
    prompts = call.structure("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= MOST_PROMPTS:
        raise Refusal("invalid_arguments")
    if any(not one.get("title") or not one.get("message") for one in prompts):
        raise Refusal("invalid_arguments")
    if not call.text("thread_ts"):
        told = tuple((one["title"], one["message"]) for one in prompts)
        call.team.prompts.append(Prompts(channel.id, call.text("title"), told))
    return {}


def set_title(call: Call) -> Answer:
    """assistant.threads.setTitle."""
    call.team.titles[_thread(call)] = call.need("title")
    return {}


def _sent(call: Call, kind: str) -> dict[str, Any]:
    sent = call.structure("view")
    if not isinstance(sent, dict):
        raise Refusal("invalid_arguments")
    wrong = problems_of_view(sent)
    if sent.get("type") != kind:
        wrong.append(f"type has to be {kind}")
    if wrong:
        told = [f"[ERROR] {one}" for one in wrong]
        raise Refusal("invalid_arguments", response_metadata={"messages": told})
    refuse_blocks(call.server, sent["blocks"], surface=kind)
    return sent


def _complete(sent: dict[str, Any]) -> dict[str, Any]:
    return {**sent, "blocks": named(sent["blocks"])}


def _known(call: Call) -> View:
    if not call.text("view_id") and not call.text("external_id"):
        raise Refusal("invalid_arguments")
    for view in call.team.views.values():
        external_id = view.sent.get("external_id")
        if view.id == call.text("view_id") or (
            external_id and external_id == call.text("external_id")
        ):
            return view
    raise Refusal("not_found")


def _thread(call: Call) -> tuple[str, str]:
    """Return the thread that a call is about, for which ``chat:write`` is enough as well."""
    if "assistant:write" not in call.team.scopes:
        call.need_scope("chat:write")
    channel = call.channel("channel_id")
    ts = call.need("thread_ts")
    if ts not in channel.messages:
        raise Refusal("invalid_thread_ts")
    return channel.id, ts


def _hash() -> str:
    return f"{int(time.time())}.{uuid4().hex[:8]}"


METHODS: dict[str, Method] = {
    "assistant.threads.setStatus": set_status,
    "assistant.threads.setSuggestedPrompts": set_suggested_prompts,
    "assistant.threads.setTitle": set_title,
    "views.open": open_view,
    "views.publish": publish,
    "views.update": update_view,
}
