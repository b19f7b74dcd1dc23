import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.kinds import (
    is_small_talk,
    kind_of,
    points_elsewhere,
    sentences_of,
    without_tag,
)
from bot.types import QueryKind, Topic

GOLD = Path(__file__).with_name("kinds_gold.jsonl")
ZOOS = Topic("zoos", "Zoos", ("animal parks",), "Keeping wild animals.", "Zoos should close.")


def gold(split: str) -> list[tuple[str, QueryKind]]:
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    return [(row["text"], QueryKind(row["kind"])) for row in rows if row["split"] == split]


def test_gold_set_is_large_and_balanced() -> None:
    counts = Counter(kind for split in ("dev", "test") for _, kind in gold(split))
    assert sum(counts.values()) >= 300
    assert min(counts.values()) >= 100


@pytest.mark.parametrize("split", ["dev", "test"])
def test_kinds_are_told_apart(split: str) -> None:
    confusion = Counter((wanted.value, kind_of(text, ()).value) for text, wanted in gold(split))
    right = sum(count for (wanted, got), count in confusion.items() if wanted == got)
    assert right / confusion.total() >= 0.93, confusion


@pytest.mark.parametrize("split", ["dev", "test"])
@pytest.mark.parametrize("kind", list(QueryKind))
def test_no_kind_is_neglected(split: str, kind: QueryKind) -> None:
    texts = [text for text, wanted in gold(split) if wanted is kind]
    assert sum(kind_of(text, ()) is kind for text in texts) / len(texts) >= 0.9


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("zoos", QueryKind.TOPIC),
        ("Animal-parks?", QueryKind.TOPIC),
        ("tea in winter?", QueryKind.QUESTION),
        ("why?", QueryKind.QUESTION),
        ("When you ban tea, people drink coffee.", QueryKind.CLAIM),
        ("What we need is more tea.", QueryKind.CLAIM),
        ("What a dreadful cup of tea", QueryKind.CLAIM),
        ("Would stop people from drinking tea.", QueryKind.CLAIM),
        ("Have a cup of tea first.", QueryKind.CLAIM),
        ("Can anyone drink that much tea", QueryKind.QUESTION),
        ("Can Britons brew coffee", QueryKind.QUESTION),
        ("Don't you miss the old teapot", QueryKind.QUESTION),
        ("If tea is so good, why do they drink coffee", QueryKind.QUESTION),
        ("Tea is good. Does coffee keep you awake?", QueryKind.QUESTION),
        ("Tea is good. Why drink coffee? It keeps you awake. It is bitter.", QueryKind.CLAIM),
        ("Tea is good, isn't it?", QueryKind.CLAIM),
        ("Is tea good, right?", QueryKind.QUESTION),
        ("Green tea. Black tea.", QueryKind.CLAIM),
        ("Oolong overmatures.", QueryKind.TOPIC),
        ("Oolong overmatures fast.", QueryKind.CLAIM),
        ("do your own brewing", QueryKind.CLAIM),
        ("Is there tea", QueryKind.QUESTION),
        ("was to blame for it", QueryKind.CLAIM),
        ("At which temperature is tea brewed", QueryKind.QUESTION),
        ("Shouldn't be sold to children", QueryKind.CLAIM),
        ("tea cups from china and japan and korea and taiwan and java and peru", QueryKind.CLAIM),
        ("الشاي", QueryKind.TOPIC),
        ("هل الشاي مفيد؟", QueryKind.QUESTION),
        ("多くの人が毎朝おいしいお茶を飲んでいる", QueryKind.CLAIM),
        ("чай полезен для здоровья человека", QueryKind.CLAIM),
    ],
)
def test_kind_of_single_texts(text: str, kind: QueryKind) -> None:
    assert kind_of(text, [ZOOS]) is kind


@pytest.mark.parametrize(
    "text",
    ["lol ok", "thanks", "Thank you so much!", "hi bot", "good bot", "test", "???", "", "help",
     "who are you?", "what can you do", "how do i use this", "👍"],
)  # fmt: skip
def test_small_talk_is_recognised(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text", ["tea", "is tea good", "thanks to tea we won", "work", "who are the Medici", "the cost"]
)
def test_content_is_no_small_talk(text: str) -> None:
    assert not is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    ["", "thoughts?", "source?", "sauce", "is this true?", "fact check", "what do you think?",
     "Is that really correct?", "any evidence for this?", "why?", "this", "show me counterpoints"],
)  # fmt: skip
def test_pointing_at_a_message_is_recognised(text: str) -> None:
    assert points_elsewhere(text)


@pytest.mark.parametrize("text", ["is tea true", "sources on tea", "what do you mean", "lol ok"])
def test_texts_of_their_own_do_not_point(text: str) -> None:
    assert not points_elsewhere(text)


def test_tag_is_taken_off_a_statement_only() -> None:
    assert without_tag("Tea is good, right?") == "Tea is good"
    assert without_tag("Tea is good, innit") == "Tea is good"
    assert without_tag("tea, right?") == "tea, right?"


def test_sentences_are_split_at_marks_and_lines() -> None:
    assert sentences_of("Tea, e.g. green. Is it hot?\n\nyes") == [
        "Tea, e.g. green.",
        "Is it hot?",
        "yes",
    ]


@given(st.text(max_size=200))
def test_any_text_has_a_kind(text: str) -> None:
    assert kind_of(text, [ZOOS]) in QueryKind
    assert is_small_talk(text) in {True, False}
    assert points_elsewhere(text) in {True, False}
