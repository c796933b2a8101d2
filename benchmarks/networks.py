# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Graphs of networks (docs/training.md) that run_training measures."""


class Builder:
    """Puts nodes behind each other."""

    def __init__(self, dimension):
        self.graph = {"dimension": dimension, "padding": "zero", "nodes": [{"id": "x0", "op": "input"}]}

    def add(self, op, inputs, **attributes):
        name = f"x{len(self.graph['nodes'])}"
        self.graph["nodes"].append({"id": name, "op": op, "in": list(inputs), **attributes})
        return name

    def relu_conv(self, x, channels):
        return self.add("relu", [self.add("conv", [x], channels=channels)])

    def pairs(self, x, channels, count):
        """v = R(x), x = R(v) + x."""
        for _ in range(count):
            x = self.add("add", [self.relu_conv(self.relu_conv(x, channels), channels), x])
        return x

    def finish(self, output):
        return {**self.graph, "output": output}


def conjugate_directions():
    """dcdm64 of the app train, layer by layer."""
    net = Builder(3)
    first = net.add("conv", ["x0"], channels=16)
    skip = net.relu_conv(net.pairs(net.relu_conv(first, 16), 16, 1), 16)
    coarse = net.pairs(net.add("avg_pool", [skip]), 16, 3)
    fine = net.pairs(net.add("add", [net.add("upsample_nearest", [coarse]), skip]), 16, 2)
    return net.finish(net.add("dense", [fine], units=1))


def chain(dimension, channels, layers):
    """Convolutions behind each other, and one to a single channel."""
    net = Builder(dimension)
    x = "x0"
    for _ in range(layers):
        x = net.relu_conv(x, channels)
    return net.finish(net.add("conv", [x], channels=1))
