"""Discord's own OpenAPI document, as far as the adapter uses it, to hold requests against.

`openapi.json` is cut out of discord/discord-api-spec (MIT) by running this module::

    python -m tests.e2e.discord.contract path/to/discord/openapi.json

The document does not catch everything: simcord's routes look for unknown keys and limits.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

CUT = Path(__file__).with_name("openapi.json")

OPERATIONS = (
    "GET /applications/@me",
    "GET /channels/{channel_id}",
    "GET /channels/{channel_id}/messages",
    "GET /channels/{channel_id}/messages/{message_id}",
    "GET /gateway/bot",
    "GET /oauth2/applications/@me",
    "GET /users/@me",
    "GET /webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "PATCH /channels/{channel_id}/messages/{message_id}",
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
    "POST /channels/{channel_id}/messages",
    "POST /channels/{channel_id}/typing",
    "POST /interactions/{interaction_id}/{interaction_token}/callback",
    "POST /users/@me/channels",
    "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
    "POST /webhooks/{webhook_id}/{webhook_token}",
    "PUT /applications/{application_id}/commands",
    "GET /applications/{application_id}/commands",
    "DELETE /channels/{channel_id}/messages/{message_id}",
    "DELETE /webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "DELETE /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
)
"""What the adapter may call; an operation that is not here is a problem."""

MISSING = {"ChannelTypes": {"title": "GUILD_MEDIA", "const": 16}}
"""Alternatives that Discord's reference has and the document, a preview, has not."""

_REFERENCE = "#/components/schemas/"
_LEAST_SNOWFLAKE = 1 << 32


@dataclass(frozen=True, slots=True)
class Contract:
    """The operations of the document and the schemas that they name."""

    operations: dict[str, Any]
    schemas: dict[str, Any]
    _judged: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    @cache
    def load(cls) -> "Contract":
        """Read the cut of the document that lies beside this module."""
        read = json.loads(CUT.read_text("utf-8"))
        return cls(read["operations"], read["schemas"])

    def problems(self, method: str, path: str, body: Any) -> list[str]:
        """Return what the document does not allow about a request; nothing is good."""
        operation = self._operation(method, path)
        if operation is None:
            return [f"{method} {path} is not in the document."]
        text = f"{operation} {json.dumps(body)}"  # each bot registers the same commands
        if text not in self._judged:
            self._judged[text] = [f"{operation}: {one}" for one in self._wrong(operation, body)]
        return self._judged[text]

    def _wrong(self, operation: str, body: Any) -> Iterator[str]:
        schema = self.operations[operation]
        if schema is None or body is None:
            if (schema is None) != (body is None):
                yield f"a body is {'' if schema else 'not '}expected"
            return
        validator = Draft202012Validator({**schema, "components": {"schemas": self.schemas}})
        for error in validator.iter_errors(_with_text_ids(body)):
            cause = max(_leaves(error), key=_weight)
            yield f"{cause.json_path}: {cause.message}"

    def _operation(self, method: str, path: str) -> str | None:
        """Return the operation of a path; a literal segment is better than a parameter."""
        found = [one for one in self.operations if _matches(one, f"{method} {path}")]
        return min(found, key=lambda one: one.count("{"), default=None)


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Yield what is wrong in each of the alternatives that none fits."""
    for one in error.context or ():
        yield from _leaves(one)
    if not error.context:
        yield error


def _weight(error: ValidationError) -> tuple[bool, int]:
    """Rank causes: that it is no other type of component, which is so as a rule, comes last."""
    path = error.absolute_path
    return not path or path[-1] != "type", len(path)


def _matches(operation: str, request: str) -> bool:
    parts, given = operation.split("/"), request.split("/")
    return len(parts) == len(given) and all(
        part == one or part.startswith("{") for part, one in zip(parts, given, strict=True)
    )


def _with_text_ids(value: Any, least: int = _LEAST_SNOWFLAKE) -> Any:
    """Write ids as text: discord.py sends numbers, which Discord takes as well."""
    if isinstance(value, dict):
        # Files are numbered from 0 in the place of an id.
        return {
            key: _with_text_ids(one, 0 if key == "attachments" else least)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_with_text_ids(one, least) for one in value]
    return str(value) if type(value) is int and value >= least else value


# --- cutting the document -----------------------------------------------------------


def cut(document: dict[str, Any]) -> dict[str, Any]:
    """Return the operations in use, each with the schema of its body, and what they name."""
    operations: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for operation in OPERATIONS:
        method, path = operation.split()
        found = document["paths"][path][method.lower()]
        content = found.get("requestBody", {}).get("content", {})
        operations[operation] = content.get("application/json", {}).get("schema")
        waiting = list(_named_in(operations[operation]))
        while waiting:
            name = waiting.pop()
            if name not in schemas:
                schemas[name] = _bare(document["components"]["schemas"][name])
                waiting += _named_in(schemas[name])
    for name, alternative in MISSING.items():
        schemas[name]["oneOf"].append(alternative)
    return {"operations": operations, "schemas": dict(sorted(schemas.items()))}


def _named_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].removeprefix(_REFERENCE)
        for one in value.values():
            yield from _named_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _named_in(one)


def _bare(schema: Any) -> Any:
    """Leave out what only people read."""
    if isinstance(schema, dict):
        is_schema = isinstance(schema.get("type"), str) or "const" in schema
        unread = {"description", "title"} if is_schema else set()
        return {key: _bare(one) for key, one in schema.items() if key not in unread}
    return [_bare(one) for one in schema] if isinstance(schema, list) else schema


def _written(part: dict[str, Any]) -> str:
    """Write one entry a line, so that a change of the document shows as one."""
    lines = (f"{json.dumps(key)}: {json.dumps(one)}" for key, one in part.items())
    return "{\n" + ",\n".join(lines) + "\n}"


if __name__ == "__main__":
    made = cut(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    parts = (f"{json.dumps(name)}: {_written(part)}" for name, part in made.items())
    CUT.write_text("{\n" + ",\n".join(parts) + "\n}\n", "utf-8")
