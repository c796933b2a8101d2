#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The weights that are shipped, on 40 geometries they were not trained on: no more iterations than the derived ones on
95 % of them, nowhere more than two more, and fewer in the mean."""
import argparse
import os

import common


def main():
    parser = argparse.ArgumentParser()
    for name in ("model", "work", "app", "mpi"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    stem = os.path.join(args.work, "judged")
    common.run(args.mpi, 2, args.app, [
        "-train_network", "cycle", "-train_start", args.model, "-train_evaluations", 1, "-train_geometries", 1,
        "-train_held_out", 40, "-train_output", stem, "-linnet_results", stem + ".json"])
    found = common.results(stem + ".json")["train"]
    derived, trained = found["iterations_derived"], found["iterations_trained"]
    worse = [(a, b) for a, b in zip(derived, trained) if b > a]
    if len(derived) != 40 or len(worse) > 2 or any(b > a + 2 for a, b in worse) or not found["is_safe"]:
        common.fail(f"more iterations than derived weights take: {worse}")
    if not sum(trained) < sum(derived):
        common.fail(f"{sum(trained)} iterations in all, {sum(derived)} with the derived weights")


if __name__ == "__main__":
    main()
