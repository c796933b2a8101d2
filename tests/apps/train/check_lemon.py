#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The decks of one network for many operators at small size: meta-learning with learned rates goes on from a checkpoint
with the same bits on other ranks, fine-tuning starts from the model as it is, adapters change the weights of dense layers
alone and by their rank, and the learned rate is what numpy makes of the equation's coefficients."""
import argparse
import math
import os

import h5py
import numpy

import common

RANK = 3


def read(path):
    found = {}
    with h5py.File(path, "r") as file:
        file.visititems(
            lambda name, item: found.update({name: item[...]}) if isinstance(item, h5py.Dataset) else None)
    return found


def same(one, other):
    return one.keys() == other.keys() and all(numpy.array_equal(one[name], other[name]) for name in one)


def rate(model, code, largest):
    """What a network of dense layers and GELU makes of a code."""
    x = code
    for name in ("rate.1", "rate.2", "rate.out"):
        x = model[f"param/{name}/weight"].astype(float) @ x + model[f"param/{name}/bias"]
        if name != "rate.out":
            x = numpy.array([0.5 * v * (1.0 + math.erf(v / math.sqrt(2.0))) for v in x])
    return largest / (1.0 + math.exp(-x[0]))


def main():
    parser = argparse.ArgumentParser()
    for name in ("decks", "work", "app", "mpi"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)

    def path(name):
        return os.path.join(args.work, name)

    def train(deck, stem, ranks, *options):
        text = common.run(args.mpi, ranks, args.app, [
            "-options_file", os.path.join(args.decks, deck + ".yaml"), "-train_output", path(stem), "-linnet_results",
            path(stem) + ".json", "-options_left", *options])
        if "unused" in text.replace("no unused", ""):
            common.fail(text)
        return text, common.results(path(stem) + ".json")

    small = ["-train_families", "heat,wave", "-train_family_operators", 2, "-train_deeponet_branch", "16,16"]

    def meta(stem, ranks, epochs, *more):
        return train("lemon_meta", stem, ranks, *small, "-train_meta", "lemons", "-train_meta_support", 3, "-train_meta_query", 2,
                     "-train_samples", 24, "-train_test", 1, "-train_batch", 2, "-train_schedule_steps", 10, "-train_epochs",
                     epochs, "-train_samples_file", path("meta.h5"), *more)

    meta("first", 2, 2)
    second, results = meta("second", 1, 4, "-train_restart", path("first.checkpoint"))
    whole, _ = meta("whole", 1, 4)
    for kind in (".model.h5", ".rate.model.h5"):
        if not same(read(path("second" + kind)), read(path("whole" + kind))):
            common.fail(f"a restart changes {kind}")
        if same(read(path("second" + kind)), read(path("first" + kind))):
            common.fail(f"training does not change {kind}")
    if "operators     3 for training" not in whole or "of 8 tasks, 0 skipped" not in whole or \
            results["train"]["tasks_skipped"] != 0 or results["train"]["tasks"] != 4:
        common.fail(f"wrong numbers of tasks:\n{whole}\n{results['train']}")
    if not 0.0 < results["errors"]["test_relative_l2"] < results["errors"]["test_relative_l2_before"]:
        common.fail(f"inner steps are of no use: {results['errors']}")

    def tune(stem, *more, ranks=1):
        return train("lemon_tune", stem, ranks, "-train_families", "sine_gordon", "-train_deeponet_branch", "16,16",
                     "-train_samples", 16, "-train_test", 6, "-train_epochs", 3, "-train_samples_file", path("tune.h5"),
                     "-train_start", path("whole.model.h5"), *more)

    text, plain = tune("plain", "-train_rate_model", path("whole.rate.model.h5"))
    _, adapted = tune("adapted", "-train_lora_rank", RANK, "-train_lora_scale", 2, "-train_optimiser", "adam",
                       "-train_rate", 0.01, ranks=2)
    errors = plain["errors"]
    if errors["start_relative_l2"] != adapted["errors"]["start_relative_l2"]:
        common.fail(f"adapters are not nothing at the start: {errors} {adapted['errors']}")
    if not errors["test_relative_l2"] < errors["start_relative_l2"]:
        common.fail(f"fine-tuning is of no use: {errors}")

    common.run(args.mpi, 1, args.app, ["-train_network", "deeponet", "-train_data", "evolution", "-train_families",
                                       "sine_gordon", "-train_family_operators", 1, "-train_code", "yes", "-train_points", 0,
                                       "-train_samples", 1, "-train_epochs", 0, "-train_samples_file", path("code.h5")])
    wanted = rate(read(path("whole.rate.model.h5")), read(path("code.h5"))["sensors"][0, 64:, 0, 0, 0].astype(float), 1.0)
    found = float(text.split("  rate ", 1)[1].split(",")[0])
    if not abs(found - wanted) < 1e-3 * wanted:
        common.fail(f"the learned rate is {found}, and numpy's {wanted}")

    before, after = read(path("whole.model.h5")), read(path("adapted.model.h5"))
    if before.keys() != after.keys():
        common.fail("adapters are left in the model")
    for name, values in before.items():
        change = after[name] - values
        if not name.endswith("/weight"):
            if name.startswith("param/") and numpy.any(change):
                common.fail(f"adapters change {name}")
            continue
        singular = numpy.linalg.svd(change.astype(float), compute_uv=False)
        if not singular[0] > 0.0 or singular[RANK:].sum() > 1e-3 * singular[0]:
            common.fail(f"{name}: a change of singular values {singular[:RANK + 2]}, not of rank {RANK}")


if __name__ == "__main__":
    main()
