#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws residuals against iterations, both logarithmic, from files of -ksp_monitor ascii:FILE.

/usr/bin/python3 docs/images/render_waves.py learned.txt "gamg"=gamg.txt ... > docs/images/waves.svg

The argument TITLE=FILE names a line; a file alone is called after its name."""
import math
import pathlib
import re
import sys

COLOURS = ("#d1495b", "#1b6ca8", "#2e933c", "#7b5ea7", "#8d6a2f")
WIDTH, HEIGHT, LEFT, TOP = 560, 260, 60, 16
LINE = re.compile(r"^\s*(\d+) KSP.*?[Rr]esidual norm\s+(\S+)")


def read(argument):
    title, _, name = argument.rpartition("=")
    rows = [LINE.match(line) for line in pathlib.Path(name).read_text().splitlines()]
    values = [(int(m[1]), float(m[2])) for m in rows if m]
    return title or pathlib.Path(name).stem, [(n, v / values[0][1]) for n, v in values if n > 0]


def main():
    lines = [read(argument) for argument in sys.argv[1:]]
    decades = math.ceil(math.log10(max(n for _, points in lines for n, _ in points)))
    low = -8

    def place(n, value):
        share = (math.log10(value) - low) / -low
        return WIDTH * math.log10(n) / decades, HEIGHT * (1 - min(1, max(0, share)))

    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" height="{TOP + HEIGHT + 40}" '
          'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n'
          f'<g transform="translate({LEFT},{TOP})">\n'
          f'<rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>')
    for power in range(low, 1, 2):
        print(f'<text x="-6" y="{place(1, 10 ** power)[1] + 4:.0f}" text-anchor="end">1e{power}</text>')
    for power in range(decades + 1):
        print(f'<text x="{WIDTH * power / decades:.0f}" y="{HEIGHT + 16}" text-anchor="middle">{10 ** power}</text>')
    print(f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT + 34}" text-anchor="middle">iterations</text>')
    for number, (title, points) in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(n, v) for n, v in points))
        print(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        print(f'<text x="8" y="{HEIGHT - 12 - 15 * (len(lines) - 1 - number)}" fill="{colour}">{title}</text>')
    print("</g>\n</svg>")


if __name__ == "__main__":
    main()
