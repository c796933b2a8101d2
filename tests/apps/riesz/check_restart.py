#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""A run that was stopped by a signal or cut and restarted gives the bits of one that was not."""
import os
import shutil
import signal
import subprocess
import time

import h5py
import numpy

import common

STEP = 0.125


def arguments(stem, end=1.0, scheme="cn", more=()):
    return ["-riesz_dim", 2, "-riesz_n", "20,16", "-riesz_alpha", "1.3,1.7", "-riesz_coefficient_factor", "1+x",
            "-riesz_time_end", end, "-riesz_time_step", STEP, "-ts_type", scheme, "-riesz_checkpoint_every", 3,
            "-riesz_source", "sin(3*t)*x*y", "-riesz_initial", "x*(1-x)*y*(1-y)", "-riesz_output", stem, *more]


def steps_of(stem):
    common.check_fields(stem)
    with h5py.File(stem + ".h5", "r") as file:
        names = sorted(name for name in file if name.startswith("step"))
        return [(file[n].attrs["time"], file[n]["u"][...]) for n in names], file["history/integral"][...]


def compare(name, got, wanted):
    if len(got[0]) != len(wanted[0]) or not numpy.array_equal(got[1], wanted[1]):
        common.fail(f"{name}: {len(got[0])} steps, {len(wanted[0])} expected, or another history:\n{got[1]}\n{wanted[1]}")
    for a, b in zip(got[0], wanted[0]):
        if a[0] != b[0] or not numpy.array_equal(a[1], b[1]):
            common.fail(f"{name}: the step at t = {b[0]} differs")


def from_checkpoint(args, ranks, scheme, more=()):
    """The checkpoint after step 6 of a run of 7 leads to the same further steps."""
    whole, cut = (os.path.join(args.work, f"{name}_{scheme}_{ranks}") for name in ("whole", "cut"))
    common.run(args.mpi, ranks, args.app, arguments(whole, scheme=scheme, more=more))
    common.run(args.mpi, ranks, args.app, arguments(cut, scheme=scheme, more=[*more, "-ts_max_steps", "7"]))
    common.run(args.mpi, ranks, args.app,
               arguments(cut, scheme=scheme, more=[*more, "-riesz_restart", cut + ".checkpoint.h5"]))
    compare(f"restart, {scheme}, {ranks} ranks", steps_of(cut), steps_of(whole))
    return steps_of(whole)


def from_signal(args, wanted):
    """SIGTERM: exit code 5 and a line that says how to go on."""
    stem = os.path.join(args.work, "stopped")
    command = [args.app] + [str(a) for a in arguments(stem)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in child.stdout:
        if line.startswith("step"):
            child.send_signal(signal.SIGTERM)
            break
    _, err = child.communicate(timeout=60)
    if child.returncode == 0:  # it was faster than the signal
        return
    if child.returncode != 5 or "-riesz_restart " + stem + ".checkpoint.h5" not in err:
        common.fail(f"after SIGTERM: exit code {child.returncode}, {err}")
    common.run(args.mpi, 1, args.app, arguments(stem, more=["-riesz_restart", stem + ".checkpoint.h5"]))
    compare("restart after SIGTERM", steps_of(stem), wanted)


def after_a_kill(args):
    """A run that dies between checkpoints keeps the history up to the last one."""
    stem = os.path.join(args.work, "killed")
    options = arguments(stem) + ["-riesz_time_step", STEP / 16, "-riesz_n", "40,32"]
    child = subprocess.Popen([args.app] + [str(a) for a in options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not os.path.exists(stem + ".checkpoint.h5") and child.poll() is None:
        time.sleep(0.01)
    child.kill()
    child.wait()
    common.run(args.mpi, 1, args.app, options + ["-riesz_restart", stem + ".checkpoint.h5"])
    steps, history = steps_of(stem)
    if len(history) != 129 or len(steps) != 129 or history[0, 0] != 0.0 or history[-1, 0] != 1.0:
        common.fail(f"after a kill: {len(history)} rows, {len(steps)} steps")


def changed_runs(args):
    """Another problem would change the solution silently: refused, naming the option."""
    saved = ["-riesz_restart", os.path.join(args.work, "cut_cn_1.checkpoint.h5")]
    options = arguments(os.path.join(args.work, "other"), 2.0) + saved
    for more, change in ((["-riesz_alpha", "1.3,1.6"], "-riesz_alpha was 1.3,1.7 and is 1.3,1.6"),
                         (["-riesz_source", "0"], "-riesz_source was"),
                         (["-ts_type", "beuler"], "is of a run with -ts_type cn, this is beuler"),
                         (["-ts_theta_initial_guess_extrapolate"], "is of a run with '-ts_"),
                         (["-riesz_time_end", "0.5"], "-riesz_time_end: must be above the time 0.75")):
        text = common.run(args.mpi, 1, args.app, options + more, expect=2)
        if change not in text:
            common.fail(f"no line with '{change}' in\n{text}")


def main():
    args = common.arguments()
    shutil.rmtree(args.work, ignore_errors=True)
    os.makedirs(args.work)
    for scheme in ("beuler", "rosw"):
        from_checkpoint(args, 2, scheme)
    from_checkpoint(args, 1, "rosw", ["-ts_adapt_type", "basic"])
    after_a_kill(args)
    wanted = from_checkpoint(args, 1, "cn")
    from_signal(args, wanted)
    changed_runs(args)


if __name__ == "__main__":
    main()
