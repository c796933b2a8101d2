#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""A network that leads from frame to frame: each step from the prediction of the one before; the error of all steps that
training found; steps beyond the frames that are known."""
import h5py

import common
import models


def main():
    args = models.arguments()
    model, samples, trained = models.train(args, models.FLOW)
    options = ["-predict_model", model, "-predict_input", samples, "-predict_samples", "4,5", "-predict_steps", 3]
    found, fields = models.same_on_all_ranks(args, "steps", options)
    there, here = trained["errors"]["test_roll_out"], found["errors"]["roll_out"]
    if abs(here - there) > 1e-9 * there:
        common.fail(f"roll-out error {here}, in training {there}")
    with h5py.File(samples, "r") as file:
        frames = file["vorticity"][4, :, 0]
    for step, values in enumerate(fields[:3]):
        before = frames[0] if step == 0 else fields[step - 1]["prediction"]
        if not (values["input"] == before).all() or not (values["reference"] == frames[step + 1]).all():
            common.fail(f"step {step + 1} does not lead from the prediction before it to the frame behind it")
    _, further = models.predict(args, 2, "further", options[:-1] + [5])
    if ["reference" in values for values in further] != 2 * [True, True, True, False, False]:
        common.fail("steps beyond the known frames have no reference")


if __name__ == "__main__":
    main()
