"""Read the public stance and inference sets and mix them into training pairs.

Rows are JSON lines ``{"id", "claim", "text", "stance"}``. `nli_rows` and `stance_rows` give the
rows that may be trained on, `dev_sets` those that may not; `stance_epoch` adds what the sets lack:
pairs on different topics, neutral mentions, claims turned by rule. `__main__` calls them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.stance.training import rules

SUPPORTS, OPPOSES, NEUTRAL = range(3)
_LABELS = {"supports": SUPPORTS, "opposes": OPPOSES, "neutral": NEUTRAL}
_FLIPPED = {SUPPORTS: OPPOSES, OPPOSES: SUPPORTS, NEUTRAL: NEUTRAL}

_STANCE_TRAIN = ("perspectrum_train", "argkp_train", "arg_rank_30k_train", "ibm_claim_stance_train")
STANCE_DEV = ("perspectrum_dev", "argkp_dev", "arg_rank_30k_dev")
_NLI_TRAIN = ("mnli_dev", "snli_dev", "rte_train")  # their "dev" is what was published to train on
_NLI_HELD_OUT_EVERY = 20
_IBM_HELD_OUT_EVERY = 4  # topics

_STOP_WORDS = """
    a an the of in on to for be is are was were should must would can will we it its this that and
    or not by with as at from more than house believes ban allow end support have has
"""
_STOP = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, a text, and the text's side: SUPPORTS, OPPOSES or NEUTRAL."""

    claim: str
    text: str
    label: int


def normalise(text: str) -> str:
    """Lower a text and keep only its words, to compare texts by."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def read(path: Path) -> list[Pair]:
    """Read one JSON Lines file of pairs."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Pair(row["claim"].strip(), row["text"].strip(), _LABELS[row["stance"]]) for row in rows]


def nli_rows(data: Path, *, held_out: bool = False) -> list[Pair]:
    """Read the inference pairs to train on, or the twentieth of MNLI and SNLI that is held out."""
    kept: list[Pair] = []
    for name in _NLI_TRAIN:
        pairs = read(data / "nli" / f"{name}.jsonl")
        every = 0 if name == "rte_train" else _NLI_HELD_OUT_EVERY
        kept += [p for i, p in enumerate(pairs) if (every > 0 and i % every == 0) == held_out]
    return kept


def dev_sets(data: Path) -> dict[str, list[Pair]]:
    """Read the sets to measure on, by name: none of their claims or texts is trained on."""
    sets = {name: read(data / "stance" / f"{name}.jsonl") for name in STANCE_DEV}
    sets["ibm_held_out"] = _ibm(data, held_out=True)
    sets["nli_held_out"] = nli_rows(data, held_out=True)
    return sets


def stance_rows(data: Path) -> dict[str, list[Pair]]:
    """Read the stance pairs to train on, by set.

    Left out: rows whose claim or text also stands in a dev set (ArgKP's arguments come from
    Rank-30k, so the splits of one overlap those of the other), and rows seen in an earlier set.
    """
    dev = [pair for name, pairs in dev_sets(data).items() if "nli" not in name for pair in pairs]
    claims = {normalise(rules.plain(pair.claim)) for pair in dev}
    texts = {normalise(pair.text) for pair in dev}
    seen: set[tuple[str, str]] = set()
    kept: dict[str, list[Pair]] = {}
    for name in _STANCE_TRAIN:
        is_ibm = name.startswith("ibm")
        pairs = _ibm(data, held_out=False) if is_ibm else read(data / "stance" / f"{name}.jsonl")
        kept[name] = []
        for pair in pairs:
            key = normalise(rules.plain(pair.claim)), normalise(pair.text)
            if key[0] not in claims and key[1] not in texts and key not in seen:
                seen.add(key)
                kept[name].append(pair)
    return kept


def off_topic(pairs: Sequence[Pair], count: int, random: Random) -> list[Pair]:
    """Pair claims with texts written for other claims that share no content word with them.

    Gives fewer than `count` pairs where nearly all claims share a word.
    """
    made: list[Pair] = []
    for _ in range(20 * count):
        if len(made) == count:
            break
        left, right = random.choice(pairs), random.choice(pairs)
        if not _content(left.claim) & _content(right.claim):
            made.append(Pair(left.claim, right.text, NEUTRAL))
    return made


