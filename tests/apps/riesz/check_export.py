#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""-riesz_export: matrices, Toeplitz entries, symbols and coefficients fit together."""
import os

import h5py
import numpy

import common

# Toeplitz entries of degree 2, alpha 1.2, from values of 80 digits.
TOEPLITZ = (1.1809236446577216, -0.3983381525348927, -0.0960418477522848, -0.03311356158763046)


def export(args, name, options):
    path = os.path.join(args.work, name + ".h5")
    common.run(args.mpi, 2, args.app, ["-riesz_export", path, "-riesz_output", "none", "-linnet_quiet"] + options)
    return h5py.File(path, "r")


def near(name, a, b, tolerance):
    difference = numpy.abs(numpy.asarray(a) - numpy.asarray(b)).max()
    if not difference <= tolerance * numpy.abs(b).max():
        common.fail(f"{name} differs by {difference}")


def check_axis(group, size):
    a, m, t, x = (group[name][...] for name in ("A", "M", "toeplitz", "greville"))
    if a.shape != (size, size) or m.shape != (size, size) or t.shape != (size,) or x.shape != (size,):
        common.fail(f"shapes {a.shape}, {m.shape}, {t.shape}, {x.shape}")
    if "knot spacing 1" not in group["A"].attrs["units"].decode():
        common.fail("/A does not state its units")
    near("A turned round", a[::-1, ::-1], a, 1e-14)
    middle = size // 2
    near("row of A", a[middle, middle:middle + 4], t[:4], 1e-14)
    near("sum of a row of M", m[middle].sum(), 1.0, 1e-14)
    # The Toeplitz entries are the Fourier coefficients of the symbol.
    theta, f, h = (group["symbol/" + name][...] for name in ("theta", "f", "h"))
    weights = numpy.full(len(theta), 1.0)
    weights[0] = weights[-1] = 0.5
    for k in range(4):
        for name, symbol, entries in (("A", f, t), ("M", h, m[middle, middle:])):
            coefficient = (weights * symbol * numpy.cos(k * theta)).sum() / (len(theta) - 1)
            if abs(coefficient - entries[k]) > 1e-6 * entries[0]:
                common.fail(f"{name}: Fourier coefficient {k} is {coefficient}, entry {entries[k]}")
    return a, m


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    with export(args, "line", ["-riesz_n", 40, "-riesz_degree", 2, "-riesz_alpha", 1.2]) as file:
        check_axis(file, 40)
        near("known entries", file["toeplitz"][:4], TOEPLITZ, 1e-14)
    with export(args, "source", ["-riesz_n", 50, "-riesz_degree", 5, "-riesz_source", "x", "-riesz_reaction", 3,
                                 "-riesz_length", 2, "-riesz_coefficient", 0.7, "-riesz_alpha", 1.4]) as file:
        a, m = check_axis(file, 53)
        image = (0.7 * 25**1.4 * a + 3 * m) @ file["coefficients"][...]
        near("residual", image, file["greville"][...] / 25, 1e-9)
    with export(args, "plane", ["-riesz_dim", 2, "-riesz_n", "20,16", "-riesz_degree", "3,4", "-riesz_alpha", "1.3,1.7",
                                "-riesz_source", "x+2*y"]) as file:
        ax, mx = check_axis(file["x"], 21)
        ay, my = check_axis(file["y"], 18)
        c = file["coefficients"][...].reshape(18, 21)
        image = 20**1.3 * my @ c @ ax.T + 16**1.7 * ay @ c @ mx.T
        near("residual", image, file["x/greville"][...][None, :] / 20 + 2 * file["y/greville"][...][:, None] / 16, 1e-9)
    # Larger matrices are left out, and a line says so.
    text = common.run(args.mpi, 1, args.app, ["-riesz_n", 5000, "-riesz_output", "none", "-riesz_export",
                                              os.path.join(args.work, "large.h5")])
    if "/A and /M are left out" not in text:
        common.fail("no word of the matrices that were left out: " + text)


if __name__ == "__main__":
    main()
