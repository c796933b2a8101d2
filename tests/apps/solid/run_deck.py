#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Runs a deck on 1, 2 and 4 ranks, with more options behind `--`: no option may stay unused, the results must
agree between the ranks and with the stored ones, the files must be sound and list the same. --write stores the
results."""
import argparse
import json
import os

import h5py
import numpy

import common

RANKS = (1, 2, 4)
# What depends on the machine, or on rounding: the last Newton iteration may be saved by it.
LEFT_OUT = {"force_seconds", "tangent_seconds", "linear_seconds", "output_seconds", "linear_iterations",
            "newton_iterations", "newton_per_step"}


def parse():
    parser = argparse.ArgumentParser()
    for name in ("deck", "golden", "work", "app", "mpi"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("options", nargs="*")
    return parser.parse_args()


def extract(path):
    full = common.results(path)
    if not full["converged"]:
        common.fail(f"{path}: not converged")
    numbers = {}
    for name, value in full["solid"].items():
        if name not in LEFT_OUT:
            for i, item in enumerate(value if isinstance(value, list) else [value]):
                numbers[f"{name} {i}"] = float(item)
    return {"unknowns": full["unknowns"], "newton": full["solid"]["newton_per_step"], "numbers": numbers}


def compare(name, got, wanted, tolerance):
    if got["unknowns"] != wanted["unknowns"] or len(got["newton"]) != len(wanted["newton"]):
        common.fail(f"{name}: {got} instead of {wanted}")
    if any(abs(a - b) > 1 for a, b in zip(got["newton"], wanted["newton"])):
        common.fail(f"{name}: {got['newton']} Newton iterations, {wanted['newton']} expected")
    if got["numbers"].keys() != wanted["numbers"].keys():
        common.fail(f"{name}: {sorted(got['numbers'])} instead of {sorted(wanted['numbers'])}")
    largest = wanted["numbers"]["max_abs_u 0"]
    for key, value in wanted["numbers"].items():
        scale = largest if "mean_u" in key else abs(value)
        if abs(got["numbers"][key] - value) > tolerance * scale + 1e-13:
            common.fail(f"{name}: {key} is {got['numbers'][key]!r}, {value!r} expected")


def contents(stem):
    """Geometry and the fields of the last step."""
    with h5py.File(stem + ".h5", "r") as file:
        step = sorted(name for name in file if name.startswith("step"))[-1]
        found = {name: data[...] for name, data in file["geometry"].items()}
        found.update({name: data[...] for name, data in file[step].items() if isinstance(data, h5py.Dataset)})
        return found


def compare_files(name, got, wanted):
    """Residual equilibrium errors are felt by small components of stress: each is measured by the largest."""
    if got.keys() != wanted.keys():
        common.fail(f"{name}: {sorted(got)} instead of {sorted(wanted)}")
    for key, value in wanted.items():
        family = [numpy.abs(v).max() for k, v in wanted.items() if k.split("_")[0] == key.split("_")[0]]
        difference = numpy.abs(got[key] - value).max()
        if difference > (0 if value.dtype.kind == "i" or key == "nodes" else 2e-6 * max(family) + 1e-13):
            common.fail(f"{name}: {key} differs by {difference}")


def main():
    args = parse()
    os.makedirs(args.work, exist_ok=True)
    found, files = [], []
    for ranks in RANKS:
        stem = os.path.join(args.work, f"run{ranks}")
        common.run(args.mpi, ranks, args.app,
                   ["-options_file", args.deck, "-solid_output", stem, "-linnet_results", stem + ".json",
                    "-linnet_unused_options", "error", "-linnet_quiet"] + args.options)
        found.append(extract(stem + ".json"))
        common.check_fields(stem)
        files.append(contents(stem))
    for ranks, result, fields in zip(RANKS[1:], found[1:], files[1:]):
        compare(f"{ranks} ranks against 1", result, found[0], 1e-6)
        compare_files(f"{ranks} ranks against 1", fields, files[0])
    if args.write:
        with open(args.golden, "w", encoding="utf-8") as file:
            json.dump(found[0], file, indent=1)
            file.write("\n")
    # Newton's method leaves 1e-8 of the loads in every step, whatever solves its linear systems; unloaded parts are some
    # forty times less displaced than when that was left.
    with open(args.golden, encoding="utf-8") as file:
        compare("against " + args.golden, found[0], json.load(file), 1e-5)


if __name__ == "__main__":
    main()
