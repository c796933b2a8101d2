#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws the losses in the history of a training run.

/usr/bin/python3 docs/images/render_training.py output/dcdm_box_32.history.csv > docs/images/training.svg
/usr/bin/python3 docs/images/render_training.py output/darcy_rough_64.history.csv > docs/images/operator.svg"""
import csv
import math
import sys

COLOURS = {"training_loss": ("#1b6ca8", "training"), "held_out_loss": ("#d1495b", "held out")}
WIDTH, HEIGHT, LEFT, TOP = 560, 260, 60, 16


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    values = [float(row[name]) for row in rows for name in COLOURS]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    epochs = len(rows)

    def place(epoch, value):
        share = (math.log10(value) - low) / (high - low)
        return WIDTH * (epoch - 1) / max(1, epochs - 1), HEIGHT * (1 - share)

    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" height="{TOP + HEIGHT + 40}" '
          'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n'
          f'<g transform="translate({LEFT},{TOP})">\n'
          f'<rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>')
    for power in range(low, high + 1):
        y = HEIGHT * (1 - (power - low) / (high - low))
        print(f'<text x="-6" y="{y + 4:.0f}" text-anchor="end">1e{power}</text>')
    for epoch in range(1, epochs + 1) if epochs <= 12 else range(10, epochs + 1, 10):
        print(f'<text x="{place(epoch, 10 ** low)[0]:.0f}" y="{HEIGHT + 16}" text-anchor="middle">{epoch}</text>')
    print(f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT + 34}" text-anchor="middle">epoch</text>')
    for number, (name, (colour, title)) in enumerate(COLOURS.items()):
        points = [place(int(row["epoch"]), float(row[name])) for row in rows]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        print(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        for x, y in points:
            print(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
        print(f'<text x="{WIDTH - 8}" y="{20 + 15 * number}" text-anchor="end" fill="{colour}">{title} loss</text>')
    print("</g>\n</svg>")


if __name__ == "__main__":
    main()
