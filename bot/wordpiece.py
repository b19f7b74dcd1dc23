"""Split text into the word pieces of BERT's family of models.

Does what the `tokenizers` package does for a `tokenizer.json` of type WordPiece (Devlin et
al. 2019; Schuster & Nakajima 2012), and a test holds it to that, token for token. The
package itself would bring a download client and 45 MB that nothing here uses. The models
of `bot.retrieval` and `bot.stance` read their texts through it.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from bot.errors import ConfigError

_LONGEST_WORD = 100  # characters; a longer one is unknown (max_input_chars_per_word)
_CACHED_WORDS = 100_000
# Control, format and private-use characters; unassigned ones stay.
_REMOVED = frozenset({"Cc", "Cf", "Co", "Cs"})
# What BERT sets apart as "Chinese characters"; the ranges are from its normaliser.
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class WordPieceTokenizer:
    """Token ids of texts, for one vocabulary. Safe in several threads.

    Args:
        vocabulary: Piece to id; pieces inside a word begin with ``##``.
        lowercase: Whether case and accents are folded.

    Raises:
        ConfigError: One of the special pieces is missing.
    """

    def __init__(self, vocabulary: Mapping[str, int], lowercase: bool = True) -> None:
        try:
            self.unknown = vocabulary["[UNK]"]
            self.start = vocabulary["[CLS]"]
            self.separator = vocabulary["[SEP]"]
        except KeyError as error:
            raise ConfigError(f"The vocabulary has no {error.args[0]} token.") from None
        self._vocabulary = vocabulary
        self._lowercase = lowercase
        self._pieces = lru_cache(_CACHED_WORDS)(self._pieces_of)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a `tokenizer.json`.

        Raises:
            ConfigError: The file is missing, malformed, or of another type than WordPiece.
        """
        try:
            stored: Any = json.loads(path.read_text("utf-8"))
            model, normalizer = stored["model"], stored.get("normalizer") or {}
            if model.get("type", "WordPiece") != "WordPiece":
                raise ConfigError("only WordPiece tokenizers can be used.")
            return cls(model["vocab"], bool(normalizer.get("lowercase", True)))
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}") from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigError(f"{path} holds no tokenizer: {error!r}") from error

    def __contains__(self, word: object) -> bool:
        """Whether a word is in the vocabulary as a whole."""
        return word in self._vocabulary

    def ids(self, text: str) -> list[int]:
        """Return the ids of a text's pieces, without the special ones around them."""
        return [piece for word in self._words(text) for piece in self._pieces(word)]

    def _words(self, text: str) -> Iterator[str]:
        for word in "".join(_cleaned(text)).split():
            if self._lowercase:
                decomposed = unicodedata.normalize("NFD", word)
                word = "".join(ch for ch in decomposed if unicodedata.category(ch) != "Mn").lower()
            yield from _split_punctuation(word)

    def _pieces_of(self, word: str) -> tuple[int, ...]:
        """Take the longest piece that fits, again and again; unknown if one is missing."""
        if len(word) > _LONGEST_WORD:
            return (self.unknown,)
        pieces: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                piece = self._vocabulary.get(prefix + word[start:end])
                if piece is not None:
                    break
            else:
                return (self.unknown,)
            pieces.append(piece)
            start = end
        return tuple(pieces)


def _cleaned(text: str) -> Iterator[str]:
    for character in text:
        point = ord(character)
        if character in "\t\n\r":
            yield " "
        elif point in (0, 0xFFFD) or unicodedata.category(character) in _REMOVED:
            continue
        elif point > 0x2E7F and any(low <= point <= high for low, high in _IDEOGRAPHS):
            yield f" {character} "
        else:
            yield character


def _split_punctuation(word: str) -> Iterator[str]:
    if word.isalnum():
        yield word
        return
    start = 0
    for at, character in enumerate(word):
        if _is_punctuation(character):
            if at > start:
                yield word[start:at]
            yield character
            start = at + 1
    if start < len(word):
        yield word[start:]


def _is_punctuation(character: str) -> bool:
    # BERT takes every ASCII sign that is no letter or digit for punctuation, "$" too.
    if character < "\x80":
        return character.isprintable() and not character.isalnum() and character != " "
    return unicodedata.category(character)[0] == "P"
