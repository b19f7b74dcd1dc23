"""Buttons that nobody knows any more; `KeepingContract` and `AdapterContract` press the others."""

from typing import Any

import pytest
from simcord.backend.models import Message

from bot import texts
from tests.e2e.corpus import CLAIM
from tests.e2e.discord.reading import buttons_of, words_of
from tests.e2e.discord.stage import Stage


def _button(message: Message, label: str) -> dict[str, Any]:
    """Return a button as the server keeps it: what is changed here has been there before."""
    return next(one for one in buttons_of(message) if one["label"] == label)


@pytest.mark.parametrize("custom_id", ["cp1:unheard_of:abc:1", "cp0:more:abc:1", "more"])
async def test_a_button_of_another_version_says_that_it_has_expired(
    stage: Stage, custom_id: str
) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    _button(answer, texts.WHY)["custom_id"] = custom_id
    shown = await stage.shown(stage.ada.press(answer, texts.WHY))
    assert texts.STALE_BUTTON in words_of(shown)
    assert shown.is_ephemeral


@pytest.mark.parametrize("label", [texts.WHY, texts.HELPFUL, texts.COUNTERPOINTS])
async def test_a_button_whose_request_is_unknown_says_so(stage: Stage, label: str) -> None:
    answer = await stage.answer(stage.ada.ask(stage.general, CLAIM))
    button = _button(answer, label)
    request_id = button["custom_id"].split(":")[2]
    button["custom_id"] = button["custom_id"].replace(request_id, "f" * len(request_id))
    shown = await stage.shown(stage.ada.press(answer, label))
    assert texts.UNKNOWN_REQUEST in words_of(shown)
