#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""A run that was stopped by a signal and restarted gives the bits of one that was not."""
import os
import shutil
import signal
import subprocess

import h5py
import numpy

import common

STEPS = 8


def arguments(stem, steps=STEPS, scheme="crank_nicolson"):
    return ["-options_file", "inputs/diffusion/heat_steps_3d.yaml", "-diffusion_grid", "16",
            "-diffusion_time_steps", str(steps), "-diffusion_time_scheme", scheme,
            "-diffusion_output_every", "1", "-diffusion_checkpoint_every", "3", "-diffusion_output", stem]


def steps_of(stem):
    common.check_fields(stem)
    with h5py.File(stem + ".h5", "r") as file:
        names = sorted(name for name in file if name.startswith("step"))
        return [(file[n].attrs["time"], file[n]["u"][...], file[n]["flux"][...]) for n in names]


def history_of(stem):
    with h5py.File(stem + ".h5", "r") as file:
        return file["history/residuals"][...]


def compare(name, got, wanted):
    if len(got) != len(wanted):
        common.fail(f"{name}: {len(got)} steps, {len(wanted)} expected")
    for a, b in zip(got, wanted):
        if a[0] != b[0] or not numpy.array_equal(a[1], b[1]) or not numpy.array_equal(a[2], b[2]):
            common.fail(f"{name}: the step at t = {b[0]} differs")


def from_checkpoint(args, ranks, scheme):
    """The regular checkpoint after step 6 of a run of 7 leads to the same steps 7 and 8."""
    whole, cut = (os.path.join(args.work, f"{name}_{scheme}_{ranks}") for name in ("whole", "cut"))
    common.run(args.mpi, ranks, args.app, arguments(whole, scheme=scheme))
    common.run(args.mpi, ranks, args.app, arguments(cut, STEPS - 1, scheme))
    common.run(args.mpi, ranks, args.app,
               arguments(cut, scheme=scheme) + ["-diffusion_restart", cut + ".checkpoint.h5"])
    compare(f"restart, {scheme}, {ranks} ranks", steps_of(cut), steps_of(whole))
    if not numpy.array_equal(history_of(cut), history_of(whole)):
        common.fail(f"{scheme}, {ranks} ranks: the residual history of the restarted run differs")
    return steps_of(whole)


def from_signal(args, wanted):
    """SIGTERM: exit code 5 and a line that says how to go on."""
    stem = os.path.join(args.work, "stopped")
    command = [args.app] + arguments(stem)
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in child.stdout:
        if line.startswith("step"):
            child.send_signal(signal.SIGTERM)
            break
    _, err = child.communicate(timeout=60)
    if child.returncode != 5 or "-diffusion_restart " + stem + ".checkpoint.h5" not in err:
        common.fail(f"after SIGTERM: exit code {child.returncode}, {err}")
    common.run(args.mpi, 1, args.app, arguments(stem) + ["-diffusion_restart", stem + ".checkpoint.h5"])
    compare("restart after SIGTERM", steps_of(stem), wanted)


def changed_problems(args):
    """Another problem would change the solution silently: refused, naming the option. How it is solved and
    what is written may change."""
    saved = ["-diffusion_restart", os.path.join(args.work, "cut_backward_euler_2.checkpoint.h5")]
    options = arguments(os.path.join(args.work, "other"), scheme="backward_euler") + saved
    for name, value, change in (("time_step", "0.02", "-diffusion_time_step was 0.05 and is 0.02"),
                                ("grid", "12", "-diffusion_grid was 16 and is 12"),
                                ("medium", "two_phase", "-diffusion_medium was constant and is two_phase"),
                                ("bc_x_hi_coefficient", "3", "-diffusion_bc_x_hi_coefficient was 2 and is 3"),
                                ("bc_x_hi", "neumann", "-diffusion_bc_x_hi was robin and is neumann"),
                                ("source", "1", "-diffusion_source was 100*"),
                                ("obstacles", "sphere:0.5,0.5,0.5,0.1", "-diffusion_obstacles was not set and is")):
        text = common.run(args.mpi, 2, args.app, options + ["-diffusion_" + name, value], expect=2)
        lines = [line for line in text.splitlines() if "is of another problem: " in line]
        if len(lines) != 1 or change not in lines[0]:
            common.fail(f"restart with another -diffusion_{name}: no line with '{change}' in\n{text}")
    common.run(args.mpi, 2, args.app, options + ["-ksp_rtol", 1e-6, "-pc_type", "jacobi", "-diffusion_output",
                                                 "none", "-diffusion_time_step", "5e-2", "-diffusion_grid", "16,16,16"])


def main():
    args = common.arguments()
    shutil.rmtree(args.work, ignore_errors=True)
    os.makedirs(args.work)
    from_checkpoint(args, 2, "backward_euler")
    wanted = from_checkpoint(args, 1, "crank_nicolson")
    from_signal(args, wanted)
    changed_problems(args)


if __name__ == "__main__":
    main()
