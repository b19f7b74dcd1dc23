"""Read the public stance, inference and argument sets, and keep apart what is measured on.

Stance and inference rows are JSON lines ``{"id", "claim", "text", "stance"}``; the argument corpus
is ArguAna's in BEIR's form. `stance_rows` and `nli_rows` give what may be trained on, `dev_sets`
what may not; `mixing` makes epochs of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bot.corpus.sentences import sentence_spans
from bot.stance.training import rules

SUPPORTS, OPPOSES, NEUTRAL = range(3)
UNKNOWN = -1
_LABELS = {"supports": SUPPORTS, "opposes": OPPOSES, "neutral": NEUTRAL}

SMALL_SET = "ibm_claim_stance_train"
"""Trained on last, so that it can be cross-validated."""
_STANCE_TRAIN = ("perspectrum_train", "argkp_train", "arg_rank_30k_train", SMALL_SET)
STANCE_DEV = ("perspectrum_dev", "argkp_dev", "arg_rank_30k_dev")
_NLI_TRAIN = ("mnli_dev", "snli_dev")  # their "dev" is what was published to train on
_NLI_HELD_OUT_EVERY = 20
_FOLDS = 5

_ARGUMENTS_TRAIN = ("training-", "validation-")
_LONGEST_CLAIM = 200  # characters; some titles are whole paragraphs
_FOOTNOTE = re.compile(r"\s*\[\w+\]")
_SENTENCES = 3  # of each argument, from its start: the further down, the less sure its side


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, a text, and the text's side: SUPPORTS, OPPOSES or NEUTRAL.

    ``label`` is UNKNOWN where nobody has said which. ``soft`` holds the probabilities of the
    three sides to train towards, once a teacher has given them.
    """

    claim: str
    text: str
    label: int
    soft: tuple[float, ...] | None = None


def normalise(text: str) -> str:
    """Lower a text and keep only its words, to compare texts by."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def read(path: Path) -> list[Pair]:
    """Read one JSON Lines file of pairs."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Pair(row["claim"].strip(), row["text"].strip(), _LABELS[row["stance"]]) for row in rows]


