"""Train the stance model, then write its int8 form, calibrate it and measure both."""

from __future__ import annotations

import argparse
import json
import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from transformers import PreTrainedModel

from bot.retrieval.encoder import OnnxEncoder
from bot.stance.model import LABELS, OnnxStanceModel
from bot.stance.training import evaluate, export, fit, mixing, sets
from bot.stance.training.evaluate import Array, Calibration
from bot.stance.training.nearby import nearby_pairs
from bot.stance.training.sets import NEUTRAL, Pair

_log = logging.getLogger("bot.stance.training")

STAGES = ("inference", "labels", "stance", "last", "export")
"""In this order; each but the last leaves in ``out/checkpoint`` what the next ones start from."""

_INFERENCE_PAIRS = 30_000
_INFERENCE_RATE = 1e-4
_DRAWS = 2  # epochs drawn and labelled
_STANCE_PASSES = 3  # over each of them
_STANCE_RATE = 1e-4
_TEACHER_SHARE = 0.8
_UNSIDED = 8000
_NEARBY = 12_000
_LABELLED_AT_ONCE = 2000
_LAST_RATE = 3e-5
_LAST_PASSES = 2
_LAST_OTHERS = 0.1  # of an epoch, beside the small set

_MAX_LENGTH = 128  # at run time; a quote of 400 characters and a claim fit in
_MAX_CLAIM = 48
_OFF_TOPIC_DEV = 1000


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the command trains on, from and into."""

    data: Path
    base: Path
    out: Path
    teacher: Path | None
    fraction: float
    frozen_layers: int
    width: int | None
    seed: int
    threads: int

    def random(self, stage: str) -> Random:
        """Return the source of a stage's choices, the same whichever stage the run starts at."""
        return Random(f"{self.seed} {stage}")  # noqa: S311 - sampling, to be repeated

    @property
    def labelled(self) -> Path:
        """Return the file of the pairs that the stage "stance" trains on."""
        return self.out / "checkpoint" / "labelled.jsonl"

    def checkpoint(self, stage: str) -> Path:
        """Return the folder of a stage's weights."""
        return self.out / "checkpoint" / stage

    def start_of(self, stage: str) -> Path:
        """Return the folder that a stage starts from."""
        before = {"inference": self.base, "stance": self.checkpoint("inference")}
        return before.get(stage, self.checkpoint("stance"))


def main() -> None:
    """Read the arguments and run the stages in order."""
    arguments = _parse()
    out: Path = arguments.out
    (out / "model").mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(message)s",
        handlers=[logging.StreamHandler(), logging.FileHandler(out / "training.log")],
    )
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    run = Run(
        data=arguments.data,
        base=arguments.base,
        out=out,
        teacher=arguments.teacher,
        fraction=arguments.fraction,
        frozen_layers=arguments.frozen_layers,
        width=arguments.width,
        seed=arguments.seed,
        threads=arguments.threads,
    )
    stages = STAGES[STAGES.index(arguments.start_at) :]
    if "inference" in stages:
        _train_on_inference(run)
    if "labels" in stages:
        _label(run)
    if "stance" in stages:
        _train_on_stance(run)
    report = out / "figures.json"
    kept = report.is_file() and arguments.start_at == "export"
    figures: dict[str, object] = json.loads(report.read_text("utf-8")) if kept else {}
    if "last" in stages:
        if arguments.cross_validate:
            figures["cross_validation"] = _cross_validate(run)
        _train_on_all(run)
    if not arguments.teach_only:
        _write(run)
        figures |= _measure(run, arguments.seed)
    report.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    _log.info("figures: %s", json.dumps(figures))


def _train_on_inference(run: Run) -> None:
    rows = sets.nli_rows(run.data)
    count = min(len(rows), int(_INFERENCE_PAIRS * run.fraction))
    _fit(run, "inference", [run.random("inference").sample(rows, count)], _INFERENCE_RATE)


def _label(run: Run) -> None:
    """Draw from the stance sets but for the small one, and mix a teacher's targets in, if any.

    A large teacher takes its time: what a stopped run has written is gone on from.
    """
    stance, random = sets.stance_rows(run.data), run.random("labels")
    _log.info("stance %s", {name: len(rows) for name, rows in stance.items()})
    del stance[sets.SMALL_SET]
    pairs: list[Pair] = []
    for _ in range(_DRAWS):
        pairs += mixing.stance_epoch(stance, fraction=run.fraction, random=random)
    if run.teacher is not None:
        pairs += _of_unknown_side(run, stance, random)
    run.labelled.parent.mkdir(parents=True, exist_ok=True)
    done = len(sets.read_labelled(run.labelled)) if run.labelled.is_file() else 0
    teacher = _on_device(run.teacher) if run.teacher is not None else None
    for start in range(done, len(pairs), _LABELLED_AT_ONCE):
        chunk = pairs[start : start + _LABELLED_AT_ONCE]
        if teacher is not None and run.teacher is not None:
            chunk = fit.soften(teacher, fit.load_tokenizer(run.teacher), chunk, _TEACHER_SHARE)
        sets.append_labelled(run.labelled, chunk)
        _log.info("labelled %d of %d", start + len(chunk), len(pairs))


