#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws docs/images/riesz.svg with the plug-in.

/usr/bin/python3 docs/images/render_riesz.py -dll_append build/lib/linnet/liblinnet.so > docs/images/riesz.svg"""
import sys

import numpy
import petsc4py

petsc4py.init(sys.argv)
from petsc4py import PETSc  # noqa: E402

COLOURS = ["#1b6ca8", "#2a9d8f", "#8ab17d", "#e9a23b", "#d1495b"]
WIDTH, HEIGHT, LEFT, TOP = 360, 230, 46, 26


def matrix(name, **options):
    for key, value in options.items():
        PETSc.Options()[f"{name}_mat_riesz_{key}"] = value
    a = PETSc.Mat().create(comm=PETSc.COMM_SELF)
    a.setType("riesz")
    a.setOptionsPrefix(name + "_")
    a.setFromOptions()
    a.setUp()
    return a


def solution(alpha, n=400, degree=2):
    a = matrix(f"s{alpha}", n=n, degree=degree, alpha=alpha)
    mass = matrix(f"m{alpha}", n=n, degree=degree, alpha=alpha, coefficient=0.0, reaction=1.0)
    b, x = a.createVecLeft(), a.createVecRight()
    b.set(1.0)
    ksp = PETSc.KSP().create(comm=PETSc.COMM_SELF)
    ksp.setOperators(a)
    ksp.getPC().setType("tau")
    ksp.setTolerances(rtol=1e-10)
    ksp.solve(b, x)
    mass.mult(x, b)
    points = (numpy.arange(n) + 0.5) / n  # the Greville points of degree 2
    return points, b.getArray().copy()


def symbol(degree, alpha=1.5, n=1000):
    a = matrix(f"t{degree}", n=n, degree=degree, alpha=alpha)
    e, row = a.createVecRight(), a.createVecLeft()
    middle = a.getSize()[0] // 2
    e[middle] = 1.0
    e.assemble()
    a.mult(e, row)
    t = row.getArray()[middle:]
    theta = numpy.linspace(0.0, numpy.pi, 200)
    k = numpy.arange(1, len(t) - degree)
    f = t[0] + 2.0 * (numpy.cos(numpy.outer(theta, k)) @ t[1:len(k) + 1])
    return theta / numpy.pi, f / f.max()


def panel(origin, title, curves, labels, ticks, most):
    text = f'<g transform="translate({origin},{TOP})">\n<text x="0" y="-10">{title}</text>\n'
    text += f'<rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>\n'
    for value, label in ticks:
        text += f'<text x="{WIDTH * value:.0f}" y="{HEIGHT + 16}" text-anchor="middle">{label}</text>\n'
    for value in (0.0, most / 2, most):
        text += f'<text x="-6" y="{HEIGHT * (1 - value / most) + 4:.0f}" text-anchor="end">{value:g}</text>\n'
    for number, ((x, y), label) in enumerate(zip(curves, labels)):
        line = " ".join(f"{WIDTH * a:.1f},{HEIGHT * (1 - max(b, 0.0) / most):.1f}" for a, b in zip(x, y))
        text += f'<polyline points="{line}" fill="none" stroke="{COLOURS[number]}" stroke-width="1.6"/>\n'
        text += f'<text x="8" y="{16 + 15 * number}" fill="{COLOURS[number]}">{label}</text>\n'
    return text + "</g>\n"


def main():
    orders, degrees = [1.1, 1.3, 1.5, 1.7, 1.9], [2, 4, 6, 8, 15]
    second = 2 * LEFT + WIDTH + 10
    text = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{second + WIDTH + 16}" height="{TOP + HEIGHT + 28}" '
            'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n')
    text += panel(LEFT, "solution for the source 1", [solution(a) for a in orders],
                  [f"α = {a}" for a in orders], [(0, "0"), (0.5, "x = 1/2"), (1, "1")], 0.5)
    text += panel(second, "symbol over its maximum, α = 1.5", [symbol(p) for p in degrees],
                  [f"p = {p}" for p in degrees], [(0, "0"), (0.5, "θ = π/2"), (1, "π")], 1.0)
    print(text + "</svg>")


if __name__ == "__main__":
    main()
