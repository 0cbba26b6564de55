#!/usr/bin/env python3
"""Measures training steps of nnc and its peers on the same cases, in turns.

    python3 Benchmarks/run.py                    # all cases, all peers
    python3 Benchmarks/run.py lenet --no-peers   # one case, nnc alone
    python3 Benchmarks/run.py --check            # that the twins compute the same losses

Every runner is a process of its own that waits while another measures. A round gives each a share
of steps that takes about a third of a second; the median of all steps is reported, the least
beside it, and the ratio to the fastest peer.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import cases
import data

HERE = Path(__file__).resolve().parent
RUNNER = HERE.parent / ".build" / "release" / "nnc-bench"
SHARE = 0.3


class Runner:
    def __init__(self, name, command):
        self.name = name
        self.times = []
        self.process = subprocess.Popen(
            command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended")
        return json.loads(line)

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.read()

    def warm_up(self):
        """Some steps that do not count, and how many make a share."""
        first = self.ask("steps 3")["microseconds"]
        many = max(1, min(2000, int(SHARE * 1e6 / max(min(first), 1))))
        times = self.ask(f"steps {min(many, 200)}")["microseconds"]
        # Not so many that keeping their times would count as memory.
        self.share = max(3, min(20_000, int(SHARE * 1e6 / statistics.median(times))))

    def round(self):
        self.times += self.ask(f"steps {self.share}")["microseconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def commands(case, threads, peers):
    yield "nnc", [str(RUNNER), f"cases/{case}.yaml", "--threads", str(threads)]
    if not peers:
        return
    torch = [sys.executable, "peer_torch.py", case, "--threads", str(threads)]
    yield "torch", torch
    if "compile" in peers:
        yield "torch.compile", [*torch, "--compile"]


def measure(case, threads, peers, rounds):
    runners = []
    for name, command in commands(case, threads, peers):
        try:
            runner = Runner(name, command)
            runner.warm_up()
            runners.append(runner)
        except RuntimeError as error:
            print(f"  {case}: {error}", file=sys.stderr)
    for _ in range(rounds):
        for runner in runners:
            runner.round()
    row = {}
    for runner in runners:
        row[runner.name] = {
            "median": statistics.median(runner.times),
            "least": min(runner.times),
            "memory": runner.ask("memory")["peak_bytes"],
        }
        runner.close()
    return row


def check(case):
    """Whether the twin computes the same loss from the same weights."""
    names = dict(commands(case, 1, {"eager"}))
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/weights.safetensors"
        ours, twin = Runner("nnc", names["nnc"]), Runner("torch", names["torch"])
        ours.ask(f"save {path}")
        twin.ask(f"load {path}")
        losses = ours.ask("loss")["loss"], twin.ask("loss")["loss"]
        ours.close()
        twin.close()
    same = abs(losses[0] - losses[1]) <= 1e-4 * max(abs(losses[1]), 1e-3)
    print(f"{case:12} {losses[0]:.6f} {losses[1]:.6f} {'same' if same else 'DIFFERS'}", flush=True)
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--compile", action="store_true", help="torch.compile too")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    names = arguments.cases or [name for name in cases.CASES if (HERE / f"cases/{name}.yaml").exists()]
    for name in names:
        data.prepare(name, cases.CASES[name])
    if arguments.check:
        return 0 if all([check(name) for name in names]) else 1
    peers = set() if arguments.no_peers else {"eager"} | ({"compile"} if arguments.compile else set())
    for name in names:
        row = measure(name, arguments.threads, peers, arguments.rounds)
        cells = [
            f"{who} {figures['median']:.1f} µs (least {figures['least']:.1f}, {figures['memory'] >> 20} MiB)"
            for who, figures in row.items()
        ]
        others = [figures["median"] for who, figures in row.items() if who != "nnc"]
        ratio = f"  ratio {min(others) / row['nnc']['median']:.2f}" if others else ""
        print(f"{name:12} " + "; ".join(cells) + ratio, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
