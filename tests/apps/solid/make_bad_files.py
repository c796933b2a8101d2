#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""make_bad_files.py FOLDER: inputs that the app must refuse."""
import json
import os
import sys

import h5py
import numpy

FOLDER = sys.argv[1]
# A unit cube: corners in gmsh's order for a hexahedron.
CORNERS = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)]


def path(name):
    return os.path.join(FOLDER, name)


def mesh(name, nodes, groups):
    with open(path(name), "w", encoding="utf-8") as file:
        file.write("$MeshFormat\n2.2 0 8\n$EndMeshFormat\n")
        if groups:
            file.write('$PhysicalNames\n2\n2 1 "bottom"\n3 2 "body"\n$EndPhysicalNames\n')
        file.write("$Nodes\n8\n" + "".join(f"{i + 1} {x} {y} {z}\n" for i, (x, y, z) in enumerate(CORNERS)))
        file.write("$EndNodes\n$Elements\n")
        quads = "1 3 2 1 1 1 2 3 4\n" if groups else ""
        file.write(f"{2 if groups else 1}\n{quads}2 5 2 2 1 {' '.join(map(str, nodes))}\n$EndElements\n")


def material(name, **changes):
    with open(path(name), "w", encoding="utf-8") as file:
        json.dump({"T": [20, 600], "E": [2e5, 1.5e5], "nu": 0.3, "density": 8e-9, **changes}, file)


def main():
    os.makedirs(FOLDER, exist_ok=True)
    mesh("good.msh", range(1, 9), True)
    mesh("no_groups.msh", range(1, 9), False)
    mesh("inverted.msh", [5, 6, 7, 8, 1, 2, 3, 4], True)
    with open(path("good.msh"), encoding="utf-8") as file:
        text = file.read()
    with open(path("cut.msh"), "w", encoding="utf-8") as file:
        file.write(text[:len(text) // 2])
    material("good.json")
    material("young.json", E=[2e5, -1])
    material("poisson.json", nu=0.5)
    material("one_row.json", T=[20], E=[2e5])
    field = numpy.full(27, 300.0)
    with h5py.File(path("field.h5"), "w") as file:
        file["T"] = field
        file["short"] = field[:26]
        file["nan"] = numpy.where(numpy.arange(27) == 13, numpy.nan, field)
        file["hot"] = field + 500
    with open(path("field.h5"), "rb") as file:
        data = file.read()
    with open(path("cut.h5"), "wb") as file:
        file.write(data[:len(data) // 2])


main()
