#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Runs a deck at reduced size on 1, 2 and 4 ranks: no option may stay unused, the results must agree
between the ranks and with the stored ones, the field files must be sound. --write stores the results."""
import argparse
import json
import os

import h5py
import numpy

import common

RANKS = (1, 2, 4)


def parse():
    parser = argparse.ArgumentParser()
    for name in ("deck", "golden", "work", "app", "mpi"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--cells", type=int, required=True)
    parser.add_argument("--tightest", default="1e-12", help="a relative residual that rounding still allows")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


def near(name, a, b, tolerance, scale=0.0):
    if abs(a - b) > tolerance * max(abs(a), abs(b), scale):
        common.fail(f"{name}: {a!r} and {b!r} differ by more than {tolerance}")


def compare(name, got, wanted, tolerance):
    """Two results of one problem: iterations +-1 per solve, numbers to the tolerance."""
    for a, b in zip(got["iterations"], wanted["iterations"], strict=True):
        if abs(a - b) > 1:
            common.fail(f"{name}: {got['iterations']} iterations, {wanted['iterations']} expected")
    if got["unknowns"] != wanted["unknowns"]:
        common.fail(f"{name}: {got['unknowns']} unknowns, {wanted['unknowns']} expected")
    scale = max(abs(q) for q in wanted["outflow"])
    for face, (a, b) in enumerate(zip(got["outflow"], wanted["outflow"], strict=True)):
        near(f"{name}, outflow of face {face}", a, b, tolerance, scale)
    for key in ("conductivity", "held_outflow"):
        if (key in got) != (key in wanted):
            common.fail(f"{name}: {key} in one result only")
        if key in got:
            near(f"{name}, {key}", got[key], wanted[key], tolerance)


def extract(path):
    full = common.results(path)
    own = full["diffusion"]
    if not full["converged"] or full["relative_residual"] > 1e-8:
        common.fail(f"{path}: not converged, residual {full['relative_residual']}")
    if own.get("assembly_balance_error", 0.0) > 1e-12:
        common.fail(f"{path}: beside the residual fluxes balance only to {own['assembly_balance_error']}")
    if own.get("balance_error", 0.0) > 1e-5:
        common.fail(f"{path}: fluxes balance only to {own['balance_error']}")
    newton = own.get("newton_residuals") # its steps are counted, not those of their linear solves
    if newton and own["newton_steps"] != [len(newton) - 1]:
        common.fail(f"{path}: {own['newton_steps']} steps of Newton's method and the residuals {newton}")
    short = {"unknowns": full["unknowns"],
             "iterations": [len(newton) - 1] if newton else full["iterations_per_solve"],
             "outflow": own["boundary_outflow"]}
    if "effective_conductivity" in own:
        short["conductivity"] = own["effective_conductivity"]
    if own["held_cells"] > 0:
        short["held_outflow"] = own["wall_outflow"]
    return short


def last_field(stem):
    with h5py.File(stem + ".h5", "r") as file:
        if "residuals" not in file["history"]:
            common.fail(f"{stem}.h5: no residual history")
        step = sorted(name for name in file if name.startswith("step"))[-1]
        return file[step]["u"][...]


def main():
    args = parse()
    os.makedirs(args.work, exist_ok=True)
    found, fields = [], []
    for ranks in RANKS:
        stem = os.path.join(args.work, f"run{ranks}")
        common.run(args.mpi, ranks, args.app,
                   ["-options_file", args.deck, "-diffusion_grid", args.cells, "-diffusion_output", stem,
                    "-linnet_results", stem + ".json", "-linnet_unused_options", "error", "-linnet_quiet"])
        common.check_fields(stem)
        found.append(extract(stem + ".json"))
        fields.append(last_field(stem))
    # The cycle in single precision is no obstacle to a residual near rounding.
    with open(args.deck, encoding="utf-8") as deck:
        tight = ["-snes_rtol", "1e-11"] if "\nsnes:" in deck.read() else ["-ksp_rtol", args.tightest]
    common.run(args.mpi, 2, args.app, ["-options_file", args.deck, "-diffusion_grid", args.cells, *tight,
                                       "-diffusion_output", "none", "-linnet_quiet"])
    for ranks, result, field in zip(RANKS[1:], found[1:], fields[1:]):
        compare(f"{ranks} ranks against 1", result, found[0], 1e-6)
        difference = numpy.abs(field - fields[0]).max() / numpy.abs(fields[0]).max()
        if difference > 1e-5:
            common.fail(f"{ranks} ranks against 1: u differs by {difference}")
    if args.write:
        with open(args.golden, "w", encoding="utf-8") as file:
            json.dump(found[0], file, indent=1)
            file.write("\n")
    with open(args.golden, encoding="utf-8") as file:
        compare("against " + args.golden, found[0], json.load(file), 1e-6)


if __name__ == "__main__":
    main()
