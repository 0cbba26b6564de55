#!/usr/bin/env python3
"""Runs training steps of a case in PyTorch on demand; speaks as the runner of nnc does.

    python3 peer_torch.py CASE --threads N [--compile] [--bf16]

Besides: `load PATH` takes weights from a safetensors file.
"""

import argparse
import json
import resource
import sys
import time

import torch
from safetensors.torch import load_file

import cases
import data
import twins_torch
import twins_torch_text

MODELS = twins_torch.MODELS | twins_torch_text.MODELS


class Session:
    def __init__(self, arguments):
        torch.set_num_threads(arguments.threads)
        make, self.loss, optimizer = MODELS[arguments.case]
        torch.manual_seed(1)
        self.model = make()
        # Fused or for-each, PyTorch's own choice is not always the faster one on a processor.
        self.optimizer = optimizer(self.model.parameters())
        self.forward = torch.compile(self.model) if arguments.compile else self.model
        self.bf16 = arguments.bf16
        arrays = data.prepare(arguments.case, cases.CASES[arguments.case])
        self.x = [torch.from_numpy(arrays[name]) for name in ("x", "c") if name in arrays]
        self.y = torch.from_numpy(arrays["y"])
        if self.y.dtype == torch.float64:
            self.y = self.y.float()
        self.batch = cases.BATCH[arguments.case]
        self.next = 0

    def rows(self):
        if self.next + self.batch > len(self.y):
            self.next = 0
        rows = slice(self.next, self.next + self.batch)
        self.next += self.batch
        return [x[rows] for x in self.x], self.y[rows]

    def value(self, x, y):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            output = self.forward(*x)
            if y.dtype == torch.int64 and y.dim() == 2:
                output, y = output.flatten(0, 1), y.flatten()
            return self.loss(output, y)

    def step(self):
        x, y = self.rows()
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.value(x, y)
        loss.backward()
        self.optimizer.step()
        # The step is over when its loss is known.
        return loss.item()

    def answer(self, line):
        command, _, value = line.strip().partition(" ")
        if command == "steps":
            times = []
            for _ in range(int(value)):
                start = time.perf_counter()
                self.step()
                times.append((time.perf_counter() - start) * 1e6)
            return {"microseconds": times}
        if command == "loss":
            x, y = self.rows()
            return {"loss": self.value(x, y).item()}
        if command == "load":
            missing = self.model.load_state_dict(load_file(value), strict=False)
            lost = [name for name in missing.missing_keys if "num_batches" not in name]
            if lost or missing.unexpected_keys:
                raise SystemExit(f"weights differ: {lost}, {missing.unexpected_keys}")
            return {}
        if command == "memory":
            return {"peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
        raise SystemExit(f"no command '{line}'")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("case")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--bf16", action="store_true")
    session = Session(parser.parse_args())
    print('{"ready": true}', flush=True)
    for line in sys.stdin:
        print(json.dumps(session.answer(line)), flush=True)


if __name__ == "__main__":
    main()
