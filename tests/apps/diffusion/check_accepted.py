#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Input that is unusual and right: extreme units, boolean masks, thin grids, cuts named in part, fractal media."""
import argparse
import os

import h5py
import numpy

import common


def parse():
    parser = argparse.ArgumentParser()
    for name in ("work", "app", "mpi"):
        parser.add_argument("--" + name, required=True)
    return parser.parse_args()


def solve(args, ranks, *options):
    file = os.path.join(args.work, "results.json")
    common.run(args.mpi, ranks, args.app,
               ["-diffusion_output", "none", "-linnet_results", file, "-linnet_quiet", *options])
    return common.results(file)


def check_units(args):
    """The unit of the conductivity changes no iteration, also where products of two would leave the range."""
    two_phase = ("-diffusion_grid", "16", "-diffusion_medium", "two_phase", "-diffusion_contrast", "1e6")
    counts = [solve(args, 1, *two_phase, "-diffusion_conductivity_factor", factor)["iterations"]
              for factor in ("1", "1e-200", "1e-156", "1e150")]
    if len(set(counts)) != 1:
        common.fail(f"units of the conductivity: {counts} iterations")


def check_boolean_mask(args):
    mask = numpy.zeros((16, 16, 16), bool)
    mask[4:8, 4:8, 4:8] = True
    name = os.path.join(args.work, "mask.h5")
    with h5py.File(name, "w") as file:
        file["solid"] = mask
    found = solve(args, 2, "-diffusion_grid", "16", "-diffusion_obstacles", f"mask:{name},solid")
    if found["diffusion"]["solid_cells"] != 64:
        common.fail(f"boolean mask: {found['diffusion']['solid_cells']} solid cells, 64 expected")


def check_cuts(args):
    grid = ("-diffusion_grid", "7,11,13")
    counts = [solve(args, 4, *grid, *cut)["iterations"]
              for cut in ((), ("-da_processors_x", "4"), ("-da_processors_y", "2", "-da_processors_z", "2"))]
    if max(counts) - min(counts) > 1:
        common.fail(f"cuts of 4 ranks: {counts} iterations")


def check_fractal(args):
    """Small inclusions of contrast 1e6, some across the cuts: as few iterations on any number of ranks."""
    fractal = ("-diffusion_grid", "40,37,45", "-diffusion_medium", "two_phase", "-diffusion_medium_alpha", "2",
               "-diffusion_medium_tau", "20", "-diffusion_contrast", "1e6")
    counts = [solve(args, ranks, *fractal)["iterations"] for ranks in (1, 2, 4)]
    if max(counts) > 17 or max(counts) - min(counts) > 1:
        common.fail(f"fractal medium on 1, 2, 4 ranks: {counts} iterations")


def main():
    args = parse()
    os.makedirs(args.work, exist_ok=True)
    check_units(args)
    check_boolean_mask(args)
    check_cuts(args)
    check_fractal(args)
    solve(args, 1, "-diffusion_grid", "200,3,1", "-diffusion_medium", "checkerboard")


if __name__ == "__main__":
    main()
