#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Observed orders in time, 1 for beuler, 2 for cn and 3 for rosw, also with a variable coefficient and in two
directions; errors of beuler and cn as known from an independent program."""
import math
import os

import common

# exp(-t) x^3 (1-x)^3, degree 5, alpha 1.5, n = 64, at t = 1 after 10, 20, 40 and 80 steps.
KNOWN = {"cn": (2, (1.04e-6, 2.61e-7, 6.55e-8, 1.66e-8)), "beuler": (1, (6.33e-5, 3.15e-5, 1.57e-5, 7.83e-6))}
VARIANTS = {"variable": ["-riesz_coefficient_factor", "1+x", "-riesz_reaction", "2", "-riesz_n", "64", "-riesz_degree", "9"],
            "plane": ["-riesz_dim", "2", "-riesz_n", "24,20", "-riesz_alpha", "1.3,1.7", "-riesz_degree", "9"]}


def error(args, scheme, steps, options):
    path = os.path.join(args.work, f"{scheme}_{steps}.json")
    common.run(args.mpi, 2, args.app,
               ["-riesz_time_end", 1, "-riesz_time_step", 1.0 / steps, "-ts_type", scheme, "-ksp_rtol", "1e-12",
                "-riesz_output", "none", "-linnet_results", path, "-linnet_quiet"] + options)
    return common.results(path)["errors"]["u_max"]


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    for scheme, (expected, known) in KNOWN.items():
        line = ["-riesz_n", 64, "-riesz_degree", 5, "-riesz_manufactured_power", 3]
        errors = [error(args, scheme, 10 * 2**level, line) for level in range(4)]
        for found, wanted in zip(errors, known):
            if abs(found / wanted - 1) > 0.02:
                common.fail(f"{scheme}: errors {errors}, {known} expected")
        for coarse, fine in zip(errors, errors[1:]):
            if abs(math.log2(coarse / fine) - expected) > 0.05:
                common.fail(f"{scheme}: errors {errors} are not of order {expected}")
    for name, options in VARIANTS.items():
        for scheme, expected in (("beuler", 1), ("cn", 2), ("rosw", 3)):
            errors = [error(args, scheme, steps, options) for steps in (10, 20, 40)]
            order = math.log2(errors[1] / errors[2])
            if abs(order - expected) > 0.25:
                common.fail(f"{name}, {scheme}: order {order}, {expected} expected; errors {errors}")


if __name__ == "__main__":
    main()
