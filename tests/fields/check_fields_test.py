#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""check_fields_test.py CASE CHECKER LAUNCHER... : field output as an outside program sees it.

Cases: good_1d, good_2d, good_3d, faults, killed, full_disk. LAUNCHER... is the command that runs write_fields.
"""
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import h5py
import numpy

CASE, CHECKER, LAUNCHER = sys.argv[1], sys.argv[2], sys.argv[3:]


def write(stem, dim, steps, *more):
    subprocess.run([*LAUNCHER, stem, str(dim), str(steps), *more], check=True, stdout=subprocess.DEVNULL)


def check(stem, *more):
    result = subprocess.run([CHECKER, *more, stem + ".xdmf"], capture_output=True, text=True)
    assert not result.stderr, result.stderr
    return result.returncode, result.stdout


def expect_good(stem, *more):
    status, text = check(stem, *more)
    assert status == 0, text


def expect_fault(stem, part):
    status, text = check(stem)
    assert status == 1 and part in text, f"expected '{part}', found {status}: {text}"


def values(stem, step, dim):
    """u must be x + 2 y + 4 z + time at the cell centres; on a line at its points."""
    with h5py.File(stem + ".h5", "r") as file:
        u = file[f"step{step:06d}/" + ("u" if dim > 1 else "u_points")][...]
        when = file[f"step{step:06d}"].attrs["time"]
    assert u.shape == {1: (1, 10), 2: (7, 9), 3: (4, 6, 8)}[dim] and when == 0.125 * step
    if dim == 3:
        z, y, x = numpy.meshgrid(*(numpy.arange(n) + 0.5 for n in u.shape), indexing="ij")
        exact = (-1 + 0.25 * x) + 2 * 0.25 * y + 4 * (0.5 + 0.5 * z)
    elif dim == 1:
        exact = -1 + 0.25 * numpy.arange(10.0)[None, :]
    else:
        y, x = numpy.meshgrid(*(numpy.arange(n) + 0.5 for n in u.shape), indexing="ij")
        exact = (-1 + 0.25 * x) + 2 * 0.5 * y
    assert numpy.array_equal(u, exact + when)


def good(folder, dim):
    stem = os.path.join(folder, "run")
    write(stem, dim, 3)
    expect_good(stem)
    for step in range(3):
        values(stem, step, dim)
    with h5py.File(stem + ".h5", "r") as file:
        assert file.attrs["deck"].decode() == "steps: <&>\n"
        assert file["history/residual"].shape == (2, 2)
        if dim > 1:
            assert set(numpy.unique(file["step000000/mask"])) == {0, 1}
            assert file["step000000/flux"][0, 0].shape[-1] == 3
    side = open(stem + ".xdmf").read()
    assert side.count("<Time ") == 3 and side.count('Precision="8"') > 0 and "run.h5:/step000002/u" in side


def faults(folder):
    original = os.path.join(folder, "run")
    for dim in (2, 3):
        write(original, dim, 2)
        stem = os.path.join(folder, "damaged")

        def damaged(side=None, data=None, cut=None):
            for ending in (".h5", ".xdmf"):
                shutil.copy(original + ending, stem + ending)
            text = open(stem + ".xdmf").read().replace("run.h5:", "damaged.h5:")
            changed = side(text) if side else text
            assert not side or changed != text
            open(stem + ".xdmf", "w").write(changed)
            if data:
                with h5py.File(stem + ".h5", "r+") as file:
                    data(file)
            if cut:
                os.truncate(stem + ".h5", cut)
            return stem

        expect_good(damaged())
        last, first = (9, 7) if dim == 3 else (10, 8)
        expect_fault(damaged(lambda t: t.replace(f"{first} {last}\"/>", f"{first + 1} {last}\"/>")), "the grid needs")
        expect_fault(damaged(lambda t: t.replace('Value="0.125"', 'Value="0"')), "does not follow")
        expect_fault(damaged(lambda t: t.replace("/step000001/u<", "/step000001/w<")), "has no dataset /step000001/w")
        expect_fault(damaged(lambda t: t.replace('NumberType="Int"', 'NumberType="Float"')), "holds int32")
        expect_fault(damaged(lambda t: t.replace('Center="Node"', 'Center="Cell"')), "the grid needs")
        expect_fault(damaged(lambda t: t.replace("damaged.h5", "none.h5")), "none.h5 cannot be opened")
        expect_fault(damaged(lambda t: t[:len(t) // 2]), "cannot be read")
        expect_fault(damaged(lambda t: re.sub("<Time [^>]*>", "", t)), "has no time")
        expect_fault(damaged(cut=os.path.getsize(original + ".h5") // 2), "cannot be opened")

        def shape(file):
            del file["step000001/u"]
            file["step000001/u"] = numpy.zeros((2, 2))

        def single(file):
            old = file["step000001/u"][...]
            del file["step000001/u"]
            file["step000001/u"] = old.astype("f4")

        def infinite(file):
            file["step000000/flux"][1, 2] = numpy.inf

        def extra(file):
            file["step000000/more"] = 1.0

        def nameless(file):
            del file.attrs["format"]

        expect_fault(damaged(data=shape), "has the shape (2, 2); stated is")
        expect_fault(damaged(data=single), "holds float32")
        expect_fault(damaged(data=infinite), "not finite")
        expect_fault(damaged(data=extra), "is not in the side file")
        expect_fault(damaged(data=nameless), "format")
    expect_fault(os.path.join(folder, "missing"), "cannot be read")


def killed(folder):
    """However a run dies, the steps that it has completed are there, and so is the output before it."""
    random.seed(1)
    for trial in range(12):
        stem = os.path.join(folder, f"run{trial}")
        with_old = trial % 3 == 0
        if with_old:
            write(stem, 3, 2)
            old = open(stem + ".h5", "rb").read()
        process = subprocess.Popen([*LAUNCHER, stem, "3", "100000"], stdout=subprocess.PIPE)
        for _ in range(random.randint(1, 12)):
            process.stdout.readline()
        time.sleep(random.uniform(0, 0.02))
        process.send_signal(signal.SIGKILL)
        done = 0
        remaining = process.stdout.read()
        process.wait()
        if with_old:
            assert open(stem + ".h5", "rb").read() == old
            expect_good(stem)
            stem += ".part"
        # Killed between a step and its line in the side file, the two may differ by that step.
        expect_repaired(stem)
        with h5py.File(stem + ".h5", "r") as file:
            done = sum(name.startswith("step") for name in file)
        printed = re.findall(rb"step (\d+)", remaining)
        assert done >= (int(printed[-1]) + 1 if printed else 1), (done, printed)
        values(stem, done - 1, 3)


def expect_repaired(stem):
    status, text = check(stem, "--repair")
    rest = [line for line in text.splitlines()
            if "is not in the side file" not in line and "taken back" not in line and "good" not in line]
    assert not rest, text
    assert len(set(re.findall(r"/(step\d+)/", text))) <= 1, text


def full_disk(folder):
    """A file system of 1 MB, where one can be mounted."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True)
    if mounted.returncode != 0:
        print("no file system can be mounted here")
        sys.exit(77)
    try:
        stem = os.path.join(folder, "run")
        result = subprocess.run([*LAUNCHER, stem, "3", "1000"], capture_output=True, text=True)
        assert result.returncode == 4, result.returncode
        lines = [line for line in result.stderr.splitlines() if line.startswith("write_fields: ")]
        assert len(lines) == 1 and "no space left on the disk" in lines[0], result.stderr
        steps = result.stdout.count("step ")
        assert steps > 2
        expect_good(stem)
        values(stem, steps - 1, 3)
        old = open(stem + ".h5", "rb").read()
        result = subprocess.run([*LAUNCHER, stem, "3", "1000"], capture_output=True, text=True)
        assert result.returncode == 4 and open(stem + ".h5", "rb").read() == old
    finally:
        subprocess.run(["umount", folder], check=True)


def main():
    folder = tempfile.mkdtemp(prefix="fields_", dir=os.getcwd())
    cases = {"good_1d": lambda: good(folder, 1), "good_2d": lambda: good(folder, 2),
             "good_3d": lambda: good(folder, 3), "faults": lambda: faults(folder),
             "killed": lambda: killed(folder), "full_disk": lambda: full_disk(folder)}
    try:
        cases[CASE]()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
