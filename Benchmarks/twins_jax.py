"""The cases as JAX functions, their parameters named as nnc names them.

A network is a function of a `Scope` and of its inputs. Images are [batch, height, width, channels],
which JAX is fastest with here, and weights lie as `from_nnc` says.
"""

import jax
import jax.numpy as jnp
from jax import lax


class Scope:
    """A place in the tree of parameters, and what its layers leave for the next step."""

    def __init__(self, tensors, changed, path=""):
        self.tensors, self.changed, self.path = tensors, changed, path

    def __call__(self, name):
        return Scope(self.tensors, self.changed, f"{self.path}{name}.")

    def __getitem__(self, name):
        return self.tensors[self.path + name]

    def __contains__(self, name):
        return self.path + name in self.tensors

    def change(self, name, value):
        self.changed[self.path + name] = value


# What looks vectors up by their number, and so must not be transposed.
TABLES = ("embedding", "e_", "tokens", "position_embedding")


def from_nnc(name, tensor):
    """A tensor as nnc stores it, in the order of axes that its use here wants."""
    if tensor.ndim == 4:
        return tensor.transpose(2, 3, 1, 0)
    is_matrix = tensor.ndim == 2 and not name.startswith(TABLES)
    return tensor.T if is_matrix else tensor


def is_state(name):
    return "running_" in name


def dense(p, x):
    """x: [..., in], weight: [in, out]"""
    y = x @ p["weight"]
    return y + p["bias"] if "bias" in p else y


def conv(p, x, stride=1):
    """x: [batch, height, width, in], weight: [height, width, in, out]"""
    pad = p["weight"].shape[0] // 2
    y = lax.conv_general_dilated(
        x, p["weight"], (stride, stride), [(pad, pad)] * 2,
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
    )  # fmt: skip
    return y + p["bias"] if "bias" in p else y


def depthwise(p, x, stride=1):
    """A 3×3 convolution for each channel; JAX's grouped one takes many times as long.

    x: [batch, height, width, channels], weight: [3, 3, 1, channels]
    """
    height, width = x.shape[1:3]
    padded = jnp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return sum(
        padded[:, i : i + height : stride, j : j + width : stride] * p["weight"][i, j, 0]
        for i in range(3)
        for j in range(3)
    )


def batch_norm(p, x):
    count = x.shape[0] * x.shape[1] * x.shape[2]
    wide = x.astype(jnp.float32)
    mean = wide.mean((0, 1, 2))
    variance = jnp.maximum((wide * wide).mean((0, 1, 2)) - mean * mean, 0)
    p.change("running_mean", 0.9 * p["running_mean"] + 0.1 * mean)
    unbiased = variance * (count / (count - 1))
    p.change("running_var", 0.9 * p["running_var"] + 0.1 * unbiased)
    scale = p["weight"] * lax.rsqrt(variance + 1e-5)
    return (x * scale + (p["bias"] - mean * scale)).astype(x.dtype)


def pool(x):
    """The maximum of each 2×2; faster here than a reduce_window and its gradient."""
    batch, height, width, channels = x.shape
    return x.reshape(batch, height // 2, 2, width // 2, 2, channels).max((2, 4))


def relu(x):
    return jnp.maximum(x, 0)


def perceptron(function):
    def network(p, x):
        index = 1
        while f"dense_{index}.weight" in p:
            x = dense(p(f"dense_{index}"), function(x) if index > 1 else x)
            index += 1
        return x

    return network


def wide(p, numbers, categories):
    vectors = [p(f"e_{i}")["weight"][categories[:, i]] for i in range(categories.shape[1])]
    return perceptron(relu)(p, jnp.concatenate([numbers, *vectors], axis=1))


def lenet(p, x):
    x = pool(relu(conv(p("conv2d_1"), x)))
    x = pool(relu(conv(p("conv2d_2"), x)))
    # The next layer counts channel by channel.
    x = x.transpose(0, 3, 1, 2).reshape(len(x), -1)
    return dense(p("dense_2"), relu(dense(p("dense_1"), x)))


def conv_norm(p, index, x, stride=1, convolve=conv):
    return batch_norm(p(f"batch_norm_{index}"), convolve(p(f"conv2d_{index}"), x, stride))


def basic(p, x, stride=1):
    y = conv_norm(p, 2, relu(conv_norm(p, 1, x, stride)))
    return relu(y + (conv(p("project"), x, stride) if stride > 1 else x))


def resnet20(p, x):
    x = relu(conv_norm(p, 1, x))
    for stage, count in enumerate([3, 2, 2]):
        if stage > 0:
            x = basic(p(f"residual_{stage}"), x, 2)
        for index in range(count):
            x = basic(p(f"repeat_{stage + 1}")(str(index))("residual_1"), x)
    return dense(p("dense_1"), x.mean((1, 2)))


def mobilenet(p, x):
    x = relu(conv_norm(p, 1, x))
    for block, stride in enumerate([1, 2, 1, 2, 1]):
        x = relu(conv_norm(p, 2 * block + 2, x, stride, depthwise))
        x = relu(conv_norm(p, 2 * block + 3, x))
    return dense(p("dense_1"), x.mean((1, 2)))


def mse(output, y):
    return ((output - y) ** 2).mean()


def binary_cross_entropy(output, y):
    return (jnp.logaddexp(0, output) - output * y).mean()


def cross_entropy(output, y):
    output = output.astype(jnp.float32)
    picked = jnp.take_along_axis(output, y[..., None], axis=-1)[..., 0]
    return (jax.nn.logsumexp(output, axis=-1) - picked).mean()


MODELS = {
    "neuron": (perceptron(jnp.tanh), mse, "sgd"),
    "xor": (perceptron(jnp.tanh), binary_cross_entropy, "adamw"),
    "iris": (perceptron(relu), cross_entropy, "adamw"),
    "tabular": (perceptron(relu), cross_entropy, "adamw"),
    "wide": (wide, cross_entropy, "adamw"),
    "mnist-mlp": (perceptron(relu), cross_entropy, "adamw"),
    "lenet": (lenet, cross_entropy, "adamw"),
    "resnet20": (resnet20, cross_entropy, "adamw"),
    "mobilenet": (mobilenet, cross_entropy, "adamw"),
}
