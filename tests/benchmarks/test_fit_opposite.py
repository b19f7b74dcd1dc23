"""The map of opposites learns where counterarguments lie, from pairs that it may see."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks import fit_opposite
from tests.benchmarks.fit_opposite import Floats, Task, fit
from tests.fakes.models import HashingEncoder

DIMENSION = 12
ANGLE = np.pi / 6  # between a claim and its counterargument
NEARNESS = 0.9  # of a claim and its friend: above cos(ANGLE), so that the friend is nearer


def unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def rotation(random: np.random.Generator) -> Floats:
    """Return a matrix that turns every vector by the same angle."""
    basis, _ = np.linalg.qr(random.standard_normal((DIMENSION, DIMENSION)))
    turn = [[np.cos(ANGLE), np.sin(ANGLE)], [-np.sin(ANGLE), np.cos(ANGLE)]]
    return np.asarray(basis @ np.kron(np.eye(DIMENSION // 2), turn) @ basis.T, np.float32)


def made_up(count: int, turned: Floats, random: np.random.Generator) -> tuple[Floats, ...]:
    """Return claims, their counterarguments and their friends, ``(count, d)`` each."""
    claims = unit(random.standard_normal((count, DIMENSION)).astype(np.float32))
    aside = random.standard_normal((count, DIMENSION)).astype(np.float32)
    aside = unit(aside - (aside * claims).sum(axis=1, keepdims=True) * claims)
    friends = NEARNESS * claims + np.float32(np.sqrt(1 - NEARNESS**2)) * aside
    return claims, claims @ turned, friends


def task(claims: Floats, counters: Floats, friends: Floats) -> Task:
    count = len(claims)
    return Task(
        claims,
        np.vstack([counters, friends]),
        np.stack([np.arange(count), np.arange(count)], axis=1),
        [frozenset({count + row}) for row in range(count)],
        [frozenset({row}) for row in range(count)],
    )


def share_won(mapped: Floats, counters: Floats, friends: Floats) -> float:
    """Return how often a mapped claim is nearer to its counterargument than to its friend."""
    near = (mapped * counters).sum(axis=1) > (mapped * friends).sum(axis=1)
    return float(near.mean())


def test_map_turns_claims_it_has_not_seen_towards_their_counterarguments() -> None:
    random = np.random.default_rng(5)
    turned = rotation(random)
    weights, bias = fit([task(*made_up(80, turned, random))], seed=5, epochs=350)

    claims, counters, friends = made_up(500, turned, random)

    assert share_won(claims @ weights + bias, counters, friends) > 0.9
    assert share_won(claims, counters, friends) < 0.1


def test_fit_is_the_same_for_the_same_seed() -> None:
    random = np.random.default_rng(5)
    tasks = [task(*made_up(300, rotation(random), random))]

    first, second, other = (fit(tasks, seed, epochs=2)[0] for seed in (1, 1, 2))

    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_map_that_has_not_learned_does_nothing() -> None:
    random = np.random.default_rng(5)

    weights, bias = fit([task(*made_up(10, rotation(random), random))], seed=1, epochs=0)

    np.testing.assert_array_equal(weights, np.eye(DIMENSION))
    np.testing.assert_array_equal(bias, np.zeros(DIMENSION))


def test_other_counterarguments_of_a_claim_are_not_pushed_away() -> None:
    # Both texts argue against the claim and nothing else is there: no reason to move.
    claims = unit(np.ones((1, DIMENSION), np.float32))
    texts = unit(np.eye(DIMENSION, dtype=np.float32)[:2])
    both = frozenset({0, 1})
    alone = Task(claims, texts, np.array([[0, 0]]), [frozenset()], [both])

    weights, bias = fit([alone], seed=1, epochs=5)

    np.testing.assert_allclose(weights, np.eye(DIMENSION), atol=1e-6)
    np.testing.assert_allclose(bias, 0, atol=1e-6)


def write_rows(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two claims to train on, one to measure on, and what people say about them."""
    folder = tmp_path / "counter" / "perspectrum"
    names = ("bees", "chess", "tea", "rain")
    write_rows(folder / "queries.jsonl", ({"_id": name, "text": name} for name in names))
    said = {"b+": "hum", "b-": "sting", "c-": "bore", "t-": "stain", "t+": "warm"}
    write_rows(folder / "corpus.jsonl", ({"_id": k, "text": v} for k, v in said.items()))
    (folder / "dev_claims.txt").write_text("tea\n")
    opposing = [("bees", "b-"), ("chess", "c-"), ("chess", "t-"), ("tea", "t-")]
    for name, pairs in (
        ("opposing", opposing),
        ("any", [*opposing, ("bees", "b+"), ("tea", "t+"), ("rain", "b+")]),
    ):
        lines = ["query-id\tcorpus-id\tscore", *(f"{claim}\t{text}\t1" for claim, text in pairs)]
        (folder / f"qrels-{name}.tsv").write_text("\n".join(lines) + "\n")
    arguments = [
        f"{split}-sport-{name}"
        for split, name in (
            ("training", "pro01a"),
            ("training", "pro01b"),
            ("training", "con01a"),
            ("test", "pro01a"),
            ("test", "pro01b"),
        )
    ]
    write_rows(
        tmp_path / "counter" / "arguana" / "corpus.jsonl",
        ({"_id": name, "title": name, "text": "chess"} for name in arguments),
    )
    return tmp_path


def test_claims_and_texts_of_the_dev_split_are_not_learned_from(data: Path) -> None:
    encoder = HashingEncoder()

    found = fit_opposite.perspectrum(data, encoder, data / "cache")

    np.testing.assert_array_equal(found.claims, encoder.encode(["bees", "chess"]))
    np.testing.assert_array_equal(found.texts, encoder.encode(["hum", "sting", "bore"]))


def test_what_undermines_a_claim_is_told_from_what_supports_it(data: Path) -> None:
    found = fit_opposite.perspectrum(data, HashingEncoder(), data / "cache")

    assert list(found.targets) == [frozenset({1}), frozenset({2})]
    assert list(found.friends) == [frozenset({0}), frozenset()]
    assert found.pairs.tolist() == [[0, 1], [1, 2]]


def test_points_with_a_counter_that_are_free_to_train_on_are_learned_from(data: Path) -> None:
    found = fit_opposite.arguana(data, HashingEncoder(), data / "cache")

    assert (len(found.claims), len(found.texts)) == (1, 3)
    assert found.pairs.tolist() == [[0, 1]]
    np.testing.assert_array_equal(found.claims[0], found.texts[0])


def test_vectors_are_kept(data: Path) -> None:
    first = fit_opposite.arguana(data, HashingEncoder(), data / "cache")
    (kept,) = (data / "cache").iterdir()
    np.save(kept, first.texts[::-1])

    again = fit_opposite.arguana(data, HashingEncoder(), data / "cache")

    np.testing.assert_array_equal(again.texts, first.texts[::-1])
