"""Word pieces, held to the `tokenizers` package.

The package and Python know different versions of Unicode, so that they differ on
characters younger than either. Generated text is therefore made of characters that
Unicode 3.2 had already, and that mean the same today.
"""

import json
import random
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bot.errors import ConfigError
from bot.retrieval.encoder import SHIPPED_MODEL
from bot.wordpiece import WordPieceTokenizer

FILE = SHIPPED_MODEL / "tokenizer.json"
OURS = WordPieceTokenizer.load(FILE)
THEIRS = Tokenizer.from_file(str(FILE))
THEIRS.no_padding()
THEIRS.no_truncation()

VOCABULARY = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "bak": 3, "##ing": 4, "##er": 5, "baking": 6}


def settled(character: str) -> bool:
    old = unicodedata.ucd_3_2_0
    category = old.category(character)
    return (
        category not in ("Cn", "Cs")
        and category == unicodedata.category(character)
        and old.normalize("NFD", character) == unicodedata.normalize("NFD", character)
    )


SETTLED = "".join(filter(settled, map(chr, range(0x110000))))
LETTERS = "".join(ch for ch in SETTLED if ord(ch) < 0x250) + "ΣσςİıДжאבعदกあ한漢ﬁ\u0301\u0307\u00ad"


def theirs(text: str) -> list[int]:
    ids: list[int] = THEIRS.encode(text, add_special_tokens=False).ids
    return ids


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\r\n ",
        "Bakers knead the dough until it's smooth; then they wait.",
        "Crème brûlée, piñata & smörgåsbord cost $5.99 (+10%) — “really”?",
        "老面馒头很好吃 and パン屋 and 빵집",
        "Хлеб всему голова. الخبز אוכל रोटी ขนมปัง",
        "zero\u200bwidth soft\u00adhyphen nul\0char bell\x07 replacement\ufffd",
        "𝒻ancy 𝕗onts, ﬁne ligatures, ＦＵＬＬ width",  # noqa: RUF001
        "emoji 🍞🥖👩\u200d🍳 and flags 🇫🇷",
        "https://example.org/a_b?c=d#e @baker #bread `code` <b>bold</b>",
        "x" * 100,
        "x" * 101,
        "e\u0301" * 101,
        "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    ],
)
def test_real_text_has_the_pieces_of_the_package(text: str) -> None:
    assert OURS.ids(text) == theirs(text)


def test_the_seeds_have_the_pieces_of_the_package() -> None:
    for path in sorted(Path("seeds/documents").iterdir()):
        text = path.read_text("utf-8")
        assert OURS.ids(text) == theirs(text)


@given(st.text(st.sampled_from(SETTLED) | st.sampled_from(LETTERS)))
@example("(CLS)")
def test_any_text_has_the_pieces_of_the_package(text: str) -> None:
    # The package takes a typed "[CLS]" for the special piece; here it stays text (see below).
    text = text.replace("[", "(")
    assert OURS.ids(text) == theirs(text)


def test_every_settled_character_has_the_pieces_of_the_package() -> None:
    shuffled = list(SETTLED)
    random.Random(0).shuffle(shuffled)  # noqa: S311 - reproducible, not secret
    for at in range(0, len(shuffled), 1000):
        text = "a".join(shuffled[at : at + 1000])
        assert OURS.ids(text) == theirs(text)


@given(st.text(st.characters(exclude_categories=())))
def test_text_that_the_package_refuses_has_pieces_too(text: str) -> None:
    assert all(isinstance(piece, int) for piece in OURS.ids(text))


def test_special_pieces_that_somebody_types_are_plain_text() -> None:
    # The package would end the text there.
    special = {OURS.start, OURS.separator, OURS.unknown}
    assert not special & set(OURS.ids("[CLS] bread [SEP] [UNK]"))


def test_longest_piece_is_taken() -> None:
    tokenizer = WordPieceTokenizer(VOCABULARY)
    assert tokenizer.ids("baking baker") == [6, 3, 5]


def test_word_with_a_missing_piece_is_unknown_as_a_whole() -> None:
    tokenizer = WordPieceTokenizer(VOCABULARY)
    assert tokenizer.ids("bakes baking") == [tokenizer.unknown, 6]


def test_over_long_word_is_unknown() -> None:
    tokenizer = WordPieceTokenizer(VOCABULARY | {"x": 7, "##x": 8})
    assert len(tokenizer.ids("x" * 100)) == 100
    assert tokenizer.ids("x" * 101) == [tokenizer.unknown]


def test_case_is_folded_only_if_asked() -> None:
    assert WordPieceTokenizer(VOCABULARY).ids("BAKING") == [6]
    assert WordPieceTokenizer(VOCABULARY, lowercase=False).ids("BAKING baking") == [0, 6]


def test_whole_words_of_the_vocabulary_are_known() -> None:
    tokenizer = WordPieceTokenizer(VOCABULARY)
    assert "baking" in tokenizer
    assert "baker" not in tokenizer


def test_threads_get_the_same_pieces() -> None:
    texts = [f"baking{n} loaves{n % 7} rising" for n in range(300)]
    expected = [OURS.ids(text) for text in texts]
    fresh = WordPieceTokenizer.load(FILE)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(fresh.ids, texts)) == expected


def stored(**changes: object) -> str:
    return json.dumps({"model": {"type": "WordPiece", "vocab": VOCABULARY}, **changes})


def test_file_decides_whether_case_is_folded(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text(stored(normalizer={"lowercase": False}))
    assert WordPieceTokenizer.load(path).ids("BAKING") == [0]
    path.write_text(stored(normalizer={"lowercase": True}))
    assert WordPieceTokenizer.load(path).ids("BAKING") == [6]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: None,
        lambda path: path.mkdir(),
        lambda path: path.write_text("no json"),
        lambda path: path.write_bytes(b"\xff\xfe\xff"),
        lambda path: path.write_text("[]"),
        lambda path: path.write_text("{}"),
        lambda path: path.write_text(stored(model=[])),
        lambda path: path.write_text(stored(model={"type": "BPE", "vocab": {}})),
        lambda path: path.write_text(stored(model={"vocab": ["[UNK]"]})),
        lambda path: path.write_text(stored(model={"vocab": {"[UNK]": 0, "[CLS]": 1}})),
        lambda path: path.write_text(stored(normalizer="lower")),
    ],
    ids=[
        "missing", "folder", "no-json", "no-utf8", "list", "empty", "model-a-list", "bpe",
        "vocabulary-a-list", "no-separator", "normalizer-a-text",
    ],
)  # fmt: skip
def test_file_that_is_no_tokenizer_is_named(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    path = tmp_path / "tokenizer.json"
    spoil(path)
    with pytest.raises(ConfigError, match=r"tokenizer\.json"):
        WordPieceTokenizer.load(path)


def test_missing_special_piece_is_named() -> None:
    with pytest.raises(ConfigError, match=r"\[SEP\]"):
        WordPieceTokenizer({"[UNK]": 0, "[CLS]": 1})
