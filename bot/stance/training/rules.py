"""Rewrite claims by rule: the same claim in other words, or its negation.

Pure functions of text. A rule answers None where it is not sure, so what comes out is sound more
often than it is complete. `mixing` uses them to show the model that one word can turn the label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

# Verbs of the debate motions, with their participles.
_PARTICIPLES = {
    "abandon": "abandoned", "abolish": "abolished", "adopt": "adopted", "allow": "allowed",
    "ban": "banned", "cancel": "cancelled", "close": "closed", "criminalize": "criminalized",
    "decriminalize": "decriminalized", "encourage": "encouraged", "end": "ended",
    "enforce": "enforced", "expand": "expanded", "fund": "funded", "implement": "implemented",
    "increase": "increased", "introduce": "introduced", "legalize": "legalized",
    "limit": "limited", "privatize": "privatized", "prohibit": "prohibited",
    "promote": "promoted", "protect": "protected", "reduce": "reduced",
    "regulate": "regulated", "restrict": "restricted", "stop": "stopped",
    "subsidize": "subsidized", "support": "supported",
}  # fmt: skip
_BASES = {participle: base for base, participle in _PARTICIPLES.items()}
_ANTONYMS = {
    "abolish": "keep", "allow": "ban", "ban": "allow", "criminalize": "allow", "end": "continue",
    "increase": "reduce", "legalize": "prohibit", "oppose": "support", "prohibit": "allow",
    "reduce": "increase", "support": "oppose",
}  # fmt: skip

_MOTION = re.compile(r"^we should (?P<verb>[a-z-]+) (?P<object>.+)$", re.I)
_PASSIVE = re.compile(r"^(?P<object>.+?) (?:should|must) be (?P<verb>[a-z]+)$", re.I)
_HOUSE = (
    (re.compile(r"^this house believes that ", re.I), ""),
    (re.compile(r"^this house believes ", re.I), ""),
    (re.compile(r"^this house would ", re.I), "We should "),
    (re.compile(r"^this house supports ", re.I), "We should support "),
)
_AUXILIARY = re.compile(r"\b(should|must|will|would|can|could|is|are|was|were)\b", re.I)
_NEGATED_AUXILIARY = re.compile(r"\b(should|must|will|would|can|could|is|are|was|were) not\b", re.I)
# Words near which "put a `not` after the auxiliary" may not be the negation.
_UNSURE = re.compile(
    r"\b(not|no|never|none|nothing|nobody|neither|nor|cannot|without|only|all|every|any|some|most"
    r"|many|few|and|but|or|if|unless|because|that|which|who|whose|what|when|also|too)\b"
    r"|n't\b|[,;:?!/(]",
    re.I,
)
_HARM = re.compile(r"\bmore (harm) than (good)\b|\bmore (good) than (harm)\b", re.I)

_AGREE = ("It would be right to {}", "It is time to {}", "There are good reasons to {}")
_DISAGREE = (
    "It would be a mistake to {}",
    "It would be wrong to {}",
    "There is no good reason to {}",
)
_ABOUT = (
    "There has been a long debate about {}", "Last week I read a report on {}",
    "Some people are for {} and others are against", "What do you think about {}?",
    "The committee will discuss {} next month", "This chapter is about {}",
    "In this video we talk about {}", "The word is often used when people speak of {}",
    "He was asked about {} in the interview", "Here are some links on {}",
    "The history of {} is a long one", "My first question concerns {}",
)  # fmt: skip


def plain(claim: str) -> str:
    """Strip the frame of a debate motion ("This house believes that ...") and the final stop."""
    text = claim.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip().rstrip(".").strip()
    for pattern, replacement in _HOUSE:
        if pattern.match(text):
            text = pattern.sub(replacement, text)
            break
    return text[:1].upper() + text[1:]


def topic(claim: str) -> str | None:
    """Give what a motion is about ("We should ban X" -> "X"), or None."""
    text = plain(claim)
    match = _MOTION.match(text) or _PASSIVE.match(text)
    if match is None or (match["verb"].lower() not in _PARTICIPLES | _BASES):
        return None
    return match["object"]


def restate(claim: str, random: Random) -> str | None:
    """Say the same claim in other words, or None where no rule applies."""
    text = plain(claim)
    options: list[str] = [] if text == claim.strip().rstrip(".") else [text]
    if match := _MOTION.match(text):
        verb, thing = match["verb"].lower(), match["object"]
        if verb in _PARTICIPLES:
            options.append(f"{_upper(thing)} should be {_PARTICIPLES[verb]}")
        if verb != "not":
            options.append(random.choice(_AGREE).format(f"{verb} {thing}"))
    elif (match := _PASSIVE.match(text)) and match["verb"].lower() in _BASES:
        options.append(f"We should {_BASES[match['verb'].lower()]} {_lower(match['object'])}")
    return _choose(options, random)


def negate(claim: str, random: Random) -> str | None:
    """Say the opposite of a claim, or None where no rule is sure to give it.

    Who supports the claim opposes the result, and the other way round.
    """
    text = plain(claim)
    if _HARM.search(text):
        return _HARM.sub(_swap_harm, text)
    options: list[str] = []
    if match := _MOTION.match(text):
        verb, thing = match["verb"].lower(), match["object"]
        if verb == "not":
            return f"We should {thing}"
        options.append(f"We should not {verb} {thing}")
        options.append(random.choice(_DISAGREE).format(f"{verb} {thing}"))
        if verb in _ANTONYMS:
            options.append(f"We should {_ANTONYMS[verb]} {thing}")
    elif len(_NEGATED_AUXILIARY.findall(text)) == 1:
        without = _NEGATED_AUXILIARY.sub(r"\1", text)
        if _is_simple(without):
            options.append(without)
    elif _is_simple(text):
        options.append(_AUXILIARY.sub(r"\1 not", text, count=1))
    return _choose(options, random)


def mention(claim: str, random: Random) -> str | None:
    """Write a sentence that mentions a motion's topic and takes no side, or None."""
    thing = topic(claim)
    return None if thing is None else random.choice(_ABOUT).format(_lower(thing))


def _is_simple(text: str) -> bool:
    """Tell whether a claim is one clause with one auxiliary and nothing that scopes over it."""
    return (
        len(_AUXILIARY.findall(text)) == 1
        and _AUXILIARY.match(text) is None
        and _UNSURE.search(text) is None
    )


def _swap_harm(match: re.Match[str]) -> str:
    return "more good than harm" if match[1] else "more harm than good"


def _choose(options: Sequence[str], random: Random) -> str | None:
    return random.choice(options) if options else None


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    """Lower the first letter, unless the first word looks like a name or an acronym."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
