# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Least squares on the samples of an operator, the row that stands beside every network: what is linear in its unknowns
needs no training.

The sensors' values enter as their first principal components, the constant and, if wanted, random features tanh(w z + c)
of the components, which are drawn and not trained. Of triples (u, y, s) with one coordinate the result is

    s(u, y) = sum over k, j of C_kj h_k(u) y P_j(2y - 1),     j < as many as there are components,

with several coordinates products of the first eight P_j of each of them take the place of y P_j; of Cartesian data every
point has coefficients of its own. All in double precision; everything is made of the training samples alone.
"""
import h5py
import numpy

CUT = 1e-14     # of singular values, relative; of the normal equations' eigenvalues, too
MANY = 500      # unknowns for which the normal equations do
PORTION = 5000  # values at a time
DEGREES = 8     # of each of several coordinates
SPREAD = 0.25   # of the weights of random features, for inputs of mean square 1 in all


def read(path):
    """Sensors (n, m), points (n, points, dimension) or None where all samples share them, values (n, points), or of
    several outputs (n, outputs points); a file has them as (n, channels, nz, ny, nx)."""
    with h5py.File(path, "r") as file:
        u, s = (file[name][:].reshape(len(file[name]), -1) for name in ("sensors", "solution"))
        y = file["points"][:].reshape(len(u), s.shape[1], -1) if "points" in file else None
    return u, y, s


class Inputs:
    """The features h of sensors' values, those of the training ones."""

    def __init__(self, u, components, features):
        self.mean = u.mean(0)
        centred = u - self.mean
        _, singular, directions = numpy.linalg.svd(centred, full_matrices=False)
        count = min(components, int(numpy.sum(singular > CUT * singular[0])))
        self.directions = directions[:count].T
        self.scale = numpy.sqrt(numpy.mean(numpy.sum((centred @ self.directions) ** 2, 1)))
        random = numpy.random.default_rng(0)
        self.weights = SPREAD * numpy.sqrt(count) * random.standard_normal((count, features))
        self.shifts = random.uniform(-1.0, 1.0, features)

    def __call__(self, u):
        z = (u - self.mean) @ self.directions
        return numpy.hstack([z, numpy.tanh(z / self.scale @ self.weights + self.shifts), numpy.ones((len(u), 1))])


def legendre(y, count):
    return numpy.stack([numpy.polynomial.legendre.Legendre.basis(j)(2.0 * y - 1.0) for j in range(count)], 1)


def point_basis(y, count):
    """At points (n, coordinates)."""
    if y.shape[1] == 1:
        return y * legendre(y[:, 0], count)
    basis = numpy.ones((len(y), 1))
    for coordinate in y.T:
        basis = (basis[:, :, None] * legendre(coordinate, DEGREES)[:, None, :]).reshape(len(y), -1)
    return basis


def solve(rows, targets):
    """Least squares with columns of mean square 1."""
    scale = numpy.sqrt(numpy.mean(rows ** 2, 0))
    scale[scale == 0.0] = 1.0
    solution = numpy.linalg.lstsq(rows / scale, targets, rcond=CUT)[0]
    return (solution.T / scale).T


def solve_tall(portions):
    """The same by the normal equations, whose portions, (rows, targets), are made one by one: at a fraction of the cost, and
    of what is left no less than 1e-14 of the targets' mean square can be trusted."""
    gram, right = 0.0, 0.0
    for rows, targets in portions:
        gram, right = gram + rows.T @ rows, right + rows.T @ targets
    scale = numpy.sqrt(numpy.diag(gram))
    scale[scale == 0.0] = 1.0
    values, vectors = numpy.linalg.eigh(gram / scale[:, None] / scale)
    kept = values > CUT * values[-1]
    return (vectors[:, kept] / values[kept]) @ (vectors[:, kept].T @ (right / scale[:, None])) / scale[:, None]


def errors(value, truth):
    """As the app has them: mean square, the same without the worst thousandth, relative error in L2."""
    squares = (value - truth) ** 2
    worst = numpy.sort(squares.ravel())[:squares.size - squares.size // 1000]
    if truth.shape[1] == 1:
        relative = numpy.sqrt(squares.sum() / numpy.sum(truth ** 2))
    else:
        relative = numpy.mean(numpy.sqrt(squares.sum(1) / numpy.sum(truth ** 2, 1)))
    return {"mean_square": float(squares.mean()), "mean_square_trimmed": float(worst.mean()),
            "relative_l2": float(relative)}


def fit(samples, training, test, components, features=0):
    """Errors on the last `test` samples of the fit to the first `training` ones; `samples` as read() gives them."""
    u, y, s = samples
    inputs = Inputs(u[:training], components, features)
    points = s.shape[1] if y is not None else 1  # rows of a function
    each = max(1, PORTION // points)

    def rows(begin, end):
        h = inputs(u[begin:end])
        if y is None:
            return h
        p = point_basis(y[begin:end].reshape(-1, y.shape[2]), components)
        return (numpy.repeat(h, points, 0)[:, :, None] * p[:, None, :]).reshape(len(p), -1)

    def targets(begin, end):
        return s[begin:end].reshape(-1, 1) if y is not None else s[begin:end]

    if rows(0, 1).shape[1] > MANY:
        solution = solve_tall((rows(i, min(i + each, training)), targets(i, min(i + each, training)))
                              for i in range(0, training, each))
    else:
        solution = solve(rows(0, training), targets(0, training))
    first, last = len(u) - test, len(u)
    value = numpy.concatenate([rows(i, min(i + each, last)) @ solution for i in range(first, last, each)])
    return errors(value.reshape(test, -1), s[first:])
