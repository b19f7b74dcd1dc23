"""Slack's own OpenAPI document and our rules for messages, to hold requests against.

`openapi.json` is cut out of slackapi/slack-api-specs (MIT) by running this module::

    python -m tests.e2e.slack.contract path/to/slack_web_openapi_v2.json

The document was archived in 2020: `NEWER` says what Slack has added since, as far as a bot may
use it here. Blocks are judged by `blockkit`.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.e2e.slack.blockkit import pings_in, problems_of_blocks, problems_of_view

CUT = Path(__file__).with_name("openapi.json")

METHODS = (
    "apps.uninstall",
    "auth.revoke",
    "auth.test",
    "bots.info",
    "chat.delete",
    "chat.getPermalink",
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.update",
    "conversations.history",
    "conversations.info",
    "conversations.open",
    "conversations.replies",
    "files.info",
    "oauth.v2.access",
    "team.info",
    "users.info",
    "views.open",
    "views.publish",
    "views.update",
)
"""What the document knows of what a bot may call; a method that is nowhere is a problem."""

Parameters = dict[str, dict[str, Any]]


def _of(kind: str, *names: str, required: bool = False) -> Parameters:
    return {name: {"type": kind, "required": required} for name in names}


NEWER: dict[str, Parameters] = {
    "apps.connections.open": {},
    "assistant.threads.setStatus": {
        **_of("string", "channel_id", "thread_ts", required=True),
        **_of("string", "status", "icon_emoji", "icon_url", "username"),
        **_of("array", "loading_messages"),
    },
    "assistant.threads.setSuggestedPrompts": {
        **_of("string", "channel_id", required=True),
        **_of("array", "prompts", required=True),
        **_of("string", "thread_ts", "title"),
    },
    "assistant.threads.setTitle": _of("string", "channel_id", "thread_ts", "title", required=True),
    "bots.info": _of("string", "team_id"),
    "chat.postEphemeral": _of("string", "markdown_text"),
    "chat.postMessage": {**_of("string", "markdown_text"), **_of("object", "metadata")},
    "chat.update": {
        **_of("string", "markdown_text"),
        **_of("boolean", "reply_broadcast"),
        **_of("object", "metadata"),
    },
    "conversations.history": _of("boolean", "include_all_metadata"),
    "conversations.open": _of("boolean", "prevent_creation"),
    "conversations.replies": _of("boolean", "include_all_metadata"),
    "files.completeUploadExternal": {
        **_of("array", "files", required=True),
        **_of("string", "channel_id", "initial_comment", "thread_ts"),
    },
    "files.getUploadURLExternal": {
        **_of("string", "filename", required=True),
        **_of("integer", "length", required=True),
        **_of("string", "alt_txt", "snippet_type"),
    },
    "oauth.v2.access": {
        **_of("string", "grant_type", "refresh_token"),
        **_of("string", "code"),  # not with a refresh_token
    },
    "response_url": {
        **_of("string", "text", "response_type", "thread_ts"),
        **_of("array", "blocks"),
        **_of("object", "metadata"),
        **_of("boolean", "replace_original", "delete_original", "unfurl_links", "unfurl_media"),
        **_of("boolean", "mrkdwn"),
    },
}
"""Methods and parameters that came after the document; ``response_url`` is none of its methods."""

EVERYWHERE = _of("string", "team_id")
"""What Bolt sends along with everything."""

LONGEST_TEXT = {"chat.update": 4000}
LONGEST_POST = 40_000
_SPEAKS = {"chat.postMessage", "chat.postEphemeral", "chat.update", "response_url"}
_SHOWS = {"views.open": "modal", "views.update": "modal", "views.publish": "home"}
_NOTHING: tuple[object, ...] = (None, "", [])


@dataclass(frozen=True, slots=True)
class Contract:
    """The parameters of the methods in the document."""

    methods: dict[str, Parameters]
    _judged: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    @cache
    def load(cls) -> "Contract":
        """Read the cut of the document that lies beside this module."""
        return cls(json.loads(CUT.read_text("utf-8")))

    def problems(self, method: str, body: dict[str, Any]) -> list[str]:
        """Return what is wrong with a request; nothing is good.

        Args:
            method: As in ``chat.postMessage``, or ``response_url``.
            body: Its arguments without the token.
        """
        text = f"{method} {json.dumps(body, sort_keys=True)}"
        if text not in self._judged:
            self._judged[text] = [f"{method}: {one}" for one in self._wrong(method, body)]
        return self._judged[text]

    def problems_of_answer(self, kind: str, body: Any) -> list[str]:
        """Return what is wrong with what an acknowledgement holds.

        Args:
            kind: Of the payload, as in ``block_suggestion``; a command has none.
            body: The answer.
        """
        told: dict[str, Any] = body if isinstance(body, dict) else {"text": str(body)}
        if not kind:
            return self.problems("response_url", told)
        wrong: list[str] = []
        if kind == "view_submission" and (view := told.get("view")):
            wrong = problems_of_view(view) + problems_of_blocks(view["blocks"], surface="modal")
        if kind == "block_suggestion":
            groups = told.get("option_groups") or [told]
            for options in (one.get("options") for one in groups):
                if options is None:
                    wrong.append("options are missing")
                elif options:  # none at all is fine: nothing was found
                    menu = {"type": "static_select", "action_id": "menu", "options": options}
                    wrong += problems_of_blocks([{"type": "actions", "elements": [menu]}])
        return [f"{kind} answered: {one}" for one in wrong]

    def _wrong(self, method: str, body: dict[str, Any]) -> Iterator[str]:
        if method not in self.methods and method not in NEWER:
            yield "is not in the document"
            return
        known = {**self.methods.get(method, {}), **NEWER.get(method, {}), **EVERYWHERE}
        for name, value in body.items():
            if name not in known:
                yield f"{name} is no parameter"
            elif not _fits(value, known[name]["type"]):
                yield f"{name} is no {known[name]['type']}: {value!r:.80}"
        for name, told in known.items():
            if told["required"] and body.get(name) in _NOTHING:
                yield f"{name} is missing"
        if method in _SPEAKS:
            yield from _wrong_with_message(method, body)
        if method in _SHOWS and (view := _read(body.get("view"))):
            yield from problems_of_view(view)
            surface = str(view.get("type", _SHOWS[method]))
            yield from problems_of_blocks(view.get("blocks") or [], surface=surface)


def _wrong_with_message(method: str, body: dict[str, Any]) -> Iterator[str]:
    if body.get("delete_original"):
        return
    text = str(body.get("text") or "")
    longest = LONGEST_TEXT.get(method, LONGEST_POST)
    if not text:
        yield "text is missing, which notifications and screen readers read"
    if len(text) > longest:
        yield f"text has {len(text)} characters, allowed are {longest}"
    yield from pings_in(text)
    yield from problems_of_blocks(_read(body.get("blocks")) or [])
    is_public = method == "chat.postMessage" or body.get("response_type") == "in_channel"
    for name in ("unfurl_links", "unfurl_media"):
        if is_public and body.get(name) not in (False, "false", "0"):
            yield f"{name} has to be False"


def _fits(value: Any, kind: str) -> bool:
    """Say whether a value can be one of a kind; forms send everything as text."""
    if kind == "boolean":
        return value in (True, False, "true", "false", "0", "1")
    if kind in ("number", "integer"):
        try:
            float(value)
        except (TypeError, ValueError):
            return False
        return True
    if kind in ("array", "object"):
        return isinstance(_read(value), list if kind == "array" else dict)
    # Structures may be sent as they are in JSON, though the document calls them text.
    return isinstance(value, str | list | dict | bool)


def _read(value: Any) -> Any:
    """Return what a structure says, sent as JSON or as text; nothing if it is broken."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


# --- cutting the document -----------------------------------------------------------


def cut(document: dict[str, Any]) -> dict[str, Parameters]:
    """Return the parameters of the methods in use; the token is always in a header."""
    methods: dict[str, Parameters] = {}
    for method in METHODS:
        [operation] = document["paths"][f"/{method}"].values()
        methods[method] = {
            one["name"]: {"type": one["type"], "required": bool(one.get("required"))}
            for one in operation["parameters"]
            if one["name"] != "token"
        }
    return methods


if __name__ == "__main__":
    made = cut(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    lines = (f"{json.dumps(method)}: {json.dumps(one)}" for method, one in made.items())
    CUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
