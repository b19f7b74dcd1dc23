"""Mix the pairs of an epoch: rows of the public sets, and what the sets lack.

Added are pairs on different topics, neutral mentions, negated claims, rejections, reports and
concessions. `sets` reads the rows, `rules` and `framing` rewrite them; `__main__` calls this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from bot.stance.training import framing, rules
from bot.stance.training.sets import NEUTRAL, OPPOSES, SUPPORTS, Pair, normalise

_FLIPPED = {SUPPORTS: OPPOSES, OPPOSES: SUPPORTS, NEUTRAL: NEUTRAL}

_SHARES: Mapping[str, int] = {
    "perspectrum_train": 9000,
    "argkp_train": 3000,
    "arg_rank_30k_train": 8000,
    "arguana": 6000,
}
"""Rows of each set in a full epoch; a set that has fewer gives all it has."""
_OTHER_TOPIC, _SMALL_TALK, _CLAIMS, _MENTIONS, _FRAMED, _CONCEDED = 3000, 800, 1200, 500, 2400, 1600
_INFERENCE = 5000
_TOLD, _FEW_MENTIONS, _FEW_CONCEDED = 900, 200, 400

_STOP_WORDS = """
    a an the of in on to for be is are was were should must would can will we it its this that and
    or not by with as at from more than house believes ban allow end support have has
"""
_STOP = frozenset(_STOP_WORDS.split())


def stance_epoch(
    stance: Mapping[str, Sequence[Pair]], *, fraction: float, random: Random
) -> list[Pair]:
    """Draw one epoch of stance training.

    Args:
        stance: What `sets.stance_rows` gave, without the small set.
        fraction: How much of the full epoch to draw, in (0, 1].
        random: The source of every choice.

    Returns:
        About 31,000 * fraction pairs.
    """

    def count(full: int) -> int:
        return max(1, int(full * fraction))

    def sample(pairs: Sequence[Pair], full: int) -> list[Pair]:
        return random.sample(pairs, min(len(pairs), count(full)))

    everything = [pair for pairs in stance.values() for pair in pairs]
    claims = sorted({pair.claim for pair in everything})
    written = [pair for name, pairs in stance.items() for pair in sample(pairs, _SHARES[name])]
    mixed = varied(written, random)
    mixed += varied(off_topic(everything, count(_OTHER_TOPIC), random), random)
    mixed += _claims_as_texts(random.choices(claims, k=count(_CLAIMS)), random)
    mixed += _mentions(random.choices(claims, k=count(_MENTIONS)), random)
    short = _short(everything)
    mixed += [_framed(pair, random) for pair in sample(short, _FRAMED)]
    return mixed + _conceded(short, count(_CONCEDED), random)


def rule_part(
    stance: Mapping[str, Sequence[Pair]], *, fraction: float, random: Random
) -> list[Pair]:
    """Draw pairs whose label a rule gives, to be trained on without a teacher's word.

    Claims that are reported, asked, rejected, endorsed and negated, mentions and concessions: a
    teacher takes sides for some that merely tell of a claim.

    Returns:
        About 2,200 * fraction pairs, not softened.
    """
    everything = [pair for pairs in stance.values() for pair in pairs]
    claims = sorted({pair.claim for pair in everything})
    told = random.choices(claims, k=int(_TOLD * fraction))
    made = [Pair(claim, framing.report(claim, random), NEUTRAL) for claim in told]
    made += _claims_as_texts(random.choices(claims, k=int(_TOLD * fraction)), random)
    made += _mentions(random.choices(claims, k=int(_FEW_MENTIONS * fraction)), random)
    return made + _conceded(_short(everything), int(_FEW_CONCEDED * fraction), random)


def inference_part(
    stance: Mapping[str, Sequence[Pair]], nli: Sequence[Pair], *, fraction: float, random: Random
) -> list[Pair]:
    """Draw the inference pairs of an epoch, so that "same topic, takes no side" survives.

    Some of their texts (small talk, captions, news) also go with a debate's claim, as neutral.

    Returns:
        About 5,800 * fraction pairs.
    """
    claims = sorted({pair.claim for pairs in stance.values() for pair in pairs})
    kept = random.sample(nli, min(len(nli), int(_INFERENCE * fraction)))
    others = random.sample(nli, min(len(nli), int(_SMALL_TALK * fraction)))
    return kept + [Pair(random.choice(claims), pair.text, NEUTRAL) for pair in others]


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


def _short(pairs: Sequence[Pair]) -> list[Pair]:
    """Keep texts of one sentence, which a frame can take in."""
    return [pair for pair in pairs if len(pair.text) < 160 and "." not in pair.text[:-2]]


def _content(claim: str) -> set[str]:
    return {word for word in normalise(claim).split() if word not in _STOP}


def varied(pairs: Sequence[Pair], random: Random) -> list[Pair]:
    """Say some claims in other words, and negate some and flip their labels."""
    return [_varied(pair, random) for pair in pairs]


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
    """Let a claim and its negation support, oppose and merely mention each other."""
    made: list[Pair] = []
    for claim in claims:
        draw = random.random()
        if draw < 0.15:
            made.append(Pair(claim, framing.report(claim, random), NEUTRAL))
        elif draw < 0.4:
            made.append(Pair(claim, framing.reject(claim, random), OPPOSES))
        elif draw < 0.55:
            made.append(Pair(claim, framing.endorse(claim, random), SUPPORTS))
        elif negated := rules.negate(claim, random):
            same = rules.restate(claim, random) or claim
            other = rules.negate(claim, random) or negated
            options = (
                Pair(claim, same, SUPPORTS),
                Pair(negated, other, SUPPORTS),
                Pair(claim, negated, OPPOSES),
                Pair(same, negated, OPPOSES),
                Pair(negated, same, OPPOSES),
            )
            made.append(random.choice(options))
    return made


def _mentions(claims: Sequence[str], random: Random) -> list[Pair]:
    """Pair motions with sentences that mention their topic and take no side."""
    made = [Pair(claim, rules.mention(claim, random) or "", NEUTRAL) for claim in claims]
    return [pair for pair in made if pair.text]


def _framed(pair: Pair, random: Random) -> Pair:
    """Reject, endorse or merely report what a text says."""
    draw = random.random()
    if draw < 0.5:
        return Pair(pair.claim, framing.reject(pair.text, random), _FLIPPED[pair.label])
    if draw < 0.8:
        return Pair(pair.claim, framing.endorse(pair.text, random), pair.label)
    return Pair(pair.claim, framing.report(pair.text, random), NEUTRAL)


def _conceded(pairs: Sequence[Pair], count: int, random: Random) -> list[Pair]:
    """Let a text grant what the other side says before it makes its own point."""
    sides: dict[str, tuple[list[str], list[str]]] = {}
    for pair in pairs:
        if pair.label != NEUTRAL:
            sides.setdefault(pair.claim, ([], []))[pair.label].append(pair.text)
    both = sorted(claim for claim, (pro, con) in sides.items() if pro and con)
    made: list[Pair] = []
    for claim in random.choices(both, k=count) if both else ():
        label = random.choice((SUPPORTS, OPPOSES))
        held, granted = sides[claim][label], sides[claim][_FLIPPED[label]]
        text = framing.concede(random.choice(granted), random.choice(held), random)
        made.append(Pair(claim, text, label))
    return made
