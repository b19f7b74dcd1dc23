"""Put statements into frames that turn, keep or suspend their side.

The public sets hold few rejections, reports and concessions, and a model that has seen none reads
"the notion that X is absurd" as support for X. Pure functions of text and a random source; `mixing`
pairs what comes out with its label.
"""

from __future__ import annotations

from random import Random

_REJECTING = (
    "The notion that {} is absurd", "The idea that {} does not survive scrutiny",
    "It is a myth that {}", "It is simply not true that {}", "It is hard to believe that {}",
    "There is no evidence that {}", "The claim that {} is misleading at best",
    "Nobody has ever shown that {}", "I do not buy the argument that {}",
    "We keep hearing that {}, but nothing of the kind has happened",
    "They say that {}, which is wrong", "Some insist that {}. They are mistaken",
    "Critics claim that {}; the record shows otherwise", "It is far from clear that {}",
    "Those who think that {} have not looked at the facts", "I disagree that {}",
    "It is tempting to think that {}. It would be a mistake", "It is wrong to say that {}",
    "The assumption that {} seems implausible", "How anyone can believe that {} is beyond me",
    "If it were true that {}, we would have noticed by now", "I doubt that {}",
    "The argument that {} falls apart once you look at it", "The fear that {} is overblown",
)  # fmt: skip
_ENDORSING = (
    "It is true that {}", "There is little doubt that {}", "Let me be clear: {}",
    "The evidence shows that {}", "It is hard to deny that {}", "I am convinced that {}",
    "What is too often forgotten is that {}", "As many have found out, {}",
    "Nobody serious denies that {}", "The simple fact is that {}", "It is no myth that {}",
    "Experience has taught us that {}", "In my view {}", "The critics are wrong: {}",
)  # fmt: skip
_REPORTING = (
    "Some people argue that {}", "The article asks whether {}", "Opinions differ on whether {}",
    "He was asked if {}", "I am not sure whether {}", "It remains to be seen whether {}",
    "Supporters say that {} and opponents say the reverse", "We will discuss whether {}",
    "Whether {} is a question for another day", "The debate is about whether {}",
    "She wanted to know why people think that {}", "Suppose for a moment that {}",
    "Here is a summary of the view that {}", "Is it true that {}?", "Does it matter whether {}?",
)  # fmt: skip
_CONCEDING = (
    "It is true that {}. However, {}", "Granted, {}. But {}", "Some say that {}. But {}",
    "Although {}, {}", "While it is often said that {}, {}", "Yes, {}, but {}",
    "Critics object that {}. Still, {}", "One could argue that {}, yet {}",
    "Even if {}, {}", "At first it looks as if {}. In fact {}", "Despite the view that {}, {}",
)  # fmt: skip


def reject(statement: str, random: Random) -> str:
    """Say that a statement is wrong: what comes out takes the other side."""
    return _framed(_REJECTING, random, statement)


def endorse(statement: str, random: Random) -> str:
    """Say that a statement is right: the side stays."""
    return _framed(_ENDORSING, random, statement)


def report(statement: str, random: Random) -> str:
    """Mention or ask a statement without taking it up: no side is left."""
    return _framed(_REPORTING, random, statement)


def concede(granted: str, held: str, random: Random) -> str:
    """Grant one statement and hold another: the side is the second one's."""
    return _framed(_CONCEDING, random, granted, held)


def _framed(frames: tuple[str, ...], random: Random, *statements: str) -> str:
    """Fill a frame, with statements that fit into the middle of a sentence."""
    return random.choice(frames).format(*(_inner(statement) for statement in statements))


def _inner(statement: str) -> str:
    """Drop the final stop and a capital that only the start of a sentence gave."""
    text = statement.strip().rstrip(" .!?")
    first, _, _ = text.partition(" ")
    is_name = first[1:] != first[1:].lower() or first in {"I", "I'm", "I've", "I'd"}
    return text if is_name else text[:1].lower() + text[1:]
