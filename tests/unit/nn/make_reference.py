#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Makes reference.json: outputs of the published networks, computed in double precision from their formulas.

    tests/unit/nn/make_reference.py > tests/unit/nn/reference.json

Needs NumPy. Parameter number q of a network, counted over all its blocks in the order of the layers, each block
row-major, is sin(q^2 mod 10007) sqrt(3 / fan_in); entry number q of an input is cos(q^2 mod 9973), its channels
and points (z, y, x) row-major. The images of a geometry are 1 where that cosine is positive, else 0. Arrays are
[channel, z, y, x]."""
import json
import math

import numpy as np


class Parameters:
    """Hands the parameters out one block after the other."""

    def __init__(self):
        self.count = 0

    def block(self, shape, fan_in):
        q = self.count + np.arange(math.prod(shape), dtype=np.int64)
        self.count += q.size
        return (np.sin((q * q % 10007).astype(float)) * math.sqrt(3.0 / fan_in)).reshape(shape)


def entries(channels, points):
    q = np.arange(channels * math.prod(points), dtype=np.int64)
    return np.cos((q * q % 9973).astype(float)).reshape(channels, *reversed(points))


def neighbours(x):
    """x(p + o) for o in {-1, 0, 1}^3, ox fastest, 0 outside of the box: [27, channel, z, y, x]."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (1, 1)))
    nz, ny, nx = x.shape[1:]
    return np.stack([padded[:, 1 + oz:1 + oz + nz, 1 + oy:1 + oy + ny, 1 + ox:1 + ox + nx]
                     for oz in (-1, 0, 1) for oy in (-1, 0, 1) for ox in (-1, 0, 1)])


def halves(x):
    """The two children of each cell in each direction: [channel, z, 2, y, 2, x, 2]."""
    c, nz, ny, nx = x.shape
    return x.reshape(c, nz // 2, 2, ny // 2, 2, nx // 2, 2)


def average(x):
    return halves(x).mean(axis=(2, 4, 6))


def convolution(parameters, x, outputs):
    fan_in = 27 * x.shape[0]
    weight = parameters.block((outputs, x.shape[0], 27), fan_in)
    bias = parameters.block((outputs,), fan_in)
    return np.einsum("oct,tczyx->ozyx", weight, neighbours(x)) + bias[:, None, None, None]


def dcdm(large, r):
    """Convolutions C, R = relu C; the relu comes before the addition of a skip connection."""
    p = Parameters()

    def relu_conv(x):
        return np.maximum(convolution(p, x, 16), 0.0)

    def pairs(x, count):
        for _ in range(count):
            x = relu_conv(relu_conv(x)) + x
        return x

    a = relu_conv(convolution(p, r, 16))
    skip = relu_conv(pairs(a, 2 if large else 1))
    u = pairs(average(skip), 5 if large else 3)
    w = u.repeat(2, axis=1).repeat(2, axis=2).repeat(2, axis=3) + skip
    w = pairs(w, 3 if large else 2)
    weight, bias = p.block((16,), 16), p.block((1,), 16)
    return p.count, np.tensordot(weight, w, axes=1)[None] + bias


def interpolated(x):
    """Linear between the centres of cells, direction by direction; beyond the border the nearest value."""
    for axis in (1, 2, 3):
        n = x.shape[axis]
        here = np.arange(2 * n)
        # The centre of child i lies at (i + 1/2) / 2 - 1/2 in the numbering of the cells.
        place = np.clip((here + 0.5) / 2.0 - 0.5, 0.0, n - 1.0)
        low = np.minimum(place.astype(int), n - 1)
        high = np.minimum(low + 1, n - 1)
        part = (place - low).reshape([-1 if d == axis else 1 for d in range(4)])
        x = (1.0 - part) * np.take(x, low, axis) + part * np.take(x, high, axis)
    return x


def npsdo(levels, r, images):
    p = Parameters()
    image = [images]
    for _ in range(levels):
        image.append(average(image[-1]))

    def stencil(x, level):
        kernel = convolution(p, image[level], 27)
        return (kernel * neighbours(x)[:, 0]).sum(axis=0)[None]

    def factor(level):
        return convolution(p, image[level], 1).mean()

    x = [stencil(r, 0)]
    for level in range(1, levels + 1):
        x.append(stencil(average(x[-1]), level))
    result = x[levels]
    for level in reversed(range(levels)):
        post = stencil(interpolated(result), level)
        old, new = factor(level), factor(level)
        result = old * x[level] + new * post
    return p.count, result


def case(name, points, count_and_output):
    count, output = count_and_output
    values = output.reshape(-1)
    places = list(range(0, values.size, max(1, values.size // 300)))
    return {"network": name, "points": points, "parameters": count, "largest": float(abs(values).max()),
            "places": places, "values": [float(values[q]) for q in places]}


box, cube = [16, 12, 8], [16, 16, 16]
print(json.dumps([
    case("dcdm64", box, dcdm(False, entries(1, box))),
    case("dcdm128", box, dcdm(True, entries(1, box))),
    case("npsdo4", cube, npsdo(4, entries(1, cube), (entries(3, cube) > 0.0).astype(float))),
]))
