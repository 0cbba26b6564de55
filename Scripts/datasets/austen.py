"""The six novels of Jane Austen, from Debian's package r-cran-janeaustenr.

The package keeps each novel as a vector of lines in R's own form of files: an index (.rdx) that says
where each object lies among the others (.rdb), compressed one by one. "R Internals", section 1.8,
tells the form; only what these files use is read here.
"""

import gzip
import re
import struct
import zlib
from pathlib import Path

FOLDER = "usr/lib/R/site-library/janeaustenr/data"

# The name in the package: what the files here are called.
NOVELS = {
    "sensesensibility": "sense-and-sensibility",
    "prideprejudice": "pride-and-prejudice",
    "mansfieldpark": "mansfield-park",
    "emma": "emma",
    "northangerabbey": "northanger-abbey",
    "persuasion": "persuasion",
}

NOTHING, SYMBOL, PAIRS, TEXT, TEXTS, LIST = 254, 1, 2, 9, 16, 19
INTEGERS, BOOLEANS = 13, 10


class Serialized:
    """An object as R writes it to a file."""

    def __init__(self, content):
        self.content, self.place = content, 0
        if self.take(2) != b"X\n":
            raise ValueError("not the binary form of R")
        version = self.number()
        self.take(8)
        if version == 3:
            self.take(self.number())
        self.symbols = []

    def take(self, count):
        self.place += count
        return self.content[self.place - count : self.place]

    def number(self):
        return struct.unpack(">i", self.take(4))[0]

    def object(self):
        return self.object_of(self.number())

    def object_of(self, flags):
        kind, has_attributes, has_tag = flags & 255, flags & 512, flags & 1024
        if kind == NOTHING:
            return {}
        if kind == 255:
            return self.symbols[(flags >> 8) - 1]
        if kind == SYMBOL:
            self.symbols.append(self.object())
            return self.symbols[-1]
        if kind == PAIRS:
            if has_attributes:
                self.object()
            name = self.object() if has_tag else None
            return {name: self.object(), **self.object()}
        count = self.number()
        if kind == TEXT:
            return self.take(count).decode("utf-8") if count >= 0 else None
        if kind in (INTEGERS, BOOLEANS):
            values = [self.number() for _ in range(count)]
        elif kind in (TEXTS, LIST):
            values = [self.object() for _ in range(count)]
        else:
            raise ValueError(f"an object of kind {kind}")
        names = self.object().get("names") if has_attributes else None
        return dict(zip(names, values, strict=True)) if names else values


def novels(folder):
    """By the names of NOVELS the text of each, of the unpacked package."""
    data = Path(folder) / FOLDER
    places = Serialized(gzip.decompress((data / "Rdata.rdx").read_bytes())).object()["variables"]
    everything = (data / "Rdata.rdb").read_bytes()
    result = {}
    for name, ours in NOVELS.items():
        start, count = places[name]
        # Four bytes tell how long the object is when it is decompressed.
        content = zlib.decompress(everything[start + 4 : start + count])
        result[ours] = "".join(line + "\n" for line in Serialized(content).object())
    return result


# Sentences of each novel in novels.txt, and how many words they have.
SENTENCES, LEAST, MOST = 600, 12, 40


def sentences(text):
    """The sentences of a novel in their order, those too short or too long left out."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        line = " ".join(paragraph.split())
        # A point behind a title ends no sentence.
        line = re.sub(r"\b(Mr|Mrs|Dr|St)\. ", "\\1.\0", line)
        line = re.sub(r"([.!?][\"']?) (?=[\"'A-Z])", "\\1\n", line)
        for sentence in line.replace("\0", " ").split("\n"):
            if LEAST <= len(sentence.split()) <= MOST and sentence.rstrip("\"'")[-1:] in tuple(".!?"):
                found.append(sentence)
    return found


def labelled(novels):
    """As many sentences of each novel, spread evenly over it, each behind its novel and a tab."""
    lines = []
    for name, text in novels.items():
        found = sentences(text)
        for number in range(SENTENCES):
            lines.append(f"{name}\t{found[number * len(found) // SENTENCES]}\n")
    return "".join(lines)
