"""`as_comparison`: a choice becomes the claim that its first alternative is the better one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stance.comparisons import as_comparison


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Tea or coffee?", "Tea is better than coffee."),
        ("python vs rust", "Python is better than rust."),
        ("Which is better, tabs or spaces?", "Tabs is better than spaces."),
        ("what's safest: glass, or plastic bottles?", "Glass is safer than plastic bottles."),
        ("Which is better for kids, homework or play?", "Homework is better than play for kids."),
        ("Do you prefer the bus or the train?", "The bus is better than the train."),
    ],
)
def test_two_names_are_compared(question: str, claim: str) -> None:
    assert as_comparison(question) == claim


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        (
            "Should cities build roads or railways?",
            "Cities should build roads rather than railways.",
        ),
        ("Is nuclear power safe or dangerous?", "Nuclear power is safe rather than dangerous."),
        ("Is it better to rent or to buy?", "It is better to rent rather than to buy."),
    ],
)
def test_choice_inside_a_yes_no_question_keeps_its_sentence(question: str, claim: str) -> None:
    assert as_comparison(question) == claim


@pytest.mark.parametrize(
    "question",
    [
        "Should we ban it or not?",
        "Is it good for anyone or anything?",
        "Is zinc a metal?",
        "How many people or animals live there?",
        "Can dogs or cats swim?",
        "Does smoking cause cancer or heart disease?",
        "Is there a cure or treatment for it?",
        "Do cats or dogs live longer?",
        "So it's coal or gas?",
        "Any advice or tips?",
        "Thoughts or comments?",
        "Anyone tried Linux or Mac?",
        "Coal or gas - which pollutes more?",
        "Red, green or blue or yellow?",
        "or",
        "",
    ],
)
def test_what_offers_no_two_alternatives_gives_none(question: str) -> None:
    assert as_comparison(question) is None


@given(st.text(max_size=400))
def test_any_text_gives_one_sentence_or_none(text: str) -> None:
    claim = as_comparison(text)
    assert claim is None or (claim.endswith(".") and "\n" not in claim)
