# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Curves with their ranges on logarithmic axes, side by side, as SVG."""
import math

from plot import COLOURS, text

LEFT, TOP, WIDTH, HEIGHT, GAP, BELOW = 60, 30, 330, 250, 64, 66


def powers(low, high):
    return range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)


class Panel:
    """One pair of axes; `curves`: title -> [(x, values)]."""

    def __init__(self, left, curves, low, high):
        self.left, self.curves, self.low, self.high = left, curves, low, high
        self.first, self.last = (end(x for points in curves.values() for x, _ in points) for end in (min, max))

    def place(self, x, y):
        across = math.log(x / self.first) / math.log(self.last / self.first)
        up = math.log(y / self.low) / math.log(self.high / self.low)
        return self.left + WIDTH * (0.03 + 0.94 * across), TOP + HEIGHT * (1.0 - up)

    def axes(self, title):
        svg = (f'<rect x="{self.left}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>\n' +
               text(self.left + WIDTH / 2, TOP + HEIGHT + 34, title, "middle"))
        for power in powers(self.low, self.high):
            y = self.place(self.first, 10.0 ** power)[1]
            svg += f'<line x1="{self.left}" y1="{y:.1f}" x2="{self.left + WIDTH}" y2="{y:.1f}" stroke="#ddd"/>\n'
            svg += text(self.left - 6, y + 4, f"1e{power}", "end")
        for x in sorted({x for points in self.curves.values() for x, _ in points}):
            svg += text(self.place(x, self.low)[0], TOP + HEIGHT + 16, f"{x:g}", "middle")
        return svg

    def curve(self, points, colour, middle):
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.place(x, middle(values)) for x, values in points))
        svg = f'<polyline points="{line}" fill="none" stroke="{colour}"/>\n'
        for x, values in points:
            (a, top), (_, bottom) = self.place(x, max(values)), self.place(x, min(values))
            svg += f'<line x1="{a:.1f}" y1="{top:.1f}" x2="{a:.1f}" y2="{bottom:.1f}" stroke="{colour}"/>\n'
            svg += f'<circle cx="{a:.1f}" cy="{self.place(x, middle(values))[1]:.1f}" r="3" fill="{colour}"/>\n'
        return svg


def plot(panels, heading, middle):
    """`panels`: title of the x axis -> {title of the curve: [(x, values)]}; a point is `middle` of its values, a bar
    their range. All panels have the same y axis."""
    values = [v for curves in panels.values() for points in curves.values() for _, all_values in points for v in all_values]
    low, high = 10.0 ** math.floor(math.log10(min(values))), 10.0 ** math.ceil(math.log10(max(values)))
    titles = list(dict.fromkeys(title for curves in panels.values() for title in curves))
    width = LEFT + len(panels) * (WIDTH + GAP) - GAP + 20
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{TOP + HEIGHT + BELOW}" '
           f'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n')
    svg += text(LEFT, 18, heading)
    for number, (title, curves) in enumerate(panels.items()):
        panel = Panel(LEFT + number * (WIDTH + GAP), curves, low, high)
        svg += panel.axes(title)
        for name, points in curves.items():
            svg += panel.curve(points, COLOURS[titles.index(name) % len(COLOURS)], middle)
    place = LEFT
    for number, title in enumerate(titles):
        y = TOP + HEIGHT + BELOW - 14
        svg += f'<circle cx="{place + 4}" cy="{y}" r="4" fill="{COLOURS[number % len(COLOURS)]}"/>\n'
        svg += text(place + 14, y + 4, title)
        place += 30 + 7 * len(title)
    return svg + "</svg>\n"
