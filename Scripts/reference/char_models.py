#!/usr/bin/env python3
"""Bits per character of models/char-lstm.yaml and models/char-gpt.yaml as PyTorch trains them.

    python3 Scripts/reference/char_models.py lstm gpt [--seeds 1 2 3] [--epochs N]

The same architecture, windows, optimizer and schedule as the model files; weights and the order of
windows are PyTorch's own. Prints each seed's validation loss in bits per character.
"""

import argparse
import math
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

TEXT = Path(__file__).resolve().parents[2] / "datasets" / "northanger-abbey.txt"
LENGTH = 64


def windows():
    """Windows [count, LENGTH + 1] of the first nine tenths and of the rest, and how many characters
    there are."""
    text = TEXT.read_text(encoding="utf-8")
    characters = sorted(set(text))
    number = {character: index for index, character in enumerate(characters)}
    codes = torch.tensor([number[character] for character in text])
    starts = range(0, len(codes) - LENGTH, LENGTH)
    all_windows = torch.stack([codes[start : start + LENGTH + 1] for start in starts])
    cut = round(0.9 * len(all_windows))
    return all_windows[:cut], all_windows[cut:], len(characters)


class LSTM(nn.Module):
    def __init__(self, characters):
        super().__init__()
        self.embedding = nn.Embedding(characters, 32)
        self.lstm = nn.LSTM(32, 128, batch_first=True)
        self.head = nn.Linear(128, characters)

    def forward(self, x):
        return self.head(self.lstm(self.embedding(x))[0])


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.query, self.key, self.value, self.output = (
            nn.Linear(width, width) for _ in range(4)
        )
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        y = self.norms[0](x)
        batch, length, width = y.shape

        def split(z):
            return z.view(batch, length, self.heads, -1).transpose(1, 2)

        y = F.scaled_dot_product_attention(
            split(self.query(y)), split(self.key(y)), split(self.value(y)), is_causal=True
        )
        x = x + self.output(y.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(F.gelu(self.up(self.norms[1](x))))


class GPT(nn.Module):
    def __init__(self, characters, width=64, heads=4, blocks=2):
        super().__init__()
        self.embedding = nn.Embedding(characters, width)
        self.position = nn.Parameter(torch.randn(LENGTH, width) * 0.02)
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(blocks)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, characters)

    def forward(self, x):
        x = self.embedding(x) + self.position[: x.shape[1]]
        return self.head(self.norm(self.blocks(x)))


MODELS = {"lstm": (LSTM, 4e-3, 20), "gpt": (GPT, 3e-3, 20)}


def bits(model, data):
    with torch.no_grad():
        losses = [
            F.cross_entropy(model(part[:, :-1]).flatten(0, 1), part[:, 1:].flatten()) * len(part)
            for part in data.split(256)
        ]
    return float(sum(losses)) / len(data) / math.log(2)


def train(name, seed, epochs):
    torch.manual_seed(seed)
    training, validation, characters = windows()
    make, rate, usual = MODELS[name]
    model = make(characters)
    epochs = epochs or usual
    batch, warmup = 32, 50
    total = epochs * math.ceil(len(training) / batch)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)

    def factor(step):
        if step < warmup:
            return (step + 1) / warmup
        return 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
    for _ in range(epochs):
        for part in training[torch.randperm(len(training))].split(batch):
            logits = model(part[:, :-1])
            loss = F.cross_entropy(logits.flatten(0, 1), part[:, 1:].flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return bits(model, validation)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="+", choices=sorted(MODELS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--epochs", type=int)
    arguments = parser.parse_args()
    for name in arguments.models:
        for seed in arguments.seeds:
            print(f"{name} seed {seed}: {train(name, seed, arguments.epochs):.4f} bits", flush=True)


if __name__ == "__main__":
    main()
