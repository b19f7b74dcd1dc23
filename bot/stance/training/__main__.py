"""Train the stance model, then write its int8 form, calibrate it and measure both."""

from __future__ import annotations

import argparse
import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from transformers import PreTrainedModel

from bot.stance.model import LABELS, OnnxStanceModel
from bot.stance.training import evaluate, export, fit, mixing, sets
from bot.stance.training.evaluate import Array, Calibration
from bot.stance.training.sets import NEUTRAL, Pair

_log = logging.getLogger("bot.stance.training")

STAGES = ("inference", "stance", "last", "export")
"""In this order; each but the last leaves a checkpoint of its name for the next."""

_INFERENCE_PAIRS = 20_000
_INFERENCE_RATE = 8e-5
_STANCE_PASSES = 2
_STANCE_RATE = 6e-5
_TEACHER_SHARE = 0.8
_UNSIDED = 8000
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
    random: Random

    def checkpoint(self, stage: str) -> Path:
        """Return the folder of a stage's weights."""
        return self.out / "checkpoint" / stage

    def start_of(self, stage: str) -> Path:
        """Return the folder that a stage starts from."""
        place = STAGES.index(stage)
        return self.base if place == 0 else self.checkpoint(STAGES[place - 1])


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
        random=Random(arguments.seed),  # noqa: S311 - sampling, to be repeated
    )
    stages = STAGES[STAGES.index(arguments.start_at) :]
    if "inference" in stages:
        _train_on_inference(run)
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
    chosen = run.random.sample(rows, min(len(rows), int(_INFERENCE_PAIRS * run.fraction)))
    _fit(run, "inference", [chosen], _INFERENCE_RATE)


def _train_on_stance(run: Run) -> None:
    """Train on the stance sets but for the small one, with a teacher's targets if there is one."""
    stance, nli = sets.stance_rows(run.data), sets.nli_rows(run.data)
    _log.info("inference %d, stance %s", len(nli), {name: len(r) for name, r in stance.items()})
    del stance[sets.SMALL_SET]
    fraction, random = run.fraction, run.random
    epoch = mixing.stance_epoch(stance, fraction=fraction, random=random)
    if run.teacher is not None:
        unsided = sets.unsided_rows(run.data)
        epoch += random.sample(unsided, min(len(unsided), int(_UNSIDED * fraction)))
        teacher = _on_device(run.teacher)
        epoch = fit.soften(teacher, fit.load_tokenizer(run.teacher), epoch, _TEACHER_SHARE)
        _log.info("%d pairs softened", len(epoch))
    _fit(
        run,
        "stance",
        [
            epoch + mixing.inference_part(stance, nli, fraction=fraction, random=random)
            for _ in range(_STANCE_PASSES)
        ],
        _STANCE_RATE,
    )


def _train_on_all(run: Run) -> None:
    _fit(run, "last", _last_epochs(run, sets.stance_rows(run.data)[sets.SMALL_SET]), _LAST_RATE)


def _last_epochs(run: Run, small: list[Pair]) -> list[list[Pair]]:
    """Give passes over the small set amid some of everything else."""
    stance, nli = sets.stance_rows(run.data), sets.nli_rows(run.data)
    del stance[sets.SMALL_SET]
    fraction = _LAST_OTHERS * run.fraction
    return [
        mixing.varied(small, run.random)
        + mixing.stance_epoch(stance, fraction=fraction, random=run.random)
        + mixing.inference_part(stance, nli, fraction=fraction, random=run.random)
        for _ in range(_LAST_PASSES)
    ]


def _cross_validate(run: Run) -> Mapping[str, float]:
    """Score the small set: its claims in five folds, each by a model that saw the other four."""
    tokenizer = fit.load_tokenizer(run.base)
    probabilities: list[Array] = []
    measured: list[Pair] = []
    for inside, outside in sets.folds(sets.cross_validated(run.data)):
        model = _on_device(run.start_of("last"))
        fit.train(model, tokenizer, _last_epochs(run, inside), rate=_LAST_RATE, random=run.random)
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
    tokenizer = fit.load_tokenizer(run.base)
    target = run.checkpoint(stage)
    fit.train(model, tokenizer, epochs, rate=rate, random=run.random, checkpoint=target)
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
