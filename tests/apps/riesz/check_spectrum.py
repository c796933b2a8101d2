#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""-riesz_spectrum: eigenvalues beside the symbol, as known from an independent program; the first one of the operator."""
import os

import h5py
import numpy

import common

OUTLIERS = {2: 0, 3: 2, 4: 4, 5: 6, 6: 6, 7: 8, 8: 8}
# Median distance over the maximum of the symbol, alpha = 1.5, n = 64, 128, 256.
MEDIANS = {3: (1.2e-2, 5.8e-3, 2.9e-3), 7: (3.8e-2, 1.7e-2, 8.2e-3)}
# Of (-d2/dx2)^(alpha/2) on (0,1); approached like 1/n.
FIRST = {1.2: 2.980, 1.5: 4.518, 1.8: 7.134}


def spectrum(args, degree, alpha, spans):
    stem = os.path.join(args.work, f"run_{degree}_{alpha}_{spans}")
    common.run(args.mpi, 1, args.app, ["-riesz_spectrum", "-riesz_degree", degree, "-riesz_alpha", alpha, "-riesz_n",
                                       spans, "-riesz_output", stem, "-linnet_results", stem + ".json", "-linnet_quiet"])
    with h5py.File(stem + "_spectrum.h5", "r") as file:
        return common.results(stem + ".json")["riesz"], file["eigenvalues"][...], file["pencil"][...]


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    for degree, outliers in OUTLIERS.items():
        own, values, pencil = spectrum(args, degree, 1.5, 64)
        if own["outliers"] != outliers:
            common.fail(f"degree {degree}: {own['outliers']} eigenvalues above the symbol, {outliers} expected")
        if own["imaginary_parts"] > 3e-3 or own["imaginary_parts_of_pencil"] > 1e-12 or own["least_of_pencil"] <= 0:
            common.fail(f"degree {degree}: imaginary parts {own}")
        if values.shape != (62 + degree, 3) or numpy.any(numpy.diff(pencil[:, 0]) < 0):
            common.fail(f"degree {degree}: wrong tables")
    for degree, medians in MEDIANS.items():
        for spans, median in zip((64, 128, 256), medians):
            found = spectrum(args, degree, 1.5, spans)[0]["median_distance"]
            if abs(found / median - 1) > 0.05:
                common.fail(f"degree {degree}, n {spans}: median distance {found}, {median} expected")
    for alpha, first in FIRST.items():
        found = spectrum(args, 3, alpha, 256)[0]["first_eigenvalue"]
        if abs(found / first - 1) > 1e-3:
            common.fail(f"alpha {alpha}: first eigenvalue {found}, {first} expected")


if __name__ == "__main__":
    main()
