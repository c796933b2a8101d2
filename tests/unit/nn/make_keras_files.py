#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Writes keras/: what make_keras_values.js prints, in files that the package safetensors writes.

    node tests/unit/nn/make_keras_values.js | tests/unit/nn/make_keras_files.py

Needs the packages torch and safetensors. Inputs and outputs have their channels first, weights lie as Keras has them."""
import json
import os
import sys

import torch
from safetensors.torch import save_file

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "keras")


def main():
    os.makedirs(HERE, exist_ok=True)
    values = {name: torch.tensor(entry["values"]).reshape(entry["shape"]) for name, entry in json.load(sys.stdin).items()}
    weights = {name[len("weights."):]: value for name, value in values.items() if name.startswith("weights.")}
    save_file(weights, os.path.join(HERE, "fields.f32.safetensors"), metadata={"format": "tf"})
    save_file({"fields.input0": values["fields.input0"].permute(0, 3, 1, 2).contiguous(),
               "fields.f32.single": values["fields.single"].permute(0, 3, 1, 2).contiguous()},
              os.path.join(HERE, "outputs.safetensors"))


if __name__ == "__main__":
    main()
