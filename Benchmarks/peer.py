"""What all peers have in common: they speak as the runner of nnc does.

A peer reads one command a line and answers each with one line of JSON:

- `steps N`: takes N steps; `{"microseconds": […]}`, one number a step
- `infer ROWS TIMES`: predicts so many rows so many times; `{"microseconds": […]}`
- `loss`: the loss of the next batch with the weights as they are; `{"loss": …}`
- `load PATH`: takes weights from a safetensors file; `{}`
"""

import argparse
import json
import sys
import time

import numpy as np

import cases
import data


class Peer:
    """A case in another framework; `step`, `loss`, `load`, `prepare` and `predict` are its own."""

    def __init__(self, arguments):
        self.case = arguments.case
        arrays = data.prepare(arguments.case, cases.CASES[arguments.case])
        self.inputs = [arrays[name] for name in ("x", "c") if name in arrays]
        self.targets = arrays["y"]
        if self.targets.dtype == np.float64:
            self.targets = self.targets.astype(np.float32)
        batch = cases.BATCH[arguments.case]
        self.slices = [
            slice(first, first + batch) for first in range(0, len(self.targets) - batch + 1, batch)
        ]
        self.next = 0
        self.prepared = 0

    def batch(self):
        """The number of the next batch."""
        index = self.next
        self.next = (index + 1) % len(self.slices)
        return index

    def rows(self, count):
        """The inputs over and over, up to a count."""
        whole = -(-count // len(self.targets))
        return [np.concatenate([x] * whole)[:count] for x in self.inputs]

    def chunk_sizes(self, count):
        """How many rows may go through the network together in inference; the fastest is taken."""
        return [size for size in cases.CHUNKS[self.case] if size < count] or [count]

    def try_out(self, chunks):
        """How long some chunks take, for each of their rows."""
        rows = len(chunks[0][0])
        self.chunks = chunks[: max(1, 250 // rows)]
        return min(timed(self.predict) for _ in range(3)) / len(self.chunks) / rows

    def answer(self, line):
        command, _, value = line.strip().partition(" ")
        if command == "steps":
            return {"microseconds": [timed(self.step) for _ in range(int(value))]}
        if command == "infer":
            rows, times = map(int, value.split())
            if rows != self.prepared:
                self.prepare(self.rows(rows), rows)
                self.prepared = rows
            return {"microseconds": [timed(self.predict) for _ in range(times)]}
        if command == "loss":
            return {"loss": self.loss()}
        if command == "load":
            self.load(value)
            return {}
        raise SystemExit(f"no command '{line}'")


def timed(function):
    start = time.perf_counter()
    function()
    return (time.perf_counter() - start) * 1e6


def parser(description):
    result = argparse.ArgumentParser(description=description)
    result.add_argument("case")
    result.add_argument("--threads", type=int, default=2)
    result.add_argument("--bf16", action="store_true")
    return result


def serve(peer):
    print('{"ready": true}', flush=True)
    for line in sys.stdin:
        print(json.dumps(peer.answer(line)), flush=True)
