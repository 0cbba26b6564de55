"""How far off `nnc show` is when it predicts the seconds of an epoch."""

import json
import math
import subprocess

import cases
from data import Text
from runners import BUILD, CORES, HERE, Variant


def rows_of(case):
    kind = cases.CASES[case]
    return kind.windows if isinstance(kind, Text) else kind.rows


def measure(case, row):
    """Predicted and measured seconds of an epoch; None where show does not tell any."""
    answer = subprocess.run(
        [BUILD / "nnc", "show", "--json", f"cases/{case}.yaml"],
        cwd=HERE, capture_output=True, text=True,
    )  # fmt: skip
    predicted = found(json.loads(answer.stdout)) if answer.returncode == 0 else None
    figures = row["variants"].get(Variant("nnc", len(CORES)).key, {})
    if predicted is None or "median" not in figures:
        return None
    steps = math.ceil(rows_of(case) / cases.BATCH[case])
    return {"predicted": predicted, "measured": steps * figures["median"] / 1e6}


def found(tree):
    """The value of `seconds_per_epoch`, wherever it stands."""
    if isinstance(tree, dict):
        if isinstance(tree.get("seconds_per_epoch"), (int, float)):
            return tree["seconds_per_epoch"]
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            value = found(part)
            if value is not None:
                return value
    return None
