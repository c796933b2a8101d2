#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The decks of the multigrid neural operator with the network and grid they name, one step on three samples: they have
the published numbers of parameters, leave no option unused and say how wrong the network is."""
import argparse
import os

import h5py
import numpy

import common

# Deck: parameters; options by which its samples are solved for on the grid of the network, in little time.
DECKS = {
    "darcy_rough": (572661, ["-train_solve_grid", 256, "-train_stride", 1]),
    "darcy_multiscale": (572661, ["-train_solve_grid", 256, "-train_stride", 1]),
    "darcy_smooth": (678093, ["-train_solve_grid", 211, "-train_stride", 1]),
    "navier_stokes": (2885194, ["-train_solve_grid", 64, "-train_stride", 1, "-train_frames", 2, "-train_frame_time", 1e-4,
                                "-train_evolution_steps", 2]),
    "helmholtz": (5351806, []),
    "pipe": (783876, ["-train_import_files"]),
    "darcy_rough_64": (467964, ["-train_solve_grid", 64, "-train_stride", 1]),
}


def write_pipes(path):
    """Three pipes of the size of the published ones."""
    along, across = numpy.meshgrid(numpy.linspace(0.0, 10.0, 128), numpy.linspace(-0.5, 0.5, 128), indexing="ij")
    with h5py.File(path, "w") as file:
        bend = numpy.array([0.0, 0.1, 0.2])[:, None, None]
        file["x"] = along + 0.0 * bend
        file["y"] = across + bend * numpy.sin(along)
        file["q"] = (0.25 - across ** 2) * (1.0 + bend)


def main():
    parser = argparse.ArgumentParser()
    for name in ("decks", "work", "app", "mpi"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    for name, (parameters, options) in DECKS.items():
        stem = os.path.join(args.work, name)
        if os.path.exists(stem + ".samples.h5"):
            os.remove(stem + ".samples.h5")
        if name == "pipe":
            write_pipes(stem + ".h5")
            options = options + [stem + ".h5"]
        text = common.run(args.mpi, 2, args.app, [
            "-options_file", os.path.join(args.decks, name + ".yaml"), *options, "-train_samples", 3,
            "-train_validation", 1, "-train_test", 1, "-train_batch", 1, "-train_epochs", 1,
            "-train_samples_file", stem + ".samples.h5", "-train_output", stem, "-linnet_results", stem + ".json",
            "-options_left"])
        if "unused" in text.replace("no unused", ""):
            common.fail(text)
        found = common.results(stem + ".json")
        if found["unknowns"] != parameters:
            common.fail(f"{name}: {found['unknowns']} parameters, published {parameters}")
        wanted = {"test_l2", "test_h1_spectral", "test_h1_semi"}
        if name == "navier_stokes":
            wanted.add("test_roll_out")
        if set(found["errors"]) != wanted or not all(error > 0.0 for error in found["errors"].values()):
            common.fail(f"{name}: {found['errors']}")
        os.remove(stem + ".checkpoint")  # it is large


if __name__ == "__main__":
    main()
