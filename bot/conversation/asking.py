"""Turn an interaction into the query that the corpus is asked, or into none.

Finds out what is asked (`cleaning`, `kinds`, `topics`) and about which message: "@bot source?"
is about somebody else's claim. Searching is left to `bot.retrieval`. Called by `bot.service`.
"""

import re
from collections.abc import Callable, Sequence

from bot.conversation.cleaning import bounded, clean
from bot.conversation.grammar import states_something
from bot.conversation.kinds import (
    is_small_talk,
    kind_of,
    points_elsewhere,
    sentences_of,
    without_tag,
)
from bot.conversation.topics import find_topic
from bot.stance.comparisons import as_comparison
from bot.stance.propositions import as_proposition
from bot.types import Interaction, Message, Query, QueryKind, Topic, Trigger

MAX_CLAIM_LENGTH = 300
"""Characters of a claim that stances are taken on; of a longer post, its first assertion."""

_MENUS = frozenset({Trigger.MENU_SOURCES, Trigger.MENU_COUNTERPOINTS})
_REQUEST = re.compile(
    r"(?P<verb>(?:(?:can|could|would|will) (?:you|u|someone|anyone) |please |pls )*"
    r"(?:find|give|show|get|fetch|list|post|share|i need|need|got|have you got|do you have"
    r"|are there|is there|looking for|any|what(?:'s| is| are))? ?(?:me |us )?(?:any |some |the )?)"
    r"(?:sources?|quotes?|citations?|evidence|proof|references?|receipts|passages?|texts?"
    r"|(?P<counter>counter ?-?points?|counter ?-?arguments?|rebuttals?)"
    r"|(?:best )?arguments?(?= for| against)|case(?= for| against))"
    r"(?P<link>:| (?:for|on|about|against|to|that|of|re|regarding|supporting)\b)(?: whether)?"
    r" ?:?\s*"
    r"(?:the (?:claim|idea|view|statement|notion) )?(?:that )?(?P<rest>\S.*)",
    re.I | re.S,
)
_OPINION = re.compile(
    r"(?:(?:any |your )?(?:thoughts|opinions?|views?|take|position)|"
    r"what (?:do|does|would|did) (?:you|u|y'all|the (?:corpus|texts?|documents?|archive)|everyone"
    r"|people|we) (?:think|say|make))"
    r" (?:on|about|of|re|regarding) (?P<rest>\S.*)",
    re.I | re.S,
)
_FACT_CHECK = re.compile(
    r"(?:please |pls )?(?:fact[ -]?check|verify|debunk|source)\b(?: this| that)?"
    r"(?: please)?\s*(?::|that\b)\s*(?P<rest>\S.*)",
    re.I | re.S,
)
# Who holds a claim is no part of it; a negated frame ("I don't think") is.
_FRAME = re.compile(
    r"(?:(?:so|well|and|but),? )?"
    r"(?:i (?:also |really |still |just |honestly )?"
    r"(?:think|believe|read|heard|feel|guess|reckon|suspect|find)(?: somewhere| recently)?"
    r"(?: that(?! is| was|'s)| like)?"
    r"|(?:they|people|some people|many people|experts|everyone|everybody) (?:always )?"
    r"(?:say|says|claim|claims|think|thinks)(?: that)?"
    r"|(?:someone|somebody|a friend) (?:told me|said|says|claims)(?: that)?"
    r"|it'?s (?:a fact|obvious|clear|well known) that),? (?=\S+ \S)",
    re.I,
)


def to_query(interaction: Interaction, topics: Sequence[Topic]) -> Query | None:
    """Return what an interaction asks of the corpus.

    A request that only points ("thoughts?", "is this true?", nothing at all) is about a message
    of the conversation: the one replied to, else the newest assertion of another person, else
    the newest question of another person, else the asker's own last assertion. Bots are not
    fact-checked, except where a menu names their message.

    Args:
        interaction: The request with the conversation around it.
        topics: The topics of the corpus.

    Returns:
        The query; None when there is nothing to ask (small talk, or nothing but noise).
    """
    if interaction.trigger in _MENUS:
        return _query_about_target(interaction, topics)
    said = clean(interaction.text)
    if interaction.kind is not None and said:
        return _query(_unwrapped(_flat(said)), interaction.kind, topics)
    if said and is_small_talk(said):
        return None
    content = _content(said)
    if content:
        return _query(content, None, topics)
    if interaction.trigger is Trigger.AUTO and not said:
        return None
    message = _under_discussion(interaction)
    if message is None:
        return None
    return _query(_content(clean(message.text)), interaction.kind, topics, answers=message.id)


