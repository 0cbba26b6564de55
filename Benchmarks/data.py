"""The data of the cases: made from fixed random streams, so that every runner sees the same.

Each case has a text file that nnc reads and, for the peers, the same values as NumPy arrays.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent / ".data"


@dataclass(frozen=True)
class Table:
    """Rows of numbers with a class, a yes or no, or a number to predict."""

    shape: tuple
    classes: int
    rows: int

    def arrays(self, name):
        random = np.random.RandomState(sum(name.encode()))
        x = random.standard_normal((self.rows, *self.shape)).round(3).astype(np.float32)
        if self.classes == 0:
            y = x.reshape(self.rows, -1).sum(axis=1, keepdims=True).round(3)
        elif self.classes == 1:
            y = (np.arange(self.rows) % 2).astype(np.float32)[:, None]
        else:
            y = (np.arange(self.rows) % self.classes).astype(np.int64)
        return {"x": x, "y": y}

    def write(self, name, arrays):
        x = arrays["x"].reshape(self.rows, -1)
        header = [f"x_{index}" for index in range(x.shape[1])] + ["y"]
        with open(FOLDER / f"{name}.csv", "w", encoding="ascii") as file:
            file.write(",".join(header) + "\n")
            for row, y in zip(x, arrays["y"].reshape(-1), strict=True):
                file.write(",".join(f"{value:g}" for value in row) + f",{y:g}\n")


@dataclass(frozen=True)
class MixedTable:
    """Rows of numbers and of categories, one column for each of the sizes, and a class."""

    numbers: int
    sizes: tuple
    classes: int
    rows: int

    def arrays(self, name):
        random = np.random.RandomState(sum(name.encode()))
        x = random.standard_normal((self.rows, self.numbers)).round(3).astype(np.float32)
        # Every category occurs, so that nnc and its peers count the same.
        columns = [random.permutation(np.arange(self.rows) % size) for size in self.sizes]
        y = (np.arange(self.rows) % self.classes).astype(np.int64)
        return {"x": x, "c": np.stack(columns, axis=1).astype(np.int64), "y": y}

    def write(self, name, arrays):
        header = [f"x_{index}" for index in range(self.numbers)]
        header += [f"c_{index}" for index in range(len(self.sizes))]
        with open(FOLDER / f"{name}.csv", "w", encoding="ascii") as file:
            file.write(",".join([*header, "y"]) + "\n")
            for x, c, y in zip(arrays["x"], arrays["c"], arrays["y"], strict=True):
                # Words of one length sort as their numbers do.
                cells = [f"{value:g}" for value in x] + [f"k{code:03}" for code in c]
                file.write(",".join([*cells, f"{y}"]) + "\n")


@dataclass(frozen=True)
class Text:
    """Windows of `length` characters, the next one to predict, from an alphabet of a size.

    The vocabulary is one larger: nnc keeps a place for characters it has not seen.
    """

    length: int
    characters: int
    windows: int

    def arrays(self, name):
        random = np.random.RandomState(sum(name.encode()))
        count = self.length * self.windows + 1
        codes = np.concatenate(
            [np.arange(self.characters), random.randint(0, self.characters, count)]
        )
        codes = codes[:count] if self.characters < count else codes
        starts = np.arange(0, len(codes) - self.length, self.length)
        rows = np.stack([codes[start : start + self.length + 1] for start in starts])
        return {
            "x": rows[:, :-1].astype(np.int64),
            "y": rows[:, 1:].astype(np.int64),
            "codes": codes,
        }

    def write(self, name, arrays):
        # Characters from U+10000 on sort as their numbers do, and none of them is half a pair.
        text = "".join(chr(0x10000 + code) for code in arrays["codes"])
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8")


def prepare(name, kind):
    """Makes the data of a case where it is missing, and gives the arrays."""
    FOLDER.mkdir(exist_ok=True)
    arrays = kind.arrays(name)
    marker = FOLDER / f"{name}.done"
    if not marker.exists() or marker.read_text() != repr(kind):
        kind.write(name, arrays)
        marker.write_text(repr(kind))
    return arrays
