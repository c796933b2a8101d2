#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Samples of fields: the same bits on every number of ranks, the equation holds, what is there is not made anew, and a
killed run is gone on with."""
import os
import time

import h5py
import numpy

import common

# Small sets, their fields and their points.
SETS = {
    "darcy_smooth": (["-train_solve_grid", 33], ("coefficient", "solution"), 17),
    "darcy_rough": (["-train_solve_grid", 32, "-train_stride", 1, "-train_coefficient_values", "1,30"],
                    ("coefficient", "solution"), 32),
    "darcy_multiscale": (["-train_solve_grid", 31, "-train_stride", 3], ("coefficient", "solution"), 11),
    "navier_stokes": (["-train_solve_grid", 32, "-train_stride", 2, "-train_time_scheme", "rk4", "-train_time_step",
                       0.05, "-train_frames", 4, "-train_viscosity", 1e-3], ("vorticity",), 16),
    "helmholtz": (["-train_solve_grid", 31, "-train_frequency", 250, "-train_speed_modes", 30],
                  ("coefficient", "solution"), 31)}


def read(path):
    with h5py.File(path, "r") as file:
        return {name: file[name][...] for name in file}, file.attrs["recipe"]


def check_darcy(fields):
    """Finite volumes on all nodes, by numpy: what flows out of each inner node is its share of the source."""
    a, u = (fields[name][:, 0, 0].astype(float) for name in ("coefficient", "solution"))
    if set(a.ravel()) != {1.0, 30.0} or (u[:, 1:-1, 1:-1] <= 0).any():
        common.fail("coefficients other than the two, or a solution that is not positive")
    for edge in (u[:, 0], u[:, -1], u[:, :, 0], u[:, :, -1]):
        if (edge != 0).any():
            common.fail("the solution is not zero on the boundary")
    inner = (slice(None), slice(1, -1), slice(1, -1))
    out = numpy.zeros_like(u[inner])
    for axis in (1, 2):
        for shift in (1, -1):
            near_a, near_u = numpy.roll(a, shift, axis)[inner], numpy.roll(u, shift, axis)[inner]
            out += 0.5 * (a[inner] + near_a) * (u[inner] - near_u)
    # Single precision of u times the coefficients over h^2.
    limit = 2.0**-24 * 8 * 30 * u.max() * 31**2
    if abs(31**2 * out - 1).max() > limit:
        common.fail(f"div(a grad u) misses its source by {abs(31**2 * out - 1).max()}")


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)

    def path(name):
        return os.path.join(args.work, name)

    def options(kind, file, samples, more):
        return ["-train_data", kind, "-train_epochs", 0, "-train_samples", samples, "-train_seed", 3,
                "-train_samples_file", path(file), "-linnet_results", path("run.json"), *more]

    def make(kind, ranks, file, samples=5):
        text = common.run(args.mpi, ranks, args.app, options(kind, file, samples, [*SETS[kind][0], "-options_left"]))
        if "unused" in text.replace("no unused", ""):
            common.fail(text)
        return common.results(path("run.json"))["setup_seconds"]

    for kind, (more, names, points) in SETS.items():
        reference = None
        for ranks in (1, 2, 4):
            file = f"{kind}.{ranks}.h5"
            for name in (file, file + ".tmp"):
                if os.path.exists(path(name)):
                    os.remove(path(name))
            if make(kind, ranks, file) <= 0:
                common.fail(f"{file}: no samples are made")
            found = read(path(file))
            reference = reference or found
            for name in names:
                if found[0][name].tobytes() != reference[0][name].tobytes() or found[1] != reference[1]:
                    common.fail(f"{kind}: {name} is another on {ranks} ranks")
        fields = reference[0]
        channels = 5 if kind == "navier_stokes" else 1
        for name in names:
            if fields[name].shape != (5, channels, 1, points, points) or not numpy.isfinite(fields[name]).all():
                common.fail(f"{kind}: {name} has the shape {fields[name].shape}")
            if len({sample.tobytes() for sample in fields[name]}) != 5:
                common.fail(f"{kind}: two samples are one")
        if kind == "darcy_rough":
            check_darcy(fields)
        if make(kind, 2, f"{kind}.1.h5") != 0:
            common.fail(f"{kind}: samples that are there are made anew")
        # A longer set begins with the shorter one.
        make(kind, 2, kind + ".more.h5", 6)
        if read(path(kind + ".more.h5"))[0][names[0]][:5].tobytes() != fields[names[0]].tobytes():
            common.fail(f"{kind}: a sample depends on their number")

    for kind, more, code, line in (
            ("darcy_smooth", ["-train_stride", 421], 2, "every 421-th of 421 points"),
            ("darcy_rough", ["-train_coefficient_values", "0,1"], 2, "-train_coefficient_values: each item must be above 0"),
            ("navier_stokes", ["-train_time_step", 0.3], 2, "does not divide the time between frames, 1"),
            ("navier_stokes", [*SETS["navier_stokes"][0], "-train_forcing", 1e9], 3, "take shorter ones"),
            ("helmholtz", ["-train_solve_grid", 2], 2, "-train_solve_grid: must be a whole number between 3 and 16384")):
        text = common.run(args.mpi, 2, args.app, options(kind, "bad.h5", 5, more), expect=code)
        if text.count(line) != 1 or os.path.exists(path("bad.h5")):
            common.fail(f"not '{line}': {text}")
    text = common.run(args.mpi, 1, args.app, options("darcy_smooth", "small.h5", 1, [
        "-train_solve_grid", 5, "-train_grid", 8, "-train_frames", 3]))
    if any(text.count(f"{name}: has no effect") != 1 for name in ("-train_grid", "-train_frames")):
        common.fail(f"options that do nothing are not reported: {text}")

    # Killed: what was made is kept.
    for name in ("killed.h5", "killed.h5.tmp"):
        if os.path.exists(path(name)):
            os.remove(path(name))
    more = ["-train_solve_grid", 33]
    run = common.start(args.mpi, 2, args.app, options("darcy_smooth", "killed.h5", 100000, more))
    limit = time.time() + 60
    while not os.path.exists(path("killed.h5.tmp")) and time.time() < limit:
        time.sleep(0.02)
    time.sleep(2)
    common.kill(run)
    done = 0
    with h5py.File(path("killed.h5.tmp"), "r") as file:
        done = int(file.attrs["complete"])
        first = file["solution"][:5]
    if not 5 <= done < 100000 or first.tobytes() != read(path("darcy_smooth.1.h5"))[0]["solution"].tobytes():
        common.fail(f"{done} samples are left of a killed run, or they are others")
    code, text = common.attempt(args.mpi, 2, args.app, options(
        "darcy_smooth", "killed.h5", 100000, [*more, "-linnet_time_limit", 2]))
    with h5py.File(path("killed.h5.tmp"), "r") as file:
        if code != 5 or "samples are made" not in text or not file.attrs["complete"] > done:
            common.fail(f"exit code {code}, {file.attrs['complete']} samples after {done}: {text}")
    os.remove(path("killed.h5.tmp"))


if __name__ == "__main__":
    main()
