#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Training whose samples are shared by several ranks: the bits depend on how many share one, not on how many such groups
there are nor on restarts; otherwise losses and errors are those of one rank but for rounding, and a rank's memory is a
part of it."""
import os

import common


def difference(a, b):
    return max(abs(x - y) / abs(y) for x, y in zip(a, b, strict=True))


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)

    def path(name):
        return os.path.join(args.work, name)

    def train(stem, ranks, sharing, epochs, *more):
        common.run(args.mpi, ranks, args.app, [
            "-train_network", "mgno", "-train_mgno_layers", 1, "-train_mgno_channels", 6, "-train_mgno_steps", "1,1,2",
            "-train_data", "darcy_rough", "-train_solve_grid", 64, "-train_samples", 10, "-train_validation", 2,
            "-train_test", 2, "-train_batch", 3, "-train_output_norm", "point", "-train_field_loss", "h1_spectral",
            "-train_rate", "3e-3", "-train_samples_file", path("samples.h5"), "-train_output", path(stem),
            "-train_epochs", epochs, "-train_ranks_per_sample", sharing, "-linnet_results", path(stem + ".json"),
            "-linnet_quiet", *more])
        return common.results(path(stem + ".json"))

    def restart(stem):
        return ["-train_restart", path(stem + ".checkpoint")]

    def check_same(a, b, what):
        for key in ("loss", "loss_held_out"):
            if a["train"][key] != b["train"][key]:
                common.fail(f"{what} changes '{key}': {a['train'][key]} {b['train'][key]}")
        if a["errors"] != b["errors"]:
            common.fail(f"{what} changes the errors: {a['errors']} {b['errors']}")

    one = train("one", 1, 1, 4)
    two = train("two", 2, 2, 4)
    four = train("four", 4, 4, 4)
    train("parts", 4, 2, 2)
    check_same(train("parts", 2, 2, 4, *restart("parts")), two, "another number of groups, or a restart,")
    changed = train("parts", 1, 1, 6, *restart("parts"))
    for sharing, run in ((2, two), (4, four)):
        if run["train"]["ranks_per_sample"] != sharing:
            common.fail(f"{run['train']['ranks_per_sample']} ranks share a sample, not {sharing}")
        part = run["train"]["arena_bytes"] / one["train"]["arena_bytes"]
        if not 1.0 / sharing < part < 1.25 / sharing:  # ghosts
            common.fail(f"{part} of the memory where {sharing} ranks share a sample")
    # Sums over 4096 points in single precision, 8 steps of 3e-3.
    for what, run in (("2 ranks", two), ("4 ranks", four), ("a restart on 1 rank", changed)):
        for key in ("loss", "loss_held_out"):
            if not difference(run["train"][key][:4], one["train"][key]) < 1e-6:
                common.fail(f"{what}: {run['train'][key]}, not {one['train'][key]}")
        if run is not changed and not difference(run["errors"].values(), one["errors"].values()) < 1e-6:
            common.fail(f"{what}: {run['errors']}, not {one['errors']}")
    if not one["train"]["loss"][-1] < one["train"]["loss"][0]:
        common.fail(f"nothing is learned: {one['train']['loss']}")


if __name__ == "__main__":
    main()
