#!/usr/bin/env python3
"""Does to trainings what machines do to them, and looks whether anything is lost.

    python3 Scripts/faults.py                       # everything, some minutes
    python3 Scripts/faults.py kill --times 300      # one kind of fault

Each training is gone on with by `nnc train --resume` until it ends, and must leave the bytes of one that
nothing happened to. Full and read-only disks are small file systems in memory, which takes root; a
clock that jumps is a library that is loaded before the system's, which takes a C compiler.
"""

import argparse
import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NNC = Path(__file__).resolve().parents[1] / ".build" / "release" / "nnc"
FILES = ["best.safetensors", "last.safetensors", "state.safetensors", "metrics.jsonl", "split.csv"]

MODEL = """nnc: 1
name: faulty
seed: 3
data:
  source: rows.csv
  split: {{train: 0.8, validation: 0.2}}
  inputs: {{x: {{columns: x*, scale: standard}}}}
  targets: {{y: {{column: y, scale: standard}}}}
model:
  - dense: {{units: {units}, activation: relu}}
  - dropout: 0.1
  - dense: {{units: {units}, activation: relu}}
  - dense: y
loss: mse
optimizer:
  adamw: {{lr: 1e-3}}
  schedule: {{cosine: {{warmup: 10}}}}
train: {{epochs: {epochs}, batch: 32}}
checkpoint: {{folder: {folder}}}
"""

CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t clock, struct timespec *time) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, time);
  if (clock == CLOCK_REALTIME) time->tv_sec += random() % 2000000000 - 1000000000;
  static time_t jumps;
  if (clock == CLOCK_MONOTONIC) time->tv_sec += jumps += random() % 100;
  return result;
}
"""


class Training:
    """A model file in a folder of its own, and what a run of it must leave."""

    def __init__(self, folder, units=64, epochs=60, runs="runs"):
        self.folder = Path(folder)
        self.runs = Path(runs)
        draw = random.Random(5)
        rows = ["x1,x2,x3,x4,y"]
        for _ in range(2000):
            x = [draw.gauss(0, 1) for _ in range(4)]
            rows.append(",".join(f"{value:.4f}" for value in [*x, x[0] * x[1] - x[2]]))
        (self.folder / "rows.csv").write_text("\n".join(rows) + "\n")
        text = MODEL.format(units=units, epochs=epochs, folder=runs)
        (self.folder / "faulty.yaml").write_text(text)
        whole = MODEL.format(units=units, epochs=epochs, folder="whole")
        (self.folder / "whole.yaml").write_text(whole)
        start = time.monotonic()
        result = self.run("whole.yaml")
        self.seconds = time.monotonic() - start
        assert result.returncode == 0, result.stderr
        self.expected = digests(self.folder / "whole" / "faulty" / "1")

    def start(self, *arguments, **options):
        command = [NNC, "train", *arguments]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def run(self, *arguments, **options):
        process = self.start(*arguments, **options)
        _, process.stderr = process.communicate()
        return process

    @property
    def run_folder(self):
        runs = self.folder / self.runs / "faulty"
        return runs / str(max((int(path.name) for path in runs.glob("*")), default=1))

    def resume(self):
        """What goes on with the run, or begins it where nothing was written yet."""
        return ["faulty.yaml"] + (["--resume"] if (self.run_folder / "model.yaml").exists() else [])

    def same(self):
        return digests(self.run_folder) == self.expected


def digests(run):
    """Of the tensors and figures; the folder of the runs is in the metadata and differs."""
    found = {}
    for name in FILES:
        content = (run / name).read_bytes()
        if name.endswith(".safetensors"):
            content = content[8 + int.from_bytes(content[:8], "little") :]
        found[name] = hashlib.sha256(content).hexdigest()
    return found


def kill(folder, times):
    """Processes killed at any moment, over and over until the run ends."""
    training = Training(folder, units=256, epochs=40)
    draw = random.Random(1)
    kills = ends = 0
    while kills < times:
        process = training.start(*training.resume())
        try:
            process.wait(draw.uniform(0.02, training.seconds * 1.2))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            kills += 1
        _, errors = process.communicate()
        if process.returncode == 0 or "is complete" in errors:
            assert training.same(), "other bytes"
            ends += 1
            shutil.rmtree(training.folder / "runs")
        else:
            assert process.returncode == -signal.SIGKILL, errors
    return f"{kills} kills, {ends} runs that ended with the same bytes, none with others"


@contextlib.contextmanager
def small_disk(path, size):
    """A file system of so many kilobytes, which goes away."""
    path.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", path], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", path], check=True)


def remount(disk, option, check=True):
    quiet = None if check else subprocess.DEVNULL
    subprocess.run(["mount", "-o", f"remount,{option}", disk], check=check, stderr=quiet)


def full(folder, times):
    """A disk that is full at one write after the other."""
    training = Training(folder, epochs=30, runs="disk/runs")
    disk = training.folder / "disk"
    told = 0
    sizes = sorted({4 * (1 + step * 90 // times) for step in range(times)})
    for size in sizes:
        with small_disk(disk, size):
            result = training.run("faulty.yaml")
            if result.returncode != 0:
                assert result.returncode == 1 and "the disk is full" in result.stderr, result.stderr
                told += 1
                remount(disk, "size=65536k")
                result = training.run(*training.resume())
            assert result.returncode == 0, result.stderr
            assert training.same(), "other bytes"
    return f"{len(sizes)} sizes: {told} full and told so, all ended with the same bytes"


def readonly(folder, times):
    """A disk that becomes read-only while a training writes to it."""
    training = Training(folder, units=256, epochs=60, runs="disk/runs")
    disk = training.folder / "disk"
    draw = random.Random(2)
    told = 0
    for _ in range(times):
        with small_disk(disk, 65536):
            process = training.start("faulty.yaml")
            time.sleep(draw.uniform(0, training.seconds))
            # While a file is open for writing it cannot be.
            remount(disk, "ro", check=False)
            _, errors = process.communicate()
            remount(disk, "rw")
            if process.returncode != 0:
                assert process.returncode == 1 and "ead-only" in errors, errors
                told += 1
                result = training.run(*training.resume())
                assert result.returncode == 0, result.stderr
            assert training.same(), "other bytes"
    return f"{times} times: {told} told so, all ended with the same bytes"


def data(folder, times):
    """Data that changes or goes while a training runs and is gone on with."""
    training = Training(folder, units=256, epochs=60)
    rows = training.folder / "rows.csv"
    content = rows.read_bytes()
    draw = random.Random(3)
    told = same = 0
    for turn in range(times):
        process = training.start("faulty.yaml")
        while not (training.run_folder / "run.json").exists():
            time.sleep(0.002)
        time.sleep(draw.uniform(0, training.seconds / 2))
        if turn % 2:
            rows.unlink()
        else:
            rows.write_bytes(content.replace(b"0", b"1", 1))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        result = training.run("faulty.yaml", "--resume")
        if "is complete" not in result.stderr:
            reason = "there is no file" if turn % 2 else "'rows.csv' is not what the run"
            assert result.returncode == 1 and reason in result.stderr, result.stderr
            told += 1
        rows.write_bytes(content)
        result = training.run("faulty.yaml", "--resume")
        assert result.returncode == 0 or "is complete" in result.stderr, result.stderr
        assert training.same(), "other bytes"
        same += 1
        shutil.rmtree(training.folder / "runs")
    return f"{times} times: {told} told so by name, {same} ended with the same bytes"


def clock(folder, times):
    """A clock that jumps by years and back."""
    training = Training(folder)
    source = training.folder / "clock.c"
    source.write_text(CLOCK)
    library = training.folder / "clock.so"
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    for _ in range(times):
        result = training.run("faulty.yaml", env=environment)
        assert result.returncode == 0, result.stderr
        assert training.same(), "other bytes"
    return f"{times} trainings, all with the same bytes"


FAULTS = {
    "kill": (kill, 100),
    "full": (full, 45),
    "readonly": (readonly, 10),
    "data": (data, 10),
    "clock": (clock, 5),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("faults", nargs="*", choices=[*FAULTS, []])
    parser.add_argument("--times", type=int, help="how often each happens")
    arguments = parser.parse_args()
    if not NNC.exists():
        sys.exit(f"{NNC} is not built; run make build first")
    for name in arguments.faults or FAULTS:
        fault, times = FAULTS[name]
        with tempfile.TemporaryDirectory() as folder:
            print(f"{name}: {fault(folder, arguments.times or times)}", flush=True)


if __name__ == "__main__":
    main()
