"""Decide whether an English text holds a clause: a subject with a finite verb, or an order.

No parser and no model: closed word classes, verb lists and what stands beside a word. That
answers in microseconds, needs no weights, and a wrong answer is mended by one word in a list.
Used by `bot.conversation.kinds`, which says what a text is.
"""

import re
from collections.abc import Sequence

from bot.conversation import lexicon
from bot.words import NOUN_VERBS, VERBS

_WORD = re.compile(r"[^\W_]+(?:['\u2019.\-][^\W_]+)*['\u2019]?|[<>=&]")
_SPELLINGS = (("ize", "ise"), ("izes", "ises"), ("ized", "ised"))
_OPENS_OBJECT = lexicon.DETERMINERS | lexicon.PRONOUNS
_NOT_A_SUBJECT = (
    lexicon.DETERMINERS | lexicon.PREPOSITIONS | lexicon.CONJUNCTIONS | frozenset({"to", "than"})
)
_NOT_AN_OBJECT = lexicon.PREPOSITIONS | lexicon.CONJUNCTIONS
_PARALLEL = re.compile(r"^(?:the )?(?:more|less|fewer)\b.*,\s*(?:the )?(?:more|less|fewer)\b")
_COMPARED = re.compile(r"\b(?:better|worse|safer|cheaper|faster|\w{3,}ier) than\b")
_DEGREE_ENDING = re.compile(r"\b(?:so|too|totally|completely|kinda|pretty) \w+$")
_SUPERLATIVE = re.compile(r"\b(?:best|worst)\b.*\bever$")
_VERBLESS_NEGATION = re.compile(r"\b(?:no such thing|not worth|no place for|no excuse for)\b")


def words_of(text: str) -> list[str]:
    """Split a text into lower-case words; hyphens and apostrophes stay inside them."""
    return [word.replace("\u2019", "'") for word in _WORD.findall(text.lower())]


def states_something(text: str) -> bool:
    """Say whether a text asserts or orders, rather than only naming something.

    Args:
        text: One sentence or fragment in English; case and final punctuation are ignored.

    Returns:
        True when a finite verb, an order or a verbless predicate ("cats > dogs") is found.
    """
    words = words_of(text)
    if len(words) < 2:
        return False
    return _is_order(words) or _is_verbless_claim(words, text.lower()) or _has_finite_verb(words)


def is_verb(word: str) -> bool:
    """Say whether a word can be the base form of a verb in the lists."""
    return _is_base(word, VERBS) or _is_base(word, NOUN_VERBS)


def _is_order(words: Sequence[str]) -> bool:
    first, second = words[0], words[1]
    if first in {"don't", "dont", "let's", "lets", "never"}:
        return True
    opens_object = second in _OPENS_OBJECT or (second.endswith("ing") and len(second) > 4)
    if _is_base(first, VERBS) or first in lexicon.IMPERATIVES:
        if first in lexicon.PHRASE_OPENERS:
            return opens_object
        return second not in lexicon.PREPOSITIONS | lexicon.CONJUNCTIONS
    return _is_base(first, NOUN_VERBS) and second in _OPENS_OBJECT


def _is_verbless_claim(words: Sequence[str], text: str) -> bool:
    bare = text.rstrip(" .!")
    return (
        bool(set("<>=") & set(words[1:-1]))
        or words[-1] in lexicon.EVALUATIONS
        or any(
            pattern.search(bare)
            for pattern in (
                _PARALLEL,
                _COMPARED,
                _DEGREE_ENDING,
                _SUPERLATIVE,
                _VERBLESS_NEGATION,
            )
        )
    )


def _has_finite_verb(words: Sequence[str]) -> bool:
    return any(_is_finite(words, place) for place in range(len(words)))


def _is_finite(words: Sequence[str], place: int) -> bool:
    word = words[place]
    previous = words[place - 1] if place else ""
    if word in lexicon.CONTRACTIONS:
        return True
    if previous in lexicon.RELATIVES and place >= 2:
        # "people who cycle" names somebody; the main verb, if any, comes later.
        return False
    if word in lexicon.AUXILIARIES:
        return _is_auxiliary(words, place)
    if word in lexicon.SUBJECT_PRONOUNS:
        return place + 1 < len(words) and not previous
    following = words[place + 1] if place + 1 < len(words) else ""
    if place == 0:
        # "Protects children from harm": chat drops the subject.
        return bool(following) and following not in _NOT_AN_OBJECT and _is_strict_s_form(word)
    if _is_adverb(previous) and place >= 2:
        return _is_any_form(word) and words[place - 2] not in _NOT_A_SUBJECT
    if previous in lexicon.INDEFINITE_SUBJECTS:
        return _is_any_form(word)
    if previous in _NOT_A_SUBJECT:
        return False
    return (
        _is_finite_base(word, previous, following)
        or _is_finite_s_form(word, following)
        or _is_finite_past(words, place, following)
    )


