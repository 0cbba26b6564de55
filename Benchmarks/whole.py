"""Whole processes: from the start of a command to the checkpoint on disk, in turns."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from runners import BUILD, CORES, HERE

NNC = BUILD / "nnc"
MODELS = HERE.parent / "models"
# Epochs of each; iris stops early, where nnc does.
EPOCHS = {"iris": None, "mnist-5k": 5}


def commands(name, folder, epochs, peers):
    """Names, commands and what their environment has besides."""
    model = MODELS / f"{name}.yaml"
    if EPOCHS[name]:
        model = shortened(model, EPOCHS[name], Path(folder))
    yield "nnc", [NNC, "train", "--no-lock", model], {}
    script = [sys.executable, HERE / "plain_torch.py", name, str(epochs), f"{folder}/torch"]
    if "eager" in peers:
        yield f"plain PyTorch, {len(CORES)} threads", script, {}
        if name == "iris":
            yield "plain PyTorch, 1 thread", script, {"OMP_NUM_THREADS": "1"}
    if "sklearn" in peers and name == "iris":
        script = [sys.executable, HERE / "plain_sklearn.py", str(epochs), f"{folder}/sklearn"]
        yield "scikit-learn", script, {}


def shortened(model, epochs, folder):
    """The model file with fewer epochs, its data named by the whole path."""
    text = model.read_text(encoding="utf-8")
    text = text.replace("../datasets", str(HERE.parent / "datasets"))
    short = text.replace("epochs: 20", f"epochs: {epochs}")
    if short == text:
        raise SystemExit(f"{model} has no 'epochs: 20' to replace")
    path = folder / model.name
    path.write_text(short, encoding="utf-8")
    return path


def measure(name, peers, rounds):
    """The milliseconds of each command."""
    with tempfile.TemporaryDirectory() as folder:
        epochs = EPOCHS[name] or epochs_taken(name, folder)
        every = list(commands(name, folder, epochs, peers))
        times = {who: [] for who, _, _ in every}
        for turn in range(rounds + 1):
            for who, command, environment in every:
                milliseconds = timed(command, environment, folder)
                # The first turn fills the caches of the file system.
                if turn > 0:
                    times[who].append(milliseconds)
    return {
        "epochs": epochs,
        "commands": {
            who: {"median": statistics.median(values), "least": min(values)}
            for who, values in times.items()
        },
    }


def timed(command, environment, folder):
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command], cwd=folder, env=os.environ | environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    process.wait()
    milliseconds = (time.perf_counter() - start) * 1e3
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} {command[1]} ended with {process.returncode}")
    return milliseconds


def epochs_taken(name, folder):
    """After how many epochs nnc stops, so that the peers do as much."""
    timed([NNC, "train", "--no-lock", MODELS / f"{name}.yaml"], {}, folder)
    metrics = max(Path(folder).glob(f"runs/{name}/*/metrics.jsonl"))
    return sum('"epoch"' in line for line in metrics.read_text().splitlines())


def check_time(rounds):
    """The median of `nnc check`, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        command = [NNC, "check", MODELS / "iris.yaml"]
        return statistics.median(timed(command, {}, folder) for _ in range(rounds * 4))
