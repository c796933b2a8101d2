#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""All reference histories through the app: implicit Euler rows to 1e-9 of each column, tangents to 1e-8."""
import argparse
import json
import os

import numpy

import common
import point


def parse():
    parser = argparse.ArgumentParser()
    for name in ("reference", "work", "app", "mpi"):
        parser.add_argument("--" + name, required=True)
    return parser.parse_args()


def column_name(text):
    """The file's columns have explanations behind their names."""
    return text.split(" ")[0]


def compare(name, found, wanted):
    rows = found[numpy.searchsorted(found[:, 0], wanted[:, 0] - 1e-9 * found[-1, 0])]
    scale = numpy.maximum(numpy.abs(wanted).max(axis=0), 1e-12)
    difference = numpy.abs(rows - wanted).max(axis=0)
    error = numpy.where(scale > 1e-12, difference / scale, difference).max()
    if not error < 1e-9:
        common.fail(f"{name}: differs from the reference by {error}")


def check_grid(args, data, case, number):
    grid = case["backward_euler"][number]
    name = f"{case['name']}_{number}"
    ranks = 2 if number == 1 and case["name"].startswith("tmf") else 1
    point.run(args, name, dict(case["input"], time=grid["time"], material=data["material"]), "-linnet_quiet",
              ranks=ranks)
    columns, rows, tangents = point.read(args, name)
    kind = "columns_1d" if case["input"]["mode"] == "uniaxial" else "columns_3d"
    if columns != [column_name(c) for c in data[kind]]:
        common.fail(f"{name}: columns {columns}")
    compare(name, rows, numpy.array(grid["rows"]))
    if "tangent_of_last_step" in grid:
        wanted = numpy.array(grid["tangent_of_last_step"])
        if not numpy.abs(tangents[-1] - wanted).max() < 1e-8 * numpy.abs(wanted).max():
            common.fail(f"{name}: the tangent of the last step differs")
    results = common.results(os.path.join(args.work, name + ".results.json"))
    if not results["converged"] or results["solid"]["halvings"] != 0 or results["ranks"] != ranks:
        common.fail(f"{name}: {results}")
    if results["solid"]["p"] != rows[-1, 26 if len(columns) == 27 else 6]:
        common.fail(f"{name}: p of the results is not that of the last row")


def main():
    args = parse()
    os.makedirs(args.work, exist_ok=True)
    with open(args.reference, encoding="utf-8") as file:
        data = json.load(file)
    for case in data["cases"]:
        for number in range(len(case["backward_euler"])):
            check_grid(args, data, case, number)


if __name__ == "__main__":
    main()
