#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Runs a deck at reduced size on 1, 2 and 4 ranks: no option may stay unused, the results must agree between
the ranks and with the stored ones, the files must be sound. --write stores the results."""
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
    parser.add_argument("--spans", type=int, required=True)
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


def extract(path):
    """What must not depend on the ranks. Errors near rounding do."""
    full = common.results(path)
    if not full["converged"]:
        common.fail(f"{path}: not converged, residual {full['relative_residual']}")
    numbers = {f"error {name}": value for name, value in full["errors"].items()}
    for name, value in full["riesz"].items():
        for i, item in enumerate(value if isinstance(value, list) else [value]):
            numbers[f"{name} {i}"] = float(item)
    study = "n" in full["riesz"]  # solves down to rounding, where iterations have no meaning
    return {"unknowns": full["unknowns"], "iterations": [] if study else full["iterations_per_solve"],
            "numbers": numbers}


def compare(name, got, wanted):
    if got["unknowns"] != wanted["unknowns"] or len(got["iterations"]) != len(wanted["iterations"]):
        common.fail(f"{name}: {got} instead of {wanted}")
    for a, b in zip(got["iterations"], wanted["iterations"]):
        if abs(a - b) > 1:
            common.fail(f"{name}: {got['iterations']} iterations, {wanted['iterations']} expected")
    if got["numbers"].keys() != wanted["numbers"].keys():
        common.fail(f"{name}: {sorted(got['numbers'])} instead of {sorted(wanted['numbers'])}")
    for key, value in wanted["numbers"].items():
        if abs(got["numbers"][key] - value) > 1e-6 * abs(value) + 1e-13:
            common.fail(f"{name}: {key} is {got['numbers'][key]!r}, {value!r} expected")


def last_field(stem):
    with h5py.File(stem + ".h5", "r") as file:
        step = sorted(name for name in file if name.startswith("step"))[-1]
        return file[step]["u"][...]


def main():
    args = parse()
    os.makedirs(args.work, exist_ok=True)
    found, fields = [], []
    for ranks in RANKS:
        stem = os.path.join(args.work, f"run{ranks}")
        common.run(args.mpi, ranks, args.app,
                   ["-options_file", args.deck, "-riesz_n", args.spans, "-riesz_output", stem, "-linnet_results",
                    stem + ".json", "-linnet_unused_options", "error", "-linnet_quiet"])
        found.append(extract(stem + ".json"))
        if os.path.exists(stem + ".xdmf"):
            common.check_fields(stem)
            fields.append(last_field(stem))
    for ranks, result in zip(RANKS[1:], found[1:]):
        compare(f"{ranks} ranks against 1", result, found[0])
    for ranks, field in zip(RANKS[1:], fields[1:]):
        difference = numpy.abs(field - fields[0]).max() / numpy.abs(fields[0]).max()
        if difference > 1e-8:
            common.fail(f"{ranks} ranks against 1: u differs by {difference}")
    if args.write:
        with open(args.golden, "w", encoding="utf-8") as file:
            json.dump(found[0], file, indent=1)
            file.write("\n")
    with open(args.golden, encoding="utf-8") as file:
        compare("against " + args.golden, found[0], json.load(file))


if __name__ == "__main__":
    main()
