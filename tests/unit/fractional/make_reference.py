#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Makes reference.json: entries of the Riesz collocation matrices with 200 digits, rounded to doubles.

    tests/unit/fractional/make_reference.py > tests/unit/fractional/reference.json

Needs mpmath. B-splines are formed as exact piecewise polynomials and written as sums of truncated powers, whose
left Riemann-Liouville derivatives are known:  D (x - k)_+^m / m! = (x - k)_+^(m - alpha) / Gamma(m + 1 - alpha).
In 200 digits their cancellation, 100 digits at a distance of 10^6 knots, does no harm."""
import fractions
import functools
import json

from mpmath import mp, mpf

mp.dps = 200
F = fractions.Fraction


def knots(n, p):
    return [0] * p + list(range(n + 1)) + [n] * p


def add(a, b):
    return [(a[i] if i < len(a) else F(0)) + (b[i] if i < len(b) else F(0)) for i in range(max(len(a), len(b)))]


def times_linear(a, constant, slope):
    return add([constant * c for c in a], [F(0)] + [slope * c for c in a])


def pieces(t, j, p):
    """Polynomials of B-spline j on the spans [k, k+1], by k."""
    return pieces_on(tuple(t[j:j + p + 2]))


@functools.cache
def pieces_on(t):
    """Of the B-spline on these knots."""
    if len(t) == 2:
        return {t[0]: [F(1)]} if t[0] < t[1] else {}
    result = {}
    for own, low, high in ((t[:-1], t[0], t[-2]), (t[1:], t[-1], t[1])):
        if low == high:
            continue
        slope = F(1, high - low)
        for k, a in pieces_on(own).items():
            result[k] = add(result.get(k, []), times_linear(a, -low * slope, slope))
    return result


def derivative_at(a, x, order):
    total = F(0)
    for power, c in enumerate(a):
        if power < order:
            continue
        factor = 1
        for q in range(order):
            factor *= power - q
        total += c * factor * F(x) ** (power - order)
    return total


def jumps(t, j, p):
    """(knot, m, jump of the m-th derivative there)."""
    by_span = pieces(t, j, p)
    found = []
    for k in range(t[j], t[j + p + 1] + 1):
        for m in range(p + 1):
            jump = derivative_at(by_span.get(k, []), k, m) - derivative_at(by_span.get(k - 1, []), k, m)
            if jump:
                found.append((k, m, jump))
    return found


def left_derivative(found, alpha, x):
    total = mpf(0)
    for k, m, jump in found:
        d = mpf(x.numerator) / x.denominator - k
        if d > 0:
            total += mpf(jump.numerator) / jump.denominator * d ** (m - alpha) / mp.gamma(m + 1 - alpha)
    return total


def factor(alpha):
    return 1 / (2 * mp.cos(mp.pi * alpha / 2))


def toeplitz(p, alpha, ks):
    t = list(range(p + 2))
    found = jumps(t, 0, p)
    c, half = factor(mpf(alpha)), F(p + 1, 2)
    return [float(c * (left_derivative(found, mpf(alpha), k + half) +
                       (left_derivative(found, mpf(alpha), half - k) if half > k else 0))) for k in ks]


def matrix(p, alpha, n):
    t, count = knots(n, p), n + p - 2
    found = [jumps(t, j + 1, p) for j in range(count)]
    greville = [sum(map(F, t[j + 2:j + 2 + p])) / p for j in range(count)]
    left = [[left_derivative(found[j], mpf(alpha), greville[i]) for j in range(count)] for i in range(count)]
    c = factor(mpf(alpha))
    return [[float(c * (left[i][j] + left[count - 1 - i][count - 1 - j])) for j in range(count)] for i in range(count)]


def far_from_the_border(p, alpha, n, places):
    """Border columns j at rows far away, and border rows i at columns far away."""
    t, count = knots(n, p), n + p - 2
    greville = lambda i: sum(map(F, t[i + 2:i + 2 + p])) / p
    c = factor(mpf(alpha))
    column_jumps = [jumps(t, j + 1, p) for j in range(p - 1)]
    columns = [[float(c * left_derivative(found, mpf(alpha), greville(i))) for i in places] for found in column_jumps]
    # The right derivative of N_j at x is the left one of its mirror image at n - x.
    row_jumps = [jumps(t, count - j, p) for j in places]
    rows = [[float(c * left_derivative(found, mpf(alpha), n - greville(i))) for found in row_jumps] for i in range(p - 1)]
    return {"degree": p, "alpha": alpha, "spans": n, "places": places, "columns": columns, "rows": rows}


MATRICES = [(p, alpha) for p in range(2, 6) for alpha in (1.2, 1.5, 1.8)] + [
    (6, 1.1), (7, 1.9), (8, 1.7), (9, 1.5), (10, 1.2), (11, 1.6), (12, 1.3), (13, 1.4), (14, 1.8), (15, 1.5)]
FAR = [21, 50, 100, 1000, 2500, 10000, 100000, 1000000]
print(json.dumps({
    "toeplitz": [{"degree": p, "alpha": alpha, "near": toeplitz(p, alpha, range(21)), "far": toeplitz(p, alpha, FAR),
                  "far_at": FAR} for p in range(2, 16) for alpha in (1.05, 1.5, 1.95)],
    "matrices": [{"degree": p, "alpha": alpha, "spans": p + 2, "values": matrix(p, alpha, p + 2)}
                 for p, alpha in MATRICES],
    "border": [far_from_the_border(p, alpha, 3000, [60, 300, 1000, 2500]) for p, alpha in ((2, 1.5), (5, 1.5), (8, 1.2), (15, 1.8))],
}, indent=None, separators=(",", ":")))
