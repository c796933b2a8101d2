#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Runs a training deck at reduced size on 1, 2 and 4 ranks: no option may stay unused, the loss must fall, and
parameters and losses must be the same in every bit."""
import argparse
import os

import h5py
import numpy

import common

RANKS = (1, 2, 4)


def parse():
    parser = argparse.ArgumentParser()
    for name in ("deck", "work", "app", "mpi"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("options", nargs="*", help="that reduce the deck, behind --")
    return parser.parse_args()


def parameters(path):
    """Name -> values of all parameters of a model."""
    found = {}
    with h5py.File(path, "r") as file:
        file["param"].visititems(
            lambda name, item: found.update({name: item[...]}) if isinstance(item, h5py.Dataset) else None)
    return found


def main():
    args = parse()
    os.makedirs(args.work, exist_ok=True)
    reference = None
    for ranks in RANKS:
        stem = os.path.join(args.work, f"np{ranks}")
        samples = stem + ".samples.h5"  # each run makes its own
        if os.path.exists(samples):
            os.remove(samples)
        text = common.run(args.mpi, ranks, args.app, [
            "-options_file", args.deck, *args.options, "-train_epochs", 3, "-train_samples_file", samples,
            "-train_output", stem, "-linnet_results", stem + ".json", "-options_left"])
        if "unused" in text.replace("no unused", ""):
            common.fail(text)
        found = common.results(stem + ".json")["train"]
        losses, held_out = found["loss"], found["loss_held_out"]
        if not losses[-1] < losses[0] or not held_out[-1] < held_out[0]:
            common.fail(f"{stem}: the losses do not fall: {losses} {held_out}")
        with open(stem + ".history.csv", encoding="utf-8") as file:
            rows = [list(map(float, line.split(","))) for line in file.read().splitlines()[1:]]
        with h5py.File(stem + ".history.h5", "r") as file:
            if not numpy.array_equal(file["history"][...], numpy.array(rows)):
                common.fail(f"{stem}: the two histories differ")
        got = parameters(stem + ".model.h5")
        if reference is None:
            reference = (got, rows)
        if rows != reference[1] or got.keys() != reference[0].keys():
            common.fail(f"{stem}: other losses than on {RANKS[0]} ranks: {rows} {reference[1]}")
        for name, values in got.items():
            if not numpy.array_equal(values, reference[0][name]):
                common.fail(f"{stem}: '{name}' differs from that on {RANKS[0]} ranks")


if __name__ == "__main__":
    main()
