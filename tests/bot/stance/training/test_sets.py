"""Reading the public sets: dev rows stay out of training, and sides are told as they stand."""

from pathlib import Path

import pytest

from bot.stance.training import sets
from bot.stance.training.sets import NEUTRAL, OPPOSES, SUPPORTS, UNKNOWN, Pair
from tests.bot.stance.training.made_up import write_arguments, write_pairs

POINT = ("Zoos save species", "Breeding programmes work. The condor came back. So did the oryx.")
COUNTER = ("Zoos save very few.", "Most animals there are not rare. Land is what they need.")
SECOND = ("Zoos teach children", "A child remembers an elephant. Films are no match.")
REPLY = ("A cage teaches nothing.", "Animals in cages do not behave as such.")
DEBATE = {
    "training-environment-zoos-pro01a": POINT,
    "training-environment-zoos-pro01b": COUNTER,
    "training-environment-zoos-pro02a": SECOND,
    "training-environment-zoos-pro02b": REPLY,
}


def sides(folder: Path) -> dict[tuple[str, str], int]:
    """Return the labels of the rows that the debates gave."""
    return {(pair.claim, pair.text): pair.label for pair in sets.stance_rows(folder)["arguana"]}


def test_stances_are_read_as_labels(folder: Path) -> None:
    write_pairs(
        folder,
        "stance/argkp_dev",
        [("a", "b", "supports"), (" c ", "d\t", "opposes"), ("e", "f", "neutral")],
    )

    assert sets.read(folder / "stance" / "argkp_dev.jsonl") == [
        Pair("a", "b", SUPPORTS),
        Pair("c", "d", OPPOSES),
        Pair("e", "f", NEUTRAL),
    ]


@pytest.mark.parametrize(
    ("left", "right"), [("Ban whaling!", "ban  WHALING"), ("'Yes' -- no.", "yes no")]
)
def test_only_words_are_compared(left: str, right: str) -> None:
    assert sets.normalise(left) == sets.normalise(right)


def test_rows_with_a_dev_claim_are_left_out(folder: Path) -> None:
    write_pairs(
        folder, "stance/argkp_dev", [("We should ban whaling", "whales feel pain", "supports")]
    )
    write_pairs(
        folder,
        "stance/perspectrum_train",
        [
            ("This house would ban whaling.", "it is a tradition", "opposes"),
            ("We should fund libraries", "books are cheap now", "opposes"),
        ],
    )

    kept = sets.stance_rows(folder)["perspectrum_train"]

    assert [pair.claim for pair in kept] == ["We should fund libraries"]


def test_rows_with_a_dev_text_are_left_out(folder: Path) -> None:
    write_pairs(
        folder, "stance/argkp_dev", [("We should ban whaling", "Whales feel pain.", "supports")]
    )
    write_pairs(
        folder, "stance/argkp_train", [("We should eat fish", "whales feel pain", "opposes")]
    )

    assert sets.stance_rows(folder)["argkp_train"] == []


def test_rows_seen_in_an_earlier_set_are_left_out(folder: Path) -> None:
    row = ("We should eat fish", "fish is healthy", "supports")
    write_pairs(folder, "stance/argkp_train", [row])
    write_pairs(folder, "stance/arg_rank_30k_train", [row])

    assert sets.stance_rows(folder)["arg_rank_30k_train"] == []


def test_debates_about_a_dev_claim_are_left_out(folder: Path) -> None:
    write_arguments(folder, DEBATE)
    write_pairs(folder, "stance/perspectrum_dev", [(f"{POINT[0]}.", "they do", "supports")])

    assert {claim for claim, _ in sides(folder)} == {SECOND[0]}


def test_held_out_inference_pairs_are_not_trained_on(folder: Path) -> None:
    write_pairs(folder, "nli/mnli_dev", [(f"claim {i}", "text", "neutral") for i in range(100)])

    trained = {pair.claim for pair in sets.nli_rows(folder)}
    held_out = {pair.claim for pair in sets.nli_rows(folder, held_out=True)}

    assert (len(held_out & {f"claim {i}" for i in range(100)}), trained & held_out) == (5, set())


def test_nothing_that_is_measured_on_is_trained_on(folder: Path) -> None:
    for split in ("train", "dev"):
        rows = [(f"We should do {n}", f"text {n}", "opposes") for n in range(30)]
        write_pairs(folder, f"stance/argkp_{split}", rows if split == "train" else rows[:10])

    measured = {pair.claim for pairs in sets.dev_sets(folder).values() for pair in pairs}
    rows_to_train = [*sets.stance_rows(folder).values(), sets.nli_rows(folder)]

    assert not measured & {pair.claim for pairs in rows_to_train for pair in pairs}


def test_dev_sets_are_named(folder: Path) -> None:
    assert set(sets.dev_sets(folder)) == {*sets.STANCE_DEV, "nli_held_out"}


def test_sentences_of_a_point_support_its_title(folder: Path) -> None:
    write_arguments(folder, DEBATE)

    assert sides(folder)[POINT[0], "The condor came back."] == SUPPORTS


def test_sentences_of_a_counter_oppose_the_title_of_its_point(folder: Path) -> None:
    write_arguments(folder, DEBATE)

    assert {
        text
        for (claim, text), side in sides(folder).items()
        if (claim, side)
        == (
            POINT[0],
            OPPOSES,
        )
    } == {
        "Zoos save very few.",
        "Most animals there are not rare.",
        "Land is what they need.",
        "Zoos save very few. Most animals there are not rare.",
        "Most animals there are not rare. Land is what they need.",
    }


