import pytest

from adapters.messaging.guides import (
    Manners,
    forget_report,
    help_report,
    opt_out_report,
    privacy_report,
    reasons_report,
    welcome_report,
)
from adapters.messaging.presses import Action, Press
from adapters.messaging.reports import Report
from bot import texts
from bot.types import Feedback
from tests.adapters.messaging.plain import PlainViews

MANNERS = Manners("The menu", "/forget")


def told(report: Report) -> str:
    return PlainViews().report(report)


@pytest.mark.parametrize("report", [help_report(MANNERS), welcome_report(MANNERS)])
def test_help_and_welcome_name_the_platforms_own_menu(report: Report) -> None:
    assert texts.use_menu("The menu") in told(report)
    assert texts.HELP_MENTION in told(report)


def test_privacy_tells_what_is_kept_and_the_command_that_removes_it() -> None:
    said = told(privacy_report(MANNERS))
    assert all(sentence in said for sentence in texts.PRIVACY)
    assert texts.forget_with("/forget") in said


def test_nothing_is_removed_before_it_was_confirmed() -> None:
    [choice] = forget_report("U1").choices
    assert choice.press == Press(Action.FORGET, "U1")
    assert choice.is_grave
    assert texts.FORGET_WARNING in told(forget_report("U1"))


def test_nothing_is_removed_before_opting_out_was_confirmed() -> None:
    [choice] = opt_out_report("U1").choices
    assert choice.press == Press(Action.OPT_OUT, "U1")
    assert choice.is_grave
    said = told(opt_out_report("U1"))
    assert texts.OPT_OUT_WARNING in said
    assert texts.FORGET_WARNING in said


@pytest.mark.parametrize(
    ("keeps", "offered"),
    [
        (True, [(Press(Action.OPT_OUT), texts.OPT_OUT)]),
        (False, [(Press(Action.OPT_IN), texts.OPT_IN)]),
        (None, []),
    ],
)
def test_privacy_offers_the_other_choice(
    keeps: bool | None, offered: list[tuple[Press, str]]
) -> None:
    report = privacy_report(MANNERS, keeps=keeps)
    assert [(one.press, one.label) for one in report.choices] == offered


def test_privacy_tells_who_has_opted_out_that_nothing_is_kept() -> None:
    said = told(privacy_report(MANNERS, 30, keeps=False))
    assert texts.KEEPS_NOTHING in said
    assert texts.READS_OTHERS in said
    assert texts.PRIVACY[0] not in said
    assert texts.expires(30) not in said


def test_every_reason_can_be_chosen_by_a_label_of_its_own() -> None:
    [menu] = reasons_report("0a1b").choices
    assert menu.press == Press(Action.REASON, "0a1b")
    assert {Feedback(value) for _, value in menu.entries} == set(texts.REASONS)
    assert len({label for label, _ in menu.entries}) == len(menu.entries)


@pytest.mark.parametrize(("days", "said"), [(30, "after 30 days,"), (1, "after 1 day,")])
def test_privacy_tells_after_how_many_days_what_one_asked_goes(days: int, said: str) -> None:
    report = told(privacy_report(MANNERS, days))
    assert said in report
    assert "None of it expires by itself" not in report
