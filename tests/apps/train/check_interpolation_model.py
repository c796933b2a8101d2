#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""A network that is shipped, on rough media that it was not trained on: with the fallback nowhere more than one iteration more
than black-box interpolation takes, and fewer in the mean."""
import argparse
import os

import common


def main():
    parser = argparse.ArgumentParser()
    for name in ("model", "deck", "grid", "held-out", "work", "app", "mpi"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    stem = os.path.join(args.work, "judged")
    # One step at a rate that changes no digit; the number of the media is that of no training.
    common.run(args.mpi, 2, args.app, [
        "-options_file", args.deck, "-train_start", args.model, "-train_samples", 8, "-train_validation", 0,
        "-train_epochs", 1, "-train_rate", 1e-30, "-train_grid", args.grid,
        "-train_held_out", args.held_out, "-train_held_out_scale", 4, "-train_output", stem, "-train_media", "white_noise",
        "-linnet_results", stem + ".json"])
    found = common.results(stem + ".json")["train"]
    before, after = found["iterations_black_box"], found["iterations_guarded"]
    if len(before) != int(args.held_out) or not found["is_safe"]:
        common.fail(f"iterations {before} without, {after} with the network")
    if not sum(after) < sum(before):
        common.fail(f"{sum(after)} iterations in all, {sum(before)} without the network")


if __name__ == "__main__":
    main()
