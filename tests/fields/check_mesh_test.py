#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""check_mesh_test.py CHECKER LAUNCHER... : output on a mesh as an outside program sees it. LAUNCHER... runs write_mesh."""
import os
import re
import subprocess
import sys
import tempfile

import h5py
import numpy

CHECKER, LAUNCHER = sys.argv[1], sys.argv[2:]


def check(stem):
    result = subprocess.run([CHECKER, stem + ".xdmf"], capture_output=True, text=True)
    assert not result.stderr, result.stderr
    return result.returncode, result.stdout


def volumes(nodes, cells):
    """Of the first four nodes of tetrahedra; of hexahedra by three edges at node 0."""
    at = nodes[cells]
    far = [1, 2, 3] if cells.shape[1] == 10 else [1, 3, 4]
    edges = at[:, far] - at[:, :1]
    return numpy.linalg.det(edges) / (6 if cells.shape[1] == 10 else 1)


def contents(stem, kind):
    with h5py.File(stem + ".h5", "r") as file:
        nodes, cells = file["geometry/nodes"][...], file["geometry/cells"][...]
        count = 24 * (6 if kind == "tetrahedra" else 1)
        assert cells.shape == (count, 10 if kind == "tetrahedra" else 8)
        assert numpy.allclose(volumes(nodes, cells), 24 / count, rtol=0, atol=1e-14)
        if kind == "tetrahedra":  # the middles of the edges in VTK's order
            for node, (a, b) in enumerate(((0, 1), (1, 2), (2, 0), (0, 3), (1, 3), (2, 3)), 4):
                middle = 0.5 * (nodes[cells[:, a]] + nodes[cells[:, b]])
                assert numpy.array_equal(nodes[cells[:, node]], middle)
        for step in range(2):
            group = file[f"step{step:06d}"]
            assert numpy.array_equal(group["T"], nodes @ [1, 2, 4] + group.attrs["time"])
            assert numpy.array_equal(group["x"], nodes)
            assert numpy.array_equal(group["c"], numpy.arange(count))
            assert numpy.array_equal(group["quadrature/c"], numpy.arange(count)[:, None])
        assert numpy.array_equal(file["geometry/region"], numpy.arange(count) % 3)


def faults(stem):
    text = open(stem + ".xdmf").read()

    def expect(change, part):
        open(stem + ".xdmf", "w").write(change(text))
        status, found = check(stem)
        assert status == 1 and part in found, f"expected '{part}', found {status}: {found}"

    expect(lambda t: re.sub(r'NumberOfElements="\d+"', 'NumberOfElements="7"', t), "the grid needs")
    expect(lambda t: t.replace('Center="Node"', 'Center="Cell"'), "the grid needs")
    expect(lambda t: re.sub(r"<DataItem[^>]*>[^<]*/geometry/cells</DataItem>", "", t), "one list of their nodes")
    open(stem + ".xdmf", "w").write(text)
    with h5py.File(stem + ".h5", "r+") as file:
        file["geometry/cells"][2, 3] = 10**6
    status, found = check(stem)
    assert status == 1 and "names nodes outside" in found, found


def main():
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("hexahedra", "tetrahedra"):
            stem = os.path.join(folder, kind)
            subprocess.run([*LAUNCHER, stem, kind, "2"], check=True)
            status, text = check(stem)
            assert status == 0, text
            contents(stem, kind)
            faults(stem)


main()
