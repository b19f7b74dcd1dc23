"""What the button that shares an answer remembers is what was shown."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.messaging.presses import Action, Press
from adapters.messaging.surroundings import Cited
from adapters.slack.sharing import Showing
from bot.conversation.composing import ReplyLimits

ADDRESS = "https://cars.slack.com/archives/C1/p12?thread_ts=1.2&cid=C1"
VALUE = 2_000
"""The characters of a button's value: reference/block-kit/block-elements/button-element."""


def test_how_much_was_shown_and_of_whom_is_read_back() -> None:
    showing = Showing(ReplyLimits(1, 3), Cited("Ada Brown", ADDRESS))
    assert Showing.parse(str(showing)) == showing


def test_an_answer_about_nobody_is_read_back() -> None:
    showing = Showing(ReplyLimits(2, 0))
    assert Showing.parse(str(showing)) == showing


def test_an_author_without_an_address_is_read_back() -> None:
    showing = Showing(ReplyLimits(2, 0), Cited("Ada Brown", ""))
    assert Showing.parse(str(showing)) == showing


@given(st.text())
def test_anything_else_is_an_answer_as_it_is_usually_shown(text: str) -> None:
    if not text[:1].isdecimal():
        assert Showing.parse(text) == Showing()


@given(st.text(), st.text())
def test_it_fits_into_a_button_whatever_people_are_called(author: str, url: str) -> None:
    showing = Showing(ReplyLimits(3, 2), Cited(author, url))
    press = Press(Action.SHARE, "0a1b2c3d4e5f", str(showing))
    read = Press.parse(press.on_button)
    assert len(press.on_button) <= VALUE
    assert read == press
    assert Showing.parse(read.detail).first == showing.first
