"""The cases: what each trains on. Their model files are in cases/."""

from data import MixedTable, Table, Text

# How many categories each column of the wide table has.
WIDE_SIZES = (4, 6, 8, 12, 16, 24, 32, 64, 128, 200)

CASES = {
    "neuron": Table((3,), 0, 64),
    "xor": Table((2,), 1, 64),
    "iris": Table((4,), 3, 160),
    "tabular": Table((32,), 2, 1280),
    "wide": MixedTable(20, WIDE_SIZES, 2, 2560),
    "mnist-mlp": Table((784,), 10, 512),
    "lenet": Table((1, 28, 28), 10, 256),
    "resnet20": Table((3, 32, 32), 10, 128),
    "mobilenet": Table((3, 32, 32), 10, 128),
    "lstm": Text(64, 95, 64),
    "gru": Text(64, 95, 64),
    "char-gpt": Text(128, 95, 32),
    "llama": Text(256, 4095, 32),
    "gpt2": Text(256, 50256, 200),
    "gpt2-batch-8": Text(256, 50256, 200),
}

# Samples in a step.
BATCH = {
    "neuron": 4, "xor": 4, "iris": 16, "tabular": 128, "wide": 256, "mnist-mlp": 128,
    "lenet": 64, "resnet20": 64, "mobilenet": 64, "lstm": 32, "gru": 32, "char-gpt": 16, "llama": 8,
    "gpt2": 2, "gpt2-batch-8": 8,
}  # fmt: skip

# Measured in bf16 too.
HALF = tuple(CASES)[tuple(CASES).index("mnist-mlp") :]

# Of images, whose channels PyTorch may have last.
IMAGES = ("lenet", "resnet20", "mobilenet")

# Whose runners take too much memory to wait beside each other.
LARGE = ("gpt2", "gpt2-batch-8")

# Rows that peers may predict together; the fastest is taken.
CHUNKS = {"iris": (1000, 10_000), "lenet": (10, 50, 250, 1000), "char-gpt": (10, 50, 250)}
