#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Training from field to field with graphs of the user's own: normalisation and errors are those that numpy finds for
the samples they should be of, a restart changes no bit, and a U-net learns."""
import json
import os

import h5py
import numpy

import common

SAMPLES, VALIDATION, TEST = 20, 4, 3
LINEAR = {"dimension": 2, "output": "y", "nodes": [
    {"id": "x", "op": "input"}, {"id": "y", "op": "conv", "in": ["x"], "channels": 1, "kernel": 1}]}
UNET = {"dimension": 2, "output": "y", "nodes": [
    {"id": "x", "op": "input"},
    {"id": "c", "op": "conv", "in": ["x"], "channels": 8}, {"id": "a", "op": "gelu", "in": ["c"]},
    {"id": "p", "op": "avg_pool", "in": ["a"]}, {"id": "q", "op": "avg_pool", "in": ["p"]},
    {"id": "d", "op": "conv", "in": ["q"], "channels": 8}, {"id": "b", "op": "gelu", "in": ["d"]},
    {"id": "u", "op": "upsample_linear", "in": ["b"]}, {"id": "v", "op": "upsample_linear", "in": ["u"]},
    {"id": "s", "op": "concat", "in": ["v", "a"]}, {"id": "y", "op": "conv", "in": ["s"], "channels": 1}]}


def read_all(path):
    """Name -> values of all datasets of a file."""
    found = {}
    with h5py.File(path, "r") as file:
        file.visititems(
            lambda name, item: found.update({name: item[...]}) if isinstance(item, h5py.Dataset) else None)
        found["card"] = dict(file["provenance"].attrs) if "provenance" in file else {}
    return found


def relative(prediction, truth):
    """Mean over samples of |p - y| / |y|."""
    axes = tuple(range(1, truth.ndim))
    return numpy.mean(numpy.sqrt(numpy.sum((prediction - truth) ** 2, axes) / numpy.sum(truth ** 2, axes)))


def check_verdict(samples, model, results):
    """Everything about a linear network anew."""
    x, y = samples["coefficient"].astype(float), samples["solution"].astype(float)
    trained = SAMPLES - VALIDATION - TEST
    mean, deviation = x[:trained].mean(), x[:trained].std(ddof=1)
    means, deviations = y[:trained].mean(0), y[:trained].std(0, ddof=1)
    for got, wanted in ((model["norm/input/mean"], mean), (model["norm/input/deviation"], deviation),
                        (model["norm/output/mean"], means[:, 0]), (model["norm/output/deviation"], deviations[:, 0])):
        if not numpy.allclose(got, wanted, rtol=1e-5, atol=1e-8):  # single precision
            common.fail(f"normalisation {got}, not {wanted}")
    weight, bias = float(model["param/y/weight"].ravel()[0]), float(model["param/y/bias"][0])
    prediction = (weight * (x - mean) / (deviation + 1e-5) + bias) * (deviations + 1e-5) + means
    got = results["errors"]["test_l2"]
    wanted = relative(prediction[-TEST:], y[-TEST:])
    if not abs(got - wanted) < 1e-5 * wanted:
        common.fail(f"error {got} on the test, not {wanted}")
    if not abs(float(model["card"]["error_test_l2"]) - got) < 1e-5 * got:
        common.fail(f"the card says {model['card']}")
    best = min(results["train"]["loss_held_out"])
    wanted = relative(prediction[trained:-TEST], y[trained:-TEST])
    if not abs(best - wanted) < 1e-5 * wanted:
        common.fail(f"least error {best} on the samples held out, but {wanted} of the model")


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)

    def path(name):
        return os.path.join(args.work, name)

    def graph(name, content):
        with open(path(name), "w", encoding="utf-8") as file:
            json.dump(content, file)
        return path(name)

    def train(stem, network, ranks, epochs, *more, expect=0):
        text = common.run(args.mpi, ranks, args.app, [
            "-train_network", network, "-train_data", "darcy_rough", "-train_solve_grid", 32, "-train_stride", 2,
            "-train_samples", SAMPLES, "-train_validation", VALIDATION, "-train_test", TEST, "-train_batch", 4,
            "-train_input_norm", "channel", "-train_output_norm", "point", "-train_l2", "1e-4",
            "-train_samples_file", path("samples.h5"), "-train_output", path(stem), "-train_epochs", epochs, "-linnet_results", path(stem + ".json"),
            "-linnet_quiet", *more], expect=expect)
        return text if expect else common.results(path(stem + ".json"))

    linear, unet = graph("linear_graph.json", LINEAR), graph("unet_graph.json", UNET)
    cycle = ["-train_rate", 0.2, "-train_schedule", "one_cycle", "-train_final_fraction", "1e-2"]
    results = train("linear", linear, 2, 6, *cycle)
    check_verdict(read_all(path("samples.h5")), read_all(path("linear.model.h5")), results)
    text = train("linear", linear, 2, 7, *cycle, "-train_restart", path("linear.checkpoint"), expect=4)
    if "is a checkpoint of other training" not in text or "-train_epochs 6" not in text:
        common.fail(text)

    steady = ["-train_rate", "5e-3", "-train_field_loss", "h1_semi"]
    whole = train("whole", unet, 2, 12, *steady)
    losses = whole["train"]["loss_held_out"]
    if not losses[-1] < 0.9 * losses[0]:
        common.fail(f"the U-net does not learn: {losses}")
    train("parts", unet, 4, 5, *steady)
    # On another number of ranks, with samples that do not stay in memory.
    parts = train("parts", unet, 1, 12, *steady, "-train_restart", path("parts.checkpoint"), "-train_samples_memory", 0)
    if parts["errors"] != whole["errors"] or parts["train"]["loss"] != whole["train"]["loss"]:
        common.fail(f"a restart changes the result: {parts} {whole}")
    models = [read_all(path(name + ".model.h5")) for name in ("whole", "parts")]
    for name, values in models[0].items():
        if name != "card" and not numpy.array_equal(values, models[1][name]):
            common.fail(f"a restart changes '{name}'")


if __name__ == "__main__":
    main()
