#!/usr/bin/env python3
"""Has Python's safetensors open every checkpoint that the test suite writes.

    pip install safetensors numpy
    python3 Scripts/checkpoints.py                  # after make test, which builds

The suite runs once more with a library that is loaded before the system's and keeps each checkpoint when
it gets its name, which takes a C compiler. All tensors of each are read, and the digest that it names is
computed again from what Documentation/checkpoint-format.md says of it.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
from safetensors import safe_open

# Bytes of the data that are digested by themselves.
PIECE = 1 << 24
ROOT = Path(__file__).resolve().parents[1]

KEEP = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int rename(const char *from, const char *to) {
  static int (*real)(const char *, const char *);
  if (!real) real = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
  static unsigned long count;
  const char *folder = getenv("NNC_KEPT");
  size_t length = strlen(to);
  if (folder && length > 12 && strcmp(to + length - 12, ".safetensors") == 0) {
    char kept[4096];
    unsigned long number = __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
    snprintf(kept, sizeof kept, "%s/%d-%lu.safetensors", folder, (int)getpid(), number);
    // A copy and no link: some tests damage what they wrote.
    int source = open(from, O_RDONLY), copy = open(kept, O_WRONLY | O_CREAT | O_EXCL, 0600);
    while (copy_file_range(source, NULL, copy, NULL, 1 << 30, 0) > 0) continue;
    close(source);
    close(copy);
  }
  return real(from, to);
}
"""


def run_suite(folder: Path) -> None:
    source, library = folder / "keep.c", folder / "keep.so"
    source.write_text(KEEP)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    flags = subprocess.run(
        ["make", "-n", "-s", "test"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    command = next(line for line in reversed(flags) if " test " in line)
    # A library that is loaded into the compiler too would only be in its way.
    subprocess.run(f"{command} --skip-build", shell=True, cwd=ROOT, check=True, env=environment(folder))


def environment(folder: Path) -> dict[str, str]:
    # The suite's own folders come here too, where nobody has to clear them away.
    return os.environ | {
        "LD_PRELOAD": str(folder / "keep.so"),
        "NNC_KEPT": str(folder),
        "TMPDIR": str(folder),
    }


def check(path: Path) -> bool:
    """Reads all of a file; whether it names the digest of its content."""
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata() or {}
        for name in file.keys():
            tensor = file.get_tensor(name)
            assert tensor.dtype == numpy.float32, f"{path}: {name} is {tensor.dtype}"
    digest = metadata.get("nnc.digest.content")
    if digest is None:
        return False
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = content[8 : 8 + length].decode().rstrip(" ")
    member = f'"nnc.digest.content":"{digest}",'
    assert header.count(member) == 1, f"{path}: the digest is not where it should be"
    data = content[8 + length :]
    pieces = (data[begin : begin + PIECE] for begin in range(0, len(data), PIECE))
    sealed = header.replace(member, "") + "".join(hashlib.sha256(p).hexdigest() for p in pieces)
    assert hashlib.sha256(sealed.encode()).hexdigest() == digest, f"{path}: another digest"
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="checkpoints that are there already")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        if not arguments.folder:
            run_suite(folder)
        paths = sorted(folder.glob("*.safetensors"))
        sealed = sum(check(path) for path in paths)
        print(f"{len(paths)} checkpoints opened, {sealed} of them with the digest of their content")
        if not paths:
            sys.exit("the suite wrote no checkpoints")


if __name__ == "__main__":
    main()
