"""Look at messages for Slack before they are sent: what is shown and pressed, what is wrong."""

from typing import Any

from adapters.messaging.presses import Press
from adapters.slack import blocks, limits
from adapters.slack.blocks import Message
from tests.e2e.slack.blockkit import nodes, pings_in, problems_of_blocks

Node = dict[str, Any]

ACTING = {"user", "usergroup", "broadcast", "team", "emoji", "color", "mrkdwn", "markdown"}
"""Nodes that the bot never sends: what they hold calls somebody, or is read as markup."""
_HOLDERS = {"rich_text", "rich_text_section", "rich_text_quote", "rich_text_list", "context"}
_PRESSED = {"button", "static_select", "external_select"}


def problems_of(message: Message) -> list[str]:
    """Return what is wrong with a message, and with its plainer form."""
    wrong = []
    for form in (message.blocks, blocks.plainer(message.blocks)):
        found = list(form)
        wrong += problems_of_blocks(found)
        if blocks.weight(found) > limits.TEXT:
            wrong.append(f"{blocks.weight(found)} units in all, allowed are {limits.TEXT}")
        for node in nodes(found):
            kind = node.get("type")
            if kind in ACTING:
                wrong.append(f"a {kind} acts")
            if kind in _HOLDERS and not node.get("elements"):
                wrong.append(f"a {kind} without elements")
    if not message.text.strip():
        wrong.append("no text")
    if limits.length(message.text) > limits.FALLBACK:
        wrong.append(f"text has {limits.length(message.text)}, allowed are {limits.FALLBACK}")
    return wrong + pings_in(message.text)


def told(message: Message) -> str:
    """Return all that is shown, a paragraph a line; labels of buttons are left out."""
    return "\n".join(filter(None, map(_told, message.blocks)))


def of_kind(message: Message, kind: str) -> list[Node]:
    """Return the nodes of one kind, in reading order."""
    return [node for node in nodes(list(message.blocks)) if node.get("type") == kind]


def quotes_in(message: Message) -> list[str]:
    """Return what stands in each quotation."""
    return ["".join(map(_words, one["elements"])) for one in of_kind(message, "rich_text_quote")]


def links_in(message: Message) -> list[str]:
    """Return where links and citations lead."""
    kinds = ("link", "citation")
    found = nodes(list(message.blocks))
    return [str(node["url"]) for node in found if node.get("type") in kinds]


def pressable(message: Message) -> list[Node]:
    """Return the buttons and menus; the thumbs as the two buttons that they are elsewhere."""
    found = nodes(list(blocks.plainer(message.blocks)))
    return [node for node in found if node.get("type") in _PRESSED]


def labels(message: Message) -> list[str]:
    """Return what stands on the buttons, and in the menus before anything is chosen."""
    return [str((one.get("text") or one["placeholder"])["text"]) for one in pressable(message)]


def presses(message: Message) -> list[Press]:
    """Return what the buttons and menus say."""
    said = [Press.parse(one["action_id"]) for one in pressable(message)]
    assert None not in said, "a button says nothing that is known"
    return [one for one in said if one is not None]


def numbers(message: Message) -> dict[str, str]:
    """Return the number that stands under each quotation."""
    found = {}
    for block in of_kind(message, "rich_text"):
        match block["elements"]:
            case [{"type": "rich_text_quote", "elements": [quote]}, under]:
                found[str(quote["text"])] = str(under["elements"][0]["text"])
    return found


def _told(block: Node) -> str:
    if block["type"] == "rich_text":
        return "\n".join(_lines(block["elements"]))
    if block["type"] == "header":
        return str(block["text"]["text"])
    return "\n".join(_words(one) for one in block.get("elements", []) if "action_id" not in one)


def _lines(elements: list[Node]) -> list[str]:
    lines: list[str] = []
    for one in elements:
        is_list = one["type"] == "rich_text_list"
        lines += _lines(one["elements"]) if is_list else ["".join(map(_words, one["elements"]))]
    return lines


def _words(part: Node) -> str:
    shown = part.get("text") or part.get("fallback") or part.get("channel_id")
    return str(shown or "")
