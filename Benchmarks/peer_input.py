#!/usr/bin/env python3
"""Reads the file of an input case on demand, as nnc-bench does, in another library.

    python3 peer_input.py TOOL CASE

Answers `steps N` with `{"microseconds": […]}`. Every tool ends where nnc does: with 32-bit floats
of all numbers, and with a code for each word.
"""

import json
import os
import sys
import time

os.environ |= {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_NUM_THREADS": "1"}

import input_data  # noqa: E402

WORDS = [f"c_{index}" for index in range(5)]


def header(path):
    with open(path, encoding="ascii") as file:
        return file.readline().strip().split(",")


def pandas(path, case, engine):
    import pandas

    kinds = {name: "category" if name in WORDS else "float32" for name in header(path)}
    return lambda: pandas.read_csv(path, dtype=kinds, engine=engine)


def polars(path, case):
    import polars

    kinds = {
        name: polars.Categorical if name in WORDS else polars.Float32 for name in header(path)
    }
    return lambda: polars.read_csv(path, schema_overrides=kinds)


def numpy(path, case):
    import numpy

    if case == "npy":
        return lambda: numpy.load(path)
    return lambda: numpy.fromfile(path, numpy.uint8, offset=16).astype(numpy.float32)


def copy(path, case):
    """As many floats from one place in memory to a new one."""
    import numpy

    values = numpy.ones(50_000_000 if case == "npy" else 60_000 * 784, numpy.float32)
    return values.copy


def pillow(path, case):
    import numpy
    from PIL import Image

    names = sorted((path / "all").glob("*.jpg"))

    def read():
        output = numpy.empty((len(names), 3, 224, 224), numpy.float32)
        for place, name in enumerate(names):
            image = Image.open(name).convert("RGB").resize((224, 224), Image.BILINEAR)
            output[place] = numpy.asarray(image, numpy.float32).transpose(2, 0, 1) / 255
        return output

    return read


def torchvision(path, case):
    import torch
    from torchvision.io import decode_jpeg, read_file
    from torchvision.transforms.v2.functional import resize

    torch.set_num_threads(1)
    names = [str(name) for name in sorted((path / "all").glob("*.jpg"))]

    def read():
        output = torch.empty(len(names), 3, 224, 224)
        for place, name in enumerate(names):
            image = resize(decode_jpeg(read_file(name)), [224, 224], antialias=True)
            torch.div(image, 255, out=output[place])
        return output

    return read


TOOLS = {
    "pandas": lambda path, case: pandas(path, case, "c"),
    "pandas-pyarrow": lambda path, case: pandas(path, case, "pyarrow"),
    "polars": polars,
    "numpy": numpy,
    "copy": copy,
    "pillow": pillow,
    "torchvision": torchvision,
}


def main():
    tool, case = sys.argv[1:]
    try:
        if tool == "pandas-pyarrow":
            import pyarrow

            pyarrow.set_cpu_count(1)
            pyarrow.set_io_thread_count(1)
        read = TOOLS[tool](input_data.prepare(case), case)
    except ImportError as error:
        print(json.dumps({"unsupported": str(error)}), flush=True)
        return
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line.split()[1])):
            start = time.perf_counter()
            kept = read()
            times.append((time.perf_counter() - start) * 1e6)
            del kept
        print(json.dumps({"microseconds": times}), flush=True)


if __name__ == "__main__":
    main()
