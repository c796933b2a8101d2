#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Writes torch/: networks of PyTorch in files that its package safetensors has written, and what PyTorch makes of inputs.

    tests/unit/nn/make_torch_files.py

Needs the packages torch and safetensors; the tests need neither, they read what is there. Every network is written in
one type of numbers or in four. PyTorch evaluates what the file holds, rounded where it is F16 or BF16. The file
outputs.safetensors holds the inputs of a network, "NAME.input0", ..., and by the name of a file what the network gives
in single precision, "NAME.f32.single", and with the same weights in double precision, "NAME.f32.double"."""
import math
import os

import torch
from safetensors.torch import save_file
from torch import nn

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch")
TYPES = {"f32": torch.float32, "f64": torch.float64, "f16": torch.float16, "bf16": torch.bfloat16}
arrays = {}


class Dense(nn.Module):
    """Layers called linears, as DeepXDE's FNN has them; the last one is linear."""

    def __init__(self, widths, activation):
        super().__init__()
        self.linears = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.activation = activation

    def forward(self, x):
        for layer in self.linears[:-1]:
            x = self.activation(layer(x))
        return self.linears[-1](x)


class DeepONet(nn.Module):
    """Functions at sensors and points that all share; by the names of DeepXDE. `split`: how outputs share the network;
    `stacked`: so many branches; `features`, `factor`: what is done to points, and to the result."""

    def __init__(self, branch, trunk, activation, trunk_activation=None, outputs=1, split="branch", stacked=0,
                 features=None, factor=None):
        super().__init__()
        if stacked:
            self.branch = nn.ModuleList(Dense(branch, activation) for _ in range(stacked))
        else:
            self.branch = Dense(branch, activation)
        self.trunk = Dense(trunk, trunk_activation or activation)
        self.activation_trunk = trunk_activation or activation
        self.b = nn.ParameterList(nn.Parameter(torch.tensor(0.3 - 0.7 * i)) for i in range(outputs))
        self.split, self.features, self.factor = split, features, factor

    def forward(self, u, y):
        b = torch.cat([net(u) for net in self.branch], 1) if isinstance(self.branch, nn.ModuleList) else self.branch(u)
        t = self.activation_trunk(self.trunk(self.features(y) if self.features else y))
        n = len(self.b)
        parts = []
        for o in range(n):
            of = lambda x, splits: x.chunk(n, 1)[o] if splits else x
            part = of(b, self.split in ("branch", "both")) @ of(t, self.split in ("trunk", "both")).T + self.b[o]
            parts.append(self.factor(y) * part if self.factor else part)
        return torch.stack(parts, 1)


def train_antiderivative(network, steps=150):
    """A short training: u -> its integral from 0 to y, u a sum of sines."""
    torch.manual_seed(5)
    x, y = torch.linspace(0, 1, 17), torch.rand(32, 1)
    k = torch.arange(1, 4) * math.pi
    a = torch.randn(128, 3)
    u, truth = a @ torch.sin(k[:, None] * x), a @ ((1 - torch.cos(k[:, None] * y.T)) / k[:, None])
    optimiser = torch.optim.Adam(network.parameters(), 1e-2)
    for _ in range(steps):
        optimiser.zero_grad()
        loss = ((network(u, y)[:, 0] - truth) ** 2).mean()
        loss.backward()
        optimiser.step()
    print(f"antiderivative: mean square error {loss.item():.1e}")


def train_smoothing(network, shape, steps=60):
    """A short training: white noise -> the mean over neighbours, three times."""
    torch.manual_seed(6)
    x = torch.randn(8, *shape)
    y = x.mean(1, keepdim=True)
    for _ in range(3):
        y = nn.functional.avg_pool2d(y, 3, 1, 1)
    optimiser = torch.optim.Adam(network.parameters(), 3e-3)
    for _ in range(steps):
        optimiser.zero_grad()
        loss = ((network(x) - y) ** 2).mean() / (y ** 2).mean()
        loss.backward()
        optimiser.step()
    print(f"smoothing: relative square error {loss.item():.1e}")


