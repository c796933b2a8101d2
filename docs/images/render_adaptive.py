#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws the plastic strain at the end of a loading that was not in the training, by finite elements, by the reduced model
and by the adaptive run, and below the errors and their estimates over the steps.

docs/images/render_adaptive.py output/blade_full.h5 output/blade_reduced.h5 output/blade_adaptive.h5 > docs/images/adaptive.svg

The last two with -rom_compare."""
import sys

import h5py
import numpy

from solid_surface import begin, scale_bar, state, surface, view

SCALE, WIDTH, HEIGHT, TOP = 6.6, 380, 200, 380
LOW, HIGH = 1e-4, 10.0  # of the errors that are shown


def history(path):
    with h5py.File(path, "r") as file:
        table = file["history/rom"]
        names = table.attrs["columns"]
        names = names.decode() if isinstance(names, bytes) else names
        return dict(zip(names.split(","), table[...].T))


def curve(place, steps, values, style):
    """Where there is no plastic strain there is nothing to draw."""
    points = [place(step, value) for step, value in zip(steps, values) if value > 0]
    return f'<polyline points="{" ".join(points)}" fill="none" {style}/>\n'


def errors_panel(left, title, run, target):
    steps = numpy.arange(1, len(run["t"]) + 1)

    def place(step, value):
        share = numpy.log10(numpy.clip(value, LOW, HIGH) / LOW) / numpy.log10(HIGH / LOW)
        return f"{left + WIDTH * step / len(steps):.1f},{TOP + HEIGHT * (1 - share):.1f}"

    text = f'<text x="{left}" y="{TOP - 8}">{title}</text>\n'
    text += f'<rect x="{left}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>\n'
    for power in range(-4, 2):
        y = float(place(0, 10.0**power).split(",")[1])
        text += f'<path d="M{left} {y}h{WIDTH}" stroke="#ddd" stroke-width="0.5"/>\n'
        text += f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">10<tspan dy="-4" font-size="9">{power}</tspan></text>\n'
    for step in range(5, len(steps) + 1, 5):
        text += f'<text x="{place(step, 1).split(",")[0]}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{step}</text>\n'
    text += f'<text x="{left + WIDTH}" y="{TOP + HEIGHT + 32}" text-anchor="end" fill="#555">step</text>\n'
    for step in steps[run["high_fidelity"] > 0]:
        x, _ = place(step, 1).split(",")
        text += f'<path d="M{x} {TOP + HEIGHT}v-10" stroke="#222" stroke-width="3"/>\n'
    if target:
        y = place(0, target).split(",")[1]
        text += f'<path d="M{left} {y}h{WIDTH}" stroke="#222" stroke-dasharray="5 4"/>\n'
        text += f'<text x="{left + 6}" y="{float(y) - 5:.0f}">target</text>\n'
    text += curve(place, steps, run["indicator"], 'stroke="#7a9e3f" stroke-width="1.5"')
    text += curve(place, steps, run["estimate"], 'stroke="#1b6ca8" stroke-width="2"')
    return text + curve(place, steps, run["E_p"], 'stroke="#d1495b" stroke-width="2"')


def main():
    full, reduced, adaptive = sys.argv[1:4]
    target = float(sys.argv[4]) if len(sys.argv) > 4 else 0.1
    text = begin(1020, TOP + HEIGHT + 62)
    states = [state(path) for path in (full, reduced, adaptive)]
    high = 1e3 * states[0][2]["p"].max()
    titles = ("finite elements", "reduced model as trained", "adaptive run")
    for number, ((nodes, cells, fields), title) in enumerate(zip(states, titles)):
        left = 20 + 310 * number
        text += f'<text x="{left}" y="20">{title}</text>\n'
        for angle, x in ((-70, left + 65), (110, left + 215)):
            text += surface(nodes, cells, 1e3 * fields["p"].ravel(), high, view(angle, 15), SCALE, (x, 335))
    text += scale_bar(950, 70, 230, "p, 10⁻³", high)
    text += errors_panel(60, "reduced model as trained", history(reduced), None)
    text += errors_panel(60 + WIDTH + 80, "adaptive run", history(adaptive), target)
    y = TOP + HEIGHT + 50
    text += (f'<text x="60" y="{y}"><tspan fill="#d1495b">true error E of p</tspan>,  <tspan fill="#1b6ca8">estimate</tspan>,  '
             '<tspan fill="#5b7a2a">indicator I</tspan>;  black marks: steps on the mesh</text>\n')
    print(text + "</svg>")


if __name__ == "__main__":
    main()
