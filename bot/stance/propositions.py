"""Turn a yes/no question into the claim it asks about.

Rules over words, no grammar: a question they are not sure of gives None, and is then searched for
as a question. `bot.conversation` calls this when it builds a query; `words` holds the lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.stance import words

_MAX_WORDS = 60
_MAX_CHARACTERS = 1000  # read; the rest of a pasted text asks nothing the rules could find

_ASCII = str.maketrans(
    "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{EN DASH}\N{EM DASH}"
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}",
    "''--\"\"",
)
_SPACE = re.compile(r"\s+")
_COURTESY = re.compile(
    r"(?:[\s,.!]+(?:please|pls|plz|thanks|thank\s+you|thx|ty|lol|lmao|tbh|imo|imho))+\s*$", re.I
)
_GREETING = re.compile(
    r"""^(?:
        (?:hey|hi|hello|ok|okay|so|well|and|but|also|then|now|um+|btw|honestly|seriously|wait
            |all|everyone|everybody|folks|guys|team)(?:\s*[,:!]\s*|\s+)
        |(?:(?:honest|quick|serious|genuine|random|dumb|simple)\s+)?question\s*[:,-]\s*
        |(?:please|pls)\s+
    )""",
    re.I | re.X,
)
# What follows a frame is a statement: "do you think that X", "is it true that X".
_FRAME = re.compile(
    r"""^(?:
        (?:do|don'?t|would)\s+(?:you|we|y'?all)\s+(?:(?:all|guys|folks|people|really)\s+)?
            (?:think|believe|say|agree)\s*(?:that\s+|,\s*)?
        |(?:does|do)\s+(?:anyone|anybody|people)\s+(?:here\s+)?(?:really\s+)?
            (?:think|believe|agree)\s+(?:that\s+)?
        |does\s+(?:anyone|anybody)\s+know\s+(?:if|whether)\s+
        |(?:(?:i'?m|just)\s+)?(?:i\s+wonder|wondering|not\s+sure|unsure|curious)\s*
            (?:,\s*)?(?:if|whether)\s+
        |whether\s+
        |(?:is\s*it|is\s*n'?t\s+it|is\s+it\s+not)\s+(?:really\s+|actually\s+)?
            (?:true|the\s+case|correct|a\s+fact|fair\s+to\s+say|right\s+to\s+say)\s+(?:that\s+)?
    )""",
    re.I | re.X,
)
_TAG = re.compile(
    r"[\s,]+(?:right|correct|yes|no|true|or\s+not|yes\s+or\s+no|y/n|eh|huh"
    r"|(?:is|are|was|were|do|does|did|has|have|should|would|could|can|will|won)"
    r"(?:n'?t|'?t)?\s+(?:it|they|we|he|she|there|you))\s*$",
    re.I,
)
_NEGATIVE = re.compile(
    r"^(should|would|could|must|is|are|was|were|do|does|did|has|have|had)n'?t\b", re.I
)
_IRREGULAR_NEGATIVE = {
    "can't": "can", "cant": "can", "cannot": "can", "won't": "will", "wont": "will",
}  # fmt: skip
_ASKS_THE_BOT = re.compile(
    r"^(?:can|could|would|will|do|did|have|are|were|may|might)\s+(?:you|u|i|ya)\b"
    r"|^(?:is|are|do|does|has|have)\s+(?:anyone|anybody|someone|somebody)\b",
    re.I,
)


def as_proposition(question: str) -> str | None:
    """Turn a yes/no question into the claim it asks about.

    "Should X be Y?" gives "X should be Y."; a negative question gives the claim it leans to
    ("Isn't X Y?" gives "X is Y."); a tag is dropped ("X is Y, right?" gives "X is Y.").

    Args:
        question: What somebody typed, in any case and spacing, with or without a question mark.

    Returns:
        One sentence that ends in a full stop, or None for a wh-question, a request, a choice
        between two things, or whatever the rules are not sure of.
    """
    text, asked = _first_question(question)
    text, framed = _without_lead(text)
    text, tagged = _without_tag(text)
    text = _positive(text)
    tokens = text.split()
    if not 2 <= len(tokens) <= _MAX_WORDS or _is_out_of_scope(text, tokens):
        return None
    first = tokens[0].lower()
    if first not in words.AUXILIARIES:
        sure = framed or ((asked or tagged) and _has_verb(tokens))
        return _sentence(tokens) if sure and _starts_well(tokens) else None
    rest = tokens[1:]
    end = _subject_end(first, rest)
    if end is None or end >= len(rest):
        return None
    subject, predicate = _unquestioned(rest[:end], rest[end:])
    if not predicate:
        return None
    if first == "do":
        return _sentence(subject + predicate)
    if first == "does":
        return _sentence(subject + _third_person(predicate))
    return _sentence([*subject, first, *predicate])


def _first_question(text: str) -> tuple[str, bool]:
    """Give the first sentence that ends in a question mark, or the whole text; and which it is."""
    flat = _SPACE.sub(" ", text[:_MAX_CHARACTERS].translate(_ASCII)).strip(" \"'*_>-")
    head, mark, _ = flat.partition("?")
    if mark:
        head = re.split(r"(?<=[a-z0-9)][.!;])\s+|\s+-+\s+(?=\w+ )", head)[-1]
    head = re.sub(r"\s*(?:[:;]-?[()DP]|<3|[^\w\s()'\"%$.,/-]+|\.+|!+)\s*$", "", head)
    return _COURTESY.sub("", head).strip(" .,!"), bool(mark)


def _without_lead(text: str) -> tuple[str, bool]:
    """Cut greetings and frames off the start, and tell whether there was a frame."""
    while match := _GREETING.match(text):
        text = text[match.end() :]
    shorter = _FRAME.sub("", text, count=1)
    return (shorter, True) if shorter.strip() and shorter != text else (text, False)


def _without_tag(text: str) -> tuple[str, bool]:
    """Cut "..., right" and "... or not" off the end, and tell whether there was one."""
    shorter = _TAG.sub("", text).strip(" ,")
    return (shorter, True) if shorter and shorter != text else (text, False)


def _positive(text: str) -> str:
    """Replace a negative first auxiliary by the positive one: "Isn't X Y" leans to "X is Y"."""
    head, _, tail = text.partition(" ")
    plain = _IRREGULAR_NEGATIVE.get(head.lower())
    return f"{plain} {tail}" if plain else _NEGATIVE.sub(lambda match: match[1], text)


def _is_out_of_scope(text: str, tokens: list[str]) -> bool:
    """Tell wh-questions, choices and requests from questions about a claim."""
    lower = [token.lower().strip(",.;:") for token in tokens]
    is_request = _ASKS_THE_BOT.match(text) is not None or (
        lower[0] in words.COPULAS | words.SUPPORT | words.PERFECT
        and lower[1] in {"there", "we", "you"}
        and not words.REQUESTED.isdisjoint(lower[2:5])
    )
    return lower[0] in words.WH_WORDS or "or" in lower or is_request


def _has_verb(tokens: list[str]) -> bool:
    """Tell whether tokens that do not start with an auxiliary hold one."""
    return any(token.lower() in words.AUXILIARIES for token in tokens[1:-1])


def _starts_well(tokens: list[str]) -> bool:
    """Tell whether tokens may start a statement."""
    lower = [token.lower() for token in tokens]
    bad = words.LINKS | {"if", "because", "any", "anyone", "anybody"} | words.DANGLING
    return len(tokens) > 2 and lower[0] not in bad and words.WH_WORDS.isdisjoint(lower[:3])


def _subject_end(first: str, rest: list[str]) -> int | None:
    """Give how many tokens the subject has, or None when unsure."""
    lower = [token.lower().strip(",.;:") for token in rest]
    if len(rest) < 2:
        return None
    if lower[0] in words.PRONOUNS:
        return None if lower[0] in words.DANGLING else 1
    if first in words.COPULAS:
        return _predicate_start(lower)
    if first in words.PERFECT:
        return _first_where(lower, _is_participle)
    return _verb_start(lower)


def _unquestioned(subject: list[str], predicate: list[str]) -> tuple[list[str], list[str]]:
    """Drop the words that only a question has: "there is any proof", "it could ever be"."""
    if subject[0].lower() == "there" and predicate[0].lower() in {"any", "actually", "really"}:
        predicate = predicate[1:]
    if predicate and predicate[0].lower() == "ever":
        predicate = predicate[1:]
    if predicate and predicate[-1].lower() in {"yet", "anyway", "though"}:
        predicate = predicate[:-1]
    return subject, predicate


def _verb_start(lower: list[str]) -> int | None:
    """Find the base verb after a modal or a form of "do"."""
    sure = _first_where(lower, lambda token: token in words.VERBS)
    unsure = [
        i
        for i in range(1, len(lower))
        if lower[i] in words.NOUN_VERBS and not _is_inside_phrase(lower, i)
    ]
    # "Does piracy hurt the people who make films": only a verb has an object behind it.
    transitive = [i for i in unsure if _opens_phrase(lower, i + 1)]
    if len(transitive) == 1 and (sure is None or transitive[0] < sure):
        found: int | None = transitive[0]
    elif sure is not None:
        earlier = [i for i in unsure if i < sure]
        # "Can rent control help ...": the noun stands right before the verb. Else: unsure.
        found = sure if not earlier or earlier[-1] == sure - 1 else None
    else:
        found = unsure[0] if len(unsure) == 1 else None
    while found is not None and found > 1 and _is_adverb(lower[found - 1]):
        found -= 1
    return found


def _predicate_start(lower: list[str]) -> int | None:
    """Find where the predicate after a form of "be" starts, surest signs first."""
    found = _first_where(lower, lambda token: token in words.PREDICATES or _is_adverb(token))
    article = _first_where(lower, lambda token: token in {"a", "an", "the"})
    if article is not None and (found is None or article < found):
        return article
    if found is not None:
        return found
    if lower[-1].endswith(words.ADJECTIVE_ENDINGS) or _is_participle(lower[-1]):
        return len(lower) - 1
    verbs = [
        i
        for i in range(1, len(lower))
        if (_is_participle(lower[i]) or _is_progressive(lower[i]))
        and not _is_inside_phrase(lower, i)
    ]
    if verbs:
        return verbs[0] if len(verbs) == 1 else None
    if len(lower) == 2 and lower[0] not in words.DETERMINERS:
        return 1
    return _first_where(lower, lambda token: token in {"in", "against", "under", "about", "to"})


def _first_where(lower: list[str], accept: Callable[[str], bool]) -> int | None:
    """Give the first index from 1 on whose token is accepted and is not inside a noun phrase."""
    for i in range(1, len(lower)):
        if accept(lower[i]) and not _is_inside_phrase(lower, i):
            return i
    return None


def _opens_phrase(lower: list[str], index: int) -> bool:
    """Tell whether a noun phrase or an indirect question starts at a token."""
    starts = words.DETERMINERS | words.WH_WORDS | {"all", "people", "everyone"}
    return index < len(lower) and lower[index] in starts


def _is_inside_phrase(lower: list[str], index: int) -> bool:
    """Tell whether the token before says that the noun phrase goes on."""
    before = lower[index - 1]
    return before in words.DETERMINERS or before in words.LINKS or before.endswith("'s")


def _is_adverb(token: str) -> bool:
    return token in words.ADVERBS


def _is_progressive(token: str) -> bool:
    return token.endswith("ing") and len(token) > 4 and token not in words.NOUNS_IN_ING


def _is_participle(token: str) -> bool:
    return (
        token in words.PARTICIPLES
        or token in words.ADVERBS
        or (token.endswith("ed") and token not in {"need", "speed", "seed", "united", "feed"})
    )


def _third_person(predicate: list[str]) -> list[str]:
    """Inflect the verb of a predicate: "help the poor" gives "helps the poor"."""
    index = next((i for i, token in enumerate(predicate) if not _is_adverb(token.lower())), 0)
    if any(token.lower() == "not" for token in predicate[:index]):
        return ["does", *predicate]
    verb = predicate[index]
    if verb in {"have", "do", "go", "be"}:
        form = {"have": "has", "do": "does", "go": "goes", "be": "is"}[verb]
    elif re.search(r"(?:s|x|z|ch|sh)$", verb):
        form = verb + "es"
    elif re.search(r"[^aeiou]y$", verb):
        form = verb[:-1] + "ies"
    else:
        form = verb + "s"
    return [*predicate[:index], form, *predicate[index + 1 :]]


def _sentence(tokens: list[str]) -> str:
    """Join tokens to a sentence with a capital and a full stop."""
    text = " ".join(tokens).rstrip(" .,;:!")
    return text[:1].upper() + text[1:] + "."
