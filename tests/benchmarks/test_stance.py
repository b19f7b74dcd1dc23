"""What is measured on is read as the bot would, and nothing of it is learnt from."""

import json
from pathlib import Path

import numpy as np
import pytest

from bot.stance.model import MODEL_FOLDER
from tests.benchmarks.stance import (
    cross_encoders,
    pairs_to_time,
    read_judged,
    read_train,
    two_way,
)


def write(path: Path, *rows: dict[str, str]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def row(claim: str, text: str, stance: str = "supports") -> dict[str, str]:
    return {"claim": claim, "text": text, "stance": stance}


def test_rows_without_a_side_are_left_out(tmp_path: Path) -> None:
    rows = [row("Tea is good", "It is", side) for side in ("supports", "neutral", "opposes")]
    assert read_judged(write(tmp_path / "a.jsonl", *rows)).supports.tolist() == [True, False]


def test_a_question_is_judged_on_the_claim_it_asks_about(tmp_path: Path) -> None:
    rows = [{**row("", "Tea calms"), "question": q} for q in ("Is tea good?", "Why drink tea?")]
    pairs = read_judged(write(tmp_path / "a.jsonl", *rows)).pairs
    assert [claim for claim, _ in pairs] == ["Tea is good.", "Why drink tea?"]


def test_a_line_without_a_known_side_is_named(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", row("Tea is good", "It is"), row("Tea is good", "No", "con"))
    with pytest.raises(SystemExit, match=r"a\.jsonl, line 2"):
        read_judged(file)


def test_rows_that_share_a_claim_or_a_text_with_a_measured_set_are_not_learnt(
    tmp_path: Path,
) -> None:
    dev = read_judged(write(tmp_path / "stance" / "x_dev.jsonl", row("Tea is good", "It calms")))
    train = write(
        tmp_path / "stance" / "x_train.jsonl",
        row("tea is good!", "It tastes"),
        row("Coffee is good", "it  CALMS."),
        row("Coffee is good", "It wakes"),
    )
    files, left_out = read_train(tmp_path, [dev])
    assert files[train.stem].pairs == (("Coffee is good", "It wakes"),)
    assert left_out == 2


def test_pairs_to_time_are_those_of_the_wanted_length(tmp_path: Path) -> None:
    # With the three special tokens: 3 + 3 + 42 = 48, then 47, and 7.
    rows = [row("tea is good", "tea " * times) for times in (1, 41, 42)]
    dev = read_judged(write(tmp_path / "a.jsonl", *rows))
    assert [len(text.split()) for _, text in pairs_to_time([dev])] == [42, 41, 1]


def test_the_probability_of_two_sides_leaves_neutral_out() -> None:
    # .3 / (.3 + .1) = .75; a text that is neutral for sure says nothing of its side.
    assert two_way(np.array([[0.3, 0.1], [0.0, 0.0]])).tolist() == pytest.approx([0.75, 0.5])


def test_a_float32_graph_is_run_with_its_folders_calibration(tmp_path: Path) -> None:
    for file in MODEL_FOLDER.iterdir():
        (tmp_path / file.name).symlink_to(file)
    # The shipped graph in the place of a float32 one: whatever else differs would show.
    (tmp_path / "stance.fp32.onnx").symlink_to(MODEL_FOLDER / "stance.int8.onnx")
    found = cross_encoders({"one": tmp_path})
    assert list(found) == ["one", "one float32"]
    pairs = [("Tea is good", "Tea calms people and tastes well.")]
    assert found["one float32"].sides(pairs).tolist() == found["one"].sides(pairs).tolist()
