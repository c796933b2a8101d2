# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Runs of `solid -solid_point`: what they write, as arrays."""
import csv
import json
import os

import h5py
import numpy

import common


def run(args, name, history, *options, ranks=1, expect=0):
    """Writes `history` to a file and runs it; what the app printed."""
    path = os.path.join(args.work, name + "_input.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write(history if isinstance(history, str) else json.dumps(history))
    stem = os.path.join(args.work, name)
    return common.run(args.mpi, ranks, args.app, ["-solid_point", path, "-solid_output", stem, "-linnet_results",
                                                  stem + ".results.json", *options], expect=expect)


def read(args, name):
    """Columns, rows and tangents of the HDF5 file; those of the CSV file must be the same numbers."""
    stem = os.path.join(args.work, name)
    with h5py.File(stem + ".h5", "r") as file:
        columns = file["history"].attrs["columns"]
        columns = (columns.decode() if isinstance(columns, bytes) else str(columns)).split(",")
        rows = file["history"][...]
        tangents = file["tangent"][...] if "tangent" in file else None
    with open(stem + ".csv", encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    numbers = numpy.array(lines[1:], dtype=float)
    whole = rows if tangents is None else numpy.hstack([rows, tangents.reshape(len(rows), 36)])
    if lines[0][:len(columns)] != columns or not numpy.array_equal(numbers, whole):
        common.fail(f"{name}: the CSV file differs from the HDF5 file")
    return columns, rows, tangents
