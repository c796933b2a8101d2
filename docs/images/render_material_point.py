#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws docs/images/material_point.svg from the files of the decks point_cyclic and point_nonproportional.

docs/images/render_material_point.py output/point_cyclic.csv output/point_nonproportional.csv > docs/images/material_point.svg"""
import csv
import sys

import numpy

WIDTH, HEIGHT, LEFT, TOP, GAP = 330, 250, 60, 30, 80


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    return {name: column for name, column in zip(lines[0], numpy.array(lines[1:], dtype=float).T)}


def panel(origin, title, x, y, colours, labels, reach):
    """A curve, from the first colour at the beginning to the second at the end."""
    def place(a, b):
        return f"{WIDTH * (a / reach[0] + 1) / 2:.1f},{HEIGHT * (1 - b / reach[1]) / 2:.1f}"

    text = f'<g transform="translate({origin},{TOP})">\n<text x="0" y="-10">{title}</text>\n'
    text += f'<rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>\n'
    text += f'<path d="M0 {HEIGHT / 2}H{WIDTH}M{WIDTH / 2} 0V{HEIGHT}" stroke="#ddd" fill="none"/>\n'
    for part in (-1, 0, 1):
        text += (f'<text x="{WIDTH * (part * 0.8 + 1) / 2:.0f}" y="{HEIGHT + 16}" text-anchor="middle">'
                 f'{100 * reach[0] * part * 0.8:.2g} %</text>\n')
        text += (f'<text x="-6" y="{HEIGHT * (1 - part * 0.8) / 2 + 4:.0f}" text-anchor="end">'
                 f'{reach[1] * part * 0.8:.0f}</text>\n')
    pieces = numpy.array_split(numpy.arange(len(x)), len(colours))
    for piece, colour in zip(pieces, colours):
        points = " ".join(place(x[i], y[i]) for i in range(max(piece[0] - 1, 0), piece[-1] + 1))
        text += f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>\n'
    text += f'<text x="{WIDTH - 4}" y="{HEIGHT / 2 - 6}" text-anchor="end" fill="#555">{labels[0]}</text>\n'
    return text + f'<text x="{WIDTH / 2 + 6}" y="14" fill="#555">{labels[1]}</text>\n</g>\n'


def main():
    cyclic, path = table(sys.argv[1]), table(sys.argv[2])
    second = LEFT + WIDTH + GAP
    strain = cyclic["eps_total_axial"] - cyclic["eps_total_axial"][0]  # at one temperature: the mechanical part
    colours = ["#9cc5e3", "#6ba6d1", "#3f87bd", "#1b6ca8", "#0b3c63"]
    text = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{second + WIDTH + 20}" height="{TOP + HEIGHT + 28}" '
            'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n')
    text += panel(LEFT, "850 degC, ±0.6 % at 0.1 %/s, five cycles", strain, cyclic["sigma_axial"], colours,
                  ("strain", "stress, MPa"), (0.0075, 750))
    text += panel(second, "950 degC, tension and shear out of phase", path["em_11"],
                  numpy.sqrt(3) * path["sig_12"], ["#f0b8a8", "#e07a5f", "#a63c22"],
                  ("strain 11", "√3 stress 12, MPa"), (0.00625, 500))
    print(text + "</svg>")


if __name__ == "__main__":
    main()
