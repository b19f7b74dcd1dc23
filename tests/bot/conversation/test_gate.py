import pytest

from bot.conversation.gate import should_speak
from bot.types import Interaction, Trigger


def interaction(trigger: Trigger) -> Interaction:
    return Interaction("1", "test", "community", "kitchen", "ann", "tea?", trigger, 0.0)


@pytest.mark.parametrize("trigger", [trigger for trigger in Trigger if trigger is not Trigger.AUTO])
def test_calls_are_answered_anywhere(trigger: Trigger) -> None:
    assert should_speak(interaction(trigger), is_self=False, is_bot=False, is_edit=False)


@pytest.mark.parametrize(
    ("is_self", "is_bot", "is_edit"),
    [(True, False, False), (False, True, False), (False, False, True)],
)
def test_bots_and_edits_are_never_answered(is_self: bool, is_bot: bool, is_edit: bool) -> None:
    mention = interaction(Trigger.MENTION)
    assert not should_speak(mention, is_self=is_self, is_bot=is_bot, is_edit=is_edit)


def test_unasked_speech_needs_permission_for_the_channel() -> None:
    auto = interaction(Trigger.AUTO)
    quiet = should_speak(auto, is_self=False, is_bot=False, is_edit=False, auto_channels={"hall"})
    allowed = should_speak(
        auto, is_self=False, is_bot=False, is_edit=False, auto_channels={"kitchen"}
    )
    assert (quiet, allowed) == (False, True)