def _is_auxiliary(words: Sequence[str], place: int) -> bool:
    word = words[place]
    if word not in lexicon.NOUN_AUXILIARIES:
        return True
    previous = words[place - 1] if place else ""
    if previous in lexicon.DETERMINERS - {"this", "that", "these", "those", "all", "some", "most"}:
        return False
    # "free will" ends a phrase, "it will" does not; "how to have" is no clause.
    return 0 < place < len(words) - 1 and previous not in lexicon.PREPOSITIONS


def _is_finite_base(word: str, previous: str, following: str) -> bool:
    if _is_base(word, VERBS):
        return bool(following) or word in lexicon.INTRANSITIVES or _is_plural(previous)
    if not is_verb(word):
        return False
    if following in _OPENS_OBJECT:
        return True
    if not _is_plural(previous):
        return False
    return word in lexicon.INTRANSITIVES or bool(following and following not in _NOT_AN_OBJECT)


def _is_finite_s_form(word: str, following: str) -> bool:
    lemma = _lemma_of_s_form(word)
    if lemma is None:
        return False
    if following and following not in _NOT_AN_OBJECT:
        return True
    if lemma in lexicon.INTRANSITIVES and word not in lexicon.NOUN_ENDINGS:
        return True
    return bool(following) and (_is_base(lemma, VERBS) or lemma in {"work", "rise", "fall"})


def _is_finite_past(words: Sequence[str], place: int, following: str) -> bool:
    word = words[place]
    if word in lexicon.PLAIN_PAST:
        return True
    lemma = _lemma_of_past(word)
    if lemma is None and word not in lexicon.IRREGULAR_PAST:
        return False
    if lemma in lexicon.INTRANSITIVES:
        return True
    if following in _OPENS_OBJECT or following in lexicon.ADVERBS:
        return True
    if not following or following in lexicon.PREPOSITIONS:
        return False
    if following in lexicon.CONJUNCTIONS:
        return following not in {"and", "or", "&"}
    # "Sweden abolished slavery" against "state funded schools".
    return word not in lexicon.COMPOUND_PARTICIPLES or words[0] == "the"


def _is_any_form(word: str) -> bool:
    return (
        is_verb(word)
        or _lemma_of_s_form(word) is not None
        or word in lexicon.IRREGULAR_PAST
        or _lemma_of_past(word) is not None
    )


def _is_strict_s_form(word: str) -> bool:
    lemma = _lemma_of_s_form(word)
    return lemma in VERBS and word not in lexicon.NOUN_ENDINGS


def _is_adverb(word: str) -> bool:
    return word in lexicon.ADVERBS or (
        len(word) > 5 and word.endswith(("lly", "tly", "sly", "bly"))
    )


def _is_plural(word: str) -> bool:
    if word in lexicon.IRREGULAR_PLURALS:
        return True
    return (
        word.endswith("s")
        and not word.endswith(("ss", "us", "is", "'s"))
        and len(word) > 3
        and word not in lexicon.MODIFYING_PLURALS
    )


def _is_base(word: str, verbs: frozenset[str]) -> bool:
    return word in verbs or _british(word) in verbs


def _british(word: str) -> str:
    for american, british in _SPELLINGS:
        if word.endswith(american):
            return word[: -len(american)] + british
    return word


def _lemma_of_s_form(word: str) -> str | None:
    if not word.endswith("s") or word.endswith("ss"):
        return None
    candidates = [word[:-1], word[:-2] if word.endswith("es") else ""]
    if word.endswith("ies"):
        candidates.append(word[:-3] + "y")
    return _first_verb(candidates)


def _lemma_of_past(word: str) -> str | None:
    if not word.endswith("ed"):
        return None
    stem = word[:-2]
    candidates = [stem, word[:-1]]
    if stem.endswith("i"):
        candidates.append(stem[:-1] + "y")
    if len(stem) > 3 and stem[-1] == stem[-2]:
        candidates.append(stem[:-1])
    return _first_verb(candidates)


def _first_verb(candidates: Sequence[str]) -> str | None:
    return next((_british(word) for word in candidates if word and is_verb(word)), None)
