"""The lines that web pages and players put around a text: a table, not a parser.

A line is page chrome only when the whole of it matches a row below; a sentence that
mentions one of these words stays. Add a row for chrome that is common on the web, never
for the wording of one document. `bot.corpus.cleaning` reads the table.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Where(StrEnum):
    """Where in a document a row applies."""

    ANYWHERE = "anywhere"
    TOP = "top"
    """Before the first line that is not chrome."""
    END = "end"
    """After the last line that is not chrome: a heading with nothing below it."""


@dataclass(frozen=True, slots=True)
class Chrome:
    """A kind of chrome line. ``separates`` marks those that stand between two comments."""

    pattern: re.Pattern[str]
    where: Where = Where.ANYWHERE
    separates: bool = False


def _row(pattern: str, where: Where = Where.ANYWHERE, *, separates: bool = False) -> Chrome:
    return Chrome(re.compile(pattern, re.IGNORECASE), where, separates)


_NETWORK = r"(?:facebook|twitter|x|linkedin|reddit|whatsapp|telegram|mastodon|bluesky|email)"
_AGE = r"\d+ ?(?:seconds?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|months?|mo|years?|y)"
_LIST = r"(?:newsletter|mailing list|podcast|channel|updates|feed)"

CHROME: tuple[Chrome, ...] = (
    # Between two comments.
    _row(r"expand full comment|(?:show|read) (?:full|whole) comment", separates=True),
    _row(r"(?:like(?: ?\(\d+\))?[ ·|•]*)?reply(?: ?\(\d+\))?(?:[ ·|•]*share)?", separates=True),
    _row(r"permalink|report abuse|report comment|flag comment", separates=True),
    _row(r"\d+ (?:replies|upvotes|points?)(?:[ ·|•]*reply)?", separates=True),
    _row(r"(?:show|view|hide|load) (?:more |all |\d+ )?(?:more )?repl(?:y|ies)", separates=True),
    _row(
        rf"@?[\w.-]{{2,30}}(?:[ ·|•,]+(?:on|posted|wrote))?[ ·|•,]+{_AGE} ago"
        r"(?: ?[·|•\[].{0,60})?",
        separates=True,
    ),
    # Counters, buttons and menus.
    _row(r"\d[\d.,]*[km]? (?:comments?|responses|shares?|views|likes?|claps|followers)"),
    _row(r"navigated to .+"),
    _row(rf"share(?: this(?: \w+)?)?(?: (?:on|via) {_NETWORK})?"),
    _row(rf"(?:tweet(?: this)?|follow(?: us)?(?: on {_NETWORK}))"),
    _row(rf"subscribe(?: (?:now|here|today|for free))?|subscribe to (?:\S+ ){{0,3}}{_LIST}"),
    _row(rf"sign up(?: (?:now|here|for free))?|sign up (?:for|to) (?:\S+ ){{0,3}}{_LIST}"),
    _row(r"(?:sign|log) in(?: to (?:comment|continue|reply))?|login|register"),
    _row(r"(?:read|show|see|load|view) (?:more|less)(?: comments| posts)?|view all comments"),
    _row(r"(?:continue|keep) reading|read the (?:full|whole) (?:article|story|post)"),
    _row(r"(?:previous|next) (?:article|post|page|story|episode)"),
    _row(r"back to top|skip to (?:main )?content|toggle (?:navigation|menu)|print this page"),
    _row(r"advertisement|sponsored(?: content)?|story continues below(?: advertisement)?"),
    _row(r"(?:leave|add|post|write) a (?:comment|reply)[.…]*|join the (?:discussion|conversation)"),
    _row(r"discussion about this (?:post|article|video|episode|podcast)"),
    _row(r"(?:top|newest|oldest|latest|most recent) first|sort(?:ed)? by:? \w+"),
    _row(r"\d+[ -]min(?:ute)?s? read"),
    _row(r"listen to this (?:article|post|episode)|play episode|download (?:episode|transcript)"),
    _row(r"(?:(?:episode|full|show|hide|read|auto-generated) )transcript"),
    # Legal lines.
    _row(
        r"(?:we|this (?:web)?site|our (?:web)?site) uses? cookies"
        r"(?:\.|,? (?:to|for|on|and (?:similar|other))\b.{0,200})"
    ),
    _row(r"(?:accept|reject|allow|decline|manage)(?: all)? (?:cookies|preferences)"),
    _row(r"(?:cookie|privacy) (?:policy|settings|preferences|notice)"),
    _row(r"terms (?:of|and) (?:service|use|conditions)"),
    _row(r"(?:(?:©|\(c\)|copyright)(?: ©)? .{0,80})?all rights reserved\.?"),
    _row(r"(?:©|copyright ©|copyright \(c\)) ?\d{4}.{0,80}"),
    # A form's head, and headings under which a page's own lists were.
    _row(
        r"(?:from|source|by|author|posted by|published|date|updated|tags|url|link|categor(?:y|ies)"
        r"|filed under): \S.{0,100}",
        Where.TOP,
    ),
    _row(
        r"(?:further|related|recommended) reading|see also|references|footnotes|external links"
        r"|related(?: (?:posts|articles|stories|episodes))?|recommended for you"
        r"|you (?:may|might) also like|read next|up next|more from .{1,40}|comments?",
        Where.END,
    ),
)
