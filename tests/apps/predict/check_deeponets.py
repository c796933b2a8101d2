#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Predictions of DeepONets: numpy finds the values and the errors; those of training are found again from its samples; the
same bits on any number of ranks; points of samples, of grids and of lists; fields for ParaView; inputs without solutions."""
import os

import h5py
import numpy

import common
import deeponets
import models


def expect(good, text):
    if not good:
        common.fail(text)


def near(found, wanted, tolerance, text):
    expect(abs(found - wanted) <= tolerance * abs(wanted), f"{text} is {found}, not {wanted}")


def relative(a, b):
    return numpy.linalg.norm(a - b) / numpy.linalg.norm(b)


def check_training_errors(found, trained):
    """The last four samples are those of the test. Training judges in single precision."""
    for name in ("relative_l2", "mean_square"):
        near(found["errors"][name], trained["errors"]["test_" + name], 2e-5, name)


def check_triples(args):
    path, samples, trained = deeponets.train(args, "triples", deeponets.TRIPLES)
    found, every = deeponets.same_on_ranks(args, "own", ["-predict_model", path, "-predict_input", samples,
                                                         "-predict_samples", "0:"])
    near(numpy.mean(found["predict"]["relative_l2"][16:]), trained["errors"]["test_relative_l2"], 2e-5, "relative_l2")
    values = {name: all_of[16:] for name, all_of in every.items()}
    near(numpy.mean(values["error"] ** 2), trained["errors"]["test_mean_square"], 2e-5, "mean square")
    expect(list(every["sample"]) == list(range(20)), f"samples {every['sample']}")
    with h5py.File(samples, "r") as file:
        for name, field, shape in (("input", "sensors", (4, 12)), ("points", "points", (4, 3, 1)),
                                   ("reference", "solution", (4, 1, 3))):
            expect((values[name] == file[field][16:].reshape(shape)).all(), f"another {name}")
    model = deeponets.read(path)
    wanted = deeponets.value(model, values["input"], values["points"][..., 0])
    expect(relative(values["prediction"][:, 0], wanted) < 1e-6, "numpy finds other values")
    expect((values["error"] == values["prediction"] - values["reference"]).all(), "another error")

    # A problem's functions at points that are given; a grid that is none in disorder.
    y = numpy.array([0.9, 0.0, 0.31, 1.0])
    places = os.path.join(args.work, "points.h5")
    with h5py.File(places, "w") as file:
        file["list/y"] = y[:, None]
    problem = ["-predict_model", path, "-predict_data", "antiderivative", "-predict_sensors", 12, "-predict_seed", 5,
               "-predict_samples", "0:6"]
    _, values = deeponets.same_on_ranks(args, "given", [*problem, "-predict_points", places + ":/list/y"], (1, 4))
    wanted = deeponets.value(model, values["input"], numpy.tile(y, (6, 1)))
    expect(relative(values["prediction"][:, 0], wanted) < 1e-6, "numpy finds other values at given points")
    expect((values["points"] == y[:, None]).all(), "other points")
    expect(not values["reference"][:, 0, 1].any(), "the integral to 0 is not 0")
    # At the problem's own grid the functions are the same, and the integral at 1 is that at the last point.
    found, fields = deeponets.run(args, 2, "grid", ["-options_file", "inputs/predict/antiderivative.yaml", *problem])
    expect(fields["step000005/prediction"].size == 100 and "step000006/prediction" not in fields, "another grid")
    near(fields["step000003/reference"].ravel()[-1], values["reference"][3, 0, 3], 1e-12, "the integral to 1")
    near(fields["step000003/prediction"].ravel()[-1], values["prediction"][3, 0, 3], 0.0, "the prediction at 1")
    errors = [relative(fields[f"step{s:06}/prediction"], fields[f"step{s:06}/reference"]) for s in range(6)]
    near(found["errors"]["relative_l2"], numpy.mean(errors), 1e-12, "relative_l2")
    return path


def check_grids(args):
    """Of a POD, of several outputs normalised point by point, and of fields with a convolutional branch."""
    for name, options, ranks in (("pod", deeponets.POD, (1, 4)), ("two", deeponets.TWO_OUTPUTS, (1, 2))):
        path, samples, trained = deeponets.train(args, name, options)
        found, _ = deeponets.same_on_ranks(args, name, ["-predict_model", path, "-predict_input", samples,
                                                        "-predict_samples", "16,17,18:20"], ranks)
        check_training_errors(found, trained)
    path, samples, trained = deeponets.train(args, "fields", deeponets.FIELDS)
    found, of_file = deeponets.same_on_ranks(args, "fields", ["-predict_model", path, "-predict_input", samples,
                                                              "-predict_samples", "16:20"], (1, 4))
    check_training_errors(found, trained)
    with h5py.File(samples, "r") as file:
        expect((of_file["step000001/input"] == file["coefficient"][17, 0, 0]).all(), "another coefficient")
        expect((of_file["step000001/reference"] == file["solution"][17, 0, 0]).all(), "another solution")
    _, made = deeponets.run(args, 2, "made", ["-predict_model", path, "-predict_data", "darcy_rough",
                                              "-predict_solve_grid", 9, "-predict_stride", 1, "-predict_samples", 17])
    expect((made["step000000/prediction"] == of_file["step000001/prediction"]).all(), "another prediction when made")


def check_input_only(args, model):
    """Functions of another program, without solutions, at points in a list."""
    plain, samples = (os.path.join(args.work, name) for name in ("plain.h5", "inputs.samples.h5"))
    u = numpy.random.default_rng(1).normal(size=(3, 12))
    with h5py.File(plain, "w") as file:
        file["u"], file["y"] = u, [[0.25], [0.5], [0.6]]
    common.run(args.mpi, 1, args.train, [
        "-train_data", "import", "-train_epochs", 0, "-train_import_files", plain, "-train_import_input", "u",
        "-train_import_points", "y", "-train_import_output", "none", "-train_samples_file", samples])
    _, values = deeponets.run(args, 2, "inputs", ["-predict_model", model, "-predict_input", samples,
                                                  "-predict_samples", "0:", "-predict_points", plain + ":y"])
    expect("reference" not in values, "a solution from nowhere")
    wanted = deeponets.value(deeponets.read(model), u.astype("f4"), numpy.tile([0.25, 0.5, 0.6], (3, 1)))
    expect(relative(values["prediction"][:, 0], wanted) < 1e-6, "numpy finds other values of imported functions")
    # The file of samples tells its points.
    _, again = deeponets.run(args, 1, "told", ["-predict_model", model, "-predict_input", samples])
    expect((again["prediction"] == values["prediction"][:1]).all(), "other values at the points of the file")


def check_refusals(args, model):
    def refuse(code, line, *options):
        text = common.run(args.mpi, 1, args.app, ["-predict_model", model, "-predict_output", "none", *options],
                          expect=code)
        if text.count(line) != 1:
            common.fail(f"not '{line}': {text}")

    plain, pod = os.path.join(args.work, "plain.h5"), os.path.join(args.work, "pod.model.h5")
    refuse(2, "triples.model.h5 is a DeepONet with 12 sensors, points of 1 coordinate and 1 output; those of "
              "-predict_data antiderivative have functions at 100 sensors (-predict_sensors, -predict_code)",
           "-predict_data", "antiderivative")
    refuse(4, "plain.h5: is not a sample file of Linnet; convert it with build/apps/train -train_data import",
           "-predict_input", plain)
    refuse(2, "-predict_points: must be like FILE.h5:/DATASET, got nowhere", "-predict_data", "antiderivative",
           "-predict_sensors", 12, "-predict_points", "nowhere")
    refuse(4, "'v': there is no such dataset; the file has u, y", "-predict_data", "antiderivative", "-predict_sensors",
           12, "-predict_points", plain + ":v")
    refuse(2, "which is a POD-DeepONet with 10 sensors, the 81 points of its grid and 1 output and knows the 81 points "
              "of its grid alone", "-predict_model", pod, "-predict_data", "square_wave", "-predict_points", plain + ":y")
    refuse(2, "-predict_samples: needs the end of 3:", "-predict_data", "antiderivative", "-predict_sensors", 12,
           "-predict_samples", "3:")


def main():
    args = models.arguments()
    model = check_triples(args)
    check_grids(args)
    check_input_only(args, model)
    check_refusals(args, model)


if __name__ == "__main__":
    main()
