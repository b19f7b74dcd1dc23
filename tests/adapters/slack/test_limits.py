"""Our table of limits is nowhere above Slack's, as the loopback Slack has them."""

import pytest

from adapters.slack import limits
from tests.e2e.slack import blockkit, calls, responses, surfaces

SLACKS = {
    "ACTIONS": blockkit.LIMITS["actions", "elements"],
    "ACTION_ID": blockkit.LONGEST_ID,
    "BLOCKS": blockkit.MOST_BLOCKS["message"],
    "BUTTON_LABEL": blockkit.LIMITS["button", "text"],
    "FALLBACK": calls.LONGEST_UPDATE,
    "HEADER": blockkit.LIMITS["header", "text"],
    "INPUT_LABEL": blockkit.LIMITS["input", "label"],
    "MODAL_TITLE": blockkit.LONGEST_TITLE,
    "OPTIONS": blockkit.LIMITS["static_select", "options"],
    "OPTION_LABEL": blockkit.LIMITS["option", "text"],
    "OPTION_VALUE": blockkit.LIMITS["option", "value"],
    "PLACEHOLDER": blockkit.LIMITS["static_select", "placeholder"],
    "PROMPTS": surfaces.MOST_PROMPTS,
    "RESPONSES": responses.MOST_USES,
    "ROW_BUTTONS": blockkit.LIMITS["actions", "elements"],
    "SMALL": blockkit.LIMITS["section", "text"],
    "TEXT": blockkit.MOST_TEXT,
    "VIEW_BLOCKS": blockkit.MOST_BLOCKS["home"],
}


@pytest.mark.parametrize("name", SLACKS)
def test_a_limit_is_not_above_slacks(name: str) -> None:
    assert 0 < getattr(limits, name) <= SLACKS[name]


def test_every_limit_is_looked_at() -> None:
    assert {name for name in vars(limits) if name.isupper()} - {"CUT"} == set(SLACKS)
