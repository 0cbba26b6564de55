"""The cases on sequences as JAX functions, their parameters named as nnc names them."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from twins_jax import cross_entropy, dense


def lstm_cell(p, layer, carry, gates):
    """gates: [batch, 4 · units] of the inputs, in the order i, f, g, o"""
    h, c = carry
    gates = gates + h @ p[f"weight_hh_l{layer}"]
    i, f, g, o = jnp.split(gates, 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return (h, c), h


def gru_cell(p, layer, carry, gates):
    """gates: [batch, 3 · units] of the inputs, in the order r, z, n"""
    (h,) = carry
    own = jnp.split(h @ p[f"weight_hh_l{layer}"] + p[f"bias_hh_l{layer}"], 3, axis=-1)
    r, z, n = jnp.split(gates, 3, axis=-1)
    r, z = jax.nn.sigmoid(r + own[0]), jax.nn.sigmoid(z + own[1])
    n = jnp.tanh(n + r * own[2])
    h = (1 - z) * n + z * h
    return (h,), h


def recurrent(word, cell, states):
    def network(p, x):
        x = p("embedding_1")["weight"][x]
        net = p(f"{word}_1")
        for layer in range(2):
            # The inputs' part of all steps is one product; steps lead.
            gates = x.swapaxes(0, 1) @ net[f"weight_ih_l{layer}"] + net[f"bias_ih_l{layer}"]
            if word == "lstm":
                gates = gates + net[f"bias_hh_l{layer}"]
            zero = jnp.zeros((x.shape[0], net[f"weight_hh_l{layer}"].shape[0]), x.dtype)
            _, h = lax.scan(functools.partial(cell, net, layer), (zero,) * states, gates)
            x = h.swapaxes(0, 1)
        return dense(p("dense_1"), x)

    return network


def layer_norm(p, x):
    wide = x.astype(jnp.float32)
    mean = wide.mean(-1, keepdims=True)
    variance = ((wide - mean) ** 2).mean(-1, keepdims=True)
    return ((wide - mean) * lax.rsqrt(variance + 1e-5)).astype(x.dtype) * p["weight"] + p["bias"]


def rms_norm(p, x):
    wide = x.astype(jnp.float32)
    square = (wide * wide).mean(-1, keepdims=True)
    return (wide * lax.rsqrt(square + np.finfo(np.float32).eps)).astype(x.dtype) * p["weight"]


def rotate(x):
    """x: [batch, length, heads, width]; pairs are the halves of a head, as in Llama."""
    length, width = x.shape[1], x.shape[3]
    rates = 10_000.0 ** -(np.arange(width // 2) / (width // 2))
    angles = np.arange(length)[:, None, None] * rates
    cosine, sine = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)
    first, second = jnp.split(x, 2, axis=-1)
    return jnp.concatenate([first * cosine - second * sine, second * cosine + first * sine], -1)


def attention(p, x, heads, rotary=False):
    batch, length, features = x.shape
    width = features // heads

    def split(y):
        return y.reshape(batch, length, -1, width)

    query, key = split(dense(p("query"), x)), split(dense(p("key"), x))
    value = split(dense(p("value"), x))
    if rotary:
        query, key = rotate(query), rotate(key)
    y = jax.nn.dot_product_attention(query, key, value, is_causal=True)
    return dense(p("output"), y.reshape(batch, length, features))


def gpt_block(p, x, heads):
    first, second = p("residual_1"), p("residual_2")
    x = x + attention(first("attention_1"), layer_norm(first("layer_norm_1"), x), heads)
    y = dense(second("dense_1"), layer_norm(second("layer_norm_1"), x))
    return x + dense(second("dense_2"), jax.nn.gelu(y, approximate=False))


def gpt(p, x, embedding, blocks, heads):
    x = p(embedding)["weight"][x] + p("position_embedding_1")["weight"]
    for index in range(blocks):
        x = gpt_block(p("repeat_1")(str(index)), x, heads)
    return layer_norm(p("layer_norm_1"), x)


def char_gpt(p, x):
    return dense(p("dense_1"), gpt(p, x, "embedding_1", 4, 4))


def gpt2(p, x):
    return gpt(p, x, "tokens", 12, 12) @ p("tokens")["weight"].T


def llama(p, x):
    x = p("embedding_1")["weight"][x]
    for index in range(6):
        first = p("repeat_1")(str(index))("residual_1")
        x = x + attention(first("attention_1"), rms_norm(first("rms_norm_1"), x), 8, rotary=True)
        second = p("repeat_1")(str(index))("residual_2")
        y, gated = rms_norm(second("rms_norm_1"), x), second("gated_feed_forward_1")
        y = jax.nn.silu(dense(gated("gate"), y)) * dense(gated("up"), y)
        x = x + dense(gated("down"), y)
    return dense(p("dense_1"), rms_norm(p("rms_norm_1"), x))


MODELS = {
    "lstm": (recurrent("lstm", lstm_cell, 2), cross_entropy, "adamw"),
    "gru": (recurrent("gru", gru_cell, 1), cross_entropy, "adamw"),
    "char-gpt": (char_gpt, cross_entropy, "adamw"),
    "llama": (llama, cross_entropy, "adamw"),
    "gpt2": (gpt2, cross_entropy, "adamw"),
    "gpt2-batch-8": (gpt2, cross_entropy, "adamw"),
}
