"""The rows about input: files to prepared floats, on one core, nnc and other libraries in turns.

NNC_BENCH_IMAGES names another Python that has torchvision, where this one has none.
"""

import json
import os
import sys
from dataclasses import dataclass

import input_data
from runners import BUILD, CORES, HERE, Failure, Runner

# Case: its peers, and what its figures count.
TEXT_PEERS = ("pandas", "pandas-pyarrow", "polars")
CASES = {
    "decimals": TEXT_PEERS,
    "integers": TEXT_PEERS,
    "mixed": TEXT_PEERS,
    "idx": ("numpy", "copy"),
    "npy": ("numpy", "copy"),
    "jpeg": ("pillow", "torchvision"),
}


@dataclass(frozen=True)
class Reading:
    """A tool that reads; it stands in a runner's place of a variant."""

    key: str

    processors = CORES[:1]

    def command(self, case, model=None):
        if self.key == "nnc":
            return [str(BUILD / "nnc-bench"), "input", f"cases/input/{case}.yaml"], {}
        python = os.environ.get("NNC_BENCH_IMAGES", sys.executable)
        python = python if self.key == "torchvision" else sys.executable
        return [python, "peer_input.py", self.key, case], {}


def measure(case, rounds):
    """The times of each tool, and how many bytes, or images, it takes them for."""
    path = input_data.prepare(case)
    runners, results = [], {}
    for tool in ("nnc", *CASES[case]):
        try:
            runner = Runner(Reading(tool), case)
            runner.ready = 0
            # The first turn fills the caches of the file system.
            runner.take(1)
            runners.append(runner)
        except Failure as failure:
            print(f"  {case}, {tool}: {failure}", file=sys.stderr, flush=True)
            results[tool] = {"remark": str(failure)}
    for _ in range(rounds):
        for runner in runners:
            runner.times += runner.take(1)
    for runner in runners:
        results[runner.variant.key] = runner.figures()
    size = runners[0].ask("size") if runners and runners[0].variant.key == "nnc" else {}
    for runner in runners:
        runner.close()
    images = len(list(path.glob("*/*.jpg"))) if path.is_dir() else 0
    return {
        "bytes": 0 if images else path.stat().st_size,
        "floats": size.get("numbers", 0),
        "images": images,
        "tools": results,
    }


if __name__ == "__main__":
    os.chdir(HERE)
    for name in sys.argv[1:] or CASES:
        print(json.dumps({name: measure(name, 5)}), flush=True)
