#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Whatever the Krylov method and the preconditioner, the residual that the app reports is that of the
field it writes, computed here from u and kappa alone, and it decides on "converged" and the exit code."""
import argparse
import json
import os
import subprocess

import h5py
import numpy

import common

CELLS = 10
PRECONDITIONERS = ("boxmg", "jacobi", "gamg")
# Each takes any symmetric preconditioner and must converge with it.
METHODS = ("cg", "pipecg", "fcg", "gcr", "gmres", "lgmres", "fgmres", "bcgs", "bcgsl", "ibcgs", "tfqmr", "cgs",
           "minres", "symmlq", "cr", "richardson", "chebyshev")
GIVEN_UP = 3  # exit code
OTHERS = (  # options, exit code, part of the error line, largest number of iterations
    ("-ksp_type preonly -pc_type lu", 0, None, 1),
    ("-ksp_type preonly -pc_type boxmg", GIVEN_UP, "preonly applies the preconditioner once", 1),
    ("-ksp_type preonly -pc_type boxmg -ksp_rtol 0.9", 0, None, 1),
    ("-ksp_type gmres -ksp_pc_side left", 0, None, 20),
    ("-ksp_type cg -ksp_norm_type natural -ksp_rtol 1e-12", 0, None, 30),
    ("-ksp_type cg -ksp_norm_type none -ksp_max_it 25", 0, None, 25),
    ("-ksp_type cg -ksp_max_it 0", GIVEN_UP, "DIVERGED_ITS; raise -ksp_max_it", 0),
    ("-ksp_type minres -ksp_max_it 4", GIVEN_UP, "DIVERGED_ITS; raise -ksp_max_it", 4),
    ("-ksp_type cg -pc_type none", 0, None, 400),
    ("-ksp_type cg -pc_type sor -pc_sor_forward -ksp_max_it 40", GIVEN_UP, "DIVERGED", 40),
    ("-ksp_type minres -pc_type jacobi -pc_jacobi_type rowsum -ksp_max_it 40", GIVEN_UP, "did not converge", 40),
    ("-ksp_type cg -ksp_rtol 0", GIVEN_UP, "limit of double precision", 60),
    ("-ksp_type cg -ksp_rtol 1e-16", GIVEN_UP, "limit of double precision", 60),
    ("-ksp_type cg -ksp_atol 1e-3 -ksp_rtol 0", 0, None, 5),
    # Decks leave the norm open, so that every method can be put in their place.
    ("-options_file inputs/diffusion/poisson_box.yaml -ksp_type minres", 0, None, 20),
    ("-options_file inputs/diffusion/poisson_box.yaml -ksp_type bcgsl", 0, None, 20),
)


def parse():
    parser = argparse.ArgumentParser()
    for name in ("work", "app", "mpi"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--ranks", type=int, required=True)
    return parser.parse_args()


def true_residual(stem):
    """|b - A u| / |b| for -div(kappa grad u) = 1, u = 0 around the unit cube; two-point fluxes."""
    with h5py.File(stem + ".h5", "r") as file:
        step = sorted(name for name in file if name.startswith("step"))[-1]
        u, kappa = file[step]["u"][...], file[step]["kappa"][...]
    h = 1.0 / u.shape[0]
    residual = numpy.full(u.shape, h**3)
    for axis in range(3):
        a, b = numpy.moveaxis(u, axis, 0), numpy.moveaxis(kappa, axis, 0)
        r = numpy.moveaxis(residual, axis, 0)
        flux = h * 2 * b[1:] * b[:-1] / (b[1:] + b[:-1]) * (a[1:] - a[:-1])
        r[:-1] += flux
        r[1:] -= flux
        r[0] -= 2 * h * b[0] * a[0]
        r[-1] -= 2 * h * b[-1] * a[-1]
    return numpy.linalg.norm(residual) / (h**3 * u.size**0.5)


def check_history(stem, result):
    """One history: counts up from 0 to the iterations of all passes and ends at the residual judged."""
    with h5py.File(stem + ".h5", "r") as file:
        _, iteration, norm = file["history/residuals"][...].T
    if iteration[0] != 0 or iteration[-1] != result["iterations"] or (numpy.diff(iteration) < 0).any():
        common.fail(f"history counts {iteration} for {result['iterations']} iterations")
    if abs(norm[-1] / norm[0] - result["relative_residual"]) > 1e-10 * result["relative_residual"]:
        common.fail(f"history ends at {norm[-1] / norm[0]}, reported {result['relative_residual']}")
    if (norm < 0.5 * norm[-1]).any():
        common.fail(f"history has other norms: {norm}")


def solve(args, case, medium=("-diffusion_medium", "lognormal")):
    """Runs one case and holds the report against the field. Returns exit code, error text, results."""
    stem = os.path.join(args.work, "run")
    launcher = [args.mpi, "-n", str(args.ranks)] if args.ranks > 1 else []
    command = launcher + [args.app, "-diffusion_grid", str(CELLS), *medium, "-diffusion_output",
               stem, "-linnet_results", stem + ".json", "-linnet_quiet", *case.split()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    try:
        result = common.results(stem + ".json")
        os.remove(stem + ".json")
    except (OSError, json.JSONDecodeError):
        common.fail(f"{case}: no results\n{done.stderr}")
    own, reported = true_residual(stem), result["relative_residual"]
    # Rounding differs between the two computations of one residual.
    rounding = 1e-14 if medium[1] == "lognormal" else 1e-6
    if abs(own - reported) > 1e-6 * own + rounding:
        common.fail(f"{case}: residual {reported} reported, {own} found in the field")
    if result["converged"] != (done.returncode == 0):
        common.fail(f"{case}: converged is {result['converged']}, exit code {done.returncode}")
    check_history(stem, result)
    return done.returncode, done.stderr, result


def check_methods(args):
    for method in METHODS:
        for preconditioner in PRECONDITIONERS if args.ranks == 1 else PRECONDITIONERS[:1]:
            case = f"-ksp_type {method} -pc_type {preconditioner}"
            code, text, result = solve(args, case)
            if code != 0 or result["relative_residual"] > 1e-8 or not result["reason"].startswith("CONVERGED"):
                common.fail(f"{case}: exit code {code}, residual {result['relative_residual']}\n{text}")


def check_others(args):
    for case, expected, line, most in OTHERS:
        if args.ranks > 1 and ("-pc_type lu" in case or "-pc_type sor" in case):
            continue  # PETSc's own are for one rank
        code, text, result = solve(args, case)
        if code != expected or (line and line not in text):
            common.fail(f"{case}: exit code {code}, expected {expected}, with: {line}\n{text}")
        if result["iterations"] > most:
            common.fail(f"{case}: {result['iterations']} iterations, {most} expected at most")
        if code != 0 and result["reason"].startswith("CONVERGED"):
            common.fail(f"{case}: reason {result['reason']} of a run that did not converge")


def check_limit(args):
    """Contrast 1e8 with blocks cut off from the boundary: the remedy in the error line must work."""
    medium = ("-diffusion_medium", "checkerboard", "-diffusion_contrast", "1e8", "-diffusion_medium_blocks", "5")
    code, text, _ = solve(args, "-ksp_rtol 1e-11", medium)
    if code != GIVEN_UP or "limit of double precision" not in text:
        common.fail(f"contrast 1e8: exit code {code}\n{text}")
    remedy = text.split("accept it with ")[1].split()
    code, text, _ = solve(args, " ".join(remedy[:2]), medium)
    if code != 0:
        common.fail(f"contrast 1e8 with {remedy[:2]}: exit code {code}\n{text}")


def main():
    args = parse()
    os.makedirs(args.work, exist_ok=True)
    check_methods(args)
    check_others(args)
    check_limit(args)


if __name__ == "__main__":
    main()
