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


class Cycle:
    """A multigrid cycle of convolutions without biases, as mgno_graph.cpp makes it: one step on each grid, two on the
    coarsest."""

    def __init__(self, net, levels, channels):
        self.net, self.levels, self.channels = net, levels, channels

    def conv(self, x, channels, **attributes):
        return self.net.add("conv", [x], channels=channels, bias=0, **attributes)

    def smooth(self, f, u, channels_in):
        residual = self.net.add("subtract", [f, self.conv(u, channels_in)])
        return self.net.add("add", [self.conv(residual, self.channels), u])

    def descend(self, level, f, u, channels_in):
        u = self.smooth(f, u, channels_in) if u else self.conv(f, self.channels)
        if level == self.levels - 1:
            return self.smooth(f, u, channels_in)
        start = self.conv(u, self.channels, stride=2)
        coarse = self.descend(level + 1, self.conv(f, channels_in, stride=2), start, channels_in)
        back = self.net.add("conv_transpose", [coarse], channels=self.channels, kernel=4, stride=2, bias=0)
        return self.net.add("add", [u, back])


def multigrid_operator():
    """The multigrid neural operator for Darcy flow in rough media, on grids that can be halved five times."""
    net, channels, levels = Builder(2), 24, 6
    x, width = "x0", 1
    for _ in range(4):
        cycle = Cycle(net, levels, channels).descend(0, x, None, width)
        skip = net.add("conv", [x], channels=channels, kernel=1)
        x, width = net.add("gelu", [net.add("add", [cycle, skip])]), channels
    return net.finish(net.add("conv", [x], channels=1, kernel=1, bias=0))
