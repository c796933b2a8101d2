#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Training of the interpolation from its decks at reduced size: the loss falls, the bits do not depend on the ranks or on a
restart, a solve takes the model, and with the fallback it costs nowhere more than one iteration."""
import argparse
import os

import common


def main():
    parser = argparse.ArgumentParser()
    for name in ("deck", "grid", "work", "app", "mpi", "diffusion"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)

    def train(name, ranks, *more):
        stem = os.path.join(args.work, name)
        text = common.run(args.mpi, ranks, args.app, [
            "-options_file", args.deck, "-train_grid", args.grid, "-train_samples", 64, "-train_validation", 0.25,
            "-train_schedule_steps", 18, "-train_held_out", 6, "-train_held_out_scale", 2, "-train_output", stem,
            "-linnet_results", stem + ".json", "-options_left", *more])
        if "unused" in text.replace("no unused", ""):
            common.fail(text)
        return common.results(stem + ".json")["train"]

    whole = train("np2", 2, "-train_epochs", 3)
    if len(whole["loss"]) != 3 or not whole["loss"][2] < whole["loss"][0]:
        common.fail(f"the loss does not fall: {whole['loss']}")
    if len(whole["iterations_guarded"]) != 6 or not whole["is_safe"]:
        common.fail(str(whole))
    if train("np4", 4, "-train_epochs", 3) != whole:
        common.fail("4 ranks train another network than 2")
    train("first", 2, "-train_epochs", 2)
    if train("second", 1, "-train_epochs", 3, "-train_restart", os.path.join(args.work, "first.checkpoint")) != whole:
        common.fail("a restart changes the result")
    dim = len(args.grid.split(","))
    text = common.run(args.mpi, 2, args.diffusion, [
        "-diffusion_dim", dim, "-diffusion_grid", ",".join(["24"] * dim), "-diffusion_medium", "two_phase",
        "-diffusion_output", "none", "-pc_type", "mgno", "-pc_mgno_model", os.path.join(args.work, "np2.model.h5"),
        "-ksp_view"])
    if "per step of cg" not in text or "CONVERGED_RTOL" not in text:
        common.fail(text)


if __name__ == "__main__":
    main()