class Cycle(nn.Module):
    """W of a multigrid neural operator, by the names that its authors' program has. `steps`: (before, after the
    correction) by grid; `kernels`: points of the transposed convolutions; `norms`: extents of normalised fields; `u`,
    `f`: channels by grid; `pad`: of convolutions of stride 2; `first`: an operator for the first step, too."""

    def __init__(self, u, f, steps, kernels, mode="zeros", bias=False, norms=(), pad=1, first=False):
        super().__init__()
        self.steps = steps
        conv = lambda a, b, **more: nn.Conv2d(a, b, 3, **{"padding": 1, "padding_mode": mode, "bias": bias, **more})
        coarser = {"stride": 2, "padding": pad, "bias": False, "padding_mode": mode if pad else "zeros"}
        if norms:
            self.norm_layer_list = nn.ModuleList(nn.LayerNorm([u[0], n, n]) for n in norms)
        self.RTlayers = nn.ModuleList(nn.ConvTranspose2d(u[l + 1], u[l], k, 2, pad, bias=False)
                                      for l, k in enumerate(kernels))

        def smoother(l, has_operator=True):
            step = nn.Module()
            step.S = conv(f[l], u[l])
            if has_operator:
                step.A = conv(u[l], f[l])
            return step

        for l, (before, after) in enumerate(steps):
            layer = [smoother(l, first or l + i > 0) for i in range(before)]
            if l > 0:
                transition = nn.Module()
                transition.Pi, transition.R = conv(u[l - 1], u[l], **coarser), conv(f[l - 1], f[l], **coarser)
                layer.insert(0, transition)
            setattr(self, f"layer{l}", nn.ModuleList(layer))
            setattr(self, f"post_smooth_layer{l}", nn.ModuleList(smoother(l) for _ in range(after)))

    def forward(self, f):
        smooth = lambda step, u, f: u + step.S(f - step.A(u))
        fields, u = [], None
        for l in range(len(self.steps)):
            for step in getattr(self, f"layer{l}"):
                if hasattr(step, "R"):
                    u, f = step.Pi(u), step.R(f)
                else:
                    u = step.S(f) if u is None else smooth(step, u, f)
            fields.append((u, f))
        for l in reversed(range(len(self.steps) - 1)):
            u = fields[l][0] + self.RTlayers[l](u)
            if hasattr(self, "norm_layer_list"):
                u = self.norm_layer_list[l](u)
            for step in getattr(self, f"post_smooth_layer{l}"):
                u = smooth(step, u, fields[l][1])
        return u


class Normalizer(nn.Module):
    """Of each point; a part of the network that decodes its output, and so of its state."""

    def __init__(self, mean, std):
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)

    def decode(self, x):
        return x * (self.std + 1e-5) + self.mean


class Darcy(nn.Module):
    """Of the experiments on Darcy flow and pipes."""

    def __init__(self, layers, channels, steps, kernels, inputs=1, normalizer=None, mode="zeros"):
        super().__init__()
        u, f = [channels] * len(steps), lambda i: [inputs if i == 0 else channels] * len(steps)
        self.conv_list = nn.ModuleList(Cycle(u, f(i), steps, kernels, mode) for i in range(layers))
        self.linear_list = nn.ModuleList(nn.Conv2d(f(i)[0], channels, 1) for i in range(layers))
        self.linear = nn.Conv2d(channels, 1, 1, bias=False)
        self.normalizer = normalizer

    def forward(self, x):
        for cycle, linear in zip(self.conv_list, self.linear_list):
            x = nn.functional.gelu(cycle(x) + linear(x))
        x = self.linear(x)
        return self.normalizer.decode(x) if self.normalizer else x


