#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Predictions of a network for Darcy flow: the same bits on any number of ranks, from a file and from the generator; the
errors that training found; another grid than that of training; the solver on the same points."""
import h5py
import numpy

import common
import models


def relative(a, b):
    return numpy.linalg.norm(a - b) / numpy.linalg.norm(b)


def expect(good, text):
    if not good:
        common.fail(text)


def check_file(args, model, samples, trained):
    """The last two samples are those that training was tested on."""
    options = ["-predict_model", model, "-predict_input", samples, "-predict_samples", "6,7"]
    found, fields = models.same_on_all_ranks(args, "file", options)
    for name in ("l2", "h1_spectral", "h1_semi"):
        # The model file keeps means and deviations in single precision.
        there, here = trained["errors"]["test_" + name], found["errors"][name]
        expect(abs(here - there) <= 1e-6 * there, f"{name} is {here}, in training {there}")
    with h5py.File(samples, "r") as file:
        for step, sample in zip(fields, (6, 7)):
            expect((step["input"] == file["coefficient"][sample, 0, 0]).all(), "another coefficient")
            expect((step["reference"] == file["solution"][sample, 0, 0]).all(), "another solution")
            expect((step["error"] == step["prediction"] - step["reference"]).all(), "another error")
    errors = [relative(step["prediction"], step["reference"]) for step in fields]
    expect(numpy.allclose(errors, found["predict"]["l2"], rtol=1e-12), f"errors {errors}, {found['predict']['l2']}")
    return fields


def check_generator(args, model, of_file):
    options = ["-predict_model", model, "-predict_data", "darcy_rough", "-predict_solve_grid", 32, "-predict_stride", 2,
               "-predict_samples", "6,7"]
    found, fields = models.same_on_all_ranks(args, "generator", options)
    for made, read in zip(fields, of_file):
        expect((made["input"] == read["input"]).all(), "the generator makes another coefficient")
        expect((made["prediction"] == read["prediction"]).all(), "another prediction of the same coefficient")
        expect(relative(made["reference"], read["reference"]) < 1e-6, "the generator makes another solution")
    expect(len(found["predict"]["reference_seconds"]) == 2, "no seconds of the generator")


def check_solver(args, model):
    """On all points that the sample was solved on, the solver finds the sample's solution."""
    options = ["-predict_model", model, "-predict_data", "darcy_rough", "-predict_solve_grid", 36, "-predict_stride", 1,
               "-predict_compare"]
    for ranks in (1, 2, 4):
        found, fields = models.predict(args, ranks, "solver", options)
        expect(fields[0]["prediction"].shape == (36, 36), "another grid")
        expect(found["errors"]["solver_l2"] < 1e-8, f"the solver is {found['errors']['solver_l2']} away")
        expect(len(found["predict"]["solver_seconds"]) == 1, "no seconds of the solver")


def main():
    args = models.arguments()
    model, samples, trained = models.train(args, models.DARCY)
    check_generator(args, model, check_file(args, model, samples, trained))
    check_solver(args, model)


if __name__ == "__main__":
    main()
