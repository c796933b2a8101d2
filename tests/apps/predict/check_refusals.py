#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""What the app refuses, on 1 and 4 ranks: one line that says what is wrong and where, and no output."""
import os
import re

import h5py

import common
import models


def write_samples(path, fields, points=16):
    """A sample file of one sample with constant fields."""
    with h5py.File(path, "w") as file:
        file.attrs["format"] = "linnet-samples"
        file.attrs["recipe"] = "constants"
        file.attrs["complete"] = 1
        for name, (channels, value) in fields.items():
            file.create_dataset(name, (1, channels, 1, points, points), "f4", fillvalue=value)


def main():
    args = models.arguments()
    model, samples, _ = models.train(args, models.DARCY)

    def file(name, fields, points=16):
        path = os.path.join(args.work, name + ".h5")
        write_samples(path, fields, points)
        return path

    broken = os.path.join(args.work, "broken.model.h5")
    with open(model, "rb") as whole, open(broken, "wb") as part:
        part.write(whole.read()[:3000])
    two = file("two_channels", {"coefficient": (2, 1.0), "solution": (1, 1.0)})
    other = file("other_fields", {"pressure": (1, 1.0)})
    infinite = file("infinite", {"coefficient": (1, float("inf"))})
    negative = file("negative", {"coefficient": (1, -1.0)})
    tiny = file("tiny", {"coefficient": (1, 1.0)}, 1)
    good = ["-predict_model", model, "-predict_input", samples]
    cases = [
        (2, r"-predict_model: is not given", ["-predict_input", samples]),
        (2, r"-predict_input: is not given", ["-predict_model", model]),
        (4, r"none.model.h5", ["-predict_model", "none.model.h5", "-predict_input", samples]),
        (4, r"broken.model.h5", ["-predict_model", broken, "-predict_input", samples]),
        (2, r"-predict_model: .*the input has 1 channel.*2", ["-predict_model", model, "-predict_input", two]),
        (4, r"other_fields.h5: has neither", ["-predict_model", model, "-predict_input", other]),
        (4, r"'coefficient' of the sample has a value that is not finite",
         ["-predict_model", model, "-predict_input", infinite]),
        (4, r"coefficient is -1; it must be positive", ["-predict_model", model, "-predict_input", negative,
                                                        "-predict_compare"]),
        (2, r"-predict_model: ", ["-predict_model", model, "-predict_input", tiny]),
        (2, r"-predict_samples: must be below 8, .* got 8$", good + ["-predict_samples", 8]),
        (2, r"-predict_steps: more than 1 is for frames", good + ["-predict_steps", 2]),
        (2, r"-predict_sample: unknown option. did you mean -predict_samples", good + ["-predict_sample", 1]),
    ]
    for code, pattern, options in cases:
        for ranks in (1, 4):
            stem = os.path.join(args.work, f"refused.np{ranks}")
            text = common.run(args.mpi, ranks, args.app, [*options, "-predict_output", stem], expect=code)
            lines = [line for line in text.splitlines() if line.startswith("predict: ") and re.search(pattern, line)]
            if len(lines) != 1:
                common.fail(f"{ranks} ranks, {options}: no line with '{pattern}' in\n{text}")
            if os.path.exists(stem + ".h5"):
                common.fail(f"{ranks} ranks, {options}: fields were written")


if __name__ == "__main__":
    main()
