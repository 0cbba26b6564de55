#!/usr/bin/env python3
"""What one would write with scikit-learn for models/iris.yaml.

    python3 plain_sklearn.py EPOCHS OUTPUT

The same network but for dropout, which MLPClassifier has not, as many epochs and the same batches.
"""

import csv
import pickle
import sys
from pathlib import Path

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

DATASETS = Path(__file__).resolve().parent.parent / "datasets"


def main():
    epochs, folder = int(sys.argv[1]), Path(sys.argv[2])
    with open(DATASETS / "iris.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name != "species"]
    x = np.array([[float(row[name]) for name in names] for row in rows])
    y = np.array([row["species"] for row in rows])
    x, x_test, y, y_test = train_test_split(x, y, test_size=0.3, stratify=y, random_state=7)
    network = MLPClassifier(
        (16,), batch_size=16, learning_rate_init=1e-2, max_iter=epochs, tol=0,
        n_iter_no_change=epochs, random_state=7,
    )  # fmt: skip
    model = make_pipeline(StandardScaler(), network)
    model.fit(x, y)
    print(f"accuracy {model.score(x_test, y_test):.4f} on the rest")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.pickle").write_bytes(pickle.dumps(model))


if __name__ == "__main__":
    main()
