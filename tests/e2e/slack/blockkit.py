"""What Slack takes for blocks, and what we ask of them beyond that.

slack_sdk's models judge first; `LIMITS` holds what they miss. Everything here is a plain function
of the blocks, for any test to use.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

Node = dict[str, Any]

_REFERENCE = "https://docs.slack.dev/reference/block-kit/"

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
"""https://docs.slack.dev/reference/block-kit/blocks"""
MOST_TEXT = 12_000
"""All text of a message's blocks: ours, to stay clear of ``msg_blocks_too_long``."""
MOST_MARKDOWN = 12_000
"""All markdown blocks of a message: blocks/markdown-block"""

LIMITS: dict[tuple[str, str], int] = {
    ("actions", "elements"): 25,  # blocks/actions-block
    ("button", "accessibility_label"): 75,  # block-elements/button-element
    ("button", "text"): 75,
    ("button", "url"): 3000,
    ("button", "value"): 2000,
    ("context", "elements"): 10,  # blocks/context-block
    ("context_actions", "elements"): 5,  # blocks/context-actions-block
    ("external_select", "placeholder"): 150,  # block-elements/select-menu-element
    ("feedback", "text"): 75,  # block-elements/feedback-buttons-element
    ("feedback", "value"): 2000,
    ("header", "text"): 150,  # blocks/header-block
    ("input", "hint"): 2000,  # blocks/input-block
    ("input", "label"): 2000,
    ("option", "text"): 75,  # composition-objects/option-object
    ("option", "value"): 150,
    ("overflow", "options"): 5,  # block-elements/overflow-menu-element
    ("section", "fields"): 10,  # blocks/section-block
    ("section", "text"): 3000,
    ("static_select", "options"): 100,  # block-elements/select-menu-element
    ("static_select", "placeholder"): 150,
}
"""By kind of node and key: how long a text, or how many in a list; named is where it stands."""

LONGEST_FIELD = 2000
LONGEST_ID = 255
LONGEST_TITLE = 24
LONGEST_METADATA = 3000

_PLAIN, _ANY = {"plain_text"}, {"plain_text", "mrkdwn"}
_TEXTS: dict[str, dict[str, set[str]]] = {
    "button": {"text": _PLAIN},
    "external_select": {"placeholder": _PLAIN},
    "feedback": {"text": _PLAIN},
    "header": {"text": _PLAIN},
    "input": {"label": _PLAIN, "hint": _PLAIN},
    "option": {"text": _ANY, "description": _ANY},
    "section": {"text": _ANY},
    "static_select": {"placeholder": _PLAIN},
}
"""Which texts have to be of which kind; a bare string is none."""
_MESSAGES_ONLY = {"markdown", "context_actions"}
_PARTS = {
    "rich_text": {
        "rich_text_section",
        "rich_text_list",
        "rich_text_preformatted",
        "rich_text_quote",
    },
    "rich_text_list": {"rich_text_section"},
}
_INLINE = {"text", "link", "user", "channel", "emoji", "date", "color", "citation"}
_PINGING_PARTS = {"broadcast", "usergroup", "team"}
_CITED = {"file", "external", "web", "message", "memory"}
_NEWER_KEYS = {("rich_text_quote", "border")}
"""What Slack takes and the models drop."""
_PING = re.compile(r"<!(channel|here|everyone|subteam\^)|<@[UWB]?")


def refusals_of_blocks(
    blocks: list[Node], *, surface: str = "message", knows_citations: bool = True
) -> list[str]:
    """Return why Slack would refuse blocks; nothing is good.

    Args:
        blocks: As they are sent.
        surface: ``message``, ``modal`` or ``home``.
        knows_citations: Whether this Slack has citation elements.
    """
    wrong: list[str] = []
    if len(blocks) > MOST_BLOCKS[surface]:
        wrong.append(f"{len(blocks)} blocks, allowed are {MOST_BLOCKS[surface]}")
    for number, block in enumerate(blocks):
        where = f"/blocks/{number}"
        if not isinstance(block, dict) or not isinstance(block.get("type"), str):
            wrong.append(f"{where}: no block")
            continue
        wrong += [f"{where}: {one}" for one in _wrong_with_block(block, surface)]
        if not knows_citations and any(one.get("type") == "citation" for one in nodes(block)):
            wrong.append(f"{where}: unsupported type: citation")
    known = [one for one in blocks if isinstance(one, dict)]
    ids = Counter(one["block_id"] for one in known if "block_id" in one)
    wrong += [f"block_id {one!r} is there twice" for one, times in ids.items() if times > 1]
    marked = sum(len(str(one.get("text"))) for one in known if one.get("type") == "markdown")
    if marked > MOST_MARKDOWN:
        wrong.append(f"{marked} characters of markdown, allowed are {MOST_MARKDOWN}")
    return wrong


