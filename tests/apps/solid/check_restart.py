#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""A run that was stopped by a signal, killed or gave up, and was restarted, gives the bits of one that was not."""
import os
import shutil
import signal
import subprocess
import time

import h5py
import numpy

import common


def arguments(stem, *more):
    return ["-options_file", "inputs/solid/perforated_plate.yaml", "-solid_mesh_cells", "4,6,1", "-solid_times",
            "10:2,60:3,100:2", "-solid_cycles", 2, "-solid_output_every", 1, "-solid_checkpoint_every", 3,
            "-solid_output", stem, *more]


def contents(stem):
    common.check_fields(stem)
    with h5py.File(stem + ".h5", "r") as file:
        found = {}
        file.visititems(lambda name, item: found.update({name: item[...]}) if isinstance(item, h5py.Dataset) else None)
        return found


def compare(name, got, wanted):
    if got.keys() != wanted.keys():
        common.fail(f"{name}: {sorted(got)} instead of {sorted(wanted)}")
    for key, value in wanted.items():
        if not numpy.array_equal(got[key], value):
            common.fail(f"{name}: {key} differs by {numpy.abs(got[key] - value).max()}")


def restart(stem):
    return ["-solid_restart", stem + ".checkpoint.h5"]


def from_checkpoint(args, ranks):
    """The checkpoint after step 6 of a run of one cycle leads to the same second cycle."""
    whole, cut = (os.path.join(args.work, f"{name}{ranks}") for name in ("whole", "cut"))
    common.run(args.mpi, ranks, args.app, arguments(whole))
    common.run(args.mpi, ranks, args.app, arguments(cut, "-linnet_time_limit", 1e-6), expect=5)
    common.run(args.mpi, ranks, args.app, arguments(cut, *restart(cut)))
    compare(f"restart on {ranks} ranks", contents(cut), contents(whole))
    return whole


def from_signal(args, wanted):
    stem = os.path.join(args.work, "stopped")
    child = subprocess.Popen([args.app] + list(map(str, arguments(stem))), stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
    for line in child.stdout:
        if line.startswith("step"):
            child.send_signal(signal.SIGTERM)
            break
    _, err = child.communicate(timeout=120)
    if child.returncode != 5 or "-solid_restart " + stem + ".checkpoint.h5" not in err:
        common.fail(f"after SIGTERM: exit code {child.returncode}, {err}")
    common.run(args.mpi, 1, args.app, arguments(stem, *restart(stem)))
    compare("restart after SIGTERM", contents(stem), wanted)


def from_kill(args, wanted):
    stem = os.path.join(args.work, "killed")
    run = common.start(args.mpi, 1, args.app, arguments(stem))
    limit = time.time() + 60
    while not os.path.exists(stem + ".checkpoint.h5") and run.poll() is None and time.time() < limit:
        time.sleep(0.002)
    common.kill(run)
    common.run(args.mpi, 1, args.app, arguments(stem, *restart(stem)))
    compare("restart after kill -9", contents(stem), wanted)


def failure(args, whole):
    """Newton's method that may not iterate: exit code 3, one line that names the checkpoint, which can be gone on from."""
    stem = os.path.join(args.work, "failed")
    text = common.run(args.mpi, 2, args.app, arguments(stem, "-snes_max_it", 1, "-solid_smallest_step", 0.25), expect=3)
    lines = [line for line in text.splitlines() if stem + ".checkpoint.h5" in line]
    if len(lines) != 1 or "is in" not in lines[0]:
        common.fail(f"no line names the checkpoint:\n{text}")
    common.run(args.mpi, 2, args.app, arguments(stem, *restart(stem)))
    found, wanted = contents(stem), contents(whole)
    if len([name for name in found if name.endswith("/u")]) != 14:
        common.fail("the run that gave up was not completed")
    for name in (name for name in wanted if name.endswith(("/u", "/p"))):
        difference = numpy.abs(found[name] - wanted[name]).max()
        if difference > 1e-6 * numpy.abs(wanted[name]).max():
            common.fail(f"the run that gave up and went on: {name} differs by {difference}")


def other_problems(args):
    saved = restart(os.path.join(args.work, "cut2"))
    for change, part in ((("-solid_mesh_cells", "4,8,1"), "-solid_mesh_cells was"),
                         (("-solid_hold", "left:x,bottom:y,z0:z,z1:z"), "-solid_hold was"),
                         (("-solid_temperature", 800), "-solid_temperature was 850 and is 800")):
        text = common.run(args.mpi, 2, args.app, arguments(os.path.join(args.work, "other"), *saved, *change), expect=2)
        if part not in text or "is of another problem: " not in text:
            common.fail(f"restart with {change}: no '{part}' in\n{text}")


def main():
    args = common.arguments()
    shutil.rmtree(args.work, ignore_errors=True)
    os.makedirs(args.work)
    whole = contents(from_checkpoint(args, 1))
    from_checkpoint(args, 2)
    from_signal(args, whole)
    from_kill(args, whole)
    failure(args, os.path.join(args.work, "whole2"))
    other_problems(args)


if __name__ == "__main__":
    main()
