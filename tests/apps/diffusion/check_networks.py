#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Trained networks in the nonlinear solver: they pay on what they were trained for, do not depend on the ranks, and
cost nothing but time on what they were not."""
import os
import re

import h5py
import numpy

import common

DECK = "inputs/diffusion/nonlinear_networks_2d.yaml"
START = ["-snes_guess_operator_model", "models/nonlinear_start_32.model.h5"]
NEWTON = ["-snes_type", "newtonls"]


class Runs:
    def __init__(self, args):
        self.args = args

    def __call__(self, name, options, ranks=1, deck=True):
        """Steps, u, and what the report says about networks."""
        stem = os.path.join(self.args.work, name)
        front = ["-options_file", DECK] if deck else []
        text = common.run(self.args.mpi, ranks, self.args.app, [
            *front, *options, "-diffusion_output", stem, "-linnet_results", stem + ".json"])
        found = common.results(stem + ".json")
        if not found["converged"] or found["relative_residual"] > 1e-8:
            common.fail(f"{name}: not converged\n{text}")
        with h5py.File(stem + ".h5", "r") as file:
            last = sorted(key for key in file if key.startswith("step"))[-1]
            u = file[last]["u"][...]
        return len(found["diffusion"].get("newton_residuals", [])) - 1, u, text


def counts(text):
    """Steps of the network taken, refused, left out, and of the fallback."""
    found = re.search(r"(\d+) steps of the network taken, (\d+) refused, (\d+) left out; (\d+) of the fallback", text)
    return [int(group) for group in found.groups()]


def starts(text):
    """Starts taken, solves, starts taken in part."""
    found = re.search(r"start of the network taken in (\d+) of (\d+) solves, in part in (\d+)", text)
    return [int(group) for group in found.groups()]


def near(name, u, wanted, tolerance=1e-5):
    difference = numpy.abs(u - wanted).max() / numpy.abs(wanted).max()
    if difference > tolerance:
        common.fail(f"{name}: u differs by {difference}")


def check_trained(run):
    """What the networks were trained for."""
    steps, u, text = run("networks", [])
    taken, refused, left_out, _ = counts(text)
    if starts(text) != [1, 1, 0] or taken < 3 or refused + left_out > 2:
        common.fail(text)
    plain, wanted, _ = run("ngmres", ["-npc_snes_type", "nrichardson", "-snes_max_it", 2000])
    if not 3 * steps < plain:
        common.fail(f"{steps} steps with networks, {plain} without")
    near("networks", u, wanted)
    for ranks in (2, 4):
        others, v, other_text = run(f"networks{ranks}", [], ranks)
        near(f"{ranks} ranks", v, u, 1e-7)
        if abs(others - steps) > 1 or counts(other_text)[1:3] != counts(text)[1:3]:
            common.fail(f"{ranks} ranks: {others} steps, {steps} on one\n{other_text}")


def check_untrained(run):
    """Another contrast, geometry, law, grid: a start is never worse than the plain one, and the answer is the same."""
    cases = {"contrast": ["-diffusion_medium_deviation", 1.5],
             "geometry": ["-diffusion_obstacles", "box:0.2,0.2,0.35,0.8; sphere:0.6,0.5,0.12"],
             "law": ["-diffusion_nonlinear", "reaction", "-diffusion_nonlinear_function", "20*u^3"],
             "grid": ["-diffusion_grid", 48]}
    for name, options in cases.items():
        _, wanted, _ = run(name + "_plain", [*options, *NEWTON, "-snes_guess_operator_model", ""])
        _, u, text = run(name, [*options, *NEWTON])
        near(name, u, wanted)
        found = re.search(r"residual (\S+), (\S+) without it", text)
        if starts(text)[1] != 1 or not float(found[1]) <= float(found[2]):
            common.fail(text)


def check_steps(run):
    """Every step of a run in time has a start; that of a network for the steady equation is not taken where the
    step before is better."""
    for scheme, more in (("quasi_steady", ["-diffusion_conductivity_factor", "1+0.2*sin(20*t)"]),
                         ("backward_euler", [])):
        options = ["-diffusion_time_steps", 3, "-diffusion_time_step", 0.01, "-diffusion_time_scheme", scheme, *more,
                   *NEWTON]
        _, wanted, _ = run(scheme + "_plain", [*options, "-snes_guess_operator_model", ""])
        _, u, text = run(scheme, options, 2)
        near(scheme, u, wanted)
        if starts(text)[1] != 3:
            common.fail(text)


def check_basis(run):
    """The vectors of a coarse space are made once, their products with the matrix in each of Newton's steps."""
    options = [*NEWTON, "-snes_guess_operator_model", "", "-pc_type", "basis", "-pc_basis_type", "sine", "-snes_view"]
    steps, _, text = run("basis", options)
    if steps < 3 or f"space made 1 time(s), coarse matrix {steps}," not in text:
        common.fail(text)
    _, _, text = run("basis_anew", [*options, "-pc_basis_reuse", "no"], 2)
    if f"space made {steps} time(s), coarse matrix {steps}," not in text:
        common.fail(text)


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)
    run = Runs(args)
    check_trained(run)
    check_untrained(run)
    check_steps(run)
    check_basis(run)


if __name__ == "__main__":
    main()
