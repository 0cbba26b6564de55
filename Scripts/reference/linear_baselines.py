#!/usr/bin/env python3
"""What scikit-learn's linear methods reach on the rows that a run's split.csv names.

    python3 Scripts/reference/linear_baselines.py autoencoder runs/autoencoder/1
    python3 Scripts/reference/linear_baselines.py sunspots runs/sunspots/1

For autoencoder the squared error of eight principal components on the test rows; for sunspots how
many test rows lie between linear regressions of the first and ninth tenth.
"""

import csv
import gzip
import sys
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import QuantileRegressor


def parts(run):
    with open(f"{run}/split.csv", encoding="utf-8") as file:
        names = [row["split"] for row in csv.DictReader(file)]
    return [[i for i, name in enumerate(names) if name == part] for part in ("train", "test")]


def numbers(table, names):
    return np.array([[float(row[name]) for name in names] for row in table])


def autoencoder(train, test):
    pixels = numbers(read_rows("digits.csv.gz"), [f"pixel_{i}" for i in range(64)])
    components = PCA(8).fit(pixels[train])
    drawn = components.inverse_transform(components.transform(pixels[test]))
    return f"squared error {np.square(drawn - pixels[test]).mean():.4f}"


def sunspots(train, test):
    table = read_rows("sunspots.csv")
    past = numbers(table, [f"lag_{lag}" for lag in range(12, 0, -1)])
    truth = numbers(table, ["sunspots"])[:, 0]
    low, high = (
        QuantileRegressor(quantile=share, alpha=0, solver="highs")
        .fit(past[train], truth[train])
        .predict(past[test])
        for share in (0.1, 0.9)
    )
    return f"covers {((low <= truth[test]) & (truth[test] <= high)).mean():.4f}"


def read_rows(name):
    path = Path(__file__).resolve().parents[2] / "datasets" / name
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else open(path, encoding="utf-8")
    with opened as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    print({"autoencoder": autoencoder, "sunspots": sunspots}[sys.argv[1]](*parts(sys.argv[2])))
