#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Conductivity, source and boundary data from HDF5 give what the same data as expressions give."""
import os

import h5py
import numpy

import common

CELLS = (10, 8, 6)
KAPPA, SOURCE, FACE = "1+x+2*y*z", "x-y^2+z", "1+2*y+3*z^2"


def write(path):
    x, y, z = ((numpy.arange(n) + 0.5) / n for n in CELLS)
    z3, y3, x3 = numpy.meshgrid(z, y, x, indexing="ij")
    z2, y2 = numpy.meshgrid(z, y, indexing="ij")
    with h5py.File(path, "w") as file:
        file["kappa"] = 1 + x3 + 2 * y3 * z3
        file["source"] = x3 - y3**2 + z3
        file["face"] = 1 + 2 * y2 + 3 * z2**2


def outflow(args, name, ranks, options):
    path = os.path.join(args.work, name + ".json")
    common.run(args.mpi, ranks, args.app,
               ["-diffusion_grid", ",".join(map(str, CELLS)), "-ksp_rtol", "1e-12", "-diffusion_output", "none",
                "-diffusion_bc_x_lo", "dirichlet", "-diffusion_bc_x_hi", "robin", "-diffusion_bc_y_lo", "neumann",
                "-linnet_results", path] + options)
    return numpy.array(common.results(path)["diffusion"]["boundary_outflow"])


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    data = os.path.join(args.work, "data.h5")
    write(data)
    wanted = outflow(args, "expressions", 1,
                     ["-diffusion_conductivity_factor", KAPPA, "-diffusion_source", SOURCE,
                      "-diffusion_bc_x_lo_value", FACE, "-diffusion_bc_x_hi_value", FACE])
    for ranks in (1, 4):
        got = outflow(args, "files", ranks,
                      ["-diffusion_medium", "file", "-diffusion_medium_file", data + ":/kappa",
                       "-diffusion_source", data + ":/source", "-diffusion_bc_x_lo_value", data + ":/face",
                       "-diffusion_bc_x_hi_value", data + ":/face"])
        difference = numpy.abs(got - wanted).max()
        if difference > 1e-9 or numpy.abs(wanted).max() < 0.1:
            common.fail(f"{ranks} ranks: {got} from files, {wanted} from expressions")


if __name__ == "__main__":
    main()
