"""Blocks at each limit and one over it, as a plain function judges them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.slack.blockkit import problems_of_blocks

Node = dict[str, Any]


def plain(length: int) -> Node:
    """Return a plain text of a length."""
    return {"type": "plain_text", "text": "x" * length}


def section(length: int, **more: Any) -> Node:
    """Return a section with a text of a length."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": "x" * length}, **more}


def button(number: int = 0, *, label: int = 1, **more: Any) -> Node:
    """Return a button; its number makes its id."""
    return {"type": "button", "action_id": f"b{number}", "text": plain(label), **more}


def actions(*elements: Node, **more: Any) -> list[Node]:
    """Return a row of elements as all there is."""
    return [{"type": "actions", "elements": list(elements), **more}]


def menu(count: int = 1, label: int = 1, value: int = 1, placeholder: int = 1) -> list[Node]:
    """Return a menu as all there is."""
    options = [{"text": plain(label), "value": "v" * value} for _ in range(count)]
    asks = {"action_id": "m", "placeholder": plain(placeholder), "options": options}
    return actions({"type": "static_select", **asks})


def feedback(label: int = 1, value: int = 1) -> Node:
    """Return a pair of feedback buttons."""
    side = {"text": plain(label), "value": "v" * value}
    pair = {"positive_button": side, "negative_button": side}
    return {"type": "feedback_buttons", "action_id": "f", **pair}


def icons(count: int) -> list[Node]:
    """Return icon buttons as all there is."""
    kind = {"type": "icon_button", "icon": "trash", "text": plain(1)}
    elements = [{**kind, "action_id": f"i{number}"} for number in range(count)]
    return [{"type": "context_actions", "elements": elements}]


LIMITS: dict[str, tuple[int, Callable[[int], list[Node]]]] = {
    "blocks of a message": (50, lambda n: [{"type": "divider"}] * n),
    "text of a section": (3000, lambda n: [section(n)]),
    "text of a header": (150, lambda n: [{"type": "header", "text": plain(n)}]),
    "fields": (10, lambda n: [section(1, fields=[plain(1)] * n)]),
    "a field": (2000, lambda n: [section(1, fields=[plain(n)])]),
    "elements of actions": (25, lambda n: actions(*(button(one) for one in range(n)))),
    "elements of context": (10, lambda n: [{"type": "context", "elements": [plain(1)] * n}]),
    "elements of context_actions": (5, icons),
    "label of a button": (75, lambda n: actions(button(label=n))),
    "value of a button": (2000, lambda n: actions(button(value="v" * n))),
    "url of a button": (3000, lambda n: actions(button(url="u" * n))),
    "action_id": (255, lambda n: actions({**button(), "action_id": "a" * n})),
    "block_id": (255, lambda n: actions(button(), block_id="b" * n)),
    "options": (100, lambda n: menu(count=n)),
    "label of an option": (75, lambda n: menu(label=n)),
    "value of an option": (150, lambda n: menu(value=n)),
    "placeholder": (150, lambda n: menu(placeholder=n)),
    "label of feedback": (75, lambda n: [{"type": "context_actions", "elements": [feedback(n)]}]),
    "markdown": (12_000, lambda n: [{"type": "markdown", "text": "x" * n}]),
    "all text": (12_000, lambda n: [section(3000)] * 3 + [section(n - 9000 - 1), section(1)]),
}


@pytest.mark.parametrize("name", LIMITS)
def test_what_is_at_a_limit_is_fine(name: str) -> None:
    most, made = LIMITS[name]
    assert problems_of_blocks(made(most)) == []


@pytest.mark.parametrize("name", LIMITS)
def test_what_is_over_a_limit_is_told(name: str) -> None:
    most, made = LIMITS[name]
    assert problems_of_blocks(made(most + 1)) != []


@pytest.mark.parametrize(
    ("blocks", "told"),
    [
        (actions(button(), button()), "action_id 'b0' is there twice"),
        ([section(1, block_id="s"), section(1, block_id="s")], "block_id 's' is there twice"),
        ([section(0)], "a mrkdwn without text"),
        ([{"type": "section", "text": "bare"}], "text of section has to be"),
        ([section(1, colour="red")], "unknown: colour of section"),
        ([{"type": "carpet"}], "unsupported type: carpet"),
        (actions(), "elements of actions is empty"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "<@U1>"}}], "'<@U' pings"),
    ],
)
def test_what_is_no_good_is_told(blocks: list[Node], told: str) -> None:
    assert told in "\n".join(problems_of_blocks(blocks))


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"type": "text", "text": ""}, "a text without text"),
        ({"type": "broadcast", "range": "here"}, "a broadcast element pings"),
        ({"type": "carpet"}, "carpet has no place in a rich_text_quote"),
        ({"type": "citation", "url": "u", "text": "1", "index": 1}, "needs details"),
    ],
)
def test_parts_of_a_quote_are_looked_at(part: Node, told: str) -> None:
    quote = {"type": "rich_text_quote", "elements": [part]}
    assert told in "\n".join(problems_of_blocks([{"type": "rich_text", "elements": [quote]}]))


def test_a_view_has_twice_the_blocks_and_no_markdown() -> None:
    assert problems_of_blocks([{"type": "divider"}] * 100, surface="home") == []
    [problem] = problems_of_blocks([{"type": "markdown", "text": "x"}], surface="home")
    assert "has no place in a home" in problem
