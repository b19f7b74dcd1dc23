"""`as_proposition`: yes/no questions become claims, everything else None."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stance.propositions import as_proposition


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Should zoos be banned?", "Zoos should be banned."),
        ("Should schools teach cursive handwriting?", "Schools should teach cursive handwriting."),
        ("Should children under 12 have phones?", "Children under 12 should have phones."),
        ("Should we tax sugar?", "We should tax sugar."),
        ("Can solar power replace coal?", "Solar power can replace coal."),
        ("Can rent control help tenants?", "Rent control can help tenants."),
        ("Could tidal power ever be cheap?", "Tidal power could be cheap."),
        ("Will the new tram reduce traffic?", "The new tram will reduce traffic."),
        ("Would a carbon tax reduce emissions?", "A carbon tax would reduce emissions."),
        ("Must cyclists wear helmets?", "Cyclists must wear helmets."),
    ],
)
def test_modal_verb_moves_behind_the_subject(question: str, claim: str) -> None:
    assert as_proposition(question) == claim


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Is nuclear power safe?", "Nuclear power is safe."),
        ("Is the death penalty a deterrent?", "The death penalty is a deterrent."),
        ("Is free trade good for poor countries?", "Free trade is good for poor countries."),
        ("Is the price of housing too high?", "The price of housing is too high."),
        ("Is eating red meat bad for your heart?", "Eating red meat is bad for your heart."),
        ("Is tourism destroying Venice?", "Tourism is destroying Venice."),
        ("Are bees dying out?", "Bees are dying out."),
        ("Is social housing expensive?", "Social housing is expensive."),
        ("Was the moon landing faked?", "The moon landing was faked."),
        ("Are zoos in Europe humane?", "Zoos in Europe are humane."),
        ("Is it better to rent than to buy?", "It is better to rent than to buy."),
        (
            "Is there any evidence that homeopathy works?",
            "There is evidence that homeopathy works.",
        ),
    ],
)
def test_form_of_be_moves_before_the_predicate(question: str, claim: str) -> None:
    assert as_proposition(question) == claim


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Do vaccines cause allergies?", "Vaccines cause allergies."),
        ("Does foreign aid help poor countries?", "Foreign aid helps poor countries."),
        ("Does homework really improve grades?", "Homework really improves grades."),
        ("Does the euro have a future?", "The euro has a future."),
        ("Did the treaty end the war?", "The treaty did end the war."),
        ("Does rent control hurt the people who rent?", "Rent control hurts the people who rent."),
        ("Do adverts change what children eat?", "Adverts change what children eat."),
        ("Do landlords defy the housing code?", "Landlords defy the housing code."),
        ("Has remote work made people lonelier?", "Remote work has made people lonelier."),
        ("Have we gone too far with plastic?", "We have gone too far with plastic."),
    ],
)
def test_do_and_have_give_a_statement(question: str, claim: str) -> None:
    assert as_proposition(question) == claim


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("Is it true that honey never spoils?", "Honey never spoils."),
        ("do you think that zoos should close?", "Zoos should close."),
        ("hey all, do you think we should ban cars?", "We should ban cars."),
        ("I wonder whether bees are dying out", "Bees are dying out."),
        ("Does anyone know if tap water is safe?", "Tap water is safe."),
        ("Zoos are cruel, aren't they?", "Zoos are cruel."),
        ("solar is cheaper than coal now, right?", "Solar is cheaper than coal now."),
        ("Should we tax sugar or not?", "We should tax sugar."),
    ],
)
def test_frames_and_tags_are_cut(question: str, claim: str) -> None:
    assert as_proposition(question) == claim


@pytest.mark.parametrize(
    "question",
    [
        "Isn't organic food overpriced?",
        "Isn\N{RIGHT SINGLE QUOTATION MARK}t organic food overpriced?",
        "isnt organic food overpriced",
    ],
)
def test_negative_question_gives_the_claim_it_leans_to(question: str) -> None:
    assert as_proposition(question) == "Organic food is overpriced."


@pytest.mark.parametrize(
    "question",
    [
        "should zoos be banned",
        "  should   zoos be\n banned ??!",
        "Should zoos be banned ?",
        "so, should zoos be banned? just curious :)",
        "should zoos be banned pls",
        '"Should zoos be banned?"',
        "I read about it yesterday. Should zoos be banned? thanks",
        "Should zoos be banned \N{THINKING FACE}",
    ],
)
def test_spacing_case_and_trailing_junk_do_not_matter(question: str) -> None:
    assert as_proposition(question) == "Zoos should be banned."


@pytest.mark.parametrize(
    "question",
    [
        "Why are zoos bad?",
        "What should we do about plastic?",
        "How is rent set?",
        "who pays for the opera?",
        "Is rent control good or bad?",
        "Should we drive or fly?",
        "Can you give me quotes about zoos?",
        "Are there any sources on zoos?",
        "Tell me about zoos",
        "Should they close?",
        "zoos",
        "?",
        "",
    ],
)
def test_other_questions_give_none(question: str) -> None:
    assert as_proposition(question) is None


@given(st.text(max_size=200))
def test_any_text_gives_none_or_one_sentence(text: str) -> None:
    claim = as_proposition(text)

    assert claim is None or (claim.endswith(".") and "?" not in claim and "\n" not in claim)


@given(st.text(alphabet="is do you think that should not, or?.! '", max_size=300))
def test_question_like_noise_raises_nothing(text: str) -> None:
    claim = as_proposition(text)

    assert claim is None or claim.endswith(".")


@pytest.mark.parametrize("junk", [". ", "? ", " - ", "do you ", "(", "is it true "])
def test_pasted_noise_is_given_up_on(junk: str) -> None:
    assert as_proposition(junk * 20_000) is None
