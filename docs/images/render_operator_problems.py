#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws inputs and solutions of operator problems from a file of build/benchmarks/operators -curves FILE.

/usr/bin/python3 docs/images/render_operator_problems.py curves.json > docs/images/operator_problems.svg"""
import json
import sys

COLOURS = ("#1b6ca8", "#d1495b", "#2e933c")
LATER = ("#c6dbef", "#9ecae1", "#6baed6", "#2171b5", "#08306b")
WIDTH, HEIGHT, GAP, TITLE, COLUMNS = 150, 80, 8, 20, 3


def panel(lines, colours, x, y):
    low, high = min(map(min, lines)), max(map(max, lines))
    margin = 0.06 * (high - low or 1)
    low, high = low - margin, high + margin
    print(f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>')
    if low < 0 < high:
        zero = y + HEIGHT * high / (high - low)
        print(f'<line x1="{x}" x2="{x + WIDTH}" y1="{zero:.1f}" y2="{zero:.1f}" stroke="#ddd"/>')
    for values, colour in zip(lines, colours):
        last = max(1, len(values) - 1)
        points = " ".join(f"{x + WIDTH * i / last:.1f},{y + HEIGHT * (high - v) / (high - low):.1f}" for i, v in enumerate(values))
        print(f'<polyline points="{points}" fill="none" stroke="{colour}"/>')


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        problems = json.load(file)
    pair, row = 2 * WIDTH + GAP + 24, HEIGHT + TITLE + 12
    rows = -(-len(problems) // COLUMNS)
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{COLUMNS * pair}" height="{rows * row + 8}" '
          'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>')
    for number, problem in enumerate(problems):
        x, y = 12 + pair * (number % COLUMNS), row * (number // COLUMNS) + TITLE
        print(f'<text x="{x}" y="{y - 6}">{problem["name"].split("/")[-1]}</text>')
        panel(problem["inputs"], COLOURS, x, y)
        panel(problem["outputs"], LATER if len(problem["outputs"]) > 3 else COLOURS, x + WIDTH + GAP, y)
    print("</svg>")


if __name__ == "__main__":
    main()
