"""The rows about checkpoints: half a gigabyte there and back, and what they cost a training."""

import os
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import whole
from runners import BUILD, CORES, HERE, Runner

MODEL = "mnist-5k"


@dataclass(frozen=True)
class Saving:
    """nnc's own code; it stands in a runner's place of a variant."""

    key: str
    folder: str

    processors = CORES

    def command(self, case, model=None):
        return [str(BUILD / "nnc-bench"), "checkpoint", self.folder], {}


def measure(rounds):
    """Microseconds of writing, of reading, and of what the system needs to copy the same file."""
    times = {"write": [], "copy, on the disk": [], "read": [], "copy": []}
    # Where runs lie, as a folder of temporary files may be in memory.
    with tempfile.TemporaryDirectory(dir=HERE) as folder:
        runner = Runner(Saving("nnc", folder), "checkpoint")
        path, other = Path(folder, "large.safetensors"), Path(folder, "copy")
        for turn in range(rounds + 1):
            taken = {
                "write": runner.ask("write")["microseconds"],
                "copy, on the disk": copied(path, other, syncs=True),
                "read": runner.ask("read")["microseconds"],
                "copy": copied(path, other, syncs=False),
            }
            if turn > 0:
                for what, microseconds in taken.items():
                    times[what].append(microseconds)
        size = path.stat().st_size
        runner.close()
    return {"bytes": size} | {what: statistics.median(values) for what, values in times.items()}


def copied(path, other, syncs):
    """Copies a file over another as a checkpoint is written: beside it, with its name at the end.

    - syncs: whether it waits for the disk.
    """
    new = other.with_suffix(".new")
    start = time.perf_counter()
    with path.open("rb") as source, new.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
        target.flush()
        if syncs:
            os.fsync(target.fileno())
    new.rename(other)
    return (time.perf_counter() - start) * 1e6


def cost(rounds):
    """Milliseconds of a training that writes after every epoch, and of one that writes at its end."""
    with tempfile.TemporaryDirectory(dir=HERE) as folder:
        model = whole.MODELS / f"{MODEL}.yaml"
        command = [whole.NNC, "train", "--no-lock", model, "--set"]
        times = {"every": [], "end": []}
        for _ in range(rounds):
            for which, every in (("every", 1), ("end", 100_000)):
                times[which].append(
                    whole.timed([*command, f"checkpoint.every={every}"], {}, folder)
                )
    return {which: statistics.median(values) for which, values in times.items()}
