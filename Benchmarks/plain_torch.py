#!/usr/bin/env python3
"""What one would write in plain PyTorch for models/iris.yaml and models/mnist-5k.yaml.

    python3 plain_torch.py iris|mnist-5k EPOCHS OUTPUT

The same networks, optimizer, schedule, batches and parts of the data; validates after each epoch,
keeps the best weights, evaluates them on all parts and writes them.
"""

import csv
import gzip
import math
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

DATASETS = Path(__file__).resolve().parent.parent / "datasets"


def iris():
    with open(DATASETS / "iris.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name != "species"]
    kinds = sorted({row["species"] for row in rows})
    x = torch.tensor([[float(row[name]) for name in names] for row in rows])
    y = torch.tensor([kinds.index(row["species"]) for row in rows])
    parts = divide(len(y))
    mean, deviation = x[parts[0]].mean(0), x[parts[0]].std(0, unbiased=False)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 3))
    return (x - mean) / deviation, y, parts, model, dict(lr=1e-2, weight_decay=0.01), 16, 20


def mnist():
    with gzip.open(DATASETS / "mnist-5k.csv.gz", "rt") as file:
        table = np.loadtxt(file, delimiter=",", skiprows=1, dtype=np.float32)
    x = torch.from_numpy(table[:, :-1] / 255).reshape(-1, 1, 28, 28)
    y = torch.from_numpy(table[:, -1].astype(np.int64))
    model = nn.Sequential(
        nn.Conv2d(1, 16, 5, padding=2, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.4), nn.Linear(1568, 128), nn.ReLU(), nn.Dropout(0.4),
        nn.Linear(128, 10),
    )  # fmt: skip
    return x, y, divide(len(y)), model, dict(lr=4e-3, weight_decay=0.1), 64, 100


def divide(count):
    order = torch.randperm(count)
    train, validation = round(0.7 * count), round(0.85 * count)
    return order[:train], order[train:validation], order[validation:]


@torch.inference_mode()
def evaluate(model, x, y):
    model.eval()
    output = model(x)
    return F.cross_entropy(output, y).item(), (output.argmax(1) == y).float().mean().item()


def main():
    name, epochs, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    torch.manual_seed(7)
    x, y, parts, model, options, batch, warmup = {"iris": iris, "mnist-5k": mnist}[name]()
    train, validation, _ = parts
    optimizer = torch.optim.AdamW(model.parameters(), fused=True, **options)
    total = epochs * math.ceil(len(train) / batch)

    def factor(step):
        if step < warmup:
            return (step + 1) / warmup
        return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(total - warmup, 1)))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
    best, kept = math.inf, None
    for _ in range(epochs):
        model.train()
        for rows in train[torch.randperm(len(train))].split(batch):
            loss = F.cross_entropy(model(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        loss, _ = evaluate(model, x[validation], y[validation])
        if loss < best:
            best = loss
            kept = {key: tensor.clone() for key, tensor in model.state_dict().items()}
    model.load_state_dict(kept)
    for rows in parts:
        print("loss {:.4f}, accuracy {:.4f}".format(*evaluate(model, x[rows], y[rows])))
    folder.mkdir(parents=True, exist_ok=True)
    save_file(kept, folder / "best.safetensors")


if __name__ == "__main__":
    main()
