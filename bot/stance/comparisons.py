"""Turn a choice between two things into the claim that the first is the better one.

What speaks for the second then opposes that claim, so that a reply shows both. Rules over words,
as in `propositions`; called by `bot.conversation` where a question is no yes/no question.
"""

from __future__ import annotations

import re

from bot.stance.propositions import as_proposition

_MAX_CHARACTERS = 300
_MAX_WORDS = 8  # of an alternative: a longer one is more than a name

_WHICH = re.compile(
    r"^(?:so |and |ok(?:ay)?,? )?(?:which|what)(?: one)?(?:'s| is| are| would be| do you think is)?"
    r" (?:the )?(?P<quality>better|best|safer|safest|cheaper|cheapest|faster|fastest|worse|worst"
    r"|stronger|smarter|healthier|greener|fairer|more \w+)(?: (?P<scope>(?:for|in|at) [^,:;]+?))?"
    r"\s*[,:;–—-]\s*(?P<pair>.+)$",  # noqa: RUF001 - people type dashes
    re.I,
)
_PREFER = re.compile(
    r"^(?:do|would) (?:you|we|people|y'?all) (?:prefer|rather have|pick|choose|take)\s*:?\s*"
    r"(?P<pair>.+)$",
    re.I,
)
_VERSUS = re.compile(r"\s+(?:vs?\.?|versus)\s+", re.I)
_OR = re.compile(r",?\s+or\s+", re.I)
_NO_CHOICE = re.compile(
    r"\bor (?:not|no|so|something|anything|whatever|what|is|are|do|does|will|else|am)\b"
    r"|\bone or (?:two|more)\b|\b(?:more|sooner) or (?:less|later)\b|\bwhether or\b",
    re.I,
)
_OPENS_A_QUESTION = re.compile(
    r"^(?:who|whom|whose|what|when|where|why|how|which|if|because|that|i|you|he|she|it|so|any"
    r"|anyone|anybody|anything|thoughts|comments|questions|your|there|it'?s|that'?s"
    r"|is|are|was|were|do|does|did|can|could|will|would|should|must|has|have|had)\b",
    re.I,
)
# After these, "or" offers a choice; elsewhere it often means "and" ("cancer or heart disease").
_CHOOSES = re.compile(
    r"^(?:so |and |well )?(?:should\b|(?:is|would) it (?:be )?(?:\w+ )?(?:better|best|worse|wiser"
    r"|safer|cheaper|fairer|smarter)\b)"
    r"|\b(?:good or bad|bad or good|safe or dangerous|right or wrong|true or false|help or hurt"
    r"|helps or hurts|help or harm|better or worse|up or down|fair or unfair"
    r"|useful or useless|legal or illegal|a blessing or a curse|friend or foe)\b",
    re.I,
)
_SUPERLATIVE = {
    "best": "better", "safest": "safer", "cheapest": "cheaper", "fastest": "faster",
    "worst": "worse",
}  # fmt: skip


def as_comparison(question: str) -> str | None:
    """Turn a question that offers two alternatives into the claim that favours the first.

    "Roads or railways?" gives "Roads is better than railways."; "Should cities build
    roads or railways?" gives "Cities should build roads rather than railways.".

    Args:
        question: What somebody typed.

    Returns:
        One sentence that ends in a full stop, or None where two alternatives cannot be told.
    """
    text = " ".join(question[:_MAX_CHARACTERS].split()).rstrip(" ?!.")
    if _NO_CHOICE.search(text):
        return None
    quality, scope, pair = "better", "", text
    if found := _WHICH.match(text):
        quality = _SUPERLATIVE.get(found["quality"].lower(), found["quality"].lower())
        scope = f" {found['scope']}" if found["scope"] else ""
        pair = found["pair"]
    elif found := _PREFER.match(text):
        pair = found["pair"]
    elif rather := _rather(text):
        return rather
    sides = _VERSUS.split(pair) if _VERSUS.search(pair) else _OR.split(pair)
    if len(sides) != 2 or not all(_is_name(side) for side in sides):
        return None
    first, second = (side.strip(" ,\"'") for side in sides)
    return f"{first[:1].upper()}{first[1:]} is {quality} than {second}{scope}."


def _rather(text: str) -> str | None:
    """Put "rather than" for "or" where that makes a yes/no question of it."""
    if len(_OR.findall(text)) != 1 or not _CHOOSES.search(text):
        return None
    return as_proposition(f"{_OR.sub(' rather than ', text)}?")


def _is_name(side: str) -> bool:
    """Tell whether an alternative is a short phrase and no clause of its own."""
    words = side.split()
    is_phrase = re.search(r"[,;:]| - ", side.strip(" ,")) is None
    return 0 < len(words) <= _MAX_WORDS and is_phrase and _OPENS_A_QUESTION.match(side) is None
