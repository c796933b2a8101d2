#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the files of MATLAB 7.3 in data/ anew, by a program that knows nothing of ours: Debian's python3-hdf5storage
(0.1.19 wrote those that are there). They hold what expected() says, as MATLAB's own save() would write it."""
import os

import numpy


def expected():
    """coeff and sol of (samples, y, x); u of (samples, x, y, time), a of (samples, x, y)."""
    sample, y, x = numpy.meshgrid(range(5), range(7), range(9), indexing="ij")
    pair = {"coeff": 100.0 * sample + 10.0 * y + x, "sol": (sample - 0.5 * y + 0.25 * x).astype("float32")}
    sample, x, y, time = numpy.meshgrid(range(4), range(8), range(6), range(3), indexing="ij")
    flow = {"u": sample + 0.1 * x + 0.01 * y + 10.0 * time, "a": (-1.0 - sample - 0.1 * x + 0.01 * y)[..., 0]}
    return pair, flow


def main():
    import hdf5storage
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
    os.makedirs(folder, exist_ok=True)
    for name, arrays in zip(("pairs.mat", "flow.mat"), expected()):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            os.remove(path)
        hdf5storage.savemat(path, arrays, format="7.3", oned_as="column", store_python_metadata=False)


if __name__ == "__main__":
    main()
