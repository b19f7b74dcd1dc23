"""The shipped stance model: which side it takes, and what it does with odd input."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.errors import ConfigError
from bot.ports import StanceModel
from bot.stance.model import LABELS, MODEL_FOLDER, OnnxStanceModel

_SUPPORTING = [
    ("School uniforms should be compulsory.", "Uniforms make pupils feel equal and stop bullying."),
    ("We should ban smoking in parks.", "Second-hand smoke harms children who play there."),
    ("We should lower the voting age.", "Sixteen-year-olds are mature enough to vote."),
    ("The voting age should be lowered.", "Sixteen-year-olds are mature enough to vote."),
    (
        "Nuclear power is safe.",
        "Although accidents have happened, nuclear power causes fewer deaths than any other "
        "source of energy.",
    ),
]
_OPPOSING = [
    ("School uniforms should be compulsory.", "Uniforms rob pupils of their freedom to dress."),
    ("We should ban smoking in parks.", "A smoking ban is an unfair attack on personal freedom."),
    ("Chess is a good hobby.", "Chess is a boring waste of time."),
    ("Nuclear power is safe.", "Although clean, it can poison a whole region."),
    ("Homework should be abolished.", "Homework helps pupils to remember what they learned."),
    ("The voting age should be 16.", "Teenagers are too immature to vote responsibly."),
    ("Cities should build more bike lanes.", "Bike lanes take away parking and delay ambulances."),
]
_REJECTING = [
    ("Zoos protect endangered species.", "The notion that zoos protect species is absurd."),
    ("Homework improves grades.", "It is a myth that homework improves grades."),
    ("Electric cars are clean.", "They say that electric cars are clean, which is wrong."),
    ("Rent control helps tenants.", "I do not buy the idea that rent control helps tenants."),
    (
        "Remote work hurts productivity.",
        "Those who think that remote work hurts productivity have not looked at the data.",
    ),
    (
        "The tram will pay for itself.",
        "The council keeps repeating that the tram will pay for itself, but no tram ever has.",
    ),
]
_REPORTING = [
    ("Rent control helps tenants.", "Opinions differ on whether rent control helps tenants."),
    ("The tram will pay for itself.", "The council will discuss whether the tram pays for itself."),
    ("Homework improves grades.", "Does homework improve grades?"),
]
_MISSED = [  # the sides that they take, and not the ones it gives
    (
        "supports",
        "We should ban fireworks.",
        "It is hard to deny that fireworks injure people every year.",
    ),
    (
        "opposes",
        "Vitamin C cures colds.",
        "In the trial, patients who took vitamin C were ill for just as long as those who took a "
        "placebo.",
    ),
]
_OFF_TOPIC = [
    ("School uniforms should be compulsory.", "The train to Vienna leaves at ten past nine."),
    ("We should ban smoking in parks.", "Add two eggs and a pinch of salt to the flour."),
    ("Chess is a good hobby.", "The lease for the office ends in October."),
    ("The voting age should be lowered.", "The river is home to eleven kinds of fish."),
]
_NEGATED = [
    ("Zoos should be closed.", "Zoos should not be closed."),
    ("Nuclear power is safe.", "Nuclear power is not safe."),
    ("We should ban whaling.", "We should not ban whaling."),
]


def _side(model: OnnxStanceModel, claim: str, text: str) -> str:
    return LABELS[int(model.classify([(claim, text)])[0].argmax())]


def test_model_is_a_stance_model(model: OnnxStanceModel) -> None:
    port: StanceModel = model

    assert port.classify([]).shape == (0, 3)


@pytest.mark.parametrize(("claim", "text"), _SUPPORTING)
def test_argument_for_a_claim_supports_it(model: OnnxStanceModel, claim: str, text: str) -> None:
    assert _side(model, claim, text) == "supports"


@pytest.mark.parametrize(("claim", "text"), _OPPOSING)
def test_argument_against_a_claim_opposes_it(model: OnnxStanceModel, claim: str, text: str) -> None:
    assert _side(model, claim, text) == "opposes"


@pytest.mark.parametrize(("claim", "text"), _REJECTING)
def test_rejecting_a_claim_opposes_it(model: OnnxStanceModel, claim: str, text: str) -> None:
    assert _side(model, claim, text) == "opposes"


@pytest.mark.parametrize(("claim", "text"), _REPORTING)
def test_mentioning_a_claim_takes_no_side(model: OnnxStanceModel, claim: str, text: str) -> None:
    assert _side(model, claim, text) == "neutral"


@pytest.mark.parametrize(("side", "claim", "text"), _MISSED)
@pytest.mark.xfail(strict=True, reason="MODEL_CARD.md names these limits")
def test_argument_it_is_known_to_misjudge(
    model: OnnxStanceModel, side: str, claim: str, text: str
) -> None:
    assert _side(model, claim, text) == side


@pytest.mark.parametrize(("claim", "text"), _OFF_TOPIC)
def test_text_on_another_topic_is_neutral(model: OnnxStanceModel, claim: str, text: str) -> None:
    assert _side(model, claim, text) == "neutral"


@pytest.mark.parametrize(("claim", "negation"), _NEGATED)
def test_claim_and_its_negation_oppose_each_other(
    model: OnnxStanceModel, claim: str, negation: str
) -> None:
    assert (_side(model, claim, negation), _side(model, negation, claim)) == ("opposes", "opposes")


@pytest.mark.parametrize(("claim", "negation"), _NEGATED)
def test_claim_supports_itself(model: OnnxStanceModel, claim: str, negation: str) -> None:
    assert (_side(model, claim, claim), _side(model, negation, negation)) == (
        "supports",
        "supports",
    )


def test_rows_are_probabilities(model: OnnxStanceModel) -> None:
    rows = model.classify(_SUPPORTING + _OPPOSING + _OFF_TOPIC)

    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-5)


def test_rows_are_float32(model: OnnxStanceModel) -> None:
    assert model.classify(_SUPPORTING).dtype == np.float32


def test_pair_alone_and_in_a_batch_gets_the_same_figures(model: OnnxStanceModel) -> None:
    pairs = _SUPPORTING + _OFF_TOPIC + _OPPOSING + [("Chess.", "A long text. " * 40)]

    alone = np.concatenate([model.classify([pair]) for pair in pairs])

    np.testing.assert_allclose(model.classify(pairs), alone, atol=1e-3)


def test_order_of_pairs_does_not_matter(model: OnnxStanceModel) -> None:
    pairs = _SUPPORTING + _OFF_TOPIC

    np.testing.assert_allclose(model.classify(pairs[::-1])[::-1], model.classify(pairs), atol=1e-3)


def test_text_past_the_models_length_is_not_read(model: OnnxStanceModel) -> None:
    claim, text = _OPPOSING[0]
    long = text + " And so on." * 100

    np.testing.assert_array_equal(
        model.classify([(claim, long)]), model.classify([(claim, long + " Zoos. " * 50)])
    )


def test_long_text_leaves_the_claim_whole(model: OnnxStanceModel) -> None:
    text = _OPPOSING[0][1] + " The school year begins in autumn." * 30
    claims = ("School uniforms should be compulsory.", "School uniforms should be abolished.")

    first, second = model.classify([(claim, text) for claim in claims])

    assert np.abs(first - second).max() > 0.01


def test_long_claim_leaves_room_for_the_text(model: OnnxStanceModel) -> None:
    claim = "School uniforms should be compulsory in each and every school of the land, " * 20
    rows = model.classify([(claim, _OPPOSING[0][1]), (claim, _OFF_TOPIC[0][1])])

    assert rows[0, 1] > rows[1, 1]


def test_empty_strings_and_other_scripts_give_probabilities(model: OnnxStanceModel) -> None:
    rows = model.classify(
        [("", ""), ("Шахматы — спорт.", "围棋也是。"), ("\x00", "\N{PILE OF POO}")]
    )

    assert np.isfinite(rows).all()


@pytest.mark.parametrize("name", ["stance.int8.onnx", "tokenizer.json", "model.json"])
def test_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(MODEL_FOLDER, tmp_path / "model")
    (folder / name).unlink()

    with pytest.raises(ConfigError, match=name):
        OnnxStanceModel(folder)


@pytest.mark.parametrize("name", ["stance.int8.onnx", "tokenizer.json", "model.json"])
def test_malformed_file_is_named(tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(MODEL_FOLDER, tmp_path / "model")
    (folder / name).write_text("not a model")

    with pytest.raises(ConfigError, match=name):
        OnnxStanceModel(folder)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", 2),
        ("labels", ["opposes", "supports", "neutral"]),
        ("temperature", 0),
        ("bias", [0, 0]),
        ("max_claim", 120),
    ],
)
def test_card_that_does_not_fit_is_refused(tmp_path: Path, field: str, value: object) -> None:
    folder = shutil.copytree(MODEL_FOLDER, tmp_path / "model")
    card = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(card | {field: value}))

    with pytest.raises(ConfigError, match=r"model\.json"):
        OnnxStanceModel(folder)
