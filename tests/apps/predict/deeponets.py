# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Small trained DeepONets, their values by numpy, and what the app writes of its own."""
import os

import h5py
import numpy

import common
import models

COMMON = ["-train_network", "deeponet", "-train_deeponet_branch", 7, "-train_deeponet_trunk", "8,5", "-train_batch", 6,
          "-train_epochs", 2, "-train_validation", 2, "-train_test", 4, "-train_samples", 20, "-linnet_quiet"]
TRIPLES = ["-train_data", "antiderivative", "-train_sensors", 12, "-train_points", 3, "-train_output_norm", "channel"]
POD = ["-train_data", "square_wave", "-train_sensors", 10, "-train_points", 0, "-train_point_grid", 9,
       "-train_deeponet_modes", 3]
TWO_OUTPUTS = ["-train_data", "pendulum", "-train_sensors", 12, "-train_points", 0, "-train_point_grid", 10,
               "-train_output_norm", "point"]
FIELDS = ["-train_data", "darcy_rough", "-train_solve_grid", 9, "-train_stride", 1, "-train_deeponet_branch_conv", 3,
          "-train_deeponet_branch_kernel", 3]


def train(args, name, options):
    """Model, samples, and the results of the training."""
    stem = os.path.join(args.work, name)
    common.run(args.mpi, 2, args.train, [*COMMON, *options, "-train_output", stem, "-train_samples_file",
                                         stem + ".samples.h5", "-linnet_results", stem + ".json"])
    return stem + ".model.h5", stem + ".samples.h5", common.results(stem + ".json")


def read(path):
    found = {}
    with h5py.File(path, "r") as file:
        file.visititems(
            lambda name, item: found.update({name: item[...]}) if isinstance(item, h5py.Dataset) else None)
    return found


def run(args, ranks, name, options):
    """Results and datasets of what it writes."""
    stem = os.path.join(args.work, f"{name}.np{ranks}")
    text = common.run(args.mpi, ranks, args.app, [*options, "-predict_output", stem, "-linnet_results", stem + ".json",
                                                  "-options_left"])
    if "unused" in text.replace("no unused", ""):
        common.fail(text)
    if os.path.exists(stem + ".xdmf"):
        common.check_fields(stem)
    return common.results(stem + ".json"), read(stem + ".h5")


def same_on_ranks(args, name, options, all_ranks=(1, 2, 4)):
    """What one rank finds; the others must find the same bits."""
    found, values = run(args, all_ranks[0], name, options)
    for ranks in all_ranks[1:]:
        other, others = run(args, ranks, name, options)
        if other["errors"] != found["errors"] or others.keys() != values.keys():
            common.fail(f"{name}: errors on {ranks} ranks {other['errors']}, on one {found['errors']}")
        for key in values:
            if not numpy.array_equal(values[key], others[key]):
                common.fail(f"{name}: '{key}' on {ranks} ranks is not that of one")
    return found, values


def layer(model, name, x):
    y = x @ model[f"param/{name}/weight"].T.astype(float)
    bias = model.get(f"param/{name}/bias")
    return y if bias is None else y + bias


def relu(x):
    return numpy.maximum(x, 0.0)


def value(model, u, y):
    """(function, point) of the network of TRIPLES, at points (function, point)."""
    b = layer(model, "branch.out", relu(layer(model, "branch.1", u)))
    t = relu(layer(model, "trunk.2", relu(layer(model, "trunk.1", y[..., None]))))
    norm = [model[f"norm/output/{name}"].ravel()[0].astype(float) for name in ("mean", "deviation")]
    return (numpy.einsum("fk,fqk->fq", b, t) + model["param/result/bias"][0]) * (norm[1] + 1e-5) + norm[0]
