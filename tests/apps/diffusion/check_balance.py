#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The reported balance is the defect of the reported fluxes: large after a solve cut short, small after a
converged one; what is left beside the algebraic residual is rounding in both."""
import argparse
import os
import re

import common

TWO_PHASE = ["-diffusion_grid", 24, "-diffusion_medium", "two_phase", "-pc_type", "jacobi"]


def balance(args, options, expect):
    """The two balances of a run, after comparing the first with the fluxes and with the report."""
    file = os.path.join(args.work, "balance.json")
    text = common.run(args.mpi, 2, args.app,
                      options + ["-diffusion_output", "none", "-linnet_results", file], expect=expect)
    own = common.results(file)["diffusion"]
    defect = abs(own["source"] - sum(own["boundary_outflow"]) - own["wall_outflow"])
    turnover = max(abs(own["source"]), sum(abs(q) for q in own["boundary_outflow"]))
    if abs(own["balance_error"] - defect / turnover) > 1e-10:
        common.fail(f"balance_error {own['balance_error']}, the fluxes say {defect / turnover}")
    printed = float(re.search(r"balance .*differ by (\S+) of the flux", text).group(1))
    if abs(printed - own["balance_error"]) > 0.06 * own["balance_error"]:
        common.fail(f"balance_error {own['balance_error']}, printed {printed}")
    return own["balance_error"], own["assembly_balance_error"]


def main():
    parser = argparse.ArgumentParser()
    for name in ("app", "mpi", "work"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    short, short_rounding = balance(args, TWO_PHASE + ["-ksp_max_it", 20], 3)
    full, full_rounding = balance(args, TWO_PHASE + ["-ksp_max_it", 5000], 0)
    if short < 1e-3:
        common.fail(f"a solve cut short balances to {short}")
    if full > 1e-6:
        common.fail(f"a converged solve balances to {full}")
    if max(short_rounding, full_rounding) > 1e-12:
        common.fail(f"beside the residual the balances are {short_rounding} and {full_rounding}")
    projected = [f"-diffusion_bc_{face}" for face in ("x_lo", "x_hi", "y_lo", "y_hi", "z_lo", "z_hi")]
    projected = [word for name in projected for word in (name, "neumann")]
    text = common.run(args.mpi, 2, args.app, projected + [
        "-diffusion_grid", 8, "-diffusion_source", "1+x", "-diffusion_compatibility", "project",
        "-diffusion_output", "none", "-linnet_results", os.path.join(args.work, "project.json")])
    if "source 1.5, 1.5 taken out to balance" not in text:
        common.fail("what was taken out of the source is not in the report:\n" + text)
    removed = common.results(os.path.join(args.work, "project.json"))["diffusion"]["removed"]
    if abs(removed - 1.5) > 1e-12:
        common.fail(f"removed is {removed}, not 1.5")


if __name__ == "__main__":
    main()
