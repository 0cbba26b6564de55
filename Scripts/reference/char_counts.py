#!/usr/bin/env python3
"""Bits per character of a text as counts of what followed its last characters tell them: the baseline
beside the models of characters.

    python3 Scripts/reference/char_counts.py datasets/fetched/austen.txt [--length 128] [--orders 1 … 8]

The text is cut into windows as a model file cuts it, nine tenths to count and the rest to tell. Order n looks
at the n characters before; the counts are interpolated with those of the order below by Kneser and Ney's
method with one discount an order (Chen & Goodman, 1999), down to all characters alike. Every character is
told from all that stands before it in the text, also at the beginning of a window, where a network sees less.
"""

import argparse
import math
from collections import Counter, defaultdict
from pathlib import Path


def discount(counts):
    """Ney, Essen & Kneser (1994): from how many were met once and twice."""
    once = sum(1 for count in counts if count == 1)
    twice = sum(1 for count in counts if count == 2)
    return once / max(once + 2 * twice, 1)


class Counts:
    """What follows each context of n characters."""

    def __init__(self, pairs):
        self.followers = defaultdict(Counter)
        for context, character in pairs:
            self.followers[context][character] += 1
        self.totals = {context: sum(own.values()) for context, own in self.followers.items()}
        self.discount = discount(c for own in self.followers.values() for c in own.values())

    def probability(self, context, character, below):
        own = self.followers.get(context)
        if own is None:
            return below
        total = self.totals[context]
        kept = max(own.get(character, 0) - self.discount, 0) / total
        return kept + self.discount * len(own) / total * below


def orders(text, most):
    """The counts of each order: the highest as they are, the lower ones of how many contexts differ."""
    highest = [(text[i - most : i], text[i]) for i in range(most, len(text))]
    result = [Counts(highest)]
    seen = {context + character for context, character in highest}
    for _ in range(most):
        seen_shorter = set()
        pairs = []
        for whole in seen:
            pairs.append((whole[1:-1], whole[-1]))
            seen_shorter.add(whole[1:])
        result.append(Counts(pairs))
        seen = seen_shorter
    return result[::-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("text", type=Path)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--orders", nargs="+", type=int, default=list(range(1, 9)))
    arguments = parser.parse_args()
    text = arguments.text.read_text(encoding="utf-8")
    windows = (len(text) - 1 - arguments.length) // arguments.length + 1
    cut = round(0.9 * windows) * arguments.length
    end = windows * arguments.length
    training, alike = text[: cut + 1], 1 / (len(set(text[: cut + 1])) + 1)
    for most in arguments.orders:
        counts = orders(training, most)
        bits = 0.0
        for place in range(cut + 1, end + 1):
            probability = alike
            for order, own in enumerate(counts):
                probability = own.probability(text[place - order : place], text[place], probability)
            bits -= math.log2(probability)
        print(f"order {most}: {bits / (end - cut):.4f} bits per character", flush=True)


main()