def _of_unknown_side(run: Run, stance: Mapping[str, Sequence[Pair]], random: Random) -> list[Pair]:
    """Draw what only a teacher can label: other arguments of a debate, and texts near a claim."""
    share = run.fraction * _DRAWS
    unsided = sets.unsided_rows(run.data)
    drawn = random.sample(unsided, min(len(unsided), int(_UNSIDED * share)))
    encode = OnnxEncoder(threads=run.threads).encode
    return drawn + nearby_pairs(stance, encode, count=int(_NEARBY * share), random=random)


def _train_on_stance(run: Run) -> None:
    """Train on what was drawn and labelled, beside inference pairs."""
    stance, nli = sets.stance_rows(run.data), sets.nli_rows(run.data)
    pairs, random = sets.read_labelled(run.labelled), run.random("stance")
    share = run.fraction * _DRAWS
    _fit(
        run,
        "stance",
        [
            pairs + mixing.inference_part(stance, nli, fraction=share, random=random)
            for _ in range(_STANCE_PASSES)
        ],
        _STANCE_RATE,
    )


def _train_on_all(run: Run) -> None:
    random = run.random("last")
    small = sets.stance_rows(run.data)[sets.SMALL_SET]
    _fit(run, "last", _last_epochs(run, small, random), _LAST_RATE)


def _last_epochs(run: Run, small: list[Pair], random: Random) -> list[list[Pair]]:
    """Give passes over the small set amid some of what the stage before was trained on.

    Beside them, pairs made by rule with their own labels, whatever a teacher said of such.
    """
    stance, nli = sets.stance_rows(run.data), sets.nli_rows(run.data)
    argued = {name: pairs for name, pairs in stance.items() if name != sets.SMALL_SET}
    labelled = sets.read_labelled(run.labelled)
    others = int(_LAST_OTHERS * len(labelled) / _DRAWS)
    fraction = _LAST_OTHERS * run.fraction
    return [
        mixing.varied(small, random)
        + random.sample(labelled, others)
        + mixing.rule_part(argued, fraction=run.fraction, random=random)
        + mixing.inference_part(stance, nli, fraction=fraction, random=random)
        for _ in range(_LAST_PASSES)
    ]


def _cross_validate(run: Run) -> Mapping[str, float]:
    """Score the small set: its claims in five folds, each by a model that saw the other four."""
    tokenizer, random = fit.load_tokenizer(run.base), run.random("cross-validation")
    probabilities: list[Array] = []
    measured: list[Pair] = []
    for inside, outside in sets.folds(sets.cross_validated(run.data)):
        model = _on_device(run.start_of("last"))
        epochs = _last_epochs(run, inside, random)
        fit.train(model, tokenizer, epochs, rate=_LAST_RATE, random=random)
        logits = fit.predict(model, tokenizer, outside).double().numpy()
        probabilities.append(evaluate.softmax(logits))
        measured += outside
    labels = evaluate.labels_of(measured)
    scores = evaluate.as_fields(evaluate.score(np.concatenate(probabilities), labels))
    _log.info("cross-validation: %s", scores)
    return scores


def _fit(run: Run, stage: str, epochs: list[list[Pair]], rate: float) -> None:
    """Train one stage from the checkpoint of the one before."""
    model = _on_device(run.start_of(stage), run.frozen_layers)
    if run.width is not None and run.width < model.config.intermediate_size:
        fit.narrow(model, run.width)
    tokenizer = fit.load_tokenizer(run.base)
    target, random = run.checkpoint(stage), run.random(f"{stage} batches")
    fit.train(model, tokenizer, epochs, rate=rate, random=random, checkpoint=target)
    shutil.copy(run.base / "tokenizer.json", target)


def _on_device(folder: Path, frozen_layers: int = 0) -> PreTrainedModel:
    """Load weights onto a GPU where there is one."""
    model = fit.load_base(folder, frozen_layers=frozen_layers)
    return model.to("cuda" if torch.cuda.is_available() else "cpu")


