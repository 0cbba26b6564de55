#!/usr/bin/env python3
"""Writes a table of any size, to train on what does not fit into memory.

    python3 Scripts/datasets/large.py datasets/fetched/large.csv         # 4 GB, some minutes
    python3 Scripts/datasets/large.py small.csv --bytes 50000000 --seed 2

Forty columns of numbers, one of words and a label of three classes that follows from five of them. The
same size and seed write the same bytes.
"""

import argparse
import random

COLUMNS = 40
COLOURS = ["amber", "blue", "crimson", "green", "violet"]
SHIFT = {"amber": -0.8, "blue": -0.2, "crimson": 0.0, "green": 0.3, "violet": 0.7}
# So many different numbers that none stands out; each is written once.
POOL = 1 << 16


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path")
    parser.add_argument("--bytes", type=int, default=4_000_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)
    values = [round(draw.gauss(0, 1), 5) for _ in range(POOL)]
    texts = [f"{value:.5f}" for value in values]
    written = 0
    with open(arguments.path, "w", encoding="ascii") as file:
        names = [f"x{index + 1}" for index in range(COLUMNS)]
        written += file.write(",".join([*names, "colour", "label"]) + "\n")
        while written < arguments.bytes:
            lines = []
            for _ in range(1000):
                bits = draw.getrandbits(16 * COLUMNS + 8)
                cells = []
                for _ in range(COLUMNS):
                    cells.append(bits & 0xFFFF)
                    bits >>= 16
                colour = COLOURS[bits % 5]
                x = [values[cell] for cell in cells[:4]]
                score = x[0] + 0.5 * x[1] * x[1] - abs(x[2]) + 0.3 * x[3] + SHIFT[colour]
                label = "low" if score < -0.7 else "middle" if score < 0.5 else "high"
                row = [texts[cell] for cell in cells]
                lines.append(",".join([*row, colour, label]))
            written += file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
