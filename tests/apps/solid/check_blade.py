#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The blade of inputs/solid/blade.yaml against an independent program (numpy and scipy, with a direct solver) on the same
mesh, steps and loads: history to 1e-5, resultants and volume. Case 0, 1 or 2: where the hot spot is."""
import argparse
import json
import os

import h5py
import numpy

import common


def main():
    parser = argparse.ArgumentParser()
    for name in ("work", "app", "mpi", "reference"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--case", type=int, required=True)
    args = parser.parse_args()
    with open(args.reference, encoding="utf-8") as file:
        reference = json.load(file)
    case = reference["cases"][args.case]
    spot = case["hot_spot"]
    os.makedirs(args.work, exist_ok=True)
    stem = os.path.join(args.work, f"blade{args.case}")
    common.run(args.mpi, 2, args.app,
               ["-options_file", "inputs/solid/blade.yaml", "-solid_output", stem, "-solid_output_every", 100,
                "-solid_hot_spot", f"{spot['c_chord']},{spot['c_span']},{spot['dT']}", "-linnet_quiet",
                "-linnet_results", stem + ".json"])
    volume = common.results(stem + ".json")["solid"]["volume"]
    if abs(volume - reference["mesh"]["volume"]) > 1e-9 * volume:
        common.fail(f"the volume is {volume!r}")
    with h5py.File(stem + ".h5", "r") as file:
        table, forces = file["history/steps"], file["history/forces"][...]
        columns = table.attrs["columns"]
        columns = (columns.decode() if isinstance(columns, bytes) else columns).split(",")
        rows = table[...]
    if columns[:9] != reference["columns"]:
        common.fail(f"columns {columns}")
    largest = max(row[6] for row in case["rows"])  # nearly unloaded displacements are small differences
    for wanted in case["rows"]:
        got = rows[numpy.argmin(numpy.abs(rows[:, 0] - wanted[0]))]
        for column, a, b in zip(columns, got, wanted):
            if abs(a - b) > 1e-5 * max(abs(b), 1e-3 * largest if "u" in column[-3:] else 0):
                common.fail(f"t = {wanted[0]}: {column} is {a!r}, {b!r} expected")
    resultant = numpy.add(reference["mesh"]["centrifugal_resultant"], reference["mesh"]["pressure_resultant"])
    full = forces[numpy.argmin(numpy.abs(forces[:, 0] - 20))]
    if numpy.abs(full[1:4] - resultant).max() > 1e-7 * numpy.abs(resultant).max():
        common.fail(f"the resultant is {full[1:4]}, {resultant} expected")
    if numpy.abs(full[4:7][2] + resultant[2]) > 1e-6 * abs(resultant[2]):
        common.fail(f"the root's reaction is {full[4:7]}")


if __name__ == "__main__":
    main()
