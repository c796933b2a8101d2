#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Training that is stopped or killed goes on with the same bits, also on another number of ranks."""
import os
import time

import common


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)

    def path(name):
        return os.path.join(args.work, name)

    def options(stem, epochs, *more):
        return ["-train_network", "dcdm64", "-train_grid", 8, "-train_samples", 40, "-train_ritz_steps", 60, "-train_rate", "1e-3",
                "-train_samples_file", path("samples.h5"), "-train_checkpoint_pause", 0, "-train_output", path(stem), "-train_epochs", epochs,
                "-linnet_quiet", *more]

    common.run(args.mpi, 2, args.app, options("whole", 4))
    expected = read(path("whole.history.csv"))

    # Two epochs, then two more on one rank.
    common.run(args.mpi, 2, args.app, options("parts", 2))
    common.run(args.mpi, 1, args.app, options("parts", 4, "-train_restart", path("parts.checkpoint")))
    if read(path("parts.history.csv")) != expected:
        common.fail("the losses after a restart are others")

    # Stopped by its time limit: exit code 5, and a checkpoint in the middle of an epoch.
    code, text = common.attempt(args.mpi, 2, args.app, options("timed", 100000, "-linnet_time_limit", 2))
    if code != 5 or "-train_restart" not in text:
        common.fail(f"exit code {code}, expected 5: {text}")

    # Killed at some moment: what is there can be gone on from.
    run = common.start(args.mpi, 2, args.app, options("killed", 100000))
    limit = time.time() + 60
    while not os.path.exists(path("killed.checkpoint")) and time.time() < limit:
        time.sleep(0.05)
    time.sleep(0.7)
    common.kill(run)
    with open(path("killed.history.csv"), encoding="utf-8") as file:
        done = len(file.read().splitlines()) - 1
    common.run(args.mpi, 2, args.app,
               options("killed", done + 2, "-train_restart", path("killed.checkpoint")))
    got = read(path("killed.history.csv")).splitlines()
    wanted = expected.splitlines()
    if got[:len(wanted)] != wanted[:len(got)]:
        common.fail("the losses after a kill are others")

    # Other training is refused.
    text = common.run(args.mpi, 2, args.app, options(
        "parts", 4, "-train_restart", path("whole.checkpoint"), "-train_batch", 5), expect=4)
    if "is a checkpoint of other training" not in text:
        common.fail(text)


if __name__ == "__main__":
    main()
