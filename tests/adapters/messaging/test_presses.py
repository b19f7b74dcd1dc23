from hypothesis import given
from hypothesis import strategies as st

from adapters.messaging.presses import Action, Press

subjects = st.text(alphabet="0123456789abcdef", max_size=20)


@given(st.sampled_from(Action), subjects, st.text(max_size=40))
def test_what_a_button_says_is_read_back(action: Action, subject: str, detail: str) -> None:
    press = Press(action, subject, detail)
    assert Press.parse(press.on_button) == press
    assert Press.parse(press.on_menu) == press
    assert press.on_button != press.on_menu


def test_a_button_of_another_version_says_nothing() -> None:
    assert Press.parse("cp0:more:1:2") is None
    assert Press.parse("cp1:dance:1:2") is None
    assert Press.parse("cp1:more:1") is None
    assert Press.parse("") is None


@given(st.sampled_from(Action), st.text(max_size=90))
def test_a_press_fits_as_long_as_its_names_do(action: Action, detail: str) -> None:
    press = Press(action, detail=detail)
    units = len(press.on_menu.encode("utf-16-le", "surrogatepass")) // 2
    assert [press.fits(limit) for limit in (units - 1, units)] == [False, True]


def test_a_subject_that_would_be_read_as_two_does_not_fit() -> None:
    assert not Press(Action.TOPIC, "a:b").fits(100)
