#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Samples of other programs' files: MATLAB 7.3 by an independent writer, plain HDF5 with chunks and filters, ranges of
several files, and what is refused."""
import os

import h5py
import numpy

import common
import write_mat73

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def check_functions(path, read, expect, refuse):
    """Functions at sensors: points of all samples or of each, one or several outputs."""
    random = numpy.random.default_rng(2)
    u, y, own = random.normal(size=(4, 6)), random.normal(size=(3, 2)), random.normal(size=(4, 3, 2))
    s, two = random.normal(size=(4, 3)), random.normal(size=(4, 2, 3))
    file_of = path("functions.h5")
    with h5py.File(file_of, "w") as file:
        for name, values in (("u", u), ("y", y), ("own", own), ("s", s), ("two", two), ("single", s[:, 0]),
                             ("place", own[:, 0]), ("square", own[:3])):
            file["set/" + name] = values

    def flat(values):
        return values.reshape(4, -1, 1, 1, 1)

    def names(points, output):
        return ["-train_import_input", "set/u", "-train_import_points", "set/" + points, "-train_import_output",
                output if output == "none" else "set/" + output]

    for points, output in (("y", s), ("own", s), ("place", s[:, 0]), ("y", two)):
        name = {1: "single", 2: "s", 3: "two"}[output.ndim]
        found = read([file_of], None, *names(points, name))
        wanted = {"sensors": flat(u), "solution": flat(output)}
        if points == "y":
            if (found.pop("grid") != y).any():
                common.fail("the points of all samples are not kept")
        else:
            wanted["points"] = flat({"own": own, "place": own[:, 0]}[points])
        expect(found, **wanted)
    refuse("'set/square': has the shape (3,3,2); (point, coordinate) for all samples", 4, [file_of], None,
           *names("square", "s"))
    refuse("-train_import_axes: is for fields", 2, [file_of], None, *names("y", "s"), "-train_import_axes", "sample,x")


def main():
    args = common.arguments()
    os.makedirs(args.work, exist_ok=True)

    def path(name):
        return os.path.join(args.work, name)

    def options(files, samples, *more):
        """`samples` None: as many as there are."""
        return ["-train_data", "import", "-train_epochs", 0, *(["-train_samples", samples] if samples else []),
                "-train_import_files", ",".join(files), "-train_samples_file", path("samples.h5"), "-options_left", *more]

    def read(files, samples, *more, ranks=2):
        text = common.run(args.mpi, ranks, args.app, options(files, samples, *more))
        if "unused" in text.replace("no unused", ""):
            common.fail(text)
        with h5py.File(path("samples.h5"), "r") as file:
            return {name: file[name][...] for name in file}

    def expect(found, **wanted):
        if set(found) != set(wanted):
            common.fail(f"fields {sorted(found)}")
        for name, values in wanted.items():
            values = numpy.asarray(values, "float32")
            if found[name].shape != values.shape or (found[name] != values).any():
                common.fail(f"{name} of the shape {found[name].shape} is not what was written")

    def refuse(line, code, *arguments):
        text = common.run(args.mpi, 2, args.app, options(*arguments), expect=code)
        if text.count(line) != 1:
            common.fail(f"not '{line}': {text}")

    pair, flow = write_mat73.expected()
    a, u = (pair[name][:, None, None] for name in ("coeff", "sol"))
    pairs_mat, flow_mat = os.path.join(DATA, "pairs.mat"), os.path.join(DATA, "flow.mat")
    for ranks in (1, 2, 4):
        expect(read([pairs_mat], 5, ranks=ranks), coefficient=a, solution=u)
        os.remove(path("samples.h5"))
    expect(read([pairs_mat], 5, "-train_stride", 2), coefficient=a[..., ::2, ::2], solution=u[..., ::2, ::2])
    # Times are channels: axis sample, x, y, time to sample, time, z, y, x.
    frames = numpy.moveaxis(flow["u"], (3, 2, 1), (1, 2, 3))[:, :, None]
    start = numpy.swapaxes(flow["a"], 1, 2)[:, None, None]
    expect(read([flow_mat], 4, "-train_import_trajectory", "u"), vorticity=frames)
    expect(read([flow_mat], 4, "-train_import_trajectory", "a,u"), vorticity=numpy.concatenate([start, frames], 1))

    # The same by h5py: in C order, in chunks, compressed, in a group, as integers, with channels and z.
    plain = path("plain.h5")
    volume = numpy.arange(3 * 2 * 4 * 5 * 6).reshape(3, 2, 4, 5, 6)
    with h5py.File(plain, "w") as file:
        file.create_dataset("set/a", data=pair["coeff"], chunks=(2, 3, 4), compression="gzip", shuffle=True)
        file.create_dataset("set/u", data=pair["sol"], chunks=(5, 1, 9), fletcher32=True)
        file.create_dataset("volume", data=volume.astype("int32"))
        file.create_dataset("first", data=volume[:, 0].astype(">f8"))
    names = ["-train_import_input", "set/a", "-train_import_output", "set/u"]
    expect(read([plain], 5, *names), coefficient=a, solution=u)
    expect(read([plain], 2, *names), coefficient=a[:2], solution=u[:2])  # the first ones
    expect(read([plain, plain], None, *names, "-train_import_ranges", "1:2,3:5"),
           coefficient=a[[1, 3, 4]], solution=u[[1, 3, 4]])
    expect(read([plain], 3, "-train_import_input", "volume,first", "-train_import_output", "first",
                "-train_import_axes", "sample,channel,z,y,x"),
           coefficient=numpy.concatenate([volume, volume[:, :1]], 1), solution=volume[:, :1])
    # Inputs alone, and functions on a line.
    expect(read([plain], None, *names[:2], "-train_import_output", "none"), coefficient=a)
    expect(read([plain], None, "-train_import_input", "set/a", "-train_import_output", "set/u", "-train_import_axes",
                "sample,channel,x"),
           coefficient=a.reshape(5, 7, 1, 1, 9), solution=u.reshape(5, 7, 1, 1, 9))
    check_functions(path, read, expect, refuse)
    # A file that was changed is read anew.
    with h5py.File(plain, "r+") as file:
        file["set/u"][0] = 7.0
    if (read([plain], 5, *names)["solution"][0] != 7.0).any():
        common.fail("the samples of a file that has changed are still the old ones")

    with open(path("old.mat"), "wb") as file:
        file.write(b"MATLAB 5.0 MAT-file, Platform: GLNXA64".ljust(128) + bytes(64))
    with open(path("noise.mat"), "wb") as file:
        file.write(b"noise" * 100)
    with h5py.File(path("bad.h5"), "w") as file:
        file["coeff"] = pair["coeff"]
        file["sol"] = numpy.where(pair["coeff"] == 311.0, numpy.nan, 1.0)
        file["short"] = pair["sol"][:, :5]
        file["link"] = h5py.ExternalLink("plain.h5", "/volume")
        file["text"] = numpy.full((5, 7, 9), b"x")
        file.create_dataset("empty", (5, 7, 9), "f8", chunks=(1, 7, 9))
    bad = path("bad.h5")
    refuse("is a file of MATLAB before version 7.3, which is not HDF5; save it with save(..., '-v7.3')", 4,
           [path("old.mat")], 5)
    refuse("noise.mat: is not an HDF5 file", 4, [path("noise.mat")], 5)
    refuse("no such file", 4, [path("none.mat")], 5)
    refuse("'sol': holds a value that is not finite", 4, [bad], 5)
    refuse("'nothing': there is no such dataset; the file has coeff, empty, short, sol, text", 4, [bad], 5, "-train_import_output", "nothing")
    refuse("'short' has another grid", 4, [bad], 5, "-train_import_output", "short")
    refuse("'link': is a soft or external link", 4, [bad], 5, "-train_import_output", "link")
    refuse("'text': does not hold real numbers", 4, [bad], 5, "-train_import_output", "text")
    refuse("'empty': its values are not in the file", 4, [bad], 5, "-train_import_output", "empty")
    refuse("-train_samples: must be at most 5, which the files hold, got 6", 2, [pairs_mat], 6)
    refuse("-train_import_ranges: must be like 0:1000 for each file, got 3", 2, [pairs_mat], 5, "-train_import_ranges", "3")
    refuse("-train_import_ranges: ends at 6", 2, [pairs_mat], 5, "-train_import_ranges", "0:6")
    refuse("-train_import_ranges: has 2 ranges for 1 files", 2, [pairs_mat], 5, "-train_import_ranges", "0:1,2:3")
    refuse("-train_import_axes: one axis must be sample", 2, [pairs_mat], 5, "-train_import_axes", "time,y,x")
    refuse("-train_import_axes: an axis is named twice", 2, [pairs_mat], 5, "-train_import_axes", "sample,y,y,x")
    refuse("has the shape (5,7,9), and 5 axes are named", 4, [pairs_mat], 5, "-train_import_axes", "sample,channel,z,y,x")
    if os.path.exists(path("samples.h5.tmp")):
        os.remove(path("samples.h5.tmp"))


if __name__ == "__main__":
    main()
