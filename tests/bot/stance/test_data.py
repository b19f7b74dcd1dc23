"""Training data: dev rows stay out, and what is made up is labelled soundly."""

import json
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from bot.stance.training import data
from bot.stance.training.data import NEUTRAL, OPPOSES, SUPPORTS, Pair

_FILES = (
    *(f"stance/{name}_dev" for name in ("perspectrum", "argkp", "arg_rank_30k")),
    *(f"stance/{name}_train" for name in ("perspectrum", "argkp", "arg_rank_30k")),
    "stance/ibm_claim_stance_train",
    "nli/mnli_dev",
    "nli/snli_dev",
    "nli/rte_train",
)


def _write(folder: Path, name: str, rows: Iterable[tuple[str, str, str]]) -> None:
    path = folder / f"{name}.jsonl"
    path.parent.mkdir(exist_ok=True)
    lines = [
        json.dumps({"id": str(i), "claim": claim, "text": text, "stance": stance})
        for i, (claim, text, stance) in enumerate(rows)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in _FILES:
        _write(tmp_path, name, [(f"{name} is good", f"{name} helps", "supports")])
    return tmp_path


def test_rows_with_a_dev_claim_are_left_out(folder: Path) -> None:
    _write(folder, "stance/argkp_dev", [("We should ban whaling", "whales feel pain", "supports")])
    _write(
        folder,
        "stance/perspectrum_train",
        [
            ("This house would ban whaling.", "it is a tradition", "opposes"),
            ("We should fund libraries", "books are cheap now", "opposes"),
        ],
    )

    kept = data.stance_rows(folder)["perspectrum_train"]

    assert [pair.claim for pair in kept] == ["We should fund libraries"]


def test_rows_with_a_dev_text_are_left_out(folder: Path) -> None:
    _write(folder, "stance/argkp_dev", [("We should ban whaling", "Whales feel pain.", "supports")])
    _write(folder, "stance/argkp_train", [("We should eat fish", "whales feel pain", "opposes")])

    assert data.stance_rows(folder)["argkp_train"] == []


def test_rows_seen_in_an_earlier_set_are_left_out(folder: Path) -> None:
    row = ("We should eat fish", "fish is healthy", "supports")
    _write(folder, "stance/argkp_train", [row])
    _write(folder, "stance/arg_rank_30k_train", [row])

    assert data.stance_rows(folder)["arg_rank_30k_train"] == []


def test_held_out_inference_pairs_are_not_trained_on(folder: Path) -> None:
    _write(folder, "nli/mnli_dev", [(f"claim {i}", "text", "neutral") for i in range(100)])

    trained = {pair.claim for pair in data.nli_rows(folder)}
    held_out = {pair.claim for pair in data.nli_rows(folder, held_out=True)}

    assert (len(held_out & {f"claim {i}" for i in range(100)}), trained & held_out) == (5, set())


def test_off_topic_pairs_share_no_content_word(random: Random) -> None:
    pairs = [
        Pair("We should ban whaling", "whales feel pain", SUPPORTS),
        Pair("Whaling should end now", "it is a tradition", OPPOSES),
        Pair("We should fund libraries", "books are cheap", OPPOSES),
    ]

    made = data.off_topic(pairs, 20, random)

    assert {(pair.claim, pair.text) for pair in made} <= {
        ("We should ban whaling", "books are cheap"),
        ("Whaling should end now", "books are cheap"),
        ("We should fund libraries", "whales feel pain"),
        ("We should fund libraries", "it is a tradition"),
    }


def test_off_topic_pairs_are_neutral(random: Random) -> None:
    pairs = [
        Pair("We should ban whaling", "whales feel pain", SUPPORTS),
        Pair("We should fund libraries", "books are cheap", OPPOSES),
    ]

    assert {pair.label for pair in data.off_topic(pairs, 5, random)} == {NEUTRAL}


def test_epoch_is_the_same_for_the_same_seed(folder: Path) -> None:
    stance, nli = data.stance_rows(folder), data.nli_rows(folder)

    first = data.stance_epoch(stance, nli, fraction=0.001, random=Random(7))  # noqa: S311
    second = data.stance_epoch(stance, nli, fraction=0.001, random=Random(7))  # noqa: S311

    assert first == second
