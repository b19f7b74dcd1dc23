"""The hand-labelled quotes are whole and balanced, so that a figure on them means something."""

import json
from pathlib import Path
from typing import Any

import pytest

PATH = Path(__file__).parent / "data" / "real_quotes.jsonl"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in PATH.read_text("utf-8").splitlines()]


def test_every_row_has_its_fields(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert set(row) == {"id", "question", "claim", "text", "stance", "source"}
        assert all(row[key].strip() for key in ("id", "question", "claim", "text")), row["id"]
        assert set(row["source"]) == {"set", "id"}
        assert row["source"]["set"] in {"arguana", "scifact"}


def test_every_stance_is_one_of_the_two(rows: list[dict[str, Any]]) -> None:
    assert {row["stance"] for row in rows} == {"supports", "opposes"}


def test_a_row_asks_a_question_or_states_its_claim(rows: list[dict[str, Any]]) -> None:
    odd = [
        row["id"]
        for row in rows
        if not row["question"].endswith("?") and row["question"] != row["claim"]
    ]
    assert odd == []


def test_ids_are_unique(rows: list[dict[str, Any]]) -> None:
    assert len({row["id"] for row in rows}) == len(rows)


def test_no_pair_stands_twice(rows: list[dict[str, Any]]) -> None:
    assert len({(row["claim"], row["text"]) for row in rows}) == len(rows)


def test_no_quote_is_from_a_text_that_models_train_on(rows: list[dict[str, Any]]) -> None:
    arguana = [row["source"]["id"] for row in rows if row["source"]["set"] == "arguana"]
    assert all(identifier.startswith("test-") for identifier in arguana)


def test_there_are_enough_rows(rows: list[dict[str, Any]]) -> None:
    assert len(rows) >= 200


def test_the_sides_are_even(rows: list[dict[str, Any]]) -> None:
    opposing = sum(row["stance"] == "opposes" for row in rows) / len(rows)
    assert 0.45 <= opposing <= 0.55
