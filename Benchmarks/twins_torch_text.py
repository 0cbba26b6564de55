"""The cases on sequences as PyTorch modules, their parameters named as nnc names them."""

import torch
from torch import nn
from torch.nn import functional as F

from twins_torch import Chain, Repeat, Residual, adamw


class Recurrent(nn.Module):
    """Embedding, a recurrent net of two layers, and a layer that reads each of its states."""

    def __init__(self, word, kind, vocabulary=96, embedded=128, units=256):
        super().__init__()
        self.word = word
        self.embedding_1 = nn.Embedding(vocabulary, embedded)
        self.add_module(f"{word}_1", kind(embedded, units, num_layers=2, batch_first=True))
        self.dense_1 = nn.Linear(units, vocabulary)

    def forward(self, x):
        states, _ = getattr(self, f"{self.word}_1")(self.embedding_1(x))
        return self.dense_1(states)


def rotate(x, table):
    """Turns pairs taken from the two halves of a head; Su et al., "RoFormer" (2021)."""
    first, second = x.chunk(2, dim=-1)
    cosine, sine = table
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)


class Attention(nn.Module):
    """Causal attention; with `rotary` the number of places that the table of angles has."""

    def __init__(self, features, heads, kv_heads=None, bias=True, rotary=None):
        super().__init__()
        kv_heads = kv_heads or heads
        width = features // heads
        self.width, self.grouped = width, kv_heads != heads
        self.query = nn.Linear(features, features, bias)
        self.key = nn.Linear(features, kv_heads * width, bias)
        self.value = nn.Linear(features, kv_heads * width, bias)
        self.output = nn.Linear(features, features, bias)
        self.rotary = rotary is not None
        if self.rotary:
            rates = 10_000.0 ** -(torch.arange(width // 2).double() / (width // 2))
            angles = torch.arange(rotary).double()[:, None] * rates
            self.register_buffer("cosine", angles.cos().float(), persistent=False)
            self.register_buffer("sine", angles.sin().float(), persistent=False)

    def forward(self, x):
        def split(y):
            return y.unflatten(-1, (-1, self.width)).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        if self.rotary:
            table = self.cosine.to(query.dtype), self.sine.to(query.dtype)
            query, key = rotate(query, table), rotate(key, table)
        y = F.scaled_dot_product_attention(
            query, key, value, is_causal=True, enable_gqa=self.grouped
        )
        return self.output(y.transpose(1, 2).flatten(2))


class Positions(nn.Module):
    def __init__(self, length, features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(length, features) * 0.02)

    def forward(self, x):
        return x + self.weight


class SwiGLU(nn.Module):
    def __init__(self, features, units):
        super().__init__()
        self.gate = nn.Linear(features, units, bias=False)
        self.up = nn.Linear(features, units, bias=False)
        self.down = nn.Linear(units, features, bias=False)

    def forward(self, x):
        return self.down(F.silu(self.gate(x)) * self.up(x))


def gpt_block(width, heads):
    attention = [
        ("layer_norm_1", nn.LayerNorm(width)), ("attention_1", Attention(width, heads)),
    ]  # fmt: skip
    wide = [
        ("layer_norm_1", nn.LayerNorm(width)), ("dense_1", nn.Linear(width, 4 * width)), F.gelu,
        ("dense_2", nn.Linear(4 * width, width)),
    ]  # fmt: skip
    return Chain(
        [("residual_1", Residual(Chain(attention))), ("residual_2", Residual(Chain(wide)))]
    )


def char_gpt():
    return Chain(
        [
            ("embedding_1", nn.Embedding(96, 128)), ("position_embedding_1", Positions(128, 128)),
            ("repeat_1", Repeat(4, lambda: gpt_block(128, 4))),
            ("layer_norm_1", nn.LayerNorm(128)), ("dense_1", nn.Linear(128, 96)),
        ]
    )  # fmt: skip


class TiedGPT(nn.Module):
    """GPT-2 of 124 million parameters: the head reads the embedding backwards."""

    def __init__(self, vocabulary=50257, length=256, width=768):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        nn.init.normal_(self.tokens.weight, std=0.02)
        self.position_embedding_1 = Positions(length, width)
        self.repeat_1 = Repeat(12, lambda: gpt_block(width, 12))
        self.layer_norm_1 = nn.LayerNorm(width)

    def forward(self, x):
        x = self.repeat_1(self.position_embedding_1(self.tokens(x)))
        return F.linear(self.layer_norm_1(x), self.tokens.weight)


def llama_block(width=256):
    attention = [
        ("rms_norm_1", nn.RMSNorm(width)),
        ("attention_1", Attention(width, 8, kv_heads=4, bias=False, rotary=256)),
    ]
    gated = [("rms_norm_1", nn.RMSNorm(width)), ("gated_feed_forward_1", SwiGLU(width, 688))]
    return Chain(
        [("residual_1", Residual(Chain(attention))), ("residual_2", Residual(Chain(gated)))]
    )


def llama():
    return Chain(
        [
            ("embedding_1", nn.Embedding(4096, 256)), ("repeat_1", Repeat(6, llama_block)),
            ("rms_norm_1", nn.RMSNorm(256)), ("dense_1", nn.Linear(256, 4096, bias=False)),
        ]
    )  # fmt: skip


MODELS = {
    "lstm": (lambda: Recurrent("lstm", nn.LSTM), F.cross_entropy, adamw),
    "gru": (lambda: Recurrent("gru", nn.GRU), F.cross_entropy, adamw),
    "char-gpt": (char_gpt, F.cross_entropy, adamw),
    "llama": (llama, F.cross_entropy, adamw),
    "gpt2": (TiedGPT, F.cross_entropy, adamw),
    "gpt2-batch-8": (TiedGPT, F.cross_entropy, adamw),
}
