"""Files for the rows about input: made from fixed random streams, about 200 MB each."""

import struct

import numpy as np

from data import FOLDER

PLACE = FOLDER / "input"
# Bytes of a text file.
SIZE = 200_000_000
WORDS = 400


def decimals(path):
    """Twenty columns of numbers of six to nine digits, a third of them negative."""
    random = np.random.RandomState(1)
    block = random.standard_normal((20_000, 20)) * 10.0 ** random.randint(-1, 4, 20)
    digits = random.randint(6, 10, block.shape)
    lines = [
        ",".join(f"{value:.{max(count - 1 - max(len(str(int(abs(value)))) - 1, 0), 1)}f}"
                 for value, count in zip(row, counts, strict=True))
        for row, counts in zip(block, digits, strict=True)
    ]  # fmt: skip
    fill(path, ",".join(f"x_{index}" for index in range(20)), lines)


def integers(path):
    """The 784 pixels of pictures and a class, as MNIST is often passed on: four fifths are zero."""
    random = np.random.RandomState(2)
    block = random.randint(1, 256, (2_000, 785)) * (random.random_sample((2_000, 785)) < 0.2)
    block[:, 784] = random.randint(0, 10, 2_000)
    names = ",".join(f"pixel_{index}" for index in range(784)) + ",label"
    fill(path, names, [",".join(map(str, row)) for row in block])


def mixed(path):
    """Ten columns of numbers and five of words, one of which holds the delimiter, quoted."""
    random = np.random.RandomState(3)
    numbers = random.standard_normal((20_000, 10)).round(4)
    words = [f"{'abcdefghij'[code % 10]}word-{code}" for code in range(WORDS)]
    codes = random.randint(0, WORDS, (20_000, 5)) // np.array([80, 20, 4, 1, 1])
    lines = []
    for row, own in zip(numbers, codes, strict=True):
        cells = [f"{value:g}" for value in row] + [words[code] for code in own[:4]]
        lines.append(",".join(cells) + f',"{words[own[4]]}, quoted"')
    names = [f"x_{index}" for index in range(10)] + [f"c_{index}" for index in range(5)]
    fill(path, ",".join(names), lines)


def fill(path, header, lines):
    block = ("\n".join(lines) + "\n").encode()
    with open(path, "wb") as file:
        file.write(header.encode() + b"\n")
        for _ in range(max(SIZE // len(block), 1)):
            file.write(block)


def idx(path):
    pixels = np.random.RandomState(4).randint(0, 256, (60_000, 28, 28), dtype=np.uint8)
    with open(path, "wb") as file:
        file.write(struct.pack(">BBBBIII", 0, 0, 8, 3, *pixels.shape) + pixels.tobytes())


def npy(path):
    np.save(path, np.random.RandomState(5).standard_normal((50_000, 1_000)).astype(np.float32))


def photos(path):
    """Pictures of 500 × 375 as cameras make them: smooth, with edges and a little noise."""
    from PIL import Image

    random = np.random.RandomState(6)
    folder = path / "all"
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(128):
        small = Image.fromarray(random.randint(0, 256, (12, 16, 3), dtype=np.uint8))
        pixels = np.asarray(small.resize((500, 375), Image.BICUBIC)).astype(np.int16)
        pixels[random.randint(300) :, : random.randint(400)] //= 2
        pixels = np.clip(pixels + random.randint(-6, 7, pixels.shape), 0, 255)
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{index:03}.jpg", quality=90)


# Case: its file and what makes it.
FILES = {
    "decimals": ("decimals.csv", decimals),
    "integers": ("integers.csv", integers),
    "mixed": ("mixed.csv", mixed),
    "idx": ("images.idx", idx),
    "npy": ("array.npy", npy),
    "jpeg": ("photos", photos),
}


def prepare(case):
    """The file of a case, made where it is missing."""
    name, make = FILES[case]
    PLACE.mkdir(parents=True, exist_ok=True)
    done = PLACE / f"{name}.done"
    if not done.exists():
        make(PLACE / name)
        done.touch()
    return PLACE / name
