#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws functions of the test, their integrals, and what the network of the deck antiderivative makes of them.

/usr/bin/python3 docs/images/render_deeponet.py output/antiderivative.model.h5 output/antiderivative.samples.h5 > docs/images/deeponet.svg"""
import sys

import h5py
import numpy

WIDTH, HEIGHT, GAP, TOP, FUNCTIONS = 230, 110, 16, 24, 3


def network(path):
    """The value at all points y of the function with the values u at sensors."""
    with h5py.File(path, "r") as file:
        arrays = {}
        file["param"].visititems(
            lambda name, item: arrays.update({name: item[...].astype(float)}) if isinstance(item, h5py.Dataset) else None)

    def layer(name, x):
        return x @ arrays[f"{name}/weight"].T + arrays[f"{name}/bias"]

    def value(u, y):
        b = layer("branch.out", numpy.maximum(layer("branch.1", u[None]), 0.0))
        t = numpy.maximum(layer("trunk.2", numpy.maximum(layer("trunk.1", y[:, None]), 0.0)), 0.0)
        return (t @ b[0]) + arrays["result/bias"][0]

    return value


def polyline(values, low, high, x, y, style):
    last = len(values) - 1
    points = " ".join(f"{x + WIDTH * i / last:.1f},{y + HEIGHT * (high - v) / (high - low):.1f}" for i, v in enumerate(values))
    print(f'<polyline points="{points}" fill="none" {style}/>')


def panel(lines, x, y, title):
    low = min(min(values) for values, _ in lines)
    high = max(max(values) for values, _ in lines)
    low, high = low - 0.06 * (high - low), high + 0.06 * (high - low)
    print(f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>')
    print(f'<text x="{x + 4}" y="{y + 13}" fill="#555">{title}</text>')
    for values, style in lines:
        polyline(values, low, high, x, y, style)


def main():
    value = network(sys.argv[1])
    with h5py.File(sys.argv[2], "r") as file:
        inputs = file["sensors"][-FUNCTIONS:, :, 0, 0, 0].astype(float)
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{FUNCTIONS * (WIDTH + GAP) + GAP}" '
          f'height="{TOP + 2 * (HEIGHT + GAP)}" font-family="sans-serif" font-size="12">\n'
          '<rect width="100%" height="100%" fill="white"/>')
    print(f'<text x="{GAP}" y="16"><tspan fill="#1b6ca8">function and integral</tspan>, '
          '<tspan fill="#d1495b">network</tspan></text>')
    x = numpy.linspace(0.0, 1.0, inputs.shape[1])
    for number, u in enumerate(inputs):
        left = GAP + number * (WIDTH + GAP)
        integral = numpy.concatenate([[0.0], numpy.cumsum((u[1:] + u[:-1]) / 2.0 * (x[1] - x[0]))])
        panel([(u, 'stroke="#1b6ca8"')], left, TOP, "u")
        panel([(integral, 'stroke="#1b6ca8" stroke-width="3" stroke-opacity="0.5"'), (value(u, x), 'stroke="#d1495b"')], left,
              TOP + HEIGHT + GAP, "∫ u")
    print("</svg>")


if __name__ == "__main__":
    main()
