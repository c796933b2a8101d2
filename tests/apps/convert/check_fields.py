#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Networks of fields: a Sequential of convolutions, the same of Flax and Keras, whose kernels lie otherwise, and a multigrid
neural operator by the names of its authors' program give in Linnet what they give by their definition."""
import json
import os

import h5py
import numpy

import common
import tensors

random = numpy.random.default_rng(5)

# conv 2 -> 4, gelu, conv 4 -> 6 to the coarser grid, relu, transposed conv 6 -> 3 back, tanh, conv 3 -> 1 of one point
CONVOLUTIONAL = {"dimension": 2, "padding": "zero", "coarsening": "even", "output": "last", "nodes": [
    {"id": "u", "op": "input", "channels": 2},
    {"id": "first", "op": "conv", "in": ["u"], "channels": 4},
    {"id": "a1", "op": "gelu", "in": ["first"]},
    {"id": "down", "op": "conv", "in": ["a1"], "channels": 6, "stride": 2},
    {"id": "a2", "op": "relu", "in": ["down"]},
    {"id": "up", "op": "conv_transpose", "in": ["a2"], "channels": 3, "kernel": 4, "stride": 2},
    {"id": "a3", "op": "tanh", "in": ["up"]},
    {"id": "last", "op": "conv", "in": ["a3"], "channels": 1, "kernel": 1}]}


def normal(*shape):
    return random.normal(size=shape) / numpy.prod(shape[1:]) ** 0.5


def convolutional(x, w, up):
    """`up`: the transposed convolution with its bias."""
    y = tensors.gelu(tensors.correlate(x, w["0.weight"], bias=w["0.bias"]))
    y = tensors.relu(tensors.correlate(y, w["2.weight"], 2, bias=w["2.bias"]))
    return tensors.correlate(numpy.tanh(up(y)), w["6.weight"], pad=0, bias=w["6.bias"])


def check_convolutional(args):
    graph = os.path.join(args.work, "graph.json")
    with open(graph, "w", encoding="utf-8") as file:
        json.dump(CONVOLUTIONAL, file)
    w = {"0.weight": normal(4, 2, 3, 3), "0.bias": normal(4), "2.weight": normal(6, 4, 3, 3), "2.bias": normal(6),
         "4.weight": normal(6, 3, 4, 4), "4.bias": normal(3), "6.weight": normal(1, 3, 1, 1), "6.bias": normal(1)}
    w = {name: values.astype("f4").astype("f8") for name, values in w.items()}
    # Flax reads the kernel of a transposed convolution backwards; what is written is another network.
    turned = {name: values.transpose(2, 3, 1, 0) for name, values in w.items() if values.ndim == 4}
    other = w["4.weight"].transpose(2, 3, 0, 1)
    flax = {"Conv_0.kernel": turned["0.weight"], "Conv_0.bias": w["0.bias"], "Conv_1.kernel": turned["2.weight"],
            "Conv_1.bias": w["2.bias"], "ConvTranspose_0.kernel": other, "ConvTranspose_0.bias": w["4.bias"],
            "Conv_2.kernel": turned["6.weight"], "Conv_2.bias": w["6.bias"]}
    keras = {"conv2d/kernel": turned["0.weight"], "conv2d/bias": w["0.bias"], "conv2d_1/kernel": turned["2.weight"],
             "conv2d_1/bias": w["2.bias"], "conv2d_transpose/kernel": turned["4.weight"],
             "conv2d_transpose/bias": w["4.bias"], "conv2d_2/kernel": turned["6.weight"], "conv2d_2/bias": w["6.bias"]}
    adjoint = lambda y: tensors.spread(y, w["4.weight"], bias=w["4.bias"])
    dilated = lambda y: tensors.dilate_and_correlate(y, other, 2, 2, w["4.bias"])
    torch = {"net." + name: values for name, values in w.items()}
    for origin, arrays, up in (("torch", torch, adjoint), ("keras", keras, adjoint), ("flax", flax, dilated)):
        path = os.path.join(args.work, origin + ".safetensors")
        if origin == "flax":
            arrays = {"params." + name: values for name, values in arrays.items()}
        tensors.write(path, arrays)
        model = tensors.convert(args, origin, path, tensors.map_of(origin + "_sequential"), ["-convert_network", graph])
        x, y, card = tensors.check_sample(model)
        tensors.close(origin, y, convolutional(x, w, up))
        if card["weights"].decode() != path or len(card["weights_fnv1a"]) != 16:
            common.fail(f"the model does not say where it is from: {card}")
    return os.path.join(args.work, "torch.model.h5"), lambda x: convolutional(x, w, adjoint)


def check_prediction(args, model, network):
    """The way that a user goes: the app predict on a file of samples, on two ranks."""
    samples, stem = os.path.join(args.work, "samples.h5"), os.path.join(args.work, "predicted")
    x = random.normal(size=(2, 20, 20)).astype("f4")
    with h5py.File(samples, "w") as file:
        file.attrs.update({"format": "linnet-samples", "recipe": "random", "complete": 1})
        file.create_dataset("coefficient", data=x[None, :, None])
    common.run(args.mpi, 2, args.predict, ["-predict_model", model, "-predict_input", samples, "-predict_output", stem])
    with h5py.File(stem + ".h5", "r") as file:
        step = next(key for key in file if key.startswith("step"))
        tensors.close("predict", numpy.squeeze(file[step]["prediction"][...]), network(x.astype("f8"))[0])


