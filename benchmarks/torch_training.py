# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Training steps of PyTorch on a graph of ours: prints samples per second as JSON, with tensors in PyTorch's own layout
and channels-last.

usage: torch_training.py GRAPH.json POINTS BATCH THREADS SECONDS

Right-hand sides lie in memory, and the Laplacian of the loss is a convolution in single precision: both cost less than
the file and the sparse matrix in double precision of build/apps/train.
"""
import json
import sys
import time

import torch
from torch.nn import functional


class Network(torch.nn.Module):
    def __init__(self, graph):
        super().__init__()
        self.nodes, self.output = graph["nodes"], graph["output"]
        self.dimension, channels = graph["dimension"], {}
        convolution = torch.nn.Conv3d if self.dimension == 3 else torch.nn.Conv2d
        transposed = torch.nn.ConvTranspose3d if self.dimension == 3 else torch.nn.ConvTranspose2d
        layers = {}
        for node in self.nodes:
            before = [channels[name] for name in node.get("in", [])]
            if node["op"] in ("conv", "conv_transpose"):
                kernel = node.get("kernel", 3)
                make = convolution if node["op"] == "conv" else transposed
                layers[self.key(node)] = make(before[0], node["channels"], kernel, stride=node.get("stride", 1),
                                              padding=(kernel - 1) // 2, bias=node.get("bias", 1) == 1)
            elif node["op"] == "dense":
                layers[self.key(node)] = convolution(before[0], node["units"], 1)
            channels[node["id"]] = node.get("channels", node.get("units", before[0] if before else 1))
        self.layers = torch.nn.ModuleDict(layers)

    @staticmethod
    def key(node):
        return node["id"].replace(".", "_")

    def forward(self, x):
        pool = functional.avg_pool3d if self.dimension == 3 else functional.avg_pool2d
        values = {}
        for node in self.nodes:
            given = [values[name] for name in node.get("in", [])]
            op = node["op"]
            if op == "input":
                value = x
            elif op in ("conv", "conv_transpose", "dense"):
                value = self.layers[self.key(node)](given[0])
            elif op == "relu":
                value = functional.relu(given[0])
            elif op == "gelu":
                value = functional.gelu(given[0])
            elif op == "subtract":
                value = given[0] - given[1]
            elif op == "add":
                value = given[0] + given[1]
            elif op == "avg_pool":
                value = pool(given[0], 2)
            elif op == "upsample_nearest":
                value = functional.interpolate(given[0], scale_factor=2, mode="nearest")
            else:
                raise ValueError(f"no operation {op} here")
            values[node["id"]] = value
        return values[self.output]


def laplacian(dimension):
    """Of the second-difference matrix with fixed values around the grid."""
    kernel = torch.zeros((1, 1) + (3,) * dimension)
    centre = (0, 0) + (1,) * dimension
    kernel[centre] = 2.0 * dimension
    for d in range(dimension):
        for side in (0, 2):
            place = list(centre)
            place[2 + d] = side
            kernel[tuple(place)] = -1.0
    apply = functional.conv3d if dimension == 3 else functional.conv2d
    return lambda x: apply(x, kernel, padding=1)


def line_search_loss(d, b, matrix):
    """Mean of |b - a A d|^2 / |b|^2 with a = (d.b) / (d.A d)."""
    image = matrix(d)
    axes = tuple(range(1, d.dim()))
    step = (d * b).sum(axes, keepdim=True) / (d * image).sum(axes, keepdim=True)
    return (((b - step * image) ** 2).sum(axes) / (b ** 2).sum(axes)).mean()


def samples_per_second(graph, points, batch, seconds, layout):
    dimension = graph["dimension"]
    network = Network(graph).to(memory_format=layout)
    matrix = laplacian(dimension)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    samples = [torch.randn((batch, 1) + (points,) * dimension).to(memory_format=layout) for _ in range(10)]

    def step(number):
        b = samples[number % len(samples)]
        optimiser.zero_grad(set_to_none=True)
        line_search_loss(network(b), b, matrix).backward()
        optimiser.step()

    for warm in range(3):
        step(warm)
    steps, begin = 0, time.perf_counter()
    while steps == 0 or time.perf_counter() - begin < seconds:
        step(steps)
        steps += 1
    return batch * steps / (time.perf_counter() - begin), sum(p.numel() for p in network.parameters())


def main():
    file, points, batch, threads, seconds = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    with open(file, encoding="utf-8") as text:
        graph = json.load(text)
    last = torch.channels_last_3d if graph["dimension"] == 3 else torch.channels_last
    speeds = {}
    for name, layout in (("channels_first", torch.contiguous_format), ("channels_last", last)):
        speeds[name], parameters = samples_per_second(graph, int(points), int(batch), float(seconds), layout)
    print(json.dumps({"samples_per_second": speeds, "version": torch.__version__, "parameters": parameters}))


if __name__ == "__main__":
    main()
