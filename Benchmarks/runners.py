"""Runners: processes that take steps of a case on demand and wait while others measure."""

import contextlib
import json
import os
import select
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import cases
import data

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / ".build" / "release"
CORES = sorted(os.sched_getaffinity(0))

# A turn of a runner takes about so many seconds.
SHARE = 0.3
# A peer that has not taken its first steps after so many seconds is given up, compiler and all.
PATIENCE = 180


class Failure(Exception):
    """Why a runner has no figures."""


@dataclass(frozen=True)
class Variant:
    """A way to run a case: in what, with how many threads, in which precision."""

    tool: str  # nnc, eager, channels-last, compile or jax
    threads: int
    bf16: bool = False

    NAMES = {
        "nnc": "nnc",
        "eager": "PyTorch",
        "channels-last": "PyTorch, channels last",
        "compile": "PyTorch compiled",
        "jax": "JAX",
    }

    @property
    def key(self):
        return f"{self.tool} {self.threads}{' bf16' if self.bf16 else ''}"

    @staticmethod
    def of(key):
        tool, threads, *precision = key.split()
        return Variant(tool, int(threads), bool(precision))

    @property
    def name(self):
        return self.NAMES[self.tool] + (" bf16" if self.bf16 else "")

    def command(self, case, model=None):
        """The command of a runner, and what its environment has besides.

        - model: the file of nnc's, by default the case's.
        """
        python, threads = sys.executable, str(self.threads)
        if self.tool == "nnc":
            path = model or f"cases/{case}.yaml"
            command = [str(BUILD / "nnc-bench"), path, "--threads", threads]
        elif self.tool == "jax":
            command = [python, "peer_jax.py", case, "--weights", str(weights(case))]
        else:
            command = [python, "peer_torch.py", case, "--threads", threads]
            command += [] if self.tool == "eager" else [f"--{self.tool}"]
        return command + (["--bf16"] if self.bf16 else []), self.environment()

    def environment(self):
        caches = {"TORCHINDUCTOR_CACHE_DIR": str(data.FOLDER / "inductor")}
        if self.tool == "jax" and self.threads == 1:
            return caches | {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}
        return caches

    @property
    def processors(self):
        """Where the runner may run; JAX takes a thread for each of them."""
        return CORES[: self.threads] if self.tool == "jax" else CORES


def weights(case):
    """Where nnc leaves the weights that peers begin with."""
    return data.FOLDER / f"{case}.safetensors"


class Runner:
    """A process of a variant, ready to take steps."""

    def __init__(self, variant, case, model=None):
        self.variant = variant
        self.times = []
        self.start = time.monotonic()
        self.pending = b""
        command, environment = variant.command(case, model)
        self.log = data.FOLDER / f"{variant.key.replace(' ', '-')}.log"
        processors = variant.processors
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                env=os.environ | environment, bufsize=0,
                preexec_fn=lambda: os.sched_setaffinity(0, processors),
            )  # fmt: skip
        self.read()

    def read(self, patience=PATIENCE):
        end = time.monotonic() + patience
        output = self.process.stdout.fileno()
        parts = [self.pending]
        while b"\n" not in parts[-1]:
            if not select.select([output], [], [], max(end - time.monotonic(), 0))[0]:
                self.kill()
                raise Failure(f"not ready after {patience} s")
            part = os.read(output, 1 << 20)
            if not part:
                self.kill()
                raise Failure(f"ended: {self.last_error()}")
            parts.append(part)
        line, _, self.pending = b"".join(parts).partition(b"\n")
        answer = json.loads(line)
        if "unsupported" in answer:
            self.close()
            raise Failure(answer["unsupported"])
        return answer

    def last_error(self):
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1][:200] if lines else "without a word"

    def ask(self, command, patience=PATIENCE):
        # Where the process has ended, reading tells why.
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(f"{command}\n".encode())
        return self.read(patience)

    def take(self, count):
        return self.ask(f"steps {count}")["microseconds"]

    def warm_up(self, share=SHARE):
        """Takes steps that do not count, and finds how many make a turn."""
        first = self.take(3)
        many = max(1, min(2000, int(share * 1e6 / max(min(first), 1))))
        times = self.take(min(many, 200))
        # Not so many that keeping their times would count as memory.
        self.share = max(2, min(20_000, int(share * 1e6 / min(times))))
        self.ready = time.monotonic() - self.start

    def turn(self):
        self.times += self.take(self.share)

    def figures(self):
        return {
            "median": statistics.median(self.times),
            "least": min(self.times),
            "steps": len(self.times),
            "memory": self.memory(),
            "ready": round(self.ready, 1),
        }

    def memory(self):
        """The most memory the process has had at once, in bytes.

        Not from getrusage, which begins with what the parent had.
        """
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self.process.wait()


def variants(case, peers):
    """All ways to run a case, nnc first.

    - peers: some of eager, compile, jax.
    """
    every = len(CORES)
    threads = sorted({1, every}, reverse=True)
    half = case in cases.HALF
    result = [Variant("nnc", count) for count in threads]
    result += [Variant("nnc", every, True)] if half else []
    if case in cases.LARGE:
        # One thread would take twice as long and cannot be the fastest.
        threads = [every]
    if "eager" in peers:
        tools = ["eager"] + (["channels-last"] if case in cases.IMAGES else [])
        result += [Variant(tool, count) for tool in tools for count in threads]
        result += [Variant(tool, every, True) for tool in tools if half]
    if "compile" in peers:
        # Compiling takes half a minute for each; one thread only wins where steps are tiny.
        result += [Variant("compile", count) for count in ([every] if half else threads)]
        result += [Variant("compile", every, True)] if half and case not in cases.LARGE else []
    if "jax" in peers:
        result += [Variant("jax", count) for count in threads]
        result += [Variant("jax", every, True)] if half and case not in cases.LARGE else []
    return result
