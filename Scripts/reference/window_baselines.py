#!/usr/bin/env python3
"""What others reach on the windows of a time series that a run's split.csv names.

    python3 Scripts/reference/window_baselines.py co2 runs/co2/1
    python3 Scripts/reference/window_baselines.py airline runs/airline/1

The mean absolute error over all rows to come of the test windows: of guesses that learn nothing (the last
value; the same time a year before; that and the growth of the year), and of scikit-learn's linear
regression, gradient boosting and network, all with their defaults but for more steps (of the network the median of seeds 1 to 5), which see what
nnc sees: differences to the last value, of airline in logarithms; of co2 also the days of the year to come.
"""

import csv
import datetime
import sys
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

# The column, rows of a window, rows to come, rows of a year, what is done to numbers and undone.
SERIES = {
    "co2": ("co2", 52, 12, 52, lambda x: x, lambda x: x),
    "airline": ("passengers", 14, 6, 12, np.log1p, np.expm1),
}


def read(name):
    column = SERIES[name][0]
    path = Path(__file__).resolve().parents[2] / "datasets" / f"{name}.csv"
    with open(path, encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    values = np.array([float(row[column] or "nan") for row in table])
    if name != "co2":
        return values, None
    days = [datetime.date.fromisoformat(row["date"]).timetuple().tm_yday for row in table]
    angles = 2 * np.pi * (np.array(days) - 1) / 366
    return values, np.stack([np.sin(angles), np.cos(angles)], axis=1)


def starts(run, part):
    with open(f"{run}/split.csv", encoding="utf-8") as file:
        return [int(row["row"]) for row in csv.DictReader(file) if row["split"] == part]


def main(name, run):
    _, length, horizon, year, bend, unbend = SERIES[name]
    values, calendar = read(name)

    def windows(part):
        past = np.array([values[s : s + length] for s in starts(run, part)])
        truth = np.array([values[s + length : s + length + horizon] for s in starts(run, part)])
        return past, truth

    train, test = windows("train"), windows("test")
    (past, truth) = test

    def tell(word, predicted):
        print(f"{word}: mae {np.abs(predicted - truth).mean():.4f}")

    last = past[:, -1:]
    season = past[:, length - year : length - year + horizon]
    tell("the last value", np.repeat(last, horizon, axis=1))
    tell("the year before", season)
    if length > year:
        tell("the year before, grown", season * last / past[:, length - year - 1 : length - year])
    else:
        # The step to the same week of the next year is not in the window; this is as near as it gets.
        tell("the year before, grown", season + last - past[:, :1])

    def relative(part, name):
        past, truth = bend(part[0]), bend(part[1])
        seen = past - past[:, -1:]
        if calendar is not None:
            ahead = [calendar[s + length : s + length + horizon].ravel() for s in starts(run, name)]
            seen = np.hstack([seen, ahead])
        return seen, truth - past[:, -1:], past[:, -1:]

    x, y, _ = relative(train, "train")
    seen, _, base = relative(test, "test")

    def error(model):
        return np.abs(unbend(model.fit(x, y).predict(seen) + base) - truth).mean()

    boosting = MultiOutputRegressor(HistGradientBoostingRegressor(random_state=1))
    print(f"linear: mae {error(LinearRegression()):.4f}")
    print(f"boosting: mae {error(boosting):.4f}")
    networks = [
        make_pipeline(StandardScaler(), MLPRegressor(random_state=seed, max_iter=2000))
        for seed in range(1, 6)
    ]
    print(f"network: mae {np.median([error(network) for network in networks]):.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
