"""The cases as PyTorch modules, their parameters named as nnc names them."""

import itertools

import torch
from torch import nn
from torch.nn import functional as F

import cases


class Chain(nn.Module):
    """Layers one after the other; those without parameters are functions."""

    def __init__(self, layers):
        super().__init__()
        self.order = []
        for layer in layers:
            if isinstance(layer, tuple):
                name, module = layer
                self.add_module(name, module)
                self.order.append(name)
            else:
                self.order.append(layer)

    def forward(self, x):
        for layer in self.order:
            x = getattr(self, layer)(x) if isinstance(layer, str) else layer(x)
        return x


def flatten(x):
    return x.flatten(1)


def pool(x):
    return F.max_pool2d(x, 2)


def mean(x):
    return x.mean(dim=(2, 3))


class Residual(nn.Module):
    def __init__(self, inner, project=None):
        super().__init__()
        for name, module in inner.named_children():
            self.add_module(name, module)
        self.order = inner.order
        self.project = project

    def forward(self, x):
        y = Chain.forward(self, x)
        return y + (self.project(x) if self.project else x)


def conv_norm(index, inputs, filters, stride=1, groups=1, kernel=3):
    return [
        (
            f"conv2d_{index}",
            nn.Conv2d(inputs, filters, kernel, stride, kernel // 2, groups=groups, bias=False),
        ),
        (f"batch_norm_{index}", nn.BatchNorm2d(filters)),
    ]


def basic(inputs, filters, stride):
    inner = Chain(
        [*conv_norm(1, inputs, filters, stride), torch.relu, *conv_norm(2, filters, filters)]
    )
    project = nn.Conv2d(inputs, filters, 1, stride, bias=False) if stride > 1 else None
    return Residual(inner, project)


class Repeat(nn.Module):
    def __init__(self, count, make):
        super().__init__()
        self.count = count
        for index in range(count):
            self.add_module(str(index), make())

    def forward(self, x):
        for index in range(self.count):
            x = getattr(self, str(index))(x)
        return x


def stage(number, count, filters):
    def make():
        return Chain([("residual_1", basic(filters, filters, 1)), torch.relu])

    return (f"repeat_{number}", Repeat(count, make))


def resnet20():
    return Chain(
        [
            *conv_norm(1, 3, 16), torch.relu,
            stage(1, 3, 16),
            ("residual_1", basic(16, 32, 2)), torch.relu, stage(2, 2, 32),
            ("residual_2", basic(32, 64, 2)), torch.relu, stage(3, 2, 64),
            mean, ("dense_1", nn.Linear(64, 10)),
        ]
    )  # fmt: skip


def mobilenet():
    layers = [*conv_norm(1, 3, 32), torch.relu]
    index = 2
    for inputs, filters, stride in [
        (32, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1)
    ]:  # fmt: skip
        layers += [*conv_norm(index, inputs, inputs, stride, groups=inputs), torch.relu]
        layers += [*conv_norm(index + 1, inputs, filters, kernel=1), torch.relu]
        index += 2
    return Chain([*layers, mean, ("dense_1", nn.Linear(256, 10))])


def perceptron(sizes, function):
    layers = []
    for index, (inputs, units) in enumerate(itertools.pairwise(sizes), start=1):
        layers.append((f"dense_{index}", nn.Linear(inputs, units)))
        if index < len(sizes) - 1:
            layers.append(function)
    return Chain(layers)


def lenet():
    return Chain(
        [
            ("conv2d_1", nn.Conv2d(1, 32, 3, padding=1)), torch.relu, pool,
            ("conv2d_2", nn.Conv2d(32, 64, 3, padding=1)), torch.relu, pool,
            flatten, ("dense_1", nn.Linear(3136, 128)), torch.relu,
            ("dense_2", nn.Linear(128, 10)),
        ]
    )  # fmt: skip


class Wide(nn.Module):
    """Numbers beside the vectors of categories, then a perceptron."""

    def __init__(self, sizes=cases.WIDE_SIZES, numbers=20):
        super().__init__()
        self.count = len(sizes)
        for index, size in enumerate(sizes):
            self.add_module(f"e_{index}", nn.Embedding(size, 8))
        self.dense_1 = nn.Linear(numbers + 8 * self.count, 256)
        self.dense_2 = nn.Linear(256, 128)
        self.dense_3 = nn.Linear(128, 2)

    def forward(self, numbers, categories):
        vectors = [getattr(self, f"e_{index}")(categories[:, index]) for index in range(self.count)]
        x = torch.cat([numbers, *vectors], dim=1)
        return self.dense_3(torch.relu(self.dense_2(torch.relu(self.dense_1(x)))))


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=1e-3, fused=True)


def adamw(parameters):
    # One pass over everything is not PyTorch's default, but its fastest.
    return torch.optim.AdamW(parameters, lr=1e-3, fused=True)


MODELS = {
    "neuron": (lambda: perceptron([3, 1], torch.tanh), F.mse_loss, sgd),
    "xor": (
        lambda: perceptron([2, 8, 1], torch.tanh), F.binary_cross_entropy_with_logits, adamw
    ),
    "iris": (lambda: perceptron([4, 16, 3], torch.relu), F.cross_entropy, adamw),
    "tabular": (lambda: perceptron([32, 256, 256, 2], torch.relu), F.cross_entropy, adamw),
    "wide": (Wide, F.cross_entropy, adamw),
    "mnist-mlp": (lambda: perceptron([784, 512, 256, 10], torch.relu), F.cross_entropy, adamw),
    "lenet": (lenet, F.cross_entropy, adamw),
    "resnet20": (resnet20, F.cross_entropy, adamw),
    "mobilenet": (mobilenet, F.cross_entropy, adamw),
}  # fmt: skip
