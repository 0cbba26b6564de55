#!/usr/bin/env python3
"""Runs training steps of a case in PyTorch on demand, see peer.py.

python3 peer_torch.py CASE --threads N [--compile] [--channels-last] [--bf16]
"""

import torch
from safetensors.torch import load_file

import peer
import twins_torch
import twins_torch_text

MODELS = twins_torch.MODELS | twins_torch_text.MODELS


class TorchPeer(peer.Peer):
    def __init__(self, arguments):
        super().__init__(arguments)
        torch.set_num_threads(arguments.threads)
        make, self.criterion, optimizer = MODELS[arguments.case]
        torch.manual_seed(1)
        self.model = make()
        if arguments.channels_last:
            self.model = self.model.to(memory_format=torch.channels_last)
        self.optimizer = optimizer(self.model.parameters())
        self.bf16 = arguments.bf16
        self.forward, self.value = self.model, self.plain_value
        if arguments.compile:
            # Every size of a batch gets code of its own, which is faster than code for any size.
            torch._dynamo.config.automatic_dynamic_shapes = False
            self.forward = torch.compile(self.model)
            self.value = torch.compile(self.plain_value)
        inputs = [torch.from_numpy(x) for x in self.inputs]
        targets = torch.from_numpy(self.targets)
        self.batches = [([x[rows] for x in inputs], targets[rows]) for rows in self.slices]
        if arguments.channels_last:
            self.batches = [
                ([x.to(memory_format=torch.channels_last) for x in inputs], y)
                for inputs, y in self.batches
            ]

    def autocast(self):
        return torch.autocast("cpu", torch.bfloat16, enabled=self.bf16)

    def plain_value(self, inputs, y):
        with self.autocast():
            output = self.model(*inputs)
            if y.dtype == torch.int64 and y.dim() == 2:
                output, y = output.flatten(0, 1), y.flatten()
            return self.criterion(output, y)

    def step(self):
        inputs, y = self.batches[self.batch()]
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.value(inputs, y)
        loss.backward()
        self.optimizer.step()
        # The step is over when its loss is known.
        return loss.item()

    def loss(self):
        return self.value(*self.batches[self.batch()]).item()

    def load(self, path):
        missing = self.model.load_state_dict(load_file(path), strict=False)
        lost = [name for name in missing.missing_keys if "num_batches" not in name]
        if lost or missing.unexpected_keys:
            raise SystemExit(f"weights differ: {lost}, {missing.unexpected_keys}")

    def prepare(self, inputs, count):
        self.model.eval()
        inputs = [torch.from_numpy(x) for x in inputs]
        # Reading the rows is nobody's work here, only predicting them is.
        options = [
            list(zip(*[x.split(size) for x in inputs], strict=True))
            for size in self.chunk_sizes(count)
        ]
        self.chunks = min(options, key=self.try_out)

    @torch.inference_mode()
    def predict(self):
        parts = []
        with self.autocast():
            for chunk in self.chunks:
                output = self.forward(*chunk)
                parts.append(torch.softmax(output.float(), dim=-1))
        return parts[0] if len(parts) == 1 else torch.cat(parts)


def main():
    parser = peer.parser("A case in PyTorch.")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--channels-last", action="store_true")
    peer.serve(TorchPeer(parser.parse_args()))


if __name__ == "__main__":
    main()
