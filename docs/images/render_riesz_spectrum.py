#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws docs/images/riesz_spectrum.svg with the app.

/usr/bin/python3 docs/images/render_riesz_spectrum.py build/apps/riesz > docs/images/riesz_spectrum.svg"""
import os
import subprocess
import sys
import tempfile

import h5py

COLOURS = {3: "#1b6ca8", 5: "#e9a23b", 8: "#d1495b"}
WIDTH, HEIGHT, LEFT, TOP, SPANS = 620, 300, 46, 16, 64


def spectrum(app, folder, degree):
    stem = os.path.join(folder, "s")
    subprocess.run([app, "-riesz_spectrum", "-riesz_n", str(SPANS), "-riesz_degree", str(degree), "-riesz_output", stem,
                    "-linnet_quiet"], check=True)
    with h5py.File(stem + "_spectrum.h5", "r") as file:
        return file["eigenvalues"][:, 0], file["eigenvalues"][:, 2]


def main():
    curves = {}
    with tempfile.TemporaryDirectory() as folder:
        for degree in COLOURS:
            curves[degree] = spectrum(sys.argv[1], folder, degree)
    most = 1.05 * max(values.max() for values, _ in curves.values())
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 16}" height="{TOP + HEIGHT + 28}" '
          'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n'
          f'<g transform="translate({LEFT},{TOP})">\n'
          f'<rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>')
    for value in range(0, int(most) + 1, 2):
        print(f'<text x="-6" y="{HEIGHT * (1 - value / most) + 4:.0f}" text-anchor="end">{value}</text>')
    for share, label in ((0, "θ = 0"), (0.5, "π/2"), (1, "π")):
        print(f'<text x="{WIDTH * share:.0f}" y="{HEIGHT + 16}" text-anchor="middle">{label}</text>')
    for number, (degree, (values, symbol)) in enumerate(curves.items()):
        colour, size = COLOURS[degree], len(values)
        at = [(WIDTH * (j + 1) / (size + 1), HEIGHT * (1 - v / most)) for j, v in enumerate(symbol)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        print(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        for j, value in enumerate(values):
            print(f'<circle cx="{WIDTH * (j + 1) / (size + 1):.1f}" cy="{HEIGHT * (1 - value / most):.1f}" r="2" '
                  f'fill="{colour}"/>')
        print(f'<text x="8" y="{18 + 15 * number}" fill="{colour}">p = {degree}</text>')
    print("</g>\n</svg>")


if __name__ == "__main__":
    main()
