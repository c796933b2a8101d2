#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws u of 2-D runs of build/apps/diffusion side by side, in one scale; solid cells are grey.

usage: docs/images/render_nonlinear.py output/linear.h5 output/quasilinear_2d.h5 docs/images/nonlinear.png
"""
import sys

import h5py
import numpy

from render_prediction import SCALE, SEQUENTIAL, coloured, joined, write_png


def last_step(path):
    with h5py.File(path, "r") as file:
        step = file[sorted(name for name in file if name.startswith("step"))[-1]]
        u = numpy.squeeze(step["u"][...])
        return u, numpy.squeeze(step["mask"][...]) if "mask" in step else numpy.zeros(u.shape)


def main():
    runs = [last_step(path) for path in sys.argv[1:-1]]
    low, high = min(u.min() for u, _ in runs), max(u.max() for u, _ in runs)
    pictures = []
    for u, mask in runs:
        pixels = coloured(u, low, high, SEQUENTIAL)
        solid = (mask[::-1] > 0.5).repeat(SCALE, axis=0).repeat(SCALE, axis=1)
        pixels[solid] = (200, 200, 200)
        pictures.append(pixels[::2, ::2])
    write_png(sys.argv[-1], joined(pictures, axis=1))
    print(f"u from {low:.3g} to {high:.3g}")


if __name__ == "__main__":
    main()
