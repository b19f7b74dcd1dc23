"""How well texts serve as counterpoints."""

import numpy as np
import pytest

from bot.stance.opposing import opposing_scores, repeats


def test_text_of_the_other_side_goes_before_one_that_agrees() -> None:
    relevance = np.array([0.6, 0.6, 0.6], np.float32)
    sides = np.array([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.1, 0.1, 0.8]], np.float32)
    agrees, opposes, neither = opposing_scores(relevance, sides)
    assert opposes > neither > agrees


def test_of_equal_sides_the_more_relevant_goes_first() -> None:
    sides = np.array([[0.2, 0.5, 0.3]] * 2, np.float32)
    near, far = opposing_scores(np.array([0.7, 0.1], np.float32), sides)
    assert near > far


def test_no_texts_have_no_scores() -> None:
    assert opposing_scores(np.zeros(0, np.float32), np.zeros((0, 3), np.float32)).shape == (0,)


@pytest.mark.parametrize(
    ("claim", "text", "is_copy"),
    [
        ("Dams lower the risk of floods.", "dams lower the risk of floods", True),
        ("Dams lower the risk of floods.", "Dams do not lower the risk of floods.", False),
        (
            "We should not ban the felling of old trees in our city parks this year.",
            "We should ban the felling of old trees in our city parks this year.",
            False,
        ),
        ("Dams lower the risk of floods.", "Dams raise the risk of floods.", False),
        ("Trains are better than cars.", "Cars are better than trains.", False),
        ("Dams lower the risk of floods.", "", False),
        ("", "", False),
    ],
)
def test_text_in_the_words_of_the_claim_repeats_it(claim: str, text: str, is_copy: bool) -> None:
    assert repeats(claim, text) is is_copy
