"""Tell what kind of thing a question asks for, and whether a sentence holds one.

"How many" wants a number, "who" a name, "when" a time: the coarse classes of Li & Roth
(2002), by rule and for English. A sentence that holds the thing asked for is a better
answer than one that only speaks of the same subject. Called by `bot.conversation.gathering`.
"""

import re
from enum import Enum


class AnswerType(Enum):
    """What a question asks for; the value finds one in a text."""

    NUMBER = re.compile(
        r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twenty|dozens?|hundreds?|"
        r"thousands?|millions?|billions?|trillions?|half|third|quarter|per ?cent|percentage|"
        r"twice|double|zero|none)\b",
        re.IGNORECASE,
    )
    # Two capitalised words in a row: a single one may only begin a sentence.
    NAME = re.compile(r"\b[A-Z][\w'\u2019-]+(?: (?:of|de|van|von|al) | )[A-Z][\w'\u2019-]+")
    TIME = re.compile(
        r"\b(?:1[5-9]|20)\d\d\b|\b(?:january|february|march|april|june|july|august|september|"
        r"october|november|december|yesterday|today|tomorrow|tonight|ago|century|decade)\b|"
        r"\b(?:last|next|this) (?:week|month|year|spring|summer|autumn|fall|winter)\b",
        re.IGNORECASE,
    )

    def is_in(self, text: str, question: str) -> bool:
        """Whether a text holds a thing of this type that the question does not name itself."""
        named = _squeezed(question)
        return any(_squeezed(found) not in named for found in self.value.findall(text))


def _squeezed(text: str) -> str:
    return "".join(ch for ch in text.casefold() if ch.isalnum())


_ASKED = (
    (
        re.compile(
            r"\bhow (?:many|much|long|big|large|old|far|often|fast|tall|high|expensive)\b|"
            r"\bwhat (?:number|percentage|share|price|size|cost)\b|\bcosts?\s*\?*$",
            re.IGNORECASE,
        ),
        AnswerType.NUMBER,
    ),
    (re.compile(r"^\W*(?:and |so |but )?(?:who|whom|whose)\b", re.IGNORECASE), AnswerType.NAME),
    (
        re.compile(r"^\W*(?:and |so |but )?(?:since )?when\b|\bwhat (?:year|date|day)\b", re.I),
        AnswerType.TIME,
    ),
)


def asked_for(question: str) -> AnswerType | None:
    """Return what a question asks for; None for any other text, or when that is open."""
    return next((kind for pattern, kind in _ASKED if pattern.search(question)), None)
