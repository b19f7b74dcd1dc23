"""Turn text into the terms that lexical search counts.

The same analysis runs over documents (by `bot.indexing`) and over queries (by
`bot.retrieval.search`): compatibility forms and case are folded, names spelt in several
ways become one, function words go, the rest is stemmed. Scripts without spaces between
words become overlapping pairs of characters.
"""

import hashlib
import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import pairwise

import Stemmer

from bot.words import word_set

VERSION = "1"

# English function words: articles, pronouns, prepositions, auxiliaries, conjunctions.
# Negations are here too: the side a text takes is for `bot.stance` to tell.
STOP_WORDS = word_set(
    """a about above actually after again against all also am an and any are aren as at be because
    been before being below between both but by can cannot could couldn d did didn do does doesn
    doing don down during each even few for from further had hadn has hasn have haven having he
    her here hers herself him himself his how i if in into is isn it its itself just ll m me
    might more most must mustn my myself no nor not now of off on once only or other our ours
    ourselves out over own re really s same shan she should shouldn so some such t than that the
    their theirs them themselves then there these they this those through to too under until up
    upon us ve very was wasn we were weren what when where which while who whom why will with
    won would wouldn you your yours yourself yourselves"""
)

# A word, with inner marks that join its parts: "il-2", "don't", "3.5", "gpt-4o".
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019.\u2010\u2011][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
# Scripts written without spaces between words: kana, Han, Thai, Lao, Khmer, Burmese.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_MARKS_OF_SPACED_SCRIPTS = re.compile("[\u0300-\u036f]")
_LONGEST_TERM = 64


def fold(text: str) -> str:
    """Fold case, compatibility forms and Latin accents: "Café" and "CAFE" are "cafe"."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", _MARKS_OF_SPACED_SCRIPTS.sub("", decomposed))


def bigram(left: str, right: str) -> str:
    """Return the term of two neighbouring terms; no single term holds an underscore."""
    return f"{left}_{right}"


class Analyzer:
    """Analyse text into stemmed terms, with the corpus's aliases applied.

    Args:
        aliases: Other spellings of a name, each mapped to the name itself. Spellings and
            names may be several words; case does not matter.
    """

    def __init__(self, aliases: Mapping[str, str] | None = None) -> None:
        self._stem = Stemmer.Stemmer("english", 50_000)
        self._lock = threading.Lock()
        self._aliases: dict[tuple[str, ...], tuple[str, ...]] = {}
        for spelling, name in (aliases or {}).items():
            folded = fold(spelling)
            for written in (folded, " ".join(_PART.findall(folded))):  # "il-2" and "il 2"
                if words := tuple(_split(written)):
                    self._aliases[words] = tuple(_split(fold(name)))
        self._longest_alias = max(map(len, self._aliases), default=0)
        self._alias_starts = {spelling[0] for spelling in self._aliases}

    @property
    def version(self) -> str:
        """What decides the terms of a text; an index built by another version is stale."""
        names = repr(sorted(self._aliases.items()))
        return f"{VERSION}-{hashlib.sha256(names.encode()).hexdigest()[:12]}"

    def terms(self, text: str) -> list[str]:
        """Return what an index stores of a text: its stems and their bigrams."""
        stems = self.stems(text)
        return stems + [bigram(*pair) for pair in pairwise(stems)]

    def stems(self, text: str) -> list[str]:
        """Return the stemmed terms of a text in order, repeats included.

        A compound gives its parts and, when one of them holds a digit, itself written
        as one word, so that "IL-2" is found by "il2".
        """
        return [self.stem(word) for word in self.words(text) if word not in STOP_WORDS]

    def words(self, text: str) -> list[str]:
        """Return the folded words of a text in order, before stop words go and stemming."""
        return [word[:_LONGEST_TERM] for word in self._renamed(list(_split(fold(text))))]

    def stem(self, word: str) -> str:
        """Return the term of one folded word."""
        with self._lock:  # the stemmer's cache is not safe in several threads
            return str(self._stem.stemWord(word))

    def _renamed(self, words: list[str]) -> Iterable[str]:
        at = 0
        while at < len(words):
            longest = self._longest_alias if words[at] in self._alias_starts else 0
            for length in range(min(longest, len(words) - at), 0, -1):
                name = self._aliases.get(tuple(words[at : at + length]))
                if name is not None:
                    yield from name
                    at += length
                    break
            else:
                yield words[at]
                at += 1


def _split(folded: str) -> Iterable[str]:
    for match in _WORD.finditer(folded):
        word = match.group()
        if word.isascii() and word.isalnum():  # by far the most, and nothing to split
            yield word
            continue
        for unspaced in _UNSPACED.findall(word):
            yield from _pairs(unspaced)
        word = _UNSPACED.sub(" ", word)
        parts = _PART.findall(word)
        yield from parts
        if len(parts) > 1 and any(ch.isdigit() for ch in word):
            yield "".join(parts)


def _pairs(run: str) -> Iterable[str]:
    if len(run) == 1:
        yield run
    for left, right in pairwise(run):
        yield left + right
