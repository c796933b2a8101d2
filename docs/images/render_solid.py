#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws the blade of inputs/solid/blade.yaml, von Mises stress at full speed and plastic strain at the end, from both sides.

docs/images/render_solid.py output/blade.h5 > docs/images/solid.svg"""
import sys

import h5py
import numpy

from solid_surface import begin, scale_bar, state, surface, view

SCALE = 7.0
FULL_SPEED = 20.0  # s


def step_at(path, time):
    with h5py.File(path, "r") as file:
        names = sorted(name for name in file if name.startswith("step"))
        return int(numpy.argmin([abs(file[name].attrs["time"] - time) for name in names]))


def main():
    path = sys.argv[1]
    text = begin(840, 360)
    panels = [("von_mises", step_at(path, FULL_SPEED), "von Mises stress at t = 20, MPa", 1.0),
              ("p", -1, "plastic strain at the end, 10⁻³", 1e3)]
    for number, (name, step, title, factor) in enumerate(panels):
        nodes, cells, fields = state(path, step)
        values = factor * fields[name].ravel()
        left = 20 + 420 * number
        text += f'<text x="{left}" y="20">{title}</text>\n'
        for angle, x in ((-70, left + 75), (110, left + 240)):
            text += surface(nodes, cells, values, values.max(), view(angle, 15), SCALE, (x, 335))
        text += scale_bar(left + 340, 60, 260, "", values.max())
    print(text + "</svg>")


if __name__ == "__main__":
    main()
