# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Files of tensors, written by nothing but the words of the format's description, and layers in double precision by the
definitions of PyTorch, Flax and Keras: what the tests compare with."""
import argparse
import json
import math
import os
import struct
import subprocess

import h5py
import numpy

import common

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8"}


def arguments():
    parser = argparse.ArgumentParser()
    for name in ("work", "app", "predict", "evaluate", "mpi"):
        parser.add_argument("--" + name, required=True)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    return args


def as_bytes(values, dtype):
    """And the values that a reader should find."""
    if dtype != "BF16":
        stored = numpy.asarray(values).astype(TYPES[dtype])
        return stored.tobytes(), stored.astype("f8")
    upper = (numpy.ravel(values).astype("<f4").view("<u4") >> 16).astype("<u2")
    return upper.tobytes(), (upper.astype("<u4") << 16).view("<f4").astype("f8")


def write(path, tensors, dtype="F32", metadata=None):
    """`tensors`: name -> array, or (array, type). Returns what the file holds, in double precision."""
    header, body, rounded = {}, b"", {}
    if metadata is not None:
        header["__metadata__"] = metadata
    for name, values in tensors.items():
        values, kind = values if isinstance(values, tuple) else (values, dtype)
        values = numpy.asarray(values)
        data, rounded[name] = as_bytes(values, kind)
        rounded[name] = rounded[name].reshape(values.shape)
        header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)
    return rounded


def read(path):
    """F32 and F64 alone: what a network gives."""
    with open(path, "rb") as file:
        content = file.read()
    body = 8 + struct.unpack("<Q", content[:8])[0]
    return {name: numpy.frombuffer(content[slice(*(body + n for n in entry["data_offsets"]))],
                                   TYPES[entry["dtype"]]).reshape(entry["shape"])
            for name, entry in json.loads(content[8:body]).items() if name != "__metadata__"}


def evaluate(args, model, functions, points):
    """Of a DeepONet: (function, output, point)."""
    numbers = [len(functions), len(points), *functions.ravel(), *points.ravel()]
    done = subprocess.run([args.evaluate, model], input=" ".join(repr(float(v)) if i > 1 else str(v)
                                                                for i, v in enumerate(numbers)),
                          capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        common.fail(done.stderr)
    return numpy.array(done.stdout.split(), float).reshape(len(functions), -1, len(points))


def predict(args, model, x, truth, ranks=2):
    """What the app makes of one field (channels, y, x); `truth` is in the file of samples, too, to be measured by."""
    stem = model.replace(".model.h5", ".predicted")
    with h5py.File(stem + ".samples.h5", "w") as file:
        file.attrs.update({"format": "linnet-samples", "recipe": "of PyTorch", "complete": 1})
        file.create_dataset("coefficient", data=x[None, :, None].astype("f4"))
        file.create_dataset("solution", data=truth[None, :, None].astype("f4"))
    text = common.run(args.mpi, ranks, args.predict, ["-predict_model", model, "-predict_input", stem + ".samples.h5",
                                                      "-predict_output", stem])
    with h5py.File(stem + ".h5", "r") as file:
        step = next(key for key in file if key.startswith("step"))
        return numpy.squeeze(file[step]["prediction"][...]), text


def map_of(name):
    return os.path.join("models", "maps", name + ".json")


def convert(args, name, weights, weight_map, options, ranks=1, expect=0):
    """The path of the model, or the one line of a refusal."""
    stem = os.path.join(args.work, name)
    text = common.run(args.mpi, ranks, args.app, ["-convert_weights", weights, "-convert_map", weight_map, *options,
                                                  "-convert_output", stem, "-options_left"], expect=expect)
    if expect:
        lines = [line for line in text.splitlines() if line.startswith("convert: ")]
        if len(lines) != 1 or os.path.exists(stem + ".model.h5"):
            common.fail(f"{name}: not one line, or a model in spite of it:\n{text}")
        return lines[0]
    if "unused" in text.replace("no unused", ""):
        common.fail(text)
    return stem + ".model.h5"


def close(name, found, wanted, tolerance=1e-6):
    difference = numpy.abs(numpy.asarray(found) - wanted).max() / numpy.abs(wanted).max()
    print(f"{name}: {difference:.2e} of the largest value")
    if not difference <= tolerance:
        common.fail(f"{name}: differs by {difference} of the largest value")


def gelu(x):
    return 0.5 * x * (1 + numpy.vectorize(math.erf)(x / math.sqrt(2)))


def relu(x):
    return numpy.maximum(x, 0)


def correlate(x, w, stride=1, pad=1, bias=None):
    """torch.nn.Conv2d: w is (out, in, y, x)."""
    x = numpy.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    n = [(x.shape[1 + d] - w.shape[2 + d]) // stride + 1 for d in (0, 1)]
    y = numpy.zeros((w.shape[0], *n))
    for a in range(w.shape[2]):
        for b in range(w.shape[3]):
            y += numpy.einsum("oi,iyx->oyx", w[:, :, a, b],
                              x[:, a:a + stride * n[0]:stride, b:b + stride * n[1]:stride])
    return y if bias is None else y + bias[:, None, None]


def spread(x, w, stride=2, pad=1, bias=None):
    """torch.nn.ConvTranspose2d: w is (in, out, y, x); the adjoint of correlate()."""
    n = [stride * (x.shape[1 + d] - 1) + w.shape[2 + d] for d in (0, 1)]
    y = numpy.zeros((w.shape[1], *n))
    for a in range(w.shape[2]):
        for b in range(w.shape[3]):
            y[:, a:a + stride * x.shape[1]:stride, b:b + stride * x.shape[2]:stride] += numpy.einsum(
                "io,iyx->oyx", w[:, :, a, b], x)
    y = y[:, pad:n[0] - pad, pad:n[1] - pad]
    return y if bias is None else y + bias[:, None, None]


def dilate_and_correlate(x, kernel, stride, pad, bias):
    """flax.linen.ConvTranspose: the input with zeros between its points, correlated with (y, x, in, out)."""
    wide = numpy.zeros((x.shape[0], stride * (x.shape[1] - 1) + 1, stride * (x.shape[2] - 1) + 1))
    wide[:, ::stride, ::stride] = x
    return correlate(wide, kernel.transpose(3, 2, 0, 1), 1, pad, bias)


def check_sample(path):
    """Input and output that the model file holds of the network in Linnet."""
    with h5py.File(path, "r") as file:
        return file["check/input"][...], file["check/output"][...], dict(file["provenance"].attrs)
