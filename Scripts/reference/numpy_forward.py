#!/usr/bin/env python3
"""Repeats the predictions of models/iris.yaml with NumPy alone, from the checkpoint's file.

    nnc predict CHECKPOINT datasets/iris.csv > predictions.csv
    python3 Scripts/reference/numpy_forward.py CHECKPOINT datasets/iris.csv predictions.csv

The network is dense 16 relu, dense 3, softmax, after standardisation. Prints the largest
difference of a probability and exits 1 if it is above 1e-5.
"""

import argparse
import csv
import json
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file

COLUMNS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
INPUT = "measurements"
CLASSES = 3
TOLERANCE = 1e-5


def standardisation(preprocessing):
    """Offset and factor of each input column: the one place that knows the keys."""
    scale = next(i for i in preprocessing["inputs"] if i["name"] == INPUT)["scale"]
    return np.array(scale["offset"]), np.array(scale["factor"])


def read_preprocessing(checkpoint):
    with safe_open(checkpoint, framework="numpy") as file:
        return json.loads(file.metadata()["nnc.preprocessing"])


def read_rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_inputs(path):
    """The raw measurements [rows, 4]."""
    return np.array([[float(row[name]) for name in COLUMNS] for row in read_rows(path)])


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def read_probabilities(path):
    """The columns that hold numbers [rows, 3]; a column of class names is passed over."""
    rows = read_rows(path)
    names = [name for name in rows[0] if all(is_number(row[name]) for row in rows)]
    if len(names) != CLASSES:
        raise ValueError(f"{path}: {len(names)} columns of numbers, not {CLASSES}: {names}")
    return np.array([[float(row[name]) for name in names] for row in rows])


def dense(x, tensors, layer):
    """x: [rows, in], weight: [out, in], bias: [out]."""
    return x @ tensors[f"{layer}.weight"].T + tensors[f"{layer}.bias"]


def relu(x):
    return np.maximum(x, 0)


def softmax(x):
    # Subtract the row maximum so that exp cannot overflow.
    exponentials = np.exp(x - x.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def forward(raw, checkpoint):
    """Class probabilities [rows, 3] of raw measurements [rows, 4]."""
    offset, factor = standardisation(read_preprocessing(checkpoint))
    tensors = {name: array.astype(np.float64) for name, array in load_file(checkpoint).items()}
    hidden = relu(dense((raw - offset) * factor, tensors, "dense_1"))
    return softmax(dense(hidden, tensors, "dense_2"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", help="safetensors file of models/iris.yaml")
    parser.add_argument("data", help="CSV of raw rows, as given to nnc predict")
    parser.add_argument("predictions", help="CSV that nnc predict wrote")
    arguments = parser.parse_args()
    expected = forward(read_inputs(arguments.data), arguments.checkpoint)
    predicted = read_probabilities(arguments.predictions)
    if predicted.shape != expected.shape:
        print(f"{len(predicted)} predictions for {len(expected)} rows", file=sys.stderr)
        return 1
    difference = np.abs(predicted - expected).max()
    print(f"largest difference of a probability: {difference:.2e} in {len(expected)} rows")
    # Written so that a difference that is not a number fails.
    return 0 if difference <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
