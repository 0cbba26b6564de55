#!/usr/bin/env python3
"""Logistic regression on what is easily seen of the tiles of datasets/photos, on models/photos.yaml's
parts: the mean colour; mean and spread of each colour; and these with how steep the grey values are.

    python3 -m pip install numpy pillow scikit-learn
    python3 Scripts/reference/photo_baselines.py
"""

from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

PHOTOS = Path(__file__).resolve().parents[2] / "datasets" / "photos"
CLASSES = ["china", "flower"]
BINS = 8


def tiles(part):
    """The pixels [tiles, 32, 32, 3] from 0 to 1, and their classes."""
    paths = [path for name in CLASSES for path in sorted((PHOTOS / part / name).glob("*.jpg"))]
    pixels = np.stack([np.asarray(Image.open(path)) for path in paths]) / 255
    return pixels, np.array([CLASSES.index(path.parent.name) for path in paths])


def mean_colour(pixels):
    return pixels.mean(axis=(1, 2))


def colours(pixels):
    return np.hstack([mean_colour(pixels), pixels.std(axis=(1, 2))])


def directions(pixels):
    """A histogram of the directions in which grey values rise, weighted by how steeply."""
    grey = pixels.mean(axis=3)
    down, right = np.gradient(grey, axis=(1, 2))
    angle = (np.arctan2(down, right) % np.pi / np.pi * BINS).astype(int) % BINS
    strength = np.hypot(down, right)
    bins = [(strength * (angle == index)).mean(axis=(1, 2)) for index in range(BINS)]
    return np.hstack([colours(pixels), np.stack(bins, axis=1)])


def main():
    train, labels = tiles("train")
    test, truth = tiles("test")
    for features in [mean_colour, colours, directions]:
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        model.fit(features(train), labels)
        accuracy = model.score(features(test), truth)
        print(f"{features.__name__:12} accuracy {accuracy:.4f} on {len(truth)} test tiles")


if __name__ == "__main__":
    main()
