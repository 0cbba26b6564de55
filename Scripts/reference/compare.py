#!/usr/bin/env python3
"""Test figures of models/ beside those of scikit-learn's networks on the same rows.

    python3 Scripts/reference/compare.py .build/release/nnc
    python3 Scripts/reference/compare.py .build/release/nnc --model iris wine --seeds 11-30

For each model and seed runs

    nnc train --json --seed SEED models/MODEL.yaml

in a temporary folder, then trains the network of sklearn_baselines.py on the training rows that
the run's split.csv names and scores both on its test rows. The split follows the seed, so each
seed is another split. Prints a Markdown table of medians (least to greatest), and exits 1 if a
median misses its target.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from safetensors.numpy import load_file
from sklearn_baselines import BASELINES, figure, read_split, read_table

MODELS = Path(__file__).resolve().parents[2] / "models"
NEURON = {"dense_1.weight": [[2, -3]], "dense_1.bias": [0.5]}


@dataclass(frozen=True)
class Comparison:
    """What is compared of a model, and what its median has to reach."""

    metric: str
    target: float | None = None
    baseline: str | None = None
    part: str = "test"
    exact: bool = False
    """Whether each seed has to reach the target, not only the median."""

    def is_reached(self, scores):
        if self.target is None:
            return True
        return (min(scores) if self.exact else statistics.median(scores)) >= self.target

    @property
    def goal(self):
        if self.target is None:
            return "–"
        return f"{'= ' if self.exact else '≥ '}{self.target:.2f}"


COMPARISONS = {
    # Four and eight rows have no test part.
    "neuron": Comparison("r2", 1.0 - 1e-6, part="train", exact=True),
    "xor": Comparison("accuracy", 1.0, part="train", exact=True),
    "iris": Comparison("accuracy", 0.93, "iris"),
    "wine": Comparison("accuracy", 0.95, "wine"),
    "breast-cancer": Comparison("accuracy", 0.95, "breast-cancer"),
    "digits": Comparison("accuracy", 0.96, "digits"),
    "digits-cnn": Comparison("accuracy", 0.98, "digits"),
    "mnist-5k": Comparison("accuracy", 0.97, "mnist-5k"),
    "diabetes": Comparison("r2", 0.40, "diabetes"),
    "two-by-two": Comparison("cultivar.accuracy"),
}


@dataclass(frozen=True)
class Run:
    """What nnc says of one training."""

    metrics: dict
    folder: Path
    seconds: float


def train(nnc, name, seed, folder):
    start = time.monotonic()
    result = subprocess.run(
        [nnc, "train", "--json", "--seed", str(seed), MODELS / f"{name}.yaml"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if result.returncode != 0:
        raise RuntimeError(f"nnc train {name} with seed {seed}:\n{result.stderr[-2000:]}")
    document = json.loads(result.stdout)
    return Run(document["metrics"], folder / document["run"], time.monotonic() - start)


def neuron_error(run):
    """The largest difference from the line that the neuron learns."""
    tensors = load_file(run.folder / "best.safetensors")
    return max(abs(tensors[name] - truth).max() for name, truth in NEURON.items())


def spread(scores):
    middle, least, greatest = statistics.median(scores), min(scores), max(scores)
    return f"{middle:.4f} ({least:.4f} to {greatest:.4f})"


def compare(nnc, name, seeds):
    """Prints the row of a model; whether it reaches its target."""
    comparison = COMPARISONS[name]
    with tempfile.TemporaryDirectory() as folder:
        runs = [train(nnc, name, seed, Path(folder)) for seed in seeds]
        scores = [run.metrics[comparison.part][comparison.metric] for run in runs]
        reference = "–"
        if comparison.baseline:
            baseline = BASELINES[comparison.baseline]
            table = read_table(baseline)
            splits = [read_split(run.folder / "split.csv", table) for run in runs]
            reference = spread(
                [figure(table, baseline, split, seed) for split, seed in zip(splits, seeds)]
            )
        seconds = statistics.median(run.seconds for run in runs)
        print(
            f"| {name} | {comparison.metric} | {spread(scores)} | {reference} "
            f"| {comparison.goal} | {seconds:.2f} s |",
            flush=True,
        )
        reached = comparison.is_reached(scores)
        if name == "neuron":
            error = max(neuron_error(run) for run in runs)
            print(f"neuron: weights and bias within {error:.1e}", file=sys.stderr)
            reached = reached and error <= 1e-3
    return reached


def read_seeds(text):
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("nnc", help="the program")
    parser.add_argument("--model", nargs="+", choices=COMPARISONS, help="only these")
    parser.add_argument("--seeds", type=read_seeds, default="1-5", help="such as 11-30 (1-5)")
    arguments = parser.parse_args()
    nnc = str(Path(arguments.nnc).resolve())
    seeds = arguments.seeds
    print(f"| model | metric | nnc, seeds {seeds[0]}–{seeds[-1]} | scikit-learn, same splits "
          "| target | time of a training |")
    print("| --- | --- | --- | --- | --- | ---: |")
    missed = [
        name for name in arguments.model or COMPARISONS if not compare(nnc, name, seeds)
    ]
    if missed:
        print(f"target missed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
