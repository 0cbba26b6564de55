#!/usr/bin/env python3
"""Which novel a sentence is from, on the rows that a run's split.csv names: what scikit-learn's bag of
words and logistic regression reach where models/novels.yaml was trained and tested.

    nnc train models/novels.yaml
    python3 Scripts/reference/novels.py runs/novels/1 [runs/novels/2 …]

Words are divided as nnc divides them, but for marks and letters beyond ASCII, which the text has none of.
Nothing is tuned: the settings are scikit-learn's own.
"""

import sys
from pathlib import Path

from linear_baselines import parts
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline

LINES = Path(__file__).resolve().parents[2] / "datasets" / "novels.txt"
WORD = r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*"
BAGS = {
    "counts of words": CountVectorizer(token_pattern=WORD),
    "weighed by tf-idf": TfidfVectorizer(token_pattern=WORD),
    "one and two words in 16384 buckets": HashingVectorizer(
        n_features=16384, ngram_range=(1, 2), token_pattern=WORD, alternate_sign=False, norm=None
    ),
}


def main(runs):
    lines = [line.split("\t", 1) for line in LINES.read_text(encoding="utf-8").splitlines()]
    novels, sentences = zip(*lines)
    for run in runs:
        train, test = parts(run)
        truth = [novels[i] for i in test]
        for name, bag in BAGS.items():
            model = make_pipeline(bag, LogisticRegression(max_iter=2000))
            model.fit([sentences[i] for i in train], [novels[i] for i in train])
            told = model.predict([sentences[i] for i in test])
            figures = f"accuracy {accuracy_score(truth, told):.4f}"
            print(f"{run}: {name}: {figures}, f1 {f1_score(truth, told, average='macro'):.4f}")


main(sys.argv[1:])