def read_labelled(path: Path) -> list[Pair]:
    """Read what `append_labelled` wrote."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Pair(claim, text, label, None if soft is None else tuple(soft))
        for claim, text, label, soft in rows
    ]


def append_labelled(path: Path, pairs: Sequence[Pair]) -> None:
    """Add pairs to a file, a line each: ``[claim, text, label, soft]``."""
    with path.open("a", encoding="utf-8") as lines:
        for pair in pairs:
            soft = None if pair.soft is None else [round(share, 4) for share in pair.soft]
            lines.write(json.dumps([pair.claim, pair.text, pair.label, soft]) + "\n")


def nli_rows(data: Path, *, held_out: bool = False) -> list[Pair]:
    """Read the inference pairs to train on, or the twentieth of MNLI and SNLI that is held out."""
    kept: list[Pair] = []
    for name in _NLI_TRAIN:
        pairs = read(data / "nli" / f"{name}.jsonl")
        kept += [p for i, p in enumerate(pairs) if (i % _NLI_HELD_OUT_EVERY == 0) == held_out]
    return kept


def dev_sets(data: Path) -> dict[str, list[Pair]]:
    """Read the sets to measure on, by name: none of their claims or texts is trained on."""
    sets = {name: read(data / "stance" / f"{name}.jsonl") for name in STANCE_DEV}
    sets["nli_held_out"] = nli_rows(data, held_out=True)
    return sets


def stance_rows(data: Path) -> dict[str, list[Pair]]:
    """Read the stance pairs to train on, by set.

    Left out: rows whose claim or text is a claim or text of a dev set (ArgKP's arguments come
    from Rank-30k, so the splits of one overlap those of the other; ArguAna and Perspectrum
    share a source), and rows seen in an earlier set.
    """
    measured = _measured(data)
    rows = {name: read(data / "stance" / f"{name}.jsonl") for name in _STANCE_TRAIN}
    rows["arguana"] = list(_arguments(data / "counter" / "arguana" / "corpus.jsonl"))
    seen: set[tuple[str, str]] = set()
    kept: dict[str, list[Pair]] = {}
    for name, pairs in rows.items():
        kept[name] = []
        for pair in pairs:
            key = _claim_key(pair.claim), normalise(pair.text)
            if _is_free(pair, measured) and key not in seen:
                seen.add(key)
                kept[name].append(pair)
    return kept


def cross_validated(data: Path) -> list[Pair]:
    """Read IBM Claim Stance but for the claims that another set trains on too."""
    rows = stance_rows(data)
    small = rows.pop(SMALL_SET)
    elsewhere = {_claim_key(pair.claim) for pairs in rows.values() for pair in pairs}
    return [pair for pair in small if _claim_key(pair.claim) not in elsewhere]


def folds(pairs: list[Pair]) -> Iterator[tuple[list[Pair], list[Pair]]]:
    """Split pairs by claim into (to train on, to measure on), five times."""
    names = sorted({_claim_key(pair.claim) for pair in pairs})
    fold = {name: number % _FOLDS for number, name in enumerate(names)}
    for number in range(_FOLDS):
        inside = [pair for pair in pairs if fold[_claim_key(pair.claim)] != number]
        yield inside, [pair for pair in pairs if fold[_claim_key(pair.claim)] == number]


def _measured(data: Path) -> frozenset[str]:
    """Return the claims and texts of the dev sets, normalised."""
    dev = [pair for name in STANCE_DEV for pair in read(data / "stance" / f"{name}.jsonl")]
    return frozenset(
        {_claim_key(pair.claim) for pair in dev} | {normalise(pair.text) for pair in dev}
    )


def _is_free(pair: Pair, measured: frozenset[str]) -> bool:
    """Tell whether neither claim nor text, nor a sentence of it, is measured on."""
    sentences = (pair.text[start:end] for start, end in sentence_spans(pair.text))
    said = {_claim_key(pair.claim), normalise(pair.claim), normalise(pair.text)}
    return measured.isdisjoint(said | {normalise(sentence) for sentence in sentences})


def _claim_key(claim: str) -> str:
    return normalise(rules.plain(claim))


def unsided_rows(data: Path) -> list[Pair]:
    """Read claims with sentences of other arguments in their debate, whose side is not known."""
    measured = _measured(data)
    debates: dict[str, dict[str, dict[str, str]]] = {}
    for name, row in _argument_rows(data / "counter" / "arguana" / "corpus.jsonl").items():
        debates.setdefault(name.rpartition("-")[0], {})[name] = row
    pairs = (
        Pair(row["title"].strip(), stretch, UNKNOWN)
        for rows in debates.values()
        for name, row in rows.items()
        if len(row["title"]) < _LONGEST_CLAIM
        for other, argument in rows.items()
        if other[:-1] != name[:-1]  # else it is its own text, or its point's or counter's
        for stretch in _stretches(argument["text"])[:2]
    )
    return [pair for pair in pairs if _is_free(pair, measured)]


def _arguments(corpus: Path) -> Iterator[Pair]:
    """Read ArguAna's points (id ending in a) and counters (b): real sentences with their sides.

    A point's title is a claim; the sentences below it support the claim, its counter's oppose
    it. A sentence comes alone or with the one before it.
    """
    rows = _argument_rows(corpus)
    for name, row in rows.items():
        counter = rows.get(f"{name[:-1]}b")
        if name[-1] != "a" or counter is None:
            continue
        claim = row["title"].strip()
        answer = f"{counter['title'].strip()} {counter['text']}"
        for text, label in ((row["text"], SUPPORTS), (answer, OPPOSES)):
            yield from (Pair(claim, stretch, label) for stretch in _stretches(text))


def _argument_rows(corpus: Path) -> dict[str, dict[str, str]]:
    """Read the arguments that may be trained on, by id."""
    with corpus.open(encoding="utf-8") as lines:
        rows = {row["_id"]: row for row in map(json.loads, lines)}
    return {name: row for name, row in rows.items() if name.startswith(_ARGUMENTS_TRAIN)}


def _stretches(text: str) -> list[str]:
    """Give the first sentences of a text, each alone and with the one before it."""
    flat = _FOOTNOTE.sub("", text)
    spans = sentence_spans(flat)[:_SENTENCES]
    alone = [flat[start:end] for start, end in spans]
    return alone + [flat[left[0] : right[1]] for left, right in pairwise(spans)]
