#!/usr/bin/env python3
"""Runs training steps of a case in JAX on demand, see peer.py.

    python3 peer_jax.py CASE --weights PATH [--bf16]

JAX takes as many threads as it may run on processors, so its driver limits those. The weights come
from a safetensors file of nnc, from which JAX learns their shapes too.
"""

import jax
import jax.numpy as jnp
from safetensors.numpy import load_file

import peer
import twins_jax
import twins_jax_text
from twins_jax import Scope, from_nnc, is_state

MODELS = twins_jax.MODELS | twins_jax_text.MODELS

RATE, DECAY, BETA1, BETA2, EPSILON = 1e-3, 0.01, 0.9, 0.999, 1e-8


def sgd(weights, gradients, state):
    return jax.tree.map(lambda w, g: w - RATE * g, weights, gradients), state


def adamw(weights, gradients, state):
    """As PyTorch has it; Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019)."""
    time = state["time"] + 1
    first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, state["first"], gradients)
    second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, state["second"], gradients)
    rate = RATE / (1 - BETA1**time)
    root = jnp.sqrt(1 - BETA2**time)

    def moved(w, m, v):
        return w * (1 - RATE * DECAY) - rate * m / (jnp.sqrt(v) / root + EPSILON)

    weights = jax.tree.map(moved, weights, first, second)
    return weights, {"time": time, "first": first, "second": second}


class JaxPeer(peer.Peer):
    def __init__(self, arguments):
        super().__init__(arguments)
        self.network, self.criterion, word = MODELS[arguments.case]
        self.bf16 = arguments.bf16
        update = {"sgd": sgd, "adamw": adamw}[word]

        def value(weights, states, inputs, y):
            output, changed = self.forward(weights, states, inputs)
            return self.criterion(output, y), changed

        def step(weights, states, memory, inputs, y):
            (loss, changed), gradients = jax.value_and_grad(value, has_aux=True)(
                weights, states, inputs, y
            )
            weights, memory = update(weights, gradients, memory)
            return loss, weights, states | changed, memory

        def predict(weights, states, inputs):
            output, _ = self.forward(weights, states, inputs)
            return jax.nn.softmax(output.astype(jnp.float32))

        self.jitted_step = jax.jit(step, donate_argnums=(0, 1, 2))
        self.jitted_value = jax.jit(value)
        self.jitted_predict = jax.jit(predict)
        self.load(arguments.weights)
        inputs = [self.ready(x) for x in self.inputs]
        targets = jnp.asarray(self.targets)
        self.batches = [([x[rows] for x in inputs], targets[rows]) for rows in self.slices]

    def ready(self, x):
        """Inputs as a network takes them, images with their channels last."""
        return jnp.asarray(x.transpose(0, 2, 3, 1) if x.ndim == 4 else x)

    def forward(self, weights, states, inputs):
        if self.bf16:
            weights = jax.tree.map(lambda w: w.astype(jnp.bfloat16), weights)
            inputs = [x.astype(jnp.bfloat16) if x.dtype == jnp.float32 else x for x in inputs]
        changed = {}
        output = self.network(Scope(weights | states, changed), *inputs)
        return output.astype(jnp.float32), changed

    def load(self, path):
        tensors = {
            name: jnp.asarray(from_nnc(name, tensor)) for name, tensor in load_file(path).items()
        }
        self.weights = {name: tensor for name, tensor in tensors.items() if not is_state(name)}
        self.states = {name: tensor for name, tensor in tensors.items() if is_state(name)}
        zeros = jax.tree.map(jnp.zeros_like, self.weights)
        self.memory = {
            "time": jnp.zeros(()),
            "first": zeros,
            "second": jax.tree.map(jnp.copy, zeros),
        }

    def step(self):
        inputs, y = self.batches[self.batch()]
        loss, self.weights, self.states, self.memory = self.jitted_step(
            self.weights, self.states, self.memory, inputs, y
        )
        # The step is over when its loss is known.
        return float(loss)

    def loss(self):
        inputs, y = self.batches[self.batch()]
        return float(self.jitted_value(self.weights, self.states, inputs, y)[0])

    def prepare(self, inputs, count):
        inputs = [self.ready(x) for x in inputs]
        options = [
            [[x[first : first + size] for x in inputs] for first in range(0, count, size)]
            for size in self.chunk_sizes(count)
        ]
        self.chunks = min(options, key=self.try_out)

    def predict(self):
        parts = [self.jitted_predict(self.weights, self.states, chunk) for chunk in self.chunks]
        return jax.block_until_ready(parts)


def main():
    parser = peer.parser("A case in JAX.")
    parser.add_argument("--weights", required=True)
    peer.serve(JaxPeer(parser.parse_args()))


if __name__ == "__main__":
    main()
