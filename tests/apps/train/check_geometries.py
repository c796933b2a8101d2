#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Training over several geometries: samples know theirs, a restart on another number of ranks changes no bit, a model
is a better start than noise, and both kinds of data will do."""
import os

import h5py
import numpy

import common


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)

    def path(name):
        return os.path.join(args.work, name)

    def train(stem, ranks, epochs, *more, samples="met"):
        common.run(args.mpi, ranks, args.app, [
            "-train_network", "npsdo", "-train_levels", 2, "-train_grid", 8, "-train_geometries", 4,
            "-train_obstacles", "random_spheres:2,0.1,0.2", "-train_air", 2, "-train_samples", 24,
            "-train_data", samples, "-train_met_steps", 4, "-train_ritz_steps", 60, "-train_loss", "energy",
            "-train_solver_steps", 3, "-train_optimiser", "muon", "-train_rate", "1e-2", "-train_batch", 2,
            "-train_validation", 0.25, "-train_samples_file", path(samples + ".h5"), "-train_output", path(stem),
            "-train_epochs", epochs, "-linnet_results", path(stem + ".json"), "-linnet_quiet", *more])
        return common.results(path(stem + ".json"))["train"]

    def seconds(stem):
        with h5py.File(path(stem + ".model.h5"), "r") as file:
            return float(file["provenance"].attrs["training_seconds"])

    whole = train("whole", 2, 10)
    if len(whole["loss_held_out"]) != 10 or not whole["loss_held_out"][-1] < 0.7 * whole["loss_held_out"][0]:
        common.fail(f"the held-out loss does not fall: {whole['loss_held_out']}")
    train("parts", 3, 2)
    first_seconds = seconds("parts")
    parts = train("parts", 1, 10, "-train_restart", path("parts.checkpoint"))
    if not 0 < first_seconds < seconds("parts"):
        common.fail(f"{seconds('parts')} s of training in all, {first_seconds} of them before the restart")
    if parts["loss"] != whole["loss"] or parts["loss_held_out"] != whole["loss_held_out"]:
        common.fail("the losses after a restart are others")

    better = train("better", 2, 1, "-train_start", path("whole.model.h5"))
    if not better["loss"][0] < 0.7 * whole["loss"][0]:
        common.fail(f"a model is no better start than noise: {better['loss']} {whole['loss']}")
    # A restart needs the model no more.
    os.rename(path("whole.model.h5"), path("away.h5"))
    further = train("better", 2, 2, "-train_start", path("whole.model.h5"), "-train_restart", path("better.checkpoint"))
    if further["loss"][0] != better["loss"][0]:
        common.fail(f"a restart begins anew: {further['loss']} {better['loss']}")
    if not train("ritz", 2, 10, samples="ritz")["loss"][-1] < 0.8:
        common.fail("nothing is learned from Ritz vectors")

    for name in ("met.h5", "ritz.h5"):
        with h5py.File(path(name), "r") as file:
            if file["geometry"][...].tolist() != [g for g in range(4) for _ in range(6)]:
                common.fail(f"{name}: geometries {file['geometry'][...]}")
            norms = numpy.linalg.norm(file["right_hand_side"][...].reshape(24, -1), axis=1)
            if abs(norms - 1).max() > 1e-6:
                common.fail(f"{name}: norms {norms}")


if __name__ == "__main__":
    main()
