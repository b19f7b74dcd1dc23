"""Say how to ask, what is kept, and hello, in the words of a platform. Pure."""

from dataclasses import dataclass

from adapters.messaging.presses import Action, Press
from adapters.messaging.reports import Choice, Line, Report, Shape
from bot import texts


@dataclass(frozen=True, slots=True)
class Manners:
    """How a platform calls things: the menu of a message, the command that forgets."""

    menu: str
    forget: str


def help_report(manners: Manners) -> Report:
    """Return how to ask."""
    lines = (
        texts.HELP_MENTION,
        texts.use_menu(manners.menu),
        texts.HELP_TOPIC,
        texts.HELP_VERBATIM,
    )
    return Report(texts.HELP_TITLE, tuple(Line.of(one, shape=Shape.ITEM) for one in lines))


def privacy_report(manners: Manners, kept_days: int = 0, keeps: bool | None = None) -> Report:
    """Return what is kept, how it goes, and the button by which a member has nothing kept.

    Args:
        manners: How the platform calls things.
        kept_days: For how many days it is kept; 0 for ever.
        keeps: Whether what the reader asks is kept; None when that is not known, and cannot be
            changed here.
    """
    stays = texts.expires(kept_days) if kept_days else texts.KEPT_FOR_EVER
    kept = (stays if line == texts.KEPT_FOR_EVER else line for line in texts.PRIVACY)
    lines = (*kept, texts.forget_with(manners.forget))
    choices = (Choice(Press(Action.OPT_OUT), texts.OPT_OUT),) if keeps else ()
    if keeps is False:
        lines = (texts.KEEPS_NOTHING, texts.READS_OTHERS)
        choices = (Choice(Press(Action.OPT_IN), texts.OPT_IN),)
    items = tuple(Line.of(one, shape=Shape.ITEM) for one in lines)
    return Report(texts.PRIVACY_TITLE, items, choices)


def welcome_report(manners: Manners) -> Report:
    """Return what a community is told when the bot joins it."""
    tries = (texts.HELP_TOPIC, texts.HELP_MENTION, texts.use_menu(manners.menu))
    numbered = (f"{number}. {one}" for number, one in enumerate(tries, 1))
    return Report(texts.WELCOME, (Line.of(texts.WELCOME_TRY), *map(Line.of, numbered)))


def forget_report(subject: str) -> Report:
    """Return the question whether everything shall go; ``subject`` names the asker."""
    confirm = Choice(Press(Action.FORGET, subject), texts.FORGET, is_grave=True)
    return Report(None, (Line.of(texts.FORGET_WARNING),), (confirm,))


def opt_out_report(subject: str) -> Report:
    """Return the question whether nothing shall be kept; ``subject`` names the asker."""
    confirm = Choice(Press(Action.OPT_OUT, subject), texts.OPT_OUT, is_grave=True)
    lines = (Line.of(texts.OPT_OUT_WARNING), Line.of(texts.FORGET_WARNING))
    return Report(None, lines, (confirm,))


def reasons_report(request_id: str) -> Report:
    """Return the question what is wrong with an answer, with the reasons to choose from."""
    entries = tuple((label, reason.value) for reason, label in texts.REASONS.items())
    menu = Choice(Press(Action.REASON, request_id), texts.WHAT_IS_WRONG, entries=entries)
    return Report(None, (Line.of(texts.WHAT_IS_WRONG),), (menu,))
