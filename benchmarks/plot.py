# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Dot plot of all methods against boxmg, as SVG."""
import math
from xml.sax.saxutils import escape

import tables

COLOURS = ["#d62728", "#1f77b4", "#17becf", "#2ca02c", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22",
           "#ff7f0e", "#393b79"]
LEFT, TOP, ROW, WIDTH, KEY = 190, 46, 22, 520, 170


def rows_of(document, cases, ranks):
    """(title, {method: seconds}) of the cases that boxmg solved."""
    for name, case in tables.matrix_cases(document, cases).items():
        entries = document["cases"][name].get(str(ranks), {})
        times = {m: e["seconds"] for m, e in entries.items() if e["outcome"] == "converged"}
        direct = document["cases"][name].get("1", {}).get(tables.DIRECT, {})
        if ranks > 1 and direct.get("outcome") == "converged":
            times[tables.DIRECT + ", 1 rank"] = direct["seconds"]
        if tables.OURS in times:
            yield tables.title_of(case, document["settings"]["grid"]), times


def text(x, y, words, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>\n'


def plot(document, cases, ranks):
    """Time over that of boxmg, one row per problem, logarithmic; None if there is nothing to show."""
    rows = list(rows_of(document, cases, ranks))
    if not rows:
        return None
    ratios = [t / times[tables.OURS] for _, times in rows for t in times.values()]
    low = min(-0.3, math.floor(10 * math.log10(min(ratios))) / 10)
    high = max(1.0, math.ceil(10 * math.log10(max(ratios))) / 10)
    methods = list(dict.fromkeys(m for _, times in rows for m in times))
    height = TOP + ROW * max(len(rows), len(methods)) + 40

    def place(ratio):
        return LEFT + WIDTH * (math.log10(ratio) - low) / (high - low)

    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + KEY}" height="{height}" '
           f'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n')
    svg += text(LEFT, 18, f"Set-up + solve over that of boxmg, {ranks} rank(s), true relative residual 1e-8")
    bottom = TOP + ROW * len(rows)
    for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if not low <= math.log10(tick) <= high:
            continue
        x = place(tick)
        svg += f'<line x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{bottom}" stroke="{"#555" if tick == 1 else "#ddd"}"/>\n'
        svg += text(x, bottom + 16, f"{tick:g}", "middle")
    for number, (title, times) in enumerate(rows):
        y = TOP + ROW * number + ROW / 2 - 4
        svg += text(LEFT - 10, y + 4, title, "end")
        for method, seconds in times.items():
            colour = COLOURS[methods.index(method) % len(COLOURS)]
            svg += f'<circle cx="{place(seconds / times[tables.OURS]):.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>\n'
    for number, method in enumerate(methods):
        y = TOP + ROW * number + ROW / 2 - 4
        svg += f'<circle cx="{LEFT + WIDTH + 20}" cy="{y:.1f}" r="4.5" fill="{COLOURS[number % len(COLOURS)]}"/>\n'
        svg += text(LEFT + WIDTH + 30, y + 4, method)
    return svg + "</svg>\n"