def problems_of_blocks(blocks: list[Node], *, surface: str = "message") -> list[str]:
    """Return what is wrong with blocks, be it for Slack or for us: nothing pings, less than full.

    Args:
        blocks: As they are sent.
        surface: ``message``, ``modal`` or ``home``.
    """
    wrong = refusals_of_blocks(blocks, surface=surface)
    for node in nodes(blocks):
        if node.get("type") in _PINGING_PARTS:
            wrong.append(f"a {node['type']} element pings")
        if node.get("type") == "mrkdwn":
            wrong += pings_in(str(node.get("text")))
    length = text_length(blocks)
    if surface == "message" and length > MOST_TEXT:
        wrong.append(f"{length} characters in all blocks, we allow {MOST_TEXT}")
    return wrong


def problems_of_view(view: Node) -> list[str]:
    """Return what is wrong with a view beside its blocks."""
    wrong = []
    if not isinstance(view.get("blocks"), list):
        return ["blocks are missing"]
    for key, longest in (
        ("private_metadata", LONGEST_METADATA),
        ("callback_id", LONGEST_ID),
        ("external_id", LONGEST_ID),
    ):
        if len(str(view.get(key) or "")) > longest:
            wrong.append(f"{key} is longer than {longest}")
    if view.get("type") == "modal" and not view.get("title"):
        wrong.append("a modal needs a title")
    for key in ("title", "submit", "close"):
        named = view.get(key)
        if named is None:
            continue
        if named.get("type") != "plain_text" or not 1 <= len(named["text"]) <= LONGEST_TITLE:
            wrong.append(f"{key} has to be 1 to {LONGEST_TITLE} characters of plain_text")
    asks = any(one.get("type") == "input" for one in view["blocks"])
    if view.get("type") == "modal" and asks and not view.get("submit"):
        wrong.append("a modal with inputs needs submit")
    return wrong


def pings_in(text: str) -> list[str]:
    """Return what in a mrkdwn text would call somebody."""
    return [f"{one.group()!r} pings" for one in _PING.finditer(text)]


def text_length(blocks: list[Node]) -> int:
    """Return how many characters of text there are in all blocks together."""
    return sum(len(node["text"]) for node in nodes(blocks) if isinstance(node.get("text"), str))


def nodes(value: Any) -> Iterator[Node]:
    """Yield every object in blocks, from the outside to the inside and in reading order."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from nodes(one)
    elif isinstance(value, list):
        for one in value:
            yield from nodes(one)


# --- below --------------------------------------------------------------------------


def _wrong_with_block(block: Node, surface: str) -> Iterator[str]:
    if surface != "message" and block["type"] in _MESSAGES_ONLY:
        yield f"a {block['type']} block has no place in a {surface}"
    yield from _wrong_with_model(block)
    actions: Counter[str] = Counter()
    for node in nodes(block):
        actions.update([node["action_id"]] if "action_id" in node else [])
        for key in ("block_id", "action_id"):
            if key in node and not 1 <= len(str(node[key])) <= LONGEST_ID:
                yield f"{key} has to be 1 to {LONGEST_ID} characters"
        yield from _wrong_with_lengths(node)
        yield from _wrong_with_text(node)
        yield from _wrong_with_parts(node)
    yield from (f"action_id {one!r} is there twice" for one, times in actions.items() if times > 1)


def _wrong_with_model(block: Node) -> Iterator[str]:
    """Yield what slack_sdk's model of a block says, and what it does not know of it."""
    known = _without_citations(block)
    try:
        model = Block.parse(known)
        if model is None:
            yield f"unsupported type: {block['type']}"
            return
        for missing in _dropped(known, model.to_dict()):
            yield f"unknown: {missing}"
    except SlackObjectFormationError as error:
        yield str(error)
    except (TypeError, AttributeError, KeyError, ValueError) as error:
        yield f"no {block['type']}: {error}"


