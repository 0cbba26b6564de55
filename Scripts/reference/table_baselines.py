#!/usr/bin/env python3
"""What scikit-learn reaches on the tables of models/fetched/, on the rows that a run's split.csv names.

    python3 Scripts/reference/table_baselines.py bike-sharing runs/bike-sharing/1

For each table a guess that knows nothing of the row, a linear model, a network of the same layers and
gradient boosting, all with scikit-learn's defaults. Of numbers r2 and the mean absolute error are
told, of classes the accuracy.
"""

import csv
import sys
from pathlib import Path

import numpy as np
from linear_baselines import numbers, parts
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, mean_absolute_error, r2_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import OneHotEncoder, StandardScaler

FETCHED = Path(__file__).resolve().parents[2] / "datasets" / "fetched"

# The file, the target, columns of numbers, columns of words, the layers of the network.
TABLES = {
    "bike-sharing": (
        "bikeshare.csv",
        "bikers",
        ["temp", "atemp", "hum", "windspeed", "holiday", "workingday"],
        ["hr", "mnth", "weekday", "weathersit"],
        (128, 64),
    ),
    "wage": (
        "wage.csv",
        "wage",
        ["year", "age"],
        ["maritl", "race", "education", "jobclass", "health", "health_ins"],
        (32,),
    ),
    "letter": ("letter.csv", "letter", None, [], (256, 128)),
}


def read(name):
    file, target, columns, words, layers = TABLES[name]
    with open(FETCHED / file, encoding="utf-8") as opened:
        table = list(csv.DictReader(opened))
    columns = columns or [column for column in table[0] if column != target]
    x = StandardScaler().fit_transform(numbers(table, columns))
    if words:
        cells = [[row[word] for word in words] for row in table]
        x = np.hstack([x, OneHotEncoder(sparse_output=False).fit_transform(cells)])
    y = [row[target] for row in table]
    is_class = name == "letter"
    return x, np.array(y) if is_class else np.array(y, dtype=float), is_class, layers


def main(name, run):
    x, y, is_class, layers = read(name)
    train, test = parts(run)
    if is_class:
        models = {
            "guess": DummyClassifier(),
            "linear": LogisticRegression(max_iter=1000),
            "network": MLPClassifier(hidden_layer_sizes=layers, random_state=1),
            "boosting": HistGradientBoostingClassifier(random_state=1),
        }
    else:
        models = {
            "guess": DummyRegressor(),
            "linear": LinearRegression(),
            "network": MLPRegressor(hidden_layer_sizes=layers, random_state=1, max_iter=500),
            "boosting": HistGradientBoostingRegressor(random_state=1),
        }
    for word, model in models.items():
        predicted = model.fit(x[train], y[train]).predict(x[test])
        if is_class:
            print(f"{word}: accuracy {accuracy_score(y[test], predicted):.4f}")
        else:
            error = mean_absolute_error(y[test], predicted)
            print(f"{word}: r2 {r2_score(y[test], predicted):.4f}, mae {error:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
