#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Patch test: linear displacements on the surface of distorted cells give the same stress everywhere, Hooke's law's."""
import os

import h5py
import numpy

import common

GRADIENT = numpy.array([[1e-3, 2e-4, 0], [0, -3e-4, 1e-4], [5e-4, 0, -2e-4]])
NAMES = ("xx", "yy", "zz", "xy", "xz", "yz")
PLACES = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    strain = 0.5 * (GRADIENT + GRADIENT.T)
    young, poisson = 2.1e5, 0.3
    stress = young / (1 + poisson) * (strain + poisson / (1 - 2 * poisson) * numpy.trace(strain) * numpy.eye(3))
    for shape in ("hex8", "tet10"):
        stem = os.path.join(args.work, shape)
        common.run(args.mpi, 2, args.app,
                   ["-options_file", "inputs/solid/patch_test.yaml", "-solid_mesh_shape", shape, "-solid_output", stem,
                    "-solid_output_quadrature", "yes", "-solid_tolerance", 1e-13, "-ksp_rtol", 1e-12])
        with h5py.File(stem + ".h5", "r") as file:
            step, nodes = file["step000000"], file["geometry/nodes"][...]
            if numpy.abs(step["u"][...] - nodes @ GRADIENT.T).max() > 1e-14:
                common.fail(f"{shape}: u is not linear")
            points = step["quadrature/stress"][...]
            for c, (name, (i, j)) in enumerate(zip(NAMES, PLACES)):
                for what, values in (("mean", step["stress_" + name][...]), ("point", points[..., c])):
                    if numpy.abs(values - stress[i, j]).max() > 1e-11 * numpy.abs(stress).max():
                        common.fail(f"{shape}: stress_{name} of a {what} differs by "
                                    f"{numpy.abs(values - stress[i, j]).max()}")


if __name__ == "__main__":
    main()