def test_only_what_stands_at_the_start_of_an_argument_is_taken(folder: Path) -> None:
    long = "Condors came back to the valley. Oryx came back to the desert. Bison came back as well."
    late = "The weather was rather nice that year."
    write_arguments(
        folder, DEBATE | {"training-environment-zoos-pro01a": (POINT[0], f"{long} {late}")}
    )

    texts = {text for _, text in sides(folder)}

    assert "Bison came back as well." in texts
    assert not [text for text in texts if "weather" in text]


def test_a_point_without_a_counter_gives_nothing(folder: Path) -> None:
    write_arguments(folder, {"training-environment-zoos-pro01a": POINT})

    assert sides(folder) == {}


@pytest.mark.parametrize(
    ("split", "is_kept"),
    [
        ("training", True),
        ("validation", True),
        ("test", False),
    ],
)
def test_debates_that_others_measure_on_are_not_read(
    folder: Path, split: str, is_kept: bool
) -> None:
    write_arguments(folder, {name.replace("training", split): row for name, row in DEBATE.items()})

    assert bool(sides(folder)) == is_kept
    assert bool(sets.unsided_rows(folder)) == is_kept


def test_footnotes_are_dropped(folder: Path) -> None:
    noted = ("Zoos save species", "The condor came back [i]. So did the oryx.[12]")
    write_arguments(folder, DEBATE | {"training-environment-zoos-pro01a": noted})

    assert {text for (_, text), side in sides(folder).items() if side == SUPPORTS} >= {
        "The condor came back.",
        "So did the oryx.",
    }
    assert not [pair for pair in sets.unsided_rows(folder) if "[" in pair.text]


def test_sides_across_arguments_are_unknown(folder: Path) -> None:
    write_arguments(folder, DEBATE)

    rows = sets.unsided_rows(folder)

    assert Pair(POINT[0], "A child remembers an elephant.", UNKNOWN) in rows
    assert Pair(POINT[0], "Animals in cages do not behave as such.", UNKNOWN) in rows
    assert {pair.label for pair in rows} == {UNKNOWN}


def test_unknown_sides_are_not_those_of_a_claims_own_argument_or_its_counter(
    folder: Path,
) -> None:
    write_arguments(folder, DEBATE)
    families = [(POINT, COUNTER), (SECOND, REPLY)]

    for pair in sets.unsided_rows(folder):
        (own,) = [family for family in families if pair.claim in {title for title, _ in family}]
        assert not any(pair.text in text for _, text in own)


def test_unknown_sides_stay_within_a_debate(folder: Path) -> None:
    other = {
        f"training-sport-chess-pro0{n}{half}": (f"Chess title {n}{half}", f"Chess text {n}{half}.")
        for n in (1, 2)
        for half in "ab"
    }
    write_arguments(folder, DEBATE | other)

    rows = sets.unsided_rows(folder)

    assert {("Chess" in pair.claim, "Chess" in pair.text) for pair in rows} == {
        (True, True),
        (False, False),
    }


def test_a_title_as_long_as_a_paragraph_is_no_claim(folder: Path) -> None:
    long = ("Zoos " + "really " * 40 + "save species", POINT[1])
    write_arguments(folder, DEBATE | {"training-environment-zoos-pro01a": long})

    assert {pair.claim for pair in sets.unsided_rows(folder)} == {COUNTER[0], SECOND[0], REPLY[0]}


def made_up_topics() -> list[Pair]:
    """Return three pairs for each of 23 claims, which are written in more than one way."""
    return [
        Pair(claim, f"text {number} {claim}", OPPOSES)
        for number in range(23)
        for claim in (f"We should do {number}", f"we should do {number}.", f"We should DO {number}")
    ]


def test_no_claim_is_trained_and_measured_on_in_a_fold() -> None:
    for inside, outside in sets.folds(made_up_topics()):
        trained = {sets.normalise(pair.claim) for pair in inside}
        assert not trained & {sets.normalise(pair.claim) for pair in outside}


def test_every_pair_is_measured_once_over_the_folds() -> None:
    measured = [pair for _, outside in sets.folds(made_up_topics()) for pair in outside]

    assert sorted(pair.text for pair in measured) == sorted(p.text for p in made_up_topics())


def test_a_fold_trains_on_all_that_it_does_not_measure() -> None:
    count = len(made_up_topics())

    assert [len(inside) + len(outside) for inside, outside in sets.folds(made_up_topics())] == [
        count
    ] * 5


def test_claims_that_another_set_trains_on_are_not_cross_validated(folder: Path) -> None:
    rows = [
        ("We should ban whaling", "whales feel pain", "supports"),
        ("We should fund libraries", "books are cheap now", "opposes"),
    ]
    write_pairs(folder, "stance/ibm_claim_stance_train", rows)
    write_pairs(
        folder, "stance/perspectrum_train", [("We should ban whaling.", "it is cruel", "supports")]
    )

    assert sets.cross_validated(folder) == [Pair(*rows[1][:2], OPPOSES)]


def test_labelled_pairs_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "labelled.jsonl"
    taught = Pair("Cats are loyal", 'They say "no".\nOften.', OPPOSES, (0.25, 0.5, 0.25))
    untaught = Pair("Cats are loyal", "Ünlike dogs", UNKNOWN)

    sets.append_labelled(path, [taught])
    sets.append_labelled(path, [untaught])

    assert sets.read_labelled(path) == [taught, untaught]
