#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Training of the vectors of a coarse space from its decks at reduced size: modes are orthonormal, leave little of solutions
held out, have the same bits on any number of ranks, and save iterations of a solve on a finer grid."""
import argparse
import os

import h5py
import numpy

import common


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--decks", nargs="+", required=True)
    for name in ("work", "app", "mpi", "diffusion"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)

    def train(deck, ranks):
        stem = os.path.join(args.work, f"{os.path.basename(deck)}.np{ranks}")
        samples = stem + ".samples.h5"  # each run makes its own
        if os.path.exists(samples):
            os.remove(samples)
        text = common.run(args.mpi, ranks, args.app, [
            "-options_file", deck, "-train_samples", 150, "-train_test", 30, "-train_basis_size", 40,
            "-train_samples_file", samples, "-train_output", stem, "-linnet_results", stem + ".json", "-options_left"])
        if "unused" in text.replace("no unused", ""):
            common.fail(text)
        with h5py.File(stem + ".model.h5", "r") as file:
            arrays = {name: file["basis"][name][...] for name in file["basis"]}
        return common.results(stem + ".json")["train"], arrays, stem + ".model.h5"

    for deck in args.decks:
        found, arrays, model = train(deck, 2)
        if found["modes"] != 40 or not found["left_out_training"] <= found["left_out_held_out"] < 0.2:
            common.fail(f"{deck}: {found}")
        phi, values = arrays["phi"], arrays["eigenvalues"]
        if phi.shape != (40, 33 * 33) or arrays["points"].shape != (33 * 33, 2):
            common.fail(f"{deck}: {phi.shape}")
        if abs(phi @ phi.T - numpy.eye(40)).max() > 1e-6 or (numpy.diff(values) > 0).any():
            common.fail(f"{deck}: the modes are not orthonormal, or not in order")
        # What is left is what the other eigenvalues say; solutions vanish on the boundary.
        left = numpy.sqrt(values[40:].sum() / values.sum())
        if abs(left - found["left_out_training"]) > 1e-6 or abs(phi.reshape(40, 33, 33)[:, 0, :]).max() > 1e-12:
            common.fail(f"{deck}: {left} {found}")
        for ranks in (1, 4) if deck == args.decks[0] else ():
            other = train(deck, ranks)[1]
            for name, array in arrays.items():
                if not numpy.array_equal(array, other[name]):
                    common.fail(f"{deck}: {name} differs on {ranks} ranks")

    def iterations(*options):
        path = os.path.join(args.work, "solve.json")
        common.run(args.mpi, 2, args.diffusion, [
            "-diffusion_dim", 2, "-diffusion_grid", 48, "-diffusion_medium", "inclusions", "-diffusion_source", "exp(x)*y",
            "-diffusion_output", "none", "-dm_mat_type", "aij", "-ksp_type", "cg", "-ksp_rtol", "1e-8",
            "-pc_type", "basis", "-linnet_results", path, *options])
        return common.results(path)["iterations"]

    # The model is the one of inclusions, the last deck.
    pod, sine, none = (iterations("-pc_basis_file", model), iterations("-pc_basis_type", "sine", "-pc_basis_size", 40),
                       iterations("-pc_basis_size", 0))
    if not (pod < 0.75 * sine and sine < none):
        common.fail(f"{pod} iterations with the modes, {sine} with sines, {none} without")


if __name__ == "__main__":
    main()