def _query_about_target(interaction: Interaction, topics: Sequence[Topic]) -> Query | None:
    target = next((message for message in interaction.context if message.is_reply_target), None)
    content = _content(clean(target.text if target else interaction.text))
    if not content:
        return None
    return _query(content, interaction.kind, topics, answers=target.id if target else None)


def _query(
    text: str, kind: QueryKind | None, topics: Sequence[Topic], answers: str | None = None
) -> Query:
    kind = kind or kind_of(text, topics)
    if kind is QueryKind.TOPIC:
        topic = find_topic(text, topics)
        if topic is not None:
            return Query(topic.title, kind, topic.proposition, topic.slug, answers)
        return Query(text, kind, as_comparison(text), answers=answers)
    if kind is QueryKind.QUESTION:
        return Query(text, kind, as_proposition(text) or as_comparison(text), answers=answers)
    return Query(text, kind, _main_claim(text), answers=answers)


def _main_claim(text: str) -> str:
    statement = without_tag(text)
    if statement.endswith("?"):
        statement = as_proposition(text) or statement
    bare = _FRAME.sub("", statement, count=1) if _FRAME.match(statement) else statement
    if states_something(bare):
        statement = bare
    if len(statement) <= MAX_CLAIM_LENGTH:
        return statement
    asserting = (part for part in sentences_of(statement) if kind_of(part, ()) is QueryKind.CLAIM)
    return bounded(next(asserting, statement), MAX_CLAIM_LENGTH)


def _content(cleaned: str) -> str:
    """Return what a cleaned message asks or says itself, on one line; empty if it only points."""
    telling = [
        sentence
        for sentence in sentences_of(cleaned)
        if not points_elsewhere(sentence) and not is_small_talk(sentence)
    ]
    return _unwrapped(" ".join(telling))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _unwrapped(text: str) -> str:
    """Take the request off what it is about: "find sources for X" becomes "X"."""
    rest = _rest_of_request(text)
    if rest is None:
        return text
    bare = rest.rstrip(" ?")
    return rest if not bare or kind_of(bare, ()) is QueryKind.QUESTION else bare


def _rest_of_request(text: str) -> str | None:
    for pattern in (_FACT_CHECK, _OPINION):
        if found := pattern.match(text):
            return found["rest"]
    found = _REQUEST.match(text)
    if found is None:
        return None
    # "Evidence for ghosts is weak" asserts; "any evidence that ghosts exist" asks.
    is_asked = found["verb"].strip() or found["counter"] or found["link"].strip() in {":", "that"}
    return found["rest"] if is_asked or not states_something(text) else None


def _under_discussion(interaction: Interaction) -> Message | None:
    said = [message for message in interaction.context if message.id != interaction.id]
    people = [message for message in reversed(said) if not message.is_bot]
    others = [message for message in people if message.author_id != interaction.asker_id]
    own = [message for message in people if message.author_id == interaction.asker_id]
    choices: tuple[tuple[Sequence[Message], Callable[[Message], bool]], ...] = (
        ([message for message in people if message.is_reply_target], _says_something),
        (others, _is_claim),
        (others, _is_question),
        (own, _is_claim),
    )
    fitting = (message for messages, fits in choices for message in messages if fits(message))
    return next(fitting, None)


def _says_something(message: Message) -> bool:
    return bool(_content(clean(message.text)))


def _is_claim(message: Message) -> bool:
    return _is_of_kind(message, QueryKind.CLAIM)


def _is_question(message: Message) -> bool:
    return _is_of_kind(message, QueryKind.QUESTION)


def _is_of_kind(message: Message, kind: QueryKind) -> bool:
    content = _content(clean(message.text))
    return bool(content) and kind_of(content, ()) is kind