def stance_epoch(
    stance: dict[str, list[Pair]], nli: Sequence[Pair], *, fraction: float, random: Random
) -> list[Pair]:
    """Draw one epoch of stage two.

    Args:
        stance: What `stance_rows` gave.
        nli: Inference pairs; some stay in the mix so that "same topic, takes no side" survives.
        fraction: How much of the full epoch to draw, in (0, 1].
        random: The source of every choice.

    Returns:
        About 24,000 * fraction pairs, in random order.
    """

    def sample(pairs: Sequence[Pair], count: int) -> list[Pair]:
        return random.sample(pairs, min(len(pairs), max(1, int(count * fraction))))

    written = (
        sample(stance["perspectrum_train"], 6000)
        + sample(stance["argkp_train"] + stance["arg_rank_30k_train"], 7000)
        + sample(stance["ibm_claim_stance_train"], 1000)
    )
    everything = [pair for pairs in stance.values() for pair in pairs]
    claims = sorted({pair.claim for pair in everything})
    mixed = [_varied(pair, random) for pair in written]
    mixed += [_varied(pair, random) for pair in off_topic(everything, int(2000 * fraction), random)]
    mixed += [
        Pair(random.choice(claims), pair.text, NEUTRAL) for pair in sample(nli, 800)
    ]  # small talk, captions, news
    mixed += _claims_as_texts(sample_claims(claims, int(1000 * fraction), random), random)
    mixed += _mentions(sample_claims(claims, int(500 * fraction), random), random)
    mixed += sample(nli, 5000)
    random.shuffle(mixed)
    return [_final_stop(pair, random) for pair in mixed]


def sample_claims(claims: Sequence[str], count: int, random: Random) -> list[str]:
    """Draw claims with replacement."""
    return random.choices(claims, k=count)


def _ibm(data: Path, *, held_out: bool) -> list[Pair]:
    """Read IBM Claim Stance, whose every fourth topic is held out."""
    pairs = read(data / "stance" / "ibm_claim_stance_train.jsonl")
    topics = sorted({pair.claim for pair in pairs})
    out = set(topics[::_IBM_HELD_OUT_EVERY])
    return [pair for pair in pairs if (pair.claim in out) == held_out]


def _content(claim: str) -> set[str]:
    return {word for word in normalise(claim).split() if word not in _STOP}


def _varied(pair: Pair, random: Random) -> Pair:
    """Keep a pair, say its claim in other words, or negate its claim and flip its label."""
    draw = random.random()
    if draw < 0.5:
        return pair
    if draw < 0.65:
        return Pair(rules.restate(pair.claim, random) or pair.claim, pair.text, pair.label)
    negated = rules.negate(pair.claim, random)
    return pair if negated is None else Pair(negated, pair.text, _FLIPPED[pair.label])


def _claims_as_texts(claims: Sequence[str], random: Random) -> list[Pair]:
    """Let a claim and its negation support and oppose each other."""
    made: list[Pair] = []
    for claim in claims:
        negated = rules.negate(claim, random)
        if negated is None:
            continue
        same = rules.restate(claim, random) or claim
        other = rules.negate(claim, random) or negated
        made.append(
            random.choice(
                (
                    Pair(claim, same, SUPPORTS),
                    Pair(negated, other, SUPPORTS),
                    Pair(same, negated, OPPOSES),
                    Pair(negated, same, OPPOSES),
                )
            )
        )
    return made


def _mentions(claims: Sequence[str], random: Random) -> list[Pair]:
    """Pair motions with sentences that mention their topic and take no side."""
    made = [Pair(claim, rules.mention(claim, random) or "", NEUTRAL) for claim in claims]
    return [pair for pair in made if pair.text]


def _final_stop(pair: Pair, random: Random) -> Pair:
    """End the claim with a full stop half of the time, so that a stop means nothing."""
    claim = pair.claim.rstrip(". ")
    return Pair(claim + "." if random.random() < 0.5 else claim, pair.text, pair.label)
