from adapters.discord import limits
from adapters.discord.buttons import Button, Menu, ids_on
from adapters.messaging.presses import Action, Press
from tests.adapters.discord.speaking import make_guild, make_message, text_channel


def test_a_press_fits_as_long_as_discord_can_carry_it() -> None:
    assert Press(Action.TOPIC, detail="trams").fits(limits.CUSTOM_ID)
    assert not Press(Action.TOPIC, detail="x" * limits.CUSTOM_ID).fits(limits.CUSTOM_ID)
    assert not Press(Action.TOPIC, "a:b").fits(limits.CUSTOM_ID)


async def test_each_kind_answers_to_its_own_ids_alone() -> None:
    press = Press(Action.WHY, "0a1b")
    button, menu = Button.of(press, "x" * 100), Menu.of(press, "Which?", [("One", "1")])
    assert button.item.label is not None
    assert len(button.item.label) == limits.BUTTON_LABEL
    assert button.template.fullmatch(button.custom_id)
    assert not button.template.fullmatch(menu.custom_id)
    assert menu.template.fullmatch(menu.custom_id)
    assert not menu.template.fullmatch(button.custom_id)


async def test_the_ids_on_a_message_are_found_in_boxes_too() -> None:
    button = {"type": 2, "style": 2, "label": "a", "custom_id": "cp1:why:a:"}
    inner = {"type": 1, "components": [button]}
    box = {"type": 17, "components": [{"type": 10, "content": "x"}, inner]}
    message = make_message(make_guild(text_channel()), 9, components=[box])
    assert ids_on(message) == {"cp1:why:a:"}
    assert ids_on(None) == set()