class NavierStokes(nn.Module):
    def __init__(self, layers, channels, steps, points):
        super().__init__()
        u, f = [channels] * len(steps), lambda i: [1 if i == 0 else channels] * len(steps)
        norms = [points // 2 ** l for l in range(len(steps) - 1)]
        self.conv_list = nn.ModuleList(Cycle(u, f(i), steps, [4] * (len(steps) - 1), "circular", True, norms)
                                       for i in range(layers))
        self.last_layer = nn.Conv2d(channels, 1, 1, bias=False)

    def forward(self, x):
        v = x
        for cycle in self.conv_list:
            v = nn.functional.gelu(cycle(v))
        return self.last_layer(v) + x


class Helmholtz(nn.Module):
    """Channels grow from grid to grid; the result is a cycle, too."""

    def __init__(self, layers, channels, steps, kernels, points):
        super().__init__()
        by_grid = lambda c: [c * (l + 1) for l in range(len(steps))]
        cycle = lambda u, f: Cycle(by_grid(u), by_grid(f), steps, kernels, "reflect", True, (), 0, True)
        self.norm_layer_list = nn.ModuleList(nn.LayerNorm([channels, points, points]) for _ in range(layers))
        self.conv_list = nn.ModuleList(cycle(channels, 1 if i == 0 else channels) for i in range(layers))
        self.last_layer = cycle(1, channels)

    def forward(self, x):
        for norm, cycle in zip(self.norm_layer_list, self.conv_list):
            x = nn.functional.gelu(norm(cycle(x)))
        return self.last_layer(x)


def disturb(network):
    """Scales and shifts that training would have moved from 1 and 0."""
    for module in network.modules():
        if isinstance(module, nn.LayerNorm):
            nn.init.normal_(module.weight, 1, 0.3)
            nn.init.normal_(module.bias, 0, 0.3)


def write(name, network, inputs, types=("f32",)):
    for kind in types:
        state = {key: value.double() for key, value in network.state_dict().items()}
        if kind == "f64":  # more digits than single precision has
            state = {key: value * (1 + 1e-9 * torch.randn_like(value)) for key, value in state.items()}
        state = {key: value.to(TYPES[kind]) for key, value in state.items()}
        file = f"{name}.{kind}"
        save_file(state, os.path.join(HERE, file + ".safetensors"), metadata={"format": "pt"})
        network.double()
        network.load_state_dict({key: value.double() for key, value in state.items()})
        with torch.no_grad():
            arrays[file + ".double"] = network(*[x.double() for x in inputs])
            network.float()
            arrays[file + ".single"] = network(*inputs)
    for i, x in enumerate(inputs):
        arrays[f"{name}.input{i}"] = x
    print(f"{name}: {sum(p.numel() for p in network.parameters())} parameters")


def write_deeponets():
    torch.manual_seed(1)
    u, y, plane = torch.randn(3, 17), torch.rand(5, 1), torch.rand(5, 2)
    tanh, relu, gelu = torch.tanh, torch.relu, nn.functional.gelu
    trained = DeepONet([17, 16, 10], [1, 14, 10], tanh)
    train_antiderivative(trained)
    write("deepxde", trained, (u, y), TYPES)
    write("split_branch", DeepONet([17, 9, 12], [2, 8, 6], relu, tanh, 2), (u, plane))
    write("split_both", DeepONet([17, 9, 12], [2, 8, 12], gelu, outputs=3, split="both"), (u, plane))
    write("split_trunk", DeepONet([17, 9, 5], [2, 8, 10], tanh, outputs=2, split="trunk"), (u, plane))
    write("stacked", DeepONet([17, 5, 1], [2, 8, 6], tanh, stacked=6), (u, plane))

    def harmonics(p):
        x, t = 2 * math.pi * p[:, :1], p[:, 1:]
        return torch.cat([torch.cos(x), torch.sin(x), torch.cos(2 * x), torch.sin(2 * x), t], 1)

    write("periodic", DeepONet([17, 9, 6], [5, 8, 6], tanh, features=harmonics), (u, plane))
    sides = lambda p: p[:, 0] * (1 - p[:, 0]) * p[:, 1]
    write("zero_sides", DeepONet([17, 9, 12], [2, 8, 6], gelu, tanh, 2, factor=sides), (u, plane))


def write_fields():
    torch.manual_seed(2)
    layers = [nn.Conv2d(2, 4, 3, padding=1), nn.GELU(), nn.Conv2d(4, 6, 3, stride=2, padding=1), nn.GELU("tanh"),
              nn.ConvTranspose2d(6, 3, 4, stride=2, padding=1), nn.Tanh(), nn.Conv2d(3, 1, 1)]
    even = nn.Sequential(*layers)
    train_smoothing(even, (2, 20, 12))
    write("convolutional", even, (torch.randn(1, 2, 20, 12),), TYPES)
    # Odd grids: transposed convolutions of 3 points. Unequal numbers of channels show where they are exchanged.
    odd = nn.Sequential(nn.Conv2d(1, 3, 5, padding=2, bias=False), nn.ReLU(), nn.Conv2d(3, 5, 3, stride=2, padding=1),
                        nn.Softplus(), nn.ConvTranspose2d(5, 2, 3, stride=2, padding=1))
    write("odd", odd, (torch.randn(1, 1, 11, 9),))
    # Those of PyTorch crop, whatever the padding of the convolutions beside them.
    for mode in ("reflect", "circular"):
        cropped = nn.Sequential(nn.Conv2d(1, 3, 3, padding=1, padding_mode=mode), nn.GELU("tanh"),
                                nn.Conv2d(3, 4, 3, stride=2, padding=1, padding_mode=mode),
                                nn.ConvTranspose2d(4, 2, 4, stride=2, padding=1))
        write("crop_" + mode, cropped, (torch.randn(1, 1, 8, 12),))
    space = nn.Sequential(nn.Conv3d(1, 2, 3, stride=2, padding=1), nn.Tanh(),
                          nn.ConvTranspose3d(2, 3, 4, stride=2, padding=1))
    write("space", space, (torch.randn(1, 1, 8, 6, 4),))


def write_mgno():
    torch.manual_seed(3)
    steps = [(1, 1), (1, 0), (2, 0)]
    normalizer = Normalizer(0.1 * torch.randn(16, 16), 0.1 + 0.1 * torch.rand(16, 16))
    rough = Darcy(2, 4, steps, [4, 4], normalizer=normalizer)
    train_smoothing(rough, (1, 16, 16))
    write("mgno_darcy", rough, (torch.randn(1, 1, 16, 16),), TYPES)
    write("mgno_smooth", Darcy(2, 3, [(1, 0), (1, 0), (2, 0)], [3, 4], 2), (torch.randn(1, 2, 27, 27),))
    navier_stokes = NavierStokes(2, 3, [(1, 1), (2, 0)], 8)
    disturb(navier_stokes)
    write("mgno_navier_stokes", navier_stokes, (torch.randn(1, 1, 8, 8),))
    helmholtz = Helmholtz(1, 2, [(1, 0), (1, 0), (2, 0)], [3, 4], 21)
    disturb(helmholtz)
    write("mgno_helmholtz", helmholtz, (torch.randn(1, 1, 21, 21),))


def main():
    os.makedirs(HERE, exist_ok=True)
    torch.set_num_threads(1)
    write_deeponets()
    write_fields()
    write_mgno()
    save_file({name: values.clone().contiguous() for name, values in arrays.items()},
              os.path.join(HERE, "outputs.safetensors"))


if __name__ == "__main__":
    main()
