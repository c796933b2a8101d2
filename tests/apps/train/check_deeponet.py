#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Training of DeepONets: numpy finds the reported errors from model and samples, least squares lower the loss and are
what numpy finds, a restart changes no bit, and every problem makes samples."""
import os

import h5py
import numpy

import common

SAMPLES, TEST = 400, 100
PROBLEMS = ("antiderivative nonlinear_ode pendulum diffusion_reaction advection_1 advection_2 advection_3 advection_4 "
            "advection_diffusion legendre square_wave square_and_ellipse burgers evolution").split()


def read(path):
    found = {}
    with h5py.File(path, "r") as file:
        file.visititems(
            lambda name, item: found.update({name: item[...]}) if isinstance(item, h5py.Dataset) else None)
    return found


def layer(model, name, x):
    y = x @ model[f"param/{name}/weight"].T.astype(float)
    bias = model.get(f"param/{name}/bias")
    return y if bias is None else y + bias


def features(model, samples):
    """Inputs of the branch's last layer, and the trunk, of triples."""
    u, y = (samples[name][:, :, 0, 0, 0].astype(float) for name in ("sensors", "points"))
    h = numpy.maximum(layer(model, "branch.1", u), 0.0)
    t = numpy.maximum(layer(model, "trunk.2", numpy.maximum(layer(model, "trunk.1", y), 0.0)), 0.0)
    return h, t, samples["solution"][:, 0, 0, 0, 0].astype(float)


def training_square(model, samples):
    h, t, truth = features(model, samples)
    value = numpy.sum(layer(model, "branch.out", h) * t, 1) + model["param/result/bias"][0]
    return numpy.mean((value - truth)[:SAMPLES - TEST] ** 2)


def check_errors(model, samples, results):
    h, t, truth = features(model, samples)
    value = numpy.sum(layer(model, "branch.out", h) * t, 1) + model["param/result/bias"][0]
    squares = (value - truth)[-TEST:] ** 2
    wanted = {"test_mean_square": squares.mean(),
              "test_relative_l2": numpy.sqrt(squares.sum() / numpy.sum(truth[-TEST:] ** 2))}
    for name, expected in wanted.items():
        if not abs(results["errors"][name] - expected) < 1e-3 * expected:
            common.fail(f"{name} is {results['errors'][name]}, not {expected}")


def least_square(model, samples):
    """Mean square of the training samples that the best last layer leaves."""
    h, t, truth = (values[:SAMPLES - TEST] for values in features(model, samples))
    h = numpy.hstack([h, numpy.ones((len(h), 1))])
    rows = (h[:, :, None] * t[:, None, :]).reshape(len(h), -1)
    target = truth - model["param/result/bias"][0]
    return numpy.mean((rows @ numpy.linalg.lstsq(rows, target, rcond=None)[0] - target) ** 2)


def same(one, other):
    return one.keys() == other.keys() and all(numpy.array_equal(one[name], other[name]) for name in one)


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)

    def path(name):
        return os.path.join(args.work, name)

    def train(stem, ranks, epochs, *more):
        common.run(args.mpi, ranks, args.app, [
            "-train_network", "deeponet", "-train_data", "antiderivative", "-train_sensors", 12,
            "-train_deeponet_branch", 6, "-train_deeponet_trunk", "8,5", "-train_samples", SAMPLES, "-train_test", TEST,
            "-train_validation", 0, "-train_batch", 60, "-train_rate", 3e-3, "-train_epochs", epochs,
            "-train_output", path(stem), "-train_samples_file", path("samples.h5"),
            "-linnet_results", path(stem) + ".json", *more])
        return read(path(stem) + ".model.h5"), common.results(path(stem) + ".json")

    plain, results = train("plain", 1, 40)
    samples = read(path("samples.h5"))
    check_errors(plain, samples, results)
    fitted, results = train("fitted", 2, 40, "-train_least_squares", "end")
    check_errors(fitted, samples, results)
    before, left = (training_square(model, samples) for model in (plain, fitted))
    wanted = least_square(plain, samples)  # everything else is the same
    if not abs(left - wanted) < 1e-3 * wanted or not left < before:
        common.fail(f"least squares leave {left} of {before}, and numpy's {wanted}")

    # More unknowns than samples have no solution without a ridge; the model of the steps stays.
    wide = ["-train_deeponet_branch", 80]
    singular, _ = train("singular", 2, 4, *wide, "-train_least_squares", "end", "-train_ridge", 0)
    if not same(singular, train("wide", 1, 4, *wide)[0]):
        common.fail("least squares without a solution change parameters")

    train("first", 2, 6, "-train_least_squares_every", 7)
    gone_on, _ = train("second", 1, 12, "-train_least_squares_every", 7, "-train_restart", path("first.checkpoint"))
    whole, _ = train("whole", 1, 12, "-train_least_squares_every", 7)
    if not same(gone_on, whole) or same(whole, train("other", 1, 12)[0]):
        common.fail("a restart among least squares changes parameters")

    for problem in PROBLEMS:
        common.run(args.mpi, 1, args.app, [
            "-train_data", problem, "-train_network", "deeponet", "-train_points", 0, "-train_point_grid", 16,
            "-train_samples", 2, "-train_epochs", 0, "-train_samples_file", path(problem + ".h5")])
        with h5py.File(path(problem + ".h5"), "r") as file:
            if not numpy.isfinite(file["solution"][...]).all() or not numpy.any(file["solution"][...]):
                common.fail(f"{problem}: samples are not finite, or zero")


if __name__ == "__main__":
    main()
