"""What everything is measured on: processor, versions, and the most the processor could do."""

import importlib.metadata
import json
import platform
import subprocess
from pathlib import Path

from runners import BUILD, CORES, HERE

PACKAGES = {
    "PyTorch": "torch", "JAX": "jax", "jaxlib": "jaxlib", "scikit-learn": "scikit-learn",
    "NumPy": "numpy", "pandas": "pandas", "polars": "polars", "pyarrow": "pyarrow",
    "Pillow": "pillow", "torchvision": "torchvision",
}  # fmt: skip


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def versions():
    result = {"nnc": output([BUILD / "nnc", "--version"])}
    commit = output(["git", "-C", HERE, "describe", "--always", "--dirty"])
    if commit:
        result["nnc"] += f" ({commit})"
    result["Python"] = platform.python_version()
    for name, package in PACKAGES.items():
        try:
            result[name] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return result


def output(command):
    answer = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    return answer.stdout.strip() if answer.returncode == 0 else ""


def peak():
    """GFLOP/s by number of threads and precision."""
    return {
        str(threads): json.loads(
            output([BUILD / "nnc-bench", "peak", "--threads", str(threads)]) or "{}"
        )
        for threads in sorted({1, len(CORES)})
    }


def is_disturbed(peaks):
    """Whether all threads together do much less than so many times what one does."""
    one, every = peaks["1"].get("f32", 0), peaks[str(len(CORES))].get("f32", 0)
    return every < 0.85 * len(CORES) * one


def description():
    return {
        "processor": processor(),
        "cores": len(CORES),
        "memory": int(Path("/proc/meminfo").read_text().split()[1]) * 1024,
        "system": f"{platform.system()} {platform.machine()}",
        "versions": versions(),
        "peak": peak(),
    }
