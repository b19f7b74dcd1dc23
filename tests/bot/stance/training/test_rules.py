"""The rules that turn training claims: what they say must be sound, or None."""

from random import Random

import pytest

from bot.stance.training import rules


@pytest.mark.parametrize(
    ("claim", "negation"),
    [
        ("Beauty contests should be banned", "Beauty contests should not be banned"),
        ("Chess is a sport", "Chess is not a sport"),
        ("Chess is not a sport", "Chess is a sport"),
        ("We should not eat meat", "We should eat meat"),
        ("Homework brings more harm than good", "Homework brings more good than harm"),
        ("This house believes that chess is a sport", "Chess is not a sport"),
    ],
)
def test_negation_turns_one_word(claim: str, negation: str, random: Random) -> None:
    assert rules.negate(claim, random) == negation


def test_negation_of_a_motion_opposes_it(random: Random) -> None:
    assert {rules.negate("We should ban whaling", random) for _ in range(50)} == {
        "We should not ban whaling",
        "We should allow whaling",
        "It would be a mistake to ban whaling",
        "It would be wrong to ban whaling",
        "There is no good reason to ban whaling",
    }


@pytest.mark.parametrize(
    "claim",
    [
        "All swans are white",
        "If taxes rise, firms will leave",
        "Should schools teach chess",
        "The shop that is closed was good",
        "Nobody should be poor",
        "Eliminate nuclear weapons",
    ],
)
def test_negation_is_none_where_a_word_scopes_over_it(claim: str, random: Random) -> None:
    assert rules.negate(claim, random) is None


def test_restating_a_motion_keeps_its_verb(random: Random) -> None:
    assert all(
        "ban" in (rules.restate("This house would ban whaling", random) or "") for _ in range(20)
    )


def test_restating_a_passive_claim_makes_it_active(random: Random) -> None:
    assert rules.restate("Junk Food Should Be Banned", random) == "We should ban junk Food"


def test_restating_is_none_where_no_rule_applies(random: Random) -> None:
    assert rules.restate("Chess is a sport", random) is None


def test_topic_is_the_object_of_a_motion() -> None:
    assert rules.topic("We should ban whaling") == "whaling"


def test_mention_names_the_topic(random: Random) -> None:
    assert "whaling" in (rules.mention("We should ban whaling", random) or "")
