# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Full-batch training steps of PyTorch on the DeepONet and the samples of the antiderivative: prints seconds per step as
JSON.

usage: torch_deeponet.py SAMPLES.h5 TRIPLES THREADS SECONDS
"""
import json
import sys
import time

import h5py
import torch


def network(*widths):
    """Layers with ReLU between them, Glorot-normal weights and no bias at the start."""
    layers = []
    for before, behind in zip(widths, widths[1:]):
        layer = torch.nn.Linear(before, behind)
        torch.nn.init.xavier_normal_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
        layers += [layer, torch.nn.ReLU()]
    return layers


def main():
    file, count, threads, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    with h5py.File(file, "r") as samples:
        u, y, s = (torch.from_numpy(samples[name][:count, :, 0, 0, 0]) for name in ("sensors", "points", "solution"))
    branch = torch.nn.Sequential(*network(u.shape[1], 40, 40)[:-1])
    trunk = torch.nn.Sequential(*network(1, 40, 40))
    bias = torch.nn.Parameter(torch.zeros(1))
    parameters = [*branch.parameters(), *trunk.parameters(), bias]
    optimiser = torch.optim.Adam(parameters, lr=1e-3)

    def step():
        optimiser.zero_grad(set_to_none=True)
        loss = torch.nn.functional.mse_loss((branch(u) * trunk(y)).sum(1) + bias, s[:, 0])
        loss.backward()
        optimiser.step()

    for _ in range(5):
        step()
    steps, begin = 0, time.perf_counter()
    while steps == 0 or time.perf_counter() - begin < seconds:
        step()
        steps += 1
    print(json.dumps({"seconds_per_step": (time.perf_counter() - begin) / steps, "version": torch.__version__,
                      "parameters": sum(p.numel() for p in parameters)}))


if __name__ == "__main__":
    main()
