#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""DeepONets of DeepXDE, of two Sequential and of Flax give in Linnet what they give by their definition, in all types of
numbers."""
import os

import numpy

import common
import tensors

SENSORS, COORDINATES, BASIS = 9, 2, 12
BRANCH, TRUNK = [SENSORS, 16, 11, BASIS], [COORDINATES, 14, BASIS]
random = numpy.random.default_rng(3)


def layers(widths):
    """(out, in) matrices and biases."""
    return [(random.normal(size=(m, n)) / n ** 0.5, random.normal(size=m)) for n, m in zip(widths, widths[1:])]


def expected(branch, trunk, bias, functions, points, activations, linear_trunk=False):
    b, t = functions, points
    for i, (w, c) in enumerate(branch):
        b = b @ w.T + c
        b = activations[0](b) if i + 1 < len(branch) else b
    for i, (w, c) in enumerate(trunk):
        t = t @ w.T + c
        t = activations[1](t) if i + 1 < len(trunk) or not linear_trunk else t
    b = b.reshape(len(functions), -1, t.shape[1])
    return numpy.einsum("fok,pk->fop", b, t) + numpy.reshape(bias, (1, -1, 1))


def check(args, name, weight_map, named, activations, options, dtype="F32", outputs=1, linear_trunk=False, ranks=1):
    """`named(part, layer, what)`: the name of a tensor and whether it is stored (in, out)."""
    branch, trunk = layers(BRANCH[:-1] + [outputs * BASIS]), layers(TRUNK)
    bias = [random.normal() for _ in range(outputs)]
    arrays = {}
    for part, parameters in (("branch", branch), ("trunk", trunk)):
        for i, (w, c) in enumerate(parameters):
            key, turned = named(part, i, "weight")
            arrays[key] = w.T if turned else w
            arrays[named(part, i, "bias")[0]] = c
    for o, value in enumerate(bias):
        arrays[named("bias", o, "")[0]] = numpy.array(value)
    # A file may have any order.
    arrays = {key: arrays[key] for key in sorted(arrays, reverse=True)}
    path = os.path.join(args.work, name + ".safetensors")
    stored = tensors.write(path, arrays, dtype, {"format": "pt"})
    model = tensors.convert(args, name, path, tensors.map_of(weight_map), ["-convert_network", "deeponet", *options],
                            ranks)

    def read(part, count):
        found = []
        for i in range(count):
            key, turned = named(part, i, "weight")
            found.append((stored[key].T if turned else stored[key], stored[named(part, i, "bias")[0]]))
        return found

    functions, points = random.normal(size=(3, SENSORS)), random.uniform(size=(5, COORDINATES))
    wanted = expected(read("branch", len(branch)), read("trunk", len(trunk)),
                      [stored[named("bias", o, "")[0]] for o in range(outputs)], functions, points, activations,
                      linear_trunk)
    tensors.close(name, tensors.evaluate(args, model, functions, points), wanted)


def deepxde(part, layer, what):
    return (f"b.{layer}" if part == "bias" else f"{part}.linears.{layer}.{what}"), False


def sequential(part, layer, what):
    """Indices count activations, too."""
    return ("b" if part == "bias" else f"{part}_net.{2 * layer}.{what}"), False


def flax(part, layer, what):
    return ("params/b" if part == "bias"
            else f"params/{part}/Dense_{layer}/{'kernel' if what == 'weight' else what}"), True


def main():
    args = tensors.arguments()
    same = lambda f: (f, f)
    check(args, "deepxde", "deepxde", deepxde, same(numpy.tanh), ["-convert_activation", "tanh"], outputs=2, ranks=2)
    check(args, "double", "deepxde", deepxde, (tensors.relu, numpy.tanh), ["-convert_trunk_activation", "tanh"], "F64")
    check(args, "half", "torch_deeponet", sequential, same(tensors.gelu), ["-convert_activation", "gelu"], "F16")
    check(args, "brain", "torch_deeponet", sequential, same(tensors.relu), ["-convert_linear_trunk"], "BF16",
          linear_trunk=True)
    check(args, "flax", "flax_deeponet", flax, same(numpy.tanh), ["-convert_activation", "tanh"])


if __name__ == "__main__":
    main()
