#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Training of the weights of a cycle from its deck at reduced size: the rate improves, the bits do not depend on the
ranks or on a restart, and a solve takes the model."""
import argparse
import os

import h5py

import common


def main():
    parser = argparse.ArgumentParser()
    for name in ("deck", "work", "app", "mpi", "diffusion"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)

    def train(name, ranks, *more):
        stem = os.path.join(args.work, name)
        text = common.run(args.mpi, ranks, args.app, [
            "-options_file", args.deck, "-train_grid", 16, "-train_geometries", 3, "-train_held_out", 5,
            "-train_output", stem, "-linnet_results", stem + ".json", "-options_left", *more])
        if "unused" in text.replace("no unused", ""):
            common.fail(text)
        return common.results(stem + ".json")["train"]

    whole = train("np2", 2, "-train_evaluations", 40)
    rates = whole["rate"]
    if len(rates) != 40 or not rates[-1] < rates[0] - 0.005 or rates != sorted(rates, reverse=True):
        common.fail(f"the rate does not improve: {rates}")
    if len(whole["iterations_derived"]) != 5 or max(whole["iterations_derived"]) > 10:
        common.fail(str(whole))
    for ranks in (1, 4):
        if train(f"np{ranks}", ranks, "-train_evaluations", 40) != whole:
            common.fail(f"{ranks} ranks train another cycle than 2")
    train("first", 2, "-train_evaluations", 15)
    if train("second", 1, "-train_evaluations", 40, "-train_restart", os.path.join(args.work, "first.checkpoint")) != whole:
        common.fail("a restart changes the result")

    model = os.path.join(args.work, "np2.model.h5")
    with h5py.File(model, "r") as file:
        kept = [float(x) for path in ("fine/k", "fine/centre", "fine/wall", "coarse/k", "scale")
                for x in file["param/" + path][...]]
    if kept != whole["weights"]:
        common.fail(f"{kept} in the model, trained {whole['weights']}")
    text = common.run(args.mpi, 2, args.diffusion, [
        "-diffusion_grid", 16, "-diffusion_obstacles", "sphere:0.5,0.5,0.5,0.2", "-diffusion_output", "none",
        "-pc_type", "mgno", "-pc_mgno_model", model, "-ksp_view"])
    if f"weights: {model}\n" not in text or "constant around obstacles" not in text:
        common.fail(text)
    text = common.run(args.mpi, 1, args.app, [
        "-options_file", args.deck, "-train_grid", 16, "-train_seed", 3, "-train_output", os.path.join(args.work, "other"),
        "-train_restart", os.path.join(args.work, "first.checkpoint")], expect=4)
    if "is a checkpoint of other training" not in text:
        common.fail(text)


if __name__ == "__main__":
    main()
