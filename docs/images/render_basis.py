#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws modes of a model file that build/apps/train -train_network basis has written, side by side, as PNG.

/usr/bin/python3 docs/images/render_basis.py models/basis_inclusions.model.h5 docs/images/basis.png

Blue is negative, red positive; the inclusions are outlined in the modes of inclusions."""
import struct
import sys
import zlib

import h5py
import numpy

MODES = (0, 1, 4, 15, 40, 63)
SIZE, GAP = 160, 8  # pixels


def squares():
    """Low and high corners of the inclusions."""
    for j in range(4):
        for i in range(4):
            x, y = i / 4 + 1 / 16 + ((i + j) % 2) / 32, j / 4 + 1 / 16 + (i % 2) / 32
            yield x, y, x + 0.125, y + 0.125


def picture(mode, outlined):
    """Bilinear, from -1 (blue) over 0 (white) to 1 (red); y upwards."""
    n = mode.shape[0]
    at = numpy.linspace(0, n - 1, SIZE)
    rows = numpy.array([numpy.interp(at, numpy.arange(n), row) for row in mode])
    values = numpy.array([numpy.interp(at, numpy.arange(n), column) for column in rows.T]).T
    values /= abs(values).max()
    red, blue = numpy.array([178, 24, 43]), numpy.array([33, 102, 172])
    share = abs(values)[..., None]
    pixels = 255 * (1 - share) + share * numpy.where(values[..., None] > 0, red, blue)
    if outlined:
        for square in squares():
            x0, y0, x1, y1 = (round(c * (SIZE - 1)) for c in square)
            for a, b in ((slice(y0, y1 + 1), x0), (slice(y0, y1 + 1), x1), (y0, slice(x0, x1 + 1)), (y1, slice(x0, x1 + 1))):
                pixels[a, b] = 90
    return pixels[::-1].astype(numpy.uint8)


def write_png(path, pixels):
    height, width, _ = pixels.shape
    raw = b"".join(b"\0" + pixels[y].tobytes() for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
                   chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


def main():
    model, target = sys.argv[1:]
    with h5py.File(model, "r") as file:
        phi = file["basis/phi"][...]
        outlined = "inclusions" in file["provenance"].attrs["recipe"].decode()
    n = round(phi.shape[1] ** 0.5)
    canvas = numpy.full((SIZE, len(MODES) * (SIZE + GAP) - GAP, 3), 255, numpy.uint8)
    for place, mode in enumerate(MODES):
        canvas[:, place * (SIZE + GAP):place * (SIZE + GAP) + SIZE] = picture(phi[mode].reshape(n, n), outlined)
    write_png(target, canvas)


if __name__ == "__main__":
    main()