def _without_citations(value: Any) -> Any:
    """Put links where citations are, for which slack_sdk has no model."""
    if isinstance(value, list):
        return [_without_citations(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "citation":
        return {"type": "link", "url": str(value.get("url")), "text": str(value.get("text"))}
    return {key: _without_citations(one) for key, one in value.items()}


def _dropped(given: Any, kept: Any, kind: str = "") -> Iterator[str]:
    """Yield the keys that a model has left out."""
    if isinstance(given, list) and isinstance(kept, list):
        for one, other in zip(given, kept, strict=False):
            yield from _dropped(one, other, kind)
    if not isinstance(given, dict):
        return
    if not isinstance(kept, dict):
        yield str(given.get("type", kind))
        return
    kind = str(given.get("type", kind))
    for key, value in given.items():
        if key in kept:
            yield from _dropped(value, kept[key], kind)
        elif value not in (None, "", [], {}) and (kind, key) not in _NEWER_KEYS:
            yield f"{key} of {kind}"


def _wrong_with_lengths(node: Node) -> Iterator[str]:
    for kind, part in _kinds(node):
        for key, value in part.items():
            most = LIMITS.get((kind, key))
            held = value.get("text") if isinstance(value, dict) else value
            if most is None or not isinstance(held, str | list):
                continue
            if len(held) > most:
                yield f"{key} of {kind} has {len(held)}, allowed are {most}"
            if isinstance(held, list) and not held:
                yield f"{key} of {kind} is empty"
    for one in node.get("fields") or [] if node.get("type") == "section" else []:
        if len(str(one.get("text"))) > LONGEST_FIELD:
            yield f"a field has {len(one['text'])}, allowed are {LONGEST_FIELD}"


def _kinds(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield a node and what stands in it without a type of its own, each with its kind."""
    kind = str(node.get("type"))
    yield kind.removeprefix("multi_"), node
    options = list(node.get("options") or [])
    options += [node["initial_option"]] if node.get("initial_option") else []
    for option in options:
        yield "option", option
    if kind == "feedback_buttons":
        for key in ("positive_button", "negative_button"):
            yield "feedback", node.get(key) or {}


def _wrong_with_text(node: Node) -> Iterator[str]:
    kind = node.get("type")
    if kind in ("plain_text", "mrkdwn", "text", "markdown"):
        text = node.get("text")
        if not isinstance(text, str) or not text:
            yield f"a {kind} without text"
    for named, part in _kinds(node):
        for key, kinds in _TEXTS.get(named, {}).items():
            text = part.get(key)
            if text is not None and (not isinstance(text, dict) or text.get("type") not in kinds):
                yield f"{key} of {named} has to be {' or '.join(sorted(kinds))}"
    if kind == "link" and not node.get("url"):
        yield "a link without url"
    if kind == "citation":
        details = node.get("details")
        is_text = isinstance(node.get("url"), str) and isinstance(node.get("text"), str)
        if not is_text or not node["text"] or type(node.get("index")) is not int:
            yield "a citation needs url, text and index"
        if not isinstance(details, dict) or details.get("citation_type") not in _CITED:
            yield "a citation needs details with a known citation_type"


def _wrong_with_parts(node: Node) -> Iterator[str]:
    kind = str(node.get("type"))
    if kind not in _PARTS and not kind.startswith("rich_text_"):
        return
    allowed = _PARTS.get(kind, _INLINE | _PINGING_PARTS)
    for part in node.get("elements") or []:
        if part.get("type") not in allowed:
            yield f"{part.get('type')} has no place in a {kind}"
    if kind == "rich_text_preformatted" and any(
        one.get("type") == "citation" for one in node.get("elements") or []
    ):
        yield "a citation has no place in rich_text_preformatted"