def mgno_weights(layers, levels, n):
    """By the names of the published program: one step before the correction, one after it on the finest grid, two on the
    coarsest."""
    w = {}
    for layer in range(layers):
        f, name = (1 if layer == 0 else n), f"conv_list.{layer}."
        for l in range(levels):
            first = 0 if l == 0 else 1
            for i in range(2 if l + 1 == levels else 1):
                w[name + f"layer{l}.{first + i}.S.weight"] = normal(n, f, 3, 3)
                if l + i > 0:
                    w[name + f"layer{l}.{first + i}.A.weight"] = normal(f, n, 3, 3)
            if l > 0:
                w[name + f"layer{l}.0.Pi.weight"] = normal(n, n, 3, 3)
                w[name + f"layer{l}.0.R.weight"] = normal(f, f, 3, 3)
                w[name + f"RTlayers.{l - 1}.weight"] = normal(n, n, 4, 4)
        w[name + "post_smooth_layer0.0.S.weight"] = normal(n, f, 3, 3)
        w[name + "post_smooth_layer0.0.A.weight"] = normal(f, n, 3, 3)
        w[f"linear_list.{layer}.weight"], w[f"linear_list.{layer}.bias"] = normal(n, f, 1, 1), normal(n)
    w["linear.weight"] = normal(1, n, 1, 1)
    return {name: values.astype("f4").astype("f8") for name, values in w.items()}


def mgno(x, w, layers, levels):
    for layer in range(layers):
        get = lambda key: w[f"conv_list.{layer}.{key}.weight"]
        smooth = lambda u, f, key: u + tensors.correlate(f - tensors.correlate(u, get(key + ".A")), get(key + ".S"))
        f, kept = x, []
        u = tensors.correlate(f, get("layer0.0.S"))
        for l in range(levels):
            if l > 0:
                u, f = (tensors.correlate(u, get(f"layer{l}.0.Pi"), 2), tensors.correlate(f, get(f"layer{l}.0.R"), 2))
                for i in range(2 if l + 1 == levels else 1):
                    u = smooth(u, f, f"layer{l}.{1 + i}")
            kept.append((u, f))
        for l in reversed(range(levels - 1)):
            u = kept[l][0] + tensors.spread(u, get(f"RTlayers.{l}"))
        u = smooth(u, kept[0][1], "post_smooth_layer0.0")
        x = tensors.gelu(u + tensors.correlate(x, w[f"linear_list.{layer}.weight"], pad=0,
                                               bias=w[f"linear_list.{layer}.bias"]))
    return tensors.correlate(x, w["linear.weight"], pad=0)


def mgno_graph(layers, levels, n):
    """The graph that Linnet's own training writes, from its description."""
    nodes = [{"id": "coefficient", "op": "input", "channels": 1}]

    def add(name, op, inputs, **more):
        nodes.append({"id": name, "op": op, "in": inputs, **more})
        return name

    def conv(name, x, channels, **more):
        return add(name, "conv", [x], channels=channels, **{"bias": 0, **more})

    u, f_channels = "coefficient", 1
    for layer in range(1, layers + 1):
        at = f"layer{layer}."

        def smooth(l, step, f, start):
            r = add(f"{at}A{l}.{step}.residual", "subtract", [f, conv(f"{at}A{l}.{step}", start, f_channels)])
            return add(f"{at}u{l}.{step}", "add", [conv(f"{at}S{l}.{step}", r, n), start])

        def descend(l, f, start):
            v = conv(f"{at}S0.1", f, n) if l == 0 else smooth(l, 1, f, start)
            if l + 1 == levels:
                return smooth(l, 2, f, v)
            start = conv(f"{at}Pi{l}", v, n, stride=2)
            below = descend(l + 1, conv(f"{at}R{l}", f, f_channels, stride=2), start)
            p = add(f"{at}P{l}", "conv_transpose", [below], channels=n, kernel=4, stride=2, bias=0)
            v = add(f"{at}sum{l}", "add", [v, p])
            return smooth(0, 2, f, v) if l == 0 else v

        mixed = conv(at + "B", u, n, kernel=1, bias=1)
        u = add(at + "gelu", "gelu", [add(at + "sum", "add", [descend(0, u, None), mixed])])
        f_channels = n
    conv("head.matrix", u, 1, kernel=1)
    return {"dimension": 2, "padding": "zero", "coarsening": "even", "output": "head.matrix", "nodes": nodes}


def check_mgno(args):
    layers, levels, n = 2, 3, 5
    graph, path = os.path.join(args.work, "mgno.json"), os.path.join(args.work, "mgno.safetensors")
    with open(graph, "w", encoding="utf-8") as file:
        json.dump(mgno_graph(layers, levels, n), file)
    w = mgno_weights(layers, levels, n)
    tensors.write(path, w)
    model = tensors.convert(args, "mgno", path, tensors.map_of("mgno"), ["-convert_network", graph])
    x, y, _ = tensors.check_sample(model)
    tensors.close("mgno", y, mgno(x, w, layers, levels))
    # The graph of a model serves as well.
    again = tensors.convert(args, "again", path, tensors.map_of("mgno"), ["-convert_network", model], ranks=2)
    if not (tensors.check_sample(again)[1] == y).all():
        common.fail("the graph of the model gives another network")


def main():
    args = tensors.arguments()
    check_prediction(args, *check_convolutional(args))
    check_mgno(args)


if __name__ == "__main__":
    main()