def _write(run: Run) -> None:
    """Write the int8 graph and the tokenizer into ``out/model``, not yet calibrated."""
    target = run.out / "model" / "stance.int8.onnx"
    export.export(run.checkpoint("last"), run.out, target)
    tokenizer = fit.load_tokenizer(run.base)
    tokenizer.no_truncation()
    tokenizer.save(str(run.out / "model" / "tokenizer.json"), pretty=False)
    _write_card(run.out / "model", Calibration(1.0, (0.0, 0.0, 0.0)))
    _log.info("wrote %s, %.1f MB", target.name, target.stat().st_size / 1e6)


def _write_card(folder: Path, calibration: Calibration) -> None:
    """Write model.json, which `bot.stance.model` reads."""
    fields = {
        "format": 1,
        "labels": list(LABELS),
        "max_length": _MAX_LENGTH,
        "max_claim": _MAX_CLAIM,
        "temperature": round(calibration.temperature, 6),
        "bias": [round(value, 6) for value in calibration.bias],
    }
    (folder / "model.json").write_text(json.dumps(fields, indent=1) + "\n", encoding="utf-8")


def _measure(run: Run, seed: int) -> dict[str, object]:
    """Predict the dev sets with both forms, calibrate the int8 one and give the figures."""
    measured = sets.dev_sets(run.data)
    measured["off_topic_dev"] = evaluate.off_topic_dev(measured, _OFF_TOPIC_DEV, seed)
    model = _on_device(run.checkpoint("last"))
    tokenizer = fit.load_tokenizer(run.base)
    shipped = OnnxStanceModel(run.out / "model")
    float32: dict[str, Array] = {}
    int8: dict[str, Array] = {}
    for name, pairs in measured.items():
        float32[name] = fit.predict(model, tokenizer, pairs).double().numpy()
        uncalibrated = shipped.classify([(pair.claim, pair.text) for pair in pairs])
        int8[name] = np.log(np.maximum(uncalibrated, 1e-9)).astype(np.float64)
        _log.info("predicted %s", name)
    calibration, figures = _calibrate(measured, int8)
    _write_card(run.out / "model", calibration)
    for name, pairs in measured.items():
        labels = evaluate.labels_of(pairs)
        forms = {
            "float32": evaluate.softmax(float32[name]),
            "int8": calibration.apply(int8[name]),
            "int8_uncalibrated": evaluate.softmax(int8[name]),
        }
        figures[name] = {
            form: evaluate.as_fields(evaluate.score(probabilities, labels))
            for form, probabilities in forms.items()
        }
    return figures


def _calibrate(
    measured: Mapping[str, list[Pair]], logits: Mapping[str, Array]
) -> tuple[Calibration, dict[str, object]]:
    """Fit the calibration on a mixture in which every set and "neutral" weigh the same."""
    neutral = [i for i, pair in enumerate(measured["nli_held_out"]) if pair.label == NEUTRAL]
    parts = [
        *((measured[name], logits[name], 1.0) for name in sets.STANCE_DEV),
        (measured["off_topic_dev"], logits["off_topic_dev"], 0.5),
        ([measured["nli_held_out"][i] for i in neutral], logits["nli_held_out"][neutral], 0.5),
    ]
    pairs = [pair for rows, _, _ in parts for pair in rows]
    stacked = np.concatenate([rows for _, rows, _ in parts])
    weights = np.concatenate([np.full(len(rows), share / len(rows)) for rows, _, share in parts])
    labels = evaluate.labels_of(pairs)
    claims = [pair.claim for pair in pairs]
    calibration = evaluate.fit_calibration(stacked, labels, weights)
    probabilities = calibration.apply(stacked)
    before, after = evaluate.crossfit_error(stacked, labels, weights, claims)
    return calibration, {
        "temperature": calibration.temperature,
        "bias": calibration.bias,
        "ece_uncalibrated": before,
        "ece_crossfit": after,
        "opposes_precision_recall": evaluate.opposing_precision(probabilities, labels, weights),
    }


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.stance.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder: stance/, nli/, counter/")
    parser.add_argument("--base", type=Path, required=True, help="folder of the pretrained encoder")
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    parser.add_argument(
        "--teacher", type=Path, help="a checkpoint of a larger model, to learn from it too"
    )
    parser.add_argument(
        "--teach-only", action="store_true", help="train a teacher: write no ONNX file"
    )
    parser.add_argument("--fraction", type=float, default=1.0, help="share of the data to use")
    parser.add_argument("--frozen-layers", type=int, default=0, help="lowest layers not to train")
    parser.add_argument("--width", type=int, help="units to keep of each feed-forward block")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--start-at", choices=STAGES, default=STAGES[0], help="go on from the checkpoints in --out"
    )
    parser.add_argument(
        "--cross-validate", action="store_true", help="also score the smallest set by five folds"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
