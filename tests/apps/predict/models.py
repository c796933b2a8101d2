# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Small trained networks, and what the tests of the app read of its output."""
import argparse
import os

import h5py

import common

SMALL = ["-train_network", "mgno", "-train_mgno_layers", 2, "-train_mgno_channels", 4, "-train_batch", 2,
         "-train_epochs", 2, "-linnet_quiet"]
DARCY = ["-train_mgno_steps", "1,1,2", "-train_data", "darcy_rough", "-train_solve_grid", 32, "-train_stride", 2,
         "-train_samples", 8, "-train_validation", 2, "-train_test", 2, "-train_output_norm", "channel"]
FLOW = ["-train_mgno_steps", "1,2", "-train_mgno_padding", "periodic", "-train_data", "navier_stokes",
        "-train_solve_grid", 16, "-train_stride", 1, "-train_frames", 3, "-train_evolution_steps", 3,
        "-train_time_step", 0.05, "-train_viscosity", 1e-3, "-train_samples", 6, "-train_validation", 2,
        "-train_test", 2]


def arguments(*more):
    """As those of common, and the app that trains."""
    parser = argparse.ArgumentParser()
    for name in ("work", "app", "train", "mpi", *more):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("options", nargs="*", help="behind --")
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    return args


def train(args, options):
    """Model, samples, and the results of the training."""
    stem = os.path.join(args.work, "small")
    common.run(args.mpi, 2, args.train, [*SMALL, *options, "-train_output", stem, "-train_samples_file",
                                         stem + ".samples.h5", "-linnet_results", stem + ".json"])
    return stem + ".model.h5", stem + ".samples.h5", common.results(stem + ".json")


def predict(args, ranks, name, options):
    """Results and the fields of every step."""
    stem = os.path.join(args.work, f"{name}.np{ranks}")
    text = common.run(args.mpi, ranks, args.app, [*options, "-predict_output", stem, "-linnet_results", stem + ".json",
                                                  "-options_left"])
    if "unused" in text.replace("no unused", ""):
        common.fail(text)
    with h5py.File(stem + ".h5", "r") as file:
        steps = [{name: group[name][...] for name in group} for key, group in sorted(file.items())
                 if key.startswith("step")]
    return common.results(stem + ".json"), steps


def same_on_all_ranks(args, name, options):
    """What one rank finds; two and four must find the same bits."""
    found, fields = predict(args, 1, name, options)
    for ranks in (2, 4):
        other, others = predict(args, ranks, name, options)
        errors = {key: value for key, value in other["errors"].items() if key != "solver_l2"}
        if any(errors[key] != found["errors"][key] for key in errors) or len(others) != len(fields):
            common.fail(f"{name}: errors on {ranks} ranks {errors}, on one {found['errors']}")
        for one, several in zip(fields, others):
            for key in one:
                if not (one[key] == several[key]).all():
                    common.fail(f"{name}: '{key}' on {ranks} ranks is not that of one")
    return found, fields
