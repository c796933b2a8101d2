#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The temperature that a run has written at its nodes, read by the next one, gives the same displacements; and is not overwritten."""
import os
import pathlib

import h5py
import numpy

import common

# Linear in space: what is extrapolated to nodes and interpolated to points again is exact.
OPTIONS = ["-solid_material", "inputs/solid/materials/steel.json", "-solid_mesh_cells", "3,2,4", "-solid_hold", "z0:xyz"]


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    first, second = (os.path.join(args.work, name) for name in ("first", "second"))
    common.run(args.mpi, 2, args.app, [*OPTIONS, "-solid_temperature", "100+80*x-30*y+50*z", "-solid_output_points", "-solid_output", first])
    field = ["-solid_temperature", first + ".h5:/step000000/nodal_temperature"]
    moves = []
    for ranks in (1, 2, 4):
        common.run(args.mpi, ranks, args.app, [*OPTIONS, *field, "-solid_output", second])
        with h5py.File(first + ".h5") as old, h5py.File(second + ".h5") as new:
            moves.append(numpy.abs(old["step000000/u"][...]).max())
            # Both solves are exact to -ksp_rtol, 1e-8 of Newton's tolerance and less.
            if numpy.abs(old["step000000/u"][...] - new["step000000/u"][...]).max() > 1e-7 * moves[-1]:
                common.fail(f"{ranks} ranks: other displacements")
    if not min(moves) > 1e-4:
        common.fail(f"nothing has moved: {moves}")
    before = pathlib.Path(first + ".h5").read_bytes()
    text = common.run(args.mpi, 2, args.app, [*OPTIONS, *field, "-solid_output", first], expect=2)
    if "is read by -solid_temperature and would be lost" not in text or pathlib.Path(first + ".h5").read_bytes() != before:
        common.fail(f"a run over its own temperature:\n{text}")


main()
