"""What the bot wrote, as its readers see it."""

import html
import re
from collections.abc import Iterator
from typing import Any

from tests.e2e.slack.blockkit import nodes
from tests.e2e.slack.workspace import Blocks, Message, View

Shown = Message | View
Node = dict[str, Any]

_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_SELECTS = ("static_select", "external_select", "overflow")
_MARKS = {"broadcast": "range", "usergroup": "usergroup_id", "channel": "channel_id"}


def text_of(shown: Shown) -> str:
    """Return all the text that is shown, a block a line; what blocks replace is left out."""
    if not shown.blocks and isinstance(shown, Message):
        return _plain(shown.text)
    return "\n".join(part for part in map(_text_of_block, shown.blocks) if part)


def words_of(shown: Shown) -> str:
    """Return what is shown on one line, without marks for bold and the like."""
    return " ".join(re.sub(r"(?<!\w)[*_~]|[*_~](?!\w)", "", text_of(shown)).split())


def buttons_of(shown: Shown) -> list[Node]:
    """Return the buttons that do something (no links), each with the block_id of its block.

    Both sides of feedback buttons are there, as ``button``s with the action_id of the pair.
    """
    found: list[Node] = []
    for block in shown.blocks:
        for node in nodes(block):
            place = {"block_id": block.get("block_id", "")}
            if node.get("type") in ("button", "icon_button") and not node.get("url"):
                found.append({**node, **place})
            elif node.get("type") == "feedback_buttons":
                for key in ("positive_button", "negative_button"):
                    told = {"type": "feedback_buttons", "action_id": node.get("action_id", "")}
                    found.append({**node[key], **told, **place})
    return found


def selects_of(shown: Shown) -> list[Node]:
    """Return the menus, each with the block_id of its block."""
    return [
        {**node, "block_id": block.get("block_id", "")}
        for block in shown.blocks
        for node in nodes(block)
        if node.get("type") in _SELECTS
    ]


def labels_of(shown: Shown) -> list[str]:
    """Return the labels of the buttons that do something."""
    return [str(one["text"]["text"]) for one in buttons_of(shown)]


def links_of(shown: Shown) -> list[str]:
    """Return where links lead, in text and on buttons, in reading order."""
    found = []
    for node in nodes(shown.blocks):
        if isinstance(node.get("url"), str):
            found.append(node["url"])
        if node.get("type") == "mrkdwn":
            found += _links(node["text"])
    if not shown.blocks and isinstance(shown, Message):
        found += _links(shown.text)
    return found


def quotes_of(shown: Shown) -> list[str]:
    """Return the texts inside quotes, literally."""
    quotes = (node for node in nodes(shown.blocks) if node.get("type") == "rich_text_quote")
    return ["".join(map(_text_of_part, node.get("elements") or [])) for node in quotes]


def pinged_by(shown: Shown) -> list[str]:
    """Return whom a message calls: ids of people, or ``here``, ``channel``, ``everyone``."""
    texts = [shown.text] if isinstance(shown, Message) else []
    found = []
    for node in nodes(shown.blocks):
        if node.get("type") == "user":
            found.append(str(node["user_id"]))
        elif node.get("type") in ("broadcast", "usergroup"):
            found.append(str(node.get(_MARKS[str(node["type"])])))
        elif node.get("type") == "mrkdwn":
            texts.append(str(node["text"]))
    for text in texts:
        found += [one.strip("@!") for one, _ in _LINK.findall(text) if one[0] in "@!"]
    return found


# --- below --------------------------------------------------------------------------


def _text_of_block(block: Node) -> str:
    if block.get("type") == "rich_text":
        return "\n".join(_lines(block.get("elements") or []))
    if block.get("type") == "markdown":
        return str(block["text"])
    texts = []
    for node in _outside_controls(block):
        if node.get("type") == "mrkdwn":
            texts.append(_plain(str(node["text"])))
        elif node.get("type") == "plain_text":
            texts.append(str(node["text"]))
        elif node.get("type") == "image":
            texts.append(str(node.get("alt_text", "")))
    return "\n".join(texts)


def _outside_controls(value: Any) -> Iterator[Node]:
    """Yield the objects of a block but for what is inside buttons, menus and inputs."""
    if isinstance(value, dict):
        if "action_id" in value:
            return
        yield value
        for one in value.values():
            yield from _outside_controls(one)
    elif isinstance(value, list):
        for one in value:
            yield from _outside_controls(one)


def _lines(elements: Blocks) -> Iterator[str]:
    for element in elements:
        if element["type"] == "rich_text_list":
            yield from _lines(element.get("elements") or [])
        else:
            yield "".join(map(_text_of_part, element.get("elements") or []))


def _text_of_part(part: Node) -> str:
    kind = part["type"]
    if kind == "link":
        return str(part.get("text") or part["url"])
    if kind == "user":
        return f"@{part['user_id']}"
    if kind in _MARKS:
        return f"@{part.get(_MARKS[kind])}"
    if kind == "emoji":
        return f":{part['name']}:"
    if kind == "date":
        return str(part.get("fallback", ""))
    return str(part.get("text", ""))


def _plain(text: str) -> str:
    """Return a mrkdwn text as it is read: links by their label, and no entities."""

    def label(found: re.Match[str]) -> str:
        return found[2] or found[1]

    return html.unescape(_LINK.sub(label, text))


def _links(text: str) -> list[str]:
    return [html.unescape(one) for one, _ in _LINK.findall(text) if one[0] not in "@!#"]
