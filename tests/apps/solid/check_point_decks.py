#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The decks of material points: no option unused; loops close; and several backstresses in the files."""
import json
import os

import numpy

import common
import point

DECKS = {"cyclic": 1201, "nonproportional": 481, "creep": 121}


def run_deck(args, name, rows):
    stem = os.path.join(args.work, name)
    common.run(args.mpi, 2 if name == "creep" else 1, args.app,
               ["-options_file", f"inputs/solid/point_{name}.yaml", "-solid_output", stem, "-linnet_results",
                stem + ".json", "-linnet_unused_options", "error", "-linnet_quiet"])
    columns, found, tangents = point.read(args, name)
    if len(found) != rows or not numpy.all(numpy.isfinite(found)):
        common.fail(f"{name}: {found.shape} rows")
    results = common.results(stem + ".json")
    if results["app"] != "solid" or not results["converged"] or len(results["iterations_per_solve"]) != rows - 1:
        common.fail(f"{name}: {results}")
    return columns, found, tangents


def check_cyclic(args):
    columns, rows, _ = run_deck(args, "cyclic", DECKS["cyclic"])
    stress, p = rows[:, columns.index("sigma_axial")], rows[:, columns.index("p")]
    # The material hardens by Voce's law: peaks rise, less and less, and p never falls.
    peaks = stress[60::240]
    if numpy.any(numpy.diff(peaks) <= 0) or peaks[-1] - peaks[-2] > peaks[1] - peaks[0] or numpy.any(numpy.diff(p) < 0):
        common.fail(f"cyclic: peaks {peaks}")


def check_nonproportional(args):
    columns, rows, tangents = run_deck(args, "nonproportional", DECKS["nonproportional"])
    for free in ("sig_22", "sig_33", "sig_13", "sig_23"):
        if numpy.abs(rows[:, columns.index(free)]).max() > 1e-8:
            common.fail(f"nonproportional: {free} is not zero")
    elastic, last = tangents[0], tangents[-1]
    if numpy.abs(elastic - elastic.T).max() > 1e-8 or numpy.abs(last - last.T).max() < 1e-3:
        common.fail("nonproportional: tangents")


def check_backstresses(args):
    with open("inputs/solid/point_cyclic.json", encoding="utf-8") as file:
        history = json.load(file)
    history["material"] = {"E": 2e5, "nu": 0.3, "R0": 200, "H": 100, "C": [[1e5], [2e4]], "D": [[1000], [50]]}
    point.run(args, "two", history, "-linnet_quiet")
    columns, rows, _ = point.read(args, "two")
    if columns[-2:] != ["C1*a1", "C2*a2"] or numpy.abs(rows[:, 5] - rows[:, 7] - rows[:, 8]).max() > 1e-10:
        common.fail(f"several backstresses: {columns}")
    # Rate-independent: on the yield surface |sigma - C a| = R0 + H p whenever p grows.
    grows = numpy.diff(rows[:, 6], prepend=0) > 0
    over = numpy.abs(rows[:, 3] - rows[:, 5]) - 200 - 100 * rows[:, 6]
    if not grows.any() or numpy.abs(over[grows]).max() > 1e-7:
        common.fail(f"several backstresses: off the yield surface by {numpy.abs(over[grows]).max()}")
    history["mode"] = "six_components"
    point.run(args, "six", history, "-linnet_quiet")
    columns, rows, _ = point.read(args, "six")
    if len(columns) != 39 or numpy.abs(rows[:, 20:26] - rows[:, 27:33] - rows[:, 33:39]).max() > 1e-10:
        common.fail(f"several backstresses: {columns}")


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    check_cyclic(args)
    check_nonproportional(args)
    columns, rows, _ = run_deck(args, "creep", DECKS["creep"])
    if abs(rows[-1, columns.index("sigma_axial")] - 250) > 1e-8:
        common.fail("creep: the stress is not held")
    check_backstresses(args)


if __name__ == "__main__":
    main()
