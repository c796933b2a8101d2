#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""-riesz_study: the stored table, observed orders in one, two and three directions, and for a source that is not
zero at the ends the order alpha/2."""
import math
import os

import h5py

import common

# degree, alpha, largest errors for x^4 (1-x)^4 at n = 16, 32, 64, 128, computed independently with a dense solver.
KNOWN = [(2, 1.2, (6.160e-06, 7.926e-07, 1.097e-07, 1.540e-08)),
         (3, 1.8, (1.925e-05, 4.365e-06, 9.825e-07, 2.162e-07)),
         (4, 1.5, (3.785e-07, 2.311e-08, 1.208e-09, 5.810e-11)),
         (5, 1.2, (6.528e-08, 3.516e-09, 1.419e-10, 5.279e-12)),
         (6, 1.5, (7.816e-09, 1.024e-10, 1.231e-12)),
         (7, 1.5, (1.882e-09, 2.248e-11, 2.522e-13))]


def study(args, name, options):
    stem = os.path.join(args.work, name)
    common.run(args.mpi, 2, args.app, ["-riesz_study", "-riesz_output", stem, "-linnet_results", stem + ".json",
                                       "-linnet_quiet"] + options)
    with h5py.File(stem + "_study.h5", "r") as file:
        columns = file["study"].attrs["columns"].decode().split(",")
        table = {name: list(file["study"][:, i]) for i, name in enumerate(columns)}
    if table["largest_error"] != common.results(stem + ".json")["riesz"]["largest_errors"]:
        common.fail(f"{name}: table and results differ")
    for coarse, fine, order in zip(table["largest_error"], table["largest_error"][1:], table["order"][1:]):
        if abs(order - math.log2(coarse / fine)) > 1e-12:
            common.fail(f"{name}: order {order} of {coarse} and {fine}")
    return table


def order_of(degree, alpha):
    return degree + (2 if degree % 2 == 0 else 1) - alpha


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    for degree, alpha, errors in KNOWN:
        table = study(args, f"line_{degree}", ["-riesz_n", 16, "-riesz_study_levels", len(errors), "-riesz_degree",
                                               degree, "-riesz_alpha", alpha])
        for found, known in zip(table["largest_error"], errors):
            if abs(found / known - 1) > 0.02 and abs(found - known) > 2e-14:
                common.fail(f"degree {degree}: error {found}, {known} expected")
        if abs(table["order"][-1] - order_of(degree, alpha)) > 0.15:
            common.fail(f"degree {degree}: order {table['order'][-1]}, {order_of(degree, alpha)} expected")
    for dim, degree, alphas, n in ((2, 3, (1.3, 1.7), 32), (3, 2, (1.2, 1.5, 1.8), 32)):
        table = study(args, f"box_{dim}", ["-riesz_dim", dim, "-riesz_n", n, "-riesz_study_levels", 3, "-riesz_degree",
                                           degree, "-riesz_alpha", ",".join(map(str, alphas))])
        if abs(table["order"][-1] - order_of(degree, max(alphas))) > 0.15:
            common.fail(f"{dim} directions: order {table['order'][-1]}, {order_of(degree, max(alphas))} expected")
    # Of higher degrees the order has hardly settled where rounding sets in.
    table = study(args, "line_9", ["-riesz_n", 16, "-riesz_study_levels", 3, "-riesz_degree", 9, "-riesz_alpha", 1.8,
                                   "-riesz_manufactured_power", 5])
    if abs(table["order"][-1] - order_of(9, 1.8)) > 0.15:
        common.fail(f"degree 9: order {table['order'][-1]}, {order_of(9, 1.8)} expected")
    for degree in (2, 5):
        table = study(args, f"ends_{degree}", ["-riesz_n", 32, "-riesz_degree", degree, "-riesz_source", 1, "-riesz_exact",
                                               "(x*(1-x))^0.75/1.3293403881791370"])
        if abs(table["order"][1] - 0.75) > 0.05:
            common.fail(f"source 1, degree {degree}: order {table['order'][1]}, 0.75 expected")


if __name__ == "__main__":
    main()
