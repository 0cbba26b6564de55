#!/usr/bin/env python3
"""Test figures of scikit-learn's networks on the files of datasets/.

    python3 Scripts/reference/sklearn_baselines.py
    python3 Scripts/reference/sklearn_baselines.py --dataset iris --split split-1.csv split-2.csv

Without --split each seed (1 to 5) makes its own 70/15/15 split, stratified by
class, and initialises the network; the table gives the median over the seeds.
With --split the rows are divided as each file says (columns row and split; row
counts data rows from zero; split is train, validation or test), one figure a
file.

The figure is accuracy for a category, r2 for a number, on the test rows. Inputs
are standardised by the training rows, and so is a number that is predicted.
The validation rows are used for nothing: the settings below are fixed.
"""

import argparse
import csv
import gzip
import statistics
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
SEEDS = [1, 2, 3, 4, 5]
PARTS = ["train", "validation", "test"]


@dataclass(frozen=True)
class Baseline:
    """A dataset's file and the network that learns it."""

    file: str
    hidden: tuple
    epochs: int
    batch: int
    alpha: float = 1e-4
    learning_rate: float = 1e-3
    regression: bool = False

    @property
    def metric(self):
        return "r2" if self.regression else "accuracy"

    @property
    def settings(self):
        hidden = " + ".join(f"{units} relu" for units in self.hidden)
        return (
            f"{hidden}; adam {self.learning_rate:g}; alpha {self.alpha:g}; "
            f"batch {self.batch}; {self.epochs} epochs"
        )

    def network(self, seed):
        kind = MLPRegressor if self.regression else MLPClassifier
        return kind(
            hidden_layer_sizes=self.hidden,
            activation="relu",
            solver="adam",
            alpha=self.alpha,
            batch_size=self.batch,
            learning_rate_init=self.learning_rate,
            max_iter=self.epochs,
            n_iter_no_change=self.epochs,
            random_state=seed,
        )

    def estimator(self, seed):
        pipeline = make_pipeline(StandardScaler(), self.network(seed))
        if not self.regression:
            return pipeline
        return TransformedTargetRegressor(pipeline, transformer=StandardScaler())


BASELINES = {
    "iris": Baseline("iris.csv", (16,), epochs=100, batch=16, learning_rate=1e-2),
    "wine": Baseline("wine.csv", (16,), epochs=100, batch=16),
    "breast-cancer": Baseline("breast-cancer.csv", (32,), epochs=50, batch=32),
    "digits": Baseline("digits.csv.gz", (64,), epochs=50, batch=32),
    "mnist-5k": Baseline("mnist-5k.csv.gz", (128,), epochs=30, batch=64),
    "diabetes": Baseline("diabetes.csv", (16,), epochs=50, batch=32, alpha=1e-1, regression=True),
}


@dataclass(frozen=True)
class Table:
    """Inputs [rows, columns] and the last column [rows], which is predicted."""

    inputs: np.ndarray
    target: np.ndarray

    @property
    def rows(self):
        return len(self.target)


def read_table(baseline):
    path = DATASETS / baseline.file
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="ascii", newline="") as file:
        rows = list(csv.reader(file))[1:]
    cells = np.array(rows)
    target = cells[:, -1]
    return Table(
        inputs=cells[:, :-1].astype(np.float64),
        target=target.astype(np.float64) if baseline.regression else target,
    )


def seeded_split(table, baseline, seed):
    """Row numbers of train, validation and test: 70, 15 and 15 percent."""

    def divide(rows, share):
        classes = None if baseline.regression else table.target[rows]
        return train_test_split(rows, test_size=share, random_state=seed, stratify=classes)

    train, rest = divide(np.arange(table.rows), 0.3)
    validation, test = divide(rest, 0.5)
    return dict(zip(PARTS, (train, validation, test), strict=True))


def read_split(path, table):
    """Row numbers of each part, as a CSV file with the columns row and split says."""
    parts = {part: [] for part in PARTS}
    with open(path, encoding="utf-8", newline="") as file:
        for entry in csv.DictReader(file):
            if entry["split"] not in parts:
                raise ValueError(f"{path}: unknown split '{entry['split']}'")
            parts[entry["split"]].append(int(entry["row"]))
    named = [row for rows in parts.values() for row in rows]
    if len(set(named)) != len(named) or not set(named) <= set(range(table.rows)):
        raise ValueError(f"{path}: a row is named twice or is not in the dataset")
    if not parts["train"] or not parts["test"]:
        raise ValueError(f"{path}: no train or no test rows")
    return {part: np.array(rows, dtype=int) for part, rows in parts.items()}


def figure(table, baseline, split, seed):
    """Trains on the training rows and scores the test rows."""
    train, test = split["train"], split["test"]
    estimator = baseline.estimator(seed)
    with warnings.catch_warnings():
        # The number of epochs is fixed, so "not converged yet" says nothing.
        warnings.simplefilter("ignore", ConvergenceWarning)
        estimator.fit(table.inputs[train], table.target[train])
    return estimator.score(table.inputs[test], table.target[test])


def print_header(last):
    print(f"| dataset | metric | {last} | network and training |")
    print("| --- | --- | --- | --- |")


def print_seeds(names):
    print_header("median (least to greatest) over seeds 1–5")
    for name in names:
        baseline = BASELINES[name]
        table = read_table(baseline)
        scores = [
            figure(table, baseline, seeded_split(table, baseline, seed), seed) for seed in SEEDS
        ]
        spread = f"{statistics.median(scores):.4f} ({min(scores):.4f} to {max(scores):.4f})"
        print(f"| {name} | {baseline.metric} | {spread} | {baseline.settings} |", flush=True)


def print_splits(name, paths):
    baseline = BASELINES[name]
    table = read_table(baseline)
    print_header("split file: figure")
    for seed, path in enumerate(paths, start=1):
        score = figure(table, baseline, read_split(path, table), seed)
        cell = f"{Path(path).name}: {score:.4f}"
        print(f"| {name} | {baseline.metric} | {cell} | {baseline.settings}; seed {seed} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dataset", choices=BASELINES, help="only this one")
    parser.add_argument("--split", nargs="+", metavar="FILE.csv", help="splits of that dataset")
    arguments = parser.parse_args()
    if arguments.split and not arguments.dataset:
        parser.error("--split needs --dataset")
    if arguments.split:
        print_splits(arguments.dataset, arguments.split)
    else:
        print_seeds([arguments.dataset] if arguments.dataset else list(BASELINES))
    return 0


if __name__ == "__main__":
    sys.exit(main())
