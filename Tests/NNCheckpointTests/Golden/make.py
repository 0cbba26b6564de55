"""Writes python.safetensors with the reference implementation (pip install safetensors numpy)."""

from pathlib import Path

import numpy
from safetensors.numpy import save_file

HERE = Path(__file__).parent

save_file(
    {
        "dense_1.weight": numpy.array([[1, -2, 0.5], [0.25, 3, -0.125]], "float32"),
        "dense_1.bias": numpy.array([0.1, -0.2], "float32"),
        "größe.weight": numpy.zeros((0, 4), "float32"),
        "scalar": numpy.array(7, "float32"),
    },
    HERE / "python.safetensors",
    # One key: the reference implementation writes several in the order of a hash table.
    metadata={"nnc.model": 'name: "iris"\nseed: 7\n'},
)
save_file(
    {
        "bool": numpy.array([True, False]),
        "float16": numpy.array([1, -0.5, 65504, 2**-24, numpy.inf], "float16"),
        "float64": numpy.array([0.1, -1e300], "float64"),
        "int16": numpy.array([-32768, 32767], "int16"),
        "int32": numpy.array([-7, 16777217], "int32"),
        "int64": numpy.array([-(2**40), 3], "int64"),
        "int8": numpy.array([-128, 127], "int8"),
        "uint16": numpy.array([0, 65535], "uint16"),
        "uint8": numpy.array([0, 255], "uint8"),
    },
    HERE / "python-types.safetensors",
)
