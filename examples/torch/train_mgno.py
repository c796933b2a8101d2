#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Trains a multigrid neural operator in PyTorch on a file of samples, and saves it for Linnet's app convert.

    examples/torch/train_mgno.py SAMPLES.h5 WEIGHTS.safetensors [epochs]

Needs the packages torch, h5py and safetensors. The last 16 samples are not trained on; what the network makes of them
goes to WEIGHTS.outputs.h5, for Linnet's app predict to compare with. The network is that of He, Liu
and Xu (ICLR 2024) with one smoothing step on each grid and two on the coarsest, by the names of its authors' program;
docs/interchange.md goes on from here."""
import sys

import h5py
import torch
from safetensors.torch import save_file
from torch import nn

TEST = 16


class Normalizer(nn.Module):
    """Its buffers are part of the state of the network, and so of the file."""

    def __init__(self, values):
        super().__init__()
        self.register_buffer("mean", values.mean())
        self.register_buffer("std", values.std())

    def decode(self, x):
        return x * (self.std + 1e-5) + self.mean


class Step(nn.Module):
    """u + S (f - A u)"""

    def __init__(self, u, f, first=False):
        super().__init__()
        self.S = nn.Conv2d(f, u, 3, padding=1, bias=False)
        if not first:
            self.A = nn.Conv2d(u, f, 3, padding=1, bias=False)

    def forward(self, u, f):
        return (self.S(f) if u is None else u + self.S(f - self.A(u))), f


class Coarsen(nn.Module):
    def __init__(self, u, f):
        super().__init__()
        self.Pi = nn.Conv2d(u, u, 3, stride=2, padding=1, bias=False)
        self.R = nn.Conv2d(f, f, 3, stride=2, padding=1, bias=False)

    def forward(self, u, f):
        return self.Pi(u), self.R(f)


class Cycle(nn.Module):
    def __init__(self, u, f, grids):
        super().__init__()
        self.grids = grids
        self.RTlayers = nn.ModuleList(nn.ConvTranspose2d(u, u, 4, 2, 1, bias=False) for _ in range(grids - 1))
        for l in range(grids):
            layer = [Coarsen(u, f)] if l > 0 else []
            layer += [Step(u, f, l == 0) for _ in range(2 if l == grids - 1 else 1)]
            setattr(self, f"layer{l}", nn.ModuleList(layer))

    def forward(self, f):
        u, kept = None, []
        for l in range(self.grids):
            for part in getattr(self, f"layer{l}"):
                u, f = part(u, f)
            kept.append(u)
        for l in reversed(range(self.grids - 1)):
            u = kept[l] + self.RTlayers[l](u)
        return u


class MgNO(nn.Module):
    def __init__(self, layers, channels, grids, normalizer):
        super().__init__()
        inputs = [1] + [channels] * (layers - 1)
        self.conv_list = nn.ModuleList(Cycle(channels, f, grids) for f in inputs)
        self.linear_list = nn.ModuleList(nn.Conv2d(f, channels, 1) for f in inputs)
        self.linear = nn.Conv2d(channels, 1, 1, bias=False)
        self.normalizer = normalizer

    def forward(self, x):
        for cycle, linear in zip(self.conv_list, self.linear_list):
            x = nn.functional.gelu(cycle(x) + linear(x))
        return self.normalizer.decode(self.linear(x))


def distance(p, y):
    return ((p - y).flatten(1).norm(dim=1) / y.flatten(1).norm(dim=1)).mean()


def main():
    samples, weights, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 20
    torch.manual_seed(1)
    with h5py.File(samples, "r") as file:
        x, y = (torch.tensor(file[name][:, :, 0]) for name in ("coefficient", "solution"))
    network = MgNO(2, 8, 4, Normalizer(y[:-TEST]))
    optimiser = torch.optim.Adam(network.parameters(), 2e-3)
    count, batch = len(x) - TEST, 8
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, epochs * (count // batch))
    for epoch in range(epochs):
        for part in torch.randperm(count).split(batch)[:count // batch]:
            optimiser.zero_grad()
            loss = distance(network(x[part]), y[part])
            loss.backward()
            optimiser.step()
            schedule.step()
        if epoch % 5 == 4 or epoch == epochs - 1:
            print(f"epoch {epoch + 1}: training {loss.item():.4f}", flush=True)
    with torch.no_grad():
        p = network(x[-TEST:])
    for i in range(2):
        print(f"sample {len(x) - TEST + i}: L2 {distance(p[i:i + 1], y[-TEST + i:][:1]).item():.5f}")
    print(f"L2 {distance(p, y[-TEST:]).item():.4g} in the mean of {TEST} samples")
    save_file(network.state_dict(), weights)
    with h5py.File(weights.replace(".safetensors", ".outputs.h5"), "w") as file:
        file.attrs.update({"format": "linnet-samples", "recipe": "outputs of PyTorch", "complete": len(p)})
        file["coefficient"], file["solution"] = x[-TEST:, :, None].numpy(), p[:, :, None].numpy()


if __name__ == "__main__":
    main()
