import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.cleaning import MAX_QUERY_LENGTH, bounded, clean

PIECES = [
    "<@123>", "<@!1>", "<@&1>", "<#1>", "<@U1|ann>", "<!here>", "<!subteam^S1|@cooks>", "@everyone",
    "<:wave:12>", "<a:wave:12>", ":wave:", "🧀", "**", "__", "||", "~~", "`", "```", "> ", "# ",
    "- ", "1. ", "[tea](https://a.b)", "<https://a.b|tea>", "https://a.b/c?d=e", "www.a.b", "&lt;",
    "&amp;", "&#38;", "\u200b", "\u200d", "\u202e", "\x00", "\ud800", "!!!", "??", "...", "imho",
    "lol", "hey bot", "thoughts?", "bread", "茶", "نان", " ", "\n", "(", ")", "[", "]", "\\", "@",
    "<", ">", "|", ":", "-", ",",
]  # fmt: skip
chat = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=300)
MENTION = re.compile(r"<[@#!][^<>\s|]*(\|[^<>]*)?>|@(everyone|here|channel)\b", re.I)


@given(chat)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(chat)
def test_no_mention_survives(text: str) -> None:
    assert not MENTION.search(clean(text))


@given(chat)
def test_no_control_or_broken_character_survives(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert all(character.isprintable() or character in "\n\u200c\u200d" for character in cleaned)


@given(chat, st.integers(1, 200))
def test_length_is_bounded(text: str, times: int) -> None:
    assert len(clean(text * times)) <= MAX_QUERY_LENGTH


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("<@U123ABC> bread is food", "bread is food"),
        ("<@1> <@!1> <@&1> <#1> <@U1|ann> <!here> tea <!subteam^S1|@cooks>", "tea"),
        ("@everyone @here tea", "tea"),
        ("hey @bot, why is tea hot", "why is tea hot"),
        ("what did @ann say about tea", "what did ann say about tea"),
        ("mail ann@example.org about tea", "mail ann@example.org about tea"),
        ("tea <:smile:12> <a:dance:34> :+1: :tea_cup: at 10:30:45", "tea at 10:30:45"),
        ("tea 🚀🚀 👩‍👩‍👧 ❤️ 1️⃣ :) wins", "tea 1 wins"),
        ("**tea** ||is|| _very_ *hot* ~~not~~ `cold`", "tea is very hot not cold"),
        ("snake_case and 2 * 3 and C++", "snake_case and 2 * 3 and C++"),
        ("> tea is cold\n<@1> is this true?", "tea is cold\nis this true?"),
        ("&gt; tea is cold", "tea is cold"),
        (
            "# Tea\n- green tea\n2. black tea\n-# small print",
            "Tea\ngreen tea\nblack tea\nsmall print",
        ),
        ("[green tea](https://a.b/c_(d)) is hot", "green tea is hot"),
        ("<https://a.b|green tea> is hot", "green tea is hot"),
        ("<!date^139^{date}|1 May> was hot", "1 May was hot"),
        ("tea https://a.b/c, <https://d.e> is hot (www.a.b)", "tea , is hot"),
        ("https://a.b/c", ""),
        ("see this\n```py\nprint(1)\n```", "see this"),
        ("```py\nboil(water)\n```", "boil(water)"),
        ("salt &amp; pepper &amp;amp; oil", "salt & pepper & oil"),
        ("&lt;@U1&gt; tea", "tea"),
        ("te\u200ba \u202eis\x00 hot", "tea is hot"),
        ("tea\ud800 is hot", "tea is hot"),
        ("is tea hot???!! yes!!! no... ,,", "is tea hot? yes! no… ,"),
        ("soooooo hot", "soo hot"),
        ("多くの人が茶を飲む。本当\uff1f", "多くの人が茶を飲む。本当\uff1f"),
        ("می\u200cشود چی", "می\u200cشود چی"),
        ("", ""),
        ("🍵 !!! ...", ""),
    ],
)
def test_noise_goes_and_words_stay(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("imho tea is hot lol", "tea is hot"),
        ("hey bot, ok so tea is hot, change my mind", "tea is hot"),
        ("tea is hot. Thoughts?", "tea is hot."),
        ("is tea hot, guys?", "is tea hot?"),
        ("hot take: tea wins", "tea wins"),
        ("So, well, tea wins tbh!", "tea wins"),
    ],
)
def test_filler_goes_from_the_edges(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "Well water is unsafe",
        "what is imho",
        "who are the bad guys?",
        "who won the IMO?",
        "so long as tea is hot",
        "bot farms are a plague",
        "thoughts?",
        "lol",
    ],
)
def test_words_that_are_meant_are_no_filler(text: str) -> None:
    assert clean(text) == text


def test_markup_nested_beyond_reason_is_dropped() -> None:
    nested = "[" * 20 + "tea" + "](b)" * 20
    assert "tea" in clean(nested)
    assert not set("[]") & set(clean(nested))


def test_long_message_ends_at_a_sentence() -> None:
    cleaned = clean("Tea is better when it is hot. " * 100)
    assert cleaned.endswith("hot.")
    assert MAX_QUERY_LENGTH // 2 <= len(cleaned) <= MAX_QUERY_LENGTH


def test_text_without_sentences_is_cut_at_a_word() -> None:
    assert bounded("green tea black tea", 12) == "green tea"


def test_text_without_spaces_is_cut_at_the_limit() -> None:
    assert bounded("teateatea", 4) == "teat"


@pytest.mark.parametrize(
    "piece",
    ["<@", "[a](", "&amp;", "lol ", "```", "<http://x|", "a(", " ,", "a:b", ". ", "- ", "1. "],
)
def test_hostile_repetition_costs_little(piece: str) -> None:
    start = time.perf_counter()
    clean(piece * 8000)
    assert time.perf_counter() - start < 1.0


def test_colours_of_a_terminal_go() -> None:
    assert clean("\x1b[1mTea\x1b[0m is \x1b[38;5;9mcheap\x1b[m") == "Tea is cheap"
