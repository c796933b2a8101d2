#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws modes of examples/cmake_consumer/reduced_basis, side by side, and the cells of its quadrature, as PNG.

/usr/bin/python3 docs/images/render_reduced_basis.py heat_modes.h5 docs/images/reduced_basis.png

Blue is negative, red positive; the last picture has the cells of the quadrature, the darker the larger their weights."""
import sys

import h5py
import numpy

from render_basis import write_png

MODES, SIZE, GAP = 5, 192, 8  # pixels


def magnified(field):
    """Pixels of a square field, y upwards."""
    at = numpy.arange(SIZE) * field.shape[0] // SIZE
    return field[at][:, at][::-1]


def coloured(mode):
    values = magnified(mode / abs(mode).max())[..., None]
    red, blue = numpy.array([178, 24, 43]), numpy.array([33, 102, 172])
    return (255 * (1 - abs(values)) + abs(values) * numpy.where(values > 0, red, blue)).astype(numpy.uint8)


def cells(points, weights, n):
    shade = numpy.full(n * n, 255.0)
    shade[points] = 200 * (1 - weights / weights.max()) ** 2
    return numpy.repeat(magnified(shade.reshape(n, n))[..., None], 3, axis=2).astype(numpy.uint8)


def main():
    source, target = sys.argv[1:]
    with h5py.File(source, "r") as file:
        modes = file["/basis/phi"][:MODES]
        points, weights = file["/quadrature/points"][:], file["/quadrature/weights"][:]
    n = round(modes.shape[1] ** 0.5)
    panels = [coloured(mode.reshape(n, n)) for mode in modes] + [cells(points, weights, n)]
    gap = numpy.full((SIZE, GAP, 3), 255, numpy.uint8)
    edge = numpy.full((SIZE, 1, 3), 160, numpy.uint8)
    row = [part for panel in panels for part in (edge, panel, edge, gap)]
    write_png(target, numpy.concatenate(row[:-1], axis=1))


if __name__ == "__main__":
    main()
