"""What the buttons and menus under a reply say, which remember nothing.

What one does is written into its name: an action, the id of what it is about (a request, a staged
document) and a detail. So it works after a restart and in every process of a fleet. `recording`
and the adapters do what they say.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from adapters.messaging.lengths import length


class Action(StrEnum):
    """What a button is for."""

    CONTEXT = "context"
    MORE = "more"
    COUNTERPOINTS = "counterpoints"
    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    REASON = "reason"
    WHY = "why"
    TOPIC = "topic"
    SHARE = "share"
    FORGET = "forget"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    PUBLISH = "publish"
    DISCARD = "discard"
    REINDEX = "reindex"
    LOG = "log"
    DOCTOR = "doctor"
    EXPORT = "export"


_PARTS = rf"(?P<action>{'|'.join(Action)}):(?P<subject>[^:]*):(?P<detail>.*)"
BUTTON = re.compile(f"cp1:{_PARTS}", re.DOTALL)
"""What the name of a button looks like."""
MENU = re.compile(f"cp1-menu:{_PARTS}", re.DOTALL)
"""What the name of a menu looks like."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a button says: an action, what it is about, and a detail that the action knows."""

    action: Action
    subject: str = ""
    detail: str = ""

    @property
    def on_button(self) -> str:
        """The press as the name of a button."""
        return f"cp1:{self.action}:{self.subject}:{self.detail}"

    @property
    def on_menu(self) -> str:
        """The press as the name of a menu."""
        return f"cp1-menu:{self.action}:{self.subject}:{self.detail}"

    def fits(self, limit: int) -> bool:
        """Whether a platform can carry it in a name of ``limit`` units."""
        return length(self.on_menu) <= limit and ":" not in self.subject

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Return what a name says; None when this version knows no such thing."""
        found = BUTTON.fullmatch(name) or MENU.fullmatch(name)
        if found is None:
            return None
        return cls(Action(found["action"]), found["subject"], found["detail"])
