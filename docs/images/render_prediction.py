#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws input, prediction, reference and error of the first samples of a run of build/apps/predict, a row for each.

usage: docs/images/render_prediction.py output/darcy_rough_64.h5 docs/images/prediction.png [rows]
"""
import struct
import sys
import zlib

import h5py
import numpy

# Viridis and a scale from blue over white to red, each by a few colours in between.
SEQUENTIAL = [(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)]
DIVERGING = [(33, 102, 172), (146, 197, 222), (247, 247, 247), (244, 165, 130), (178, 24, 43)]
SCALE, GAP = 3, 12


def coloured(values, low, high, colours):
    """Pixels of a field with y upwards."""
    place = numpy.clip((values[::-1] - low) / max(high - low, 1e-30), 0, 1) * (len(colours) - 1)
    steps = numpy.arange(len(colours))
    channels = [numpy.interp(place, steps, [colour[c] for colour in colours]) for c in range(3)]
    pixels = numpy.stack(channels, axis=-1).astype(numpy.uint8)
    return pixels.repeat(SCALE, axis=0).repeat(SCALE, axis=1)


def row_of(step):
    """The solution and its prediction share a scale; the error has ten times finer ones around 0."""
    field = {name: numpy.squeeze(step[name][...]) for name in ("input", "prediction", "reference", "error")}
    low, high = field["reference"].min(), field["reference"].max()
    bound = 0.1 * (high - low)
    return [coloured(field["input"], field["input"].min(), field["input"].max(), SEQUENTIAL),
            coloured(field["prediction"], low, high, SEQUENTIAL), coloured(field["reference"], low, high, SEQUENTIAL),
            coloured(field["error"], -bound, bound, DIVERGING)]


def joined(pieces, axis):
    shape = list(pieces[0].shape)
    shape[axis] = GAP
    gap = numpy.full(shape, 255, numpy.uint8)
    parts = [part for piece in pieces for part in (piece, gap)][:-1]
    return numpy.concatenate(parts, axis=axis)


def write_png(path, pixels):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    height, width, _ = pixels.shape
    lines = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 9)) +
                   chunk(b"IEND", b""))


def main():
    rows = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    with h5py.File(sys.argv[1], "r") as file:
        steps = [file[key] for key in sorted(file) if key.startswith("step")][:rows]
        write_png(sys.argv[2], joined([joined(row_of(step), 1) for step in steps], 0))


if __name__ == "__main__":
    main()
