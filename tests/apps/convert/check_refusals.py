#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Files, maps and networks that do not go together: one line that names tensor and remedy, exit code 4, no model."""
import json
import os
import re
import struct

import numpy

import common
import tensors

GRAPH = {"dimension": 1, "padding": "zero", "coarsening": "even", "output": "two", "nodes": [
    {"id": "u", "op": "input", "channels": 3}, {"id": "one", "op": "dense", "in": ["u"], "units": 4},
    {"id": "act", "op": "relu", "in": ["one"]}, {"id": "two", "op": "dense", "in": ["act"], "units": 2}]}
NET = {"0.weight": numpy.ones((4, 3)), "0.bias": numpy.ones(4), "2.weight": numpy.ones((2, 4)), "2.bias": numpy.ones(2)}


def main():
    args = tensors.arguments()

    def put(name, content):
        path = os.path.join(args.work, name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file)
        return path

    graph, sequential = put("graph.json", GRAPH), tensors.map_of("torch_sequential")
    without = {name: values for name, values in NET.items() if name != "2.bias"}
    cases = [
        # exit code, line, tensors, map, network
        (4, r"1 tensor\(s\), '0.bias', and 2 parameter\(s\), 'one/bias', 'two/bias'.*complete the file", without,
         sequential, graph),
        (4, r"tensor 'scale': has no place in the network.*'ignore'", {**NET, "scale": numpy.ones(1)}, sequential, graph),
        (4, r"tensor '0.weight': has the shape \(?3.*4.*'one/weight' needs.*layout", {**NET, "0.weight": numpy.ones((3, 4))},
         sequential, graph),
        (4, r"tensor '2.bias': has the dtype I64", {**NET, "2.bias": (numpy.ones(2), "I64")}, sequential, graph),
        (4, r"tensor '0.bias': value 0 is nan", {**NET, "0.bias": numpy.full(4, numpy.nan)}, sequential, graph),
        (4, r"no tensor for 'one/bias'.*complete the file or the map", NET,
         put("short.json", {"rules": {"*/weight": "#.weight"}}), graph),
        (4, r"in no order; mark their number", NET, put("star.json", {"rules": {"*/weight": "*.weight"}}), graph),
        (4, r"layout 'tensorflow'; torch, flax and keras", NET, put("layout.json", {"layout": "tensorflow"}), graph),
        (4, r"unknown key 'tensors'", NET, put("key.json", {"tensors": {}}), graph),
        (4, r"no tensor for 'branch.\*/weight' of a DeepONet", NET, tensors.map_of("deepxde"), "deeponet"),
        (4, r"none.json", NET, sequential, "none.json"),
    ]
    for number, (code, pattern, arrays, weight_map, network) in enumerate(cases):
        path = os.path.join(args.work, f"case{number}.safetensors")
        tensors.write(path, arrays)
        # On two ranks each way to fail would do the same; one case shows it.
        line = tensors.convert(args, f"case{number}", path, weight_map, ["-convert_network", network],
                               ranks=2 if number == 0 else 1, expect=code)
        if not re.search(pattern, line):
            common.fail(f"no '{pattern}' in: {line}")
    torch = os.path.join("tests", "unit", "nn", "torch")
    given = lambda name: os.path.join(torch, name + ".f32.safetensors")
    values, entry = b"\0" * 8, '{"dtype":"F32","shape":[%s],"data_offsets":[%s]}'
    pair = '{"a":' + entry % ("2", "0,8") + ',"b":' + entry % ("1", "4,8") + "}"
    huge = '{"a":' + entry % ("2147483648,2147483648,2147483648", "0,8") + "}"
    networks = [
        # line, file or what it holds, map, network and its options
        (r"at most 100000000 are allowed: this is no safetensors file", struct.pack("<Q", 2 ** 64 - 8) + b"{}",
         sequential, [graph]),
        (r"tensor 'b': overlaps", struct.pack("<Q", len(pair)) + pair.encode() + values, sequential, [graph]),
        (r"tensor 'a': has the shape.*more values than the file has bytes",
         struct.pack("<Q", len(huge)) + huge.encode() + values, sequential, [graph]),
        (r"trunk takes 1 numbers, and 2 harmonic\(s\) of 1 coordinate\(s\) are 4", given("deepxde"),
         tensors.map_of("deepxde"), ["deeponet", "-convert_periodic", "1", "-convert_harmonics", "2"]),
        (r"do not split into 2 output\(s\) in this way", given("split_branch"), tensors.map_of("deepxde"),
         ["deeponet", "-convert_split", "both", "-convert_outputs", "2"]),
        (r"points have 2 coordinate\(s\), and sides of others", given("zero_sides"), tensors.map_of("deepxde"),
         ["deeponet", "-convert_zero_sides", "4"]),
        (r"'b.0': is a bias of the result, which a homogeneous DeepONet has not", given("deepxde"),
         tensors.map_of("deepxde"), ["deeponet", "-convert_homogeneous"]),
        (r"no tensor for 'layer#.S#.#/weight' of a multigrid neural operator", given("deepxde"), tensors.map_of("mgno"),
         ["mgno"]),
        (r"'conv_list.0.RTlayers.1.weight': has the shape.*needs", given("mgno_helmholtz"), tensors.map_of("mgno"),
         ["mgno", "-convert_padding", "reflect"]),  # the coarse grids lie otherwise
    ]
    for number, (pattern, content, weight_map, network) in enumerate(networks):
        path = content
        if isinstance(content, bytes):
            path = os.path.join(args.work, f"hostile{number}.safetensors")
            with open(path, "wb") as file:
                file.write(content)
        line = tensors.convert(args, f"network{number}", path, weight_map, ["-convert_network", *network],
                               ranks=2 if number == 0 else 1, expect=4)
        if not re.search(pattern, line):
            common.fail(f"no '{pattern}' in: {line}")
    text = common.run(args.mpi, 2, args.app, ["-convert_map", sequential, "-convert_network", graph], expect=2)
    if "-convert_weights: is not given; name a file of tensors" not in text:
        common.fail(text)


if __name__ == "__main__":
    main()
