#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The way of a user of PyTorch: files that its package safetensors has written become models, and the apps make of
inputs what PyTorch has made of them. All networks and types of numbers are in tests/unit/nn/interchange_test.cpp."""
import os

import h5py
import numpy

import tensors
import common

FILES = os.path.join("tests", "unit", "nn", "torch")


def convert(args, name, weight_map, network, *options, ranks=1):
    model = tensors.convert(args, name, os.path.join(FILES, name + ".safetensors"), tensors.map_of(weight_map),
                            ["-convert_network", network, *options], ranks)
    with h5py.File(model, "r") as file:
        return model, file.attrs["graph"], dict(file["provenance"].attrs)


def main():
    args = tensors.arguments()
    known = tensors.read(os.path.join(FILES, "outputs.safetensors"))

    model, _, card = convert(args, "deepxde.bf16", "deepxde", "deeponet", "-convert_activation", "tanh", ranks=2)
    found = tensors.evaluate(args, model, known["deepxde.input0"], known["deepxde.input1"])
    tensors.close("deepxde.bf16", found, known["deepxde.bf16.single"])
    if card["weights_format"] != b"pt":
        common.fail(f"the model does not say who wrote the weights: {card}")

    options = ["-convert_activation", "gelu", "-convert_trunk_activation", "tanh", "-convert_zero_sides", "0,1,2"]
    model, graph, _ = convert(args, "zero_sides.f32", "deepxde", "deeponet", *options)
    found = tensors.evaluate(args, model, known["zero_sides.input0"], known["zero_sides.input1"])
    tensors.close("zero_sides.f32", found, known["zero_sides.f32.single"])
    # What the file of weights does not say is in the model.
    if b'"op":"gelu"' not in graph or b'"sides":7' not in graph:
        common.fail(f"the model has lost its activation or sides: {graph}")

    model, _, _ = convert(args, "mgno_darcy.f64", "mgno", "mgno", ranks=2)
    wanted = known["mgno_darcy.f64.double"]
    found, text = tensors.predict(args, model, known["mgno_darcy.input0"][0], wanted[0])
    tensors.close("mgno_darcy.f64", found, numpy.squeeze(wanted))
    if "sample 0: L2 0.00000" not in text:
        common.fail(text)

    periodic = ["-convert_padding", "periodic", "-convert_increment"]
    model, graph, _ = convert(args, "mgno_navier_stokes.f32", "mgno", "mgno", *periodic)
    wanted = known["mgno_navier_stokes.f32.single"]
    found, _ = tensors.predict(args, model, known["mgno_navier_stokes.input0"][0], wanted[0])
    tensors.close("mgno_navier_stokes.f32", found, numpy.squeeze(wanted))


if __name__ == "__main__":
    main()
