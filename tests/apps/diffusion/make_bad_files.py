#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the faulty decks and data files of the bad-input tests into a folder."""
import os
import sys

import h5py
import numpy


def write_fields(path):
    kappa = numpy.ones((8, 8, 8))
    negative, nan = kappa.copy(), kappa.copy()
    negative[5, 3, 2] = -3.0
    nan[7, 0, 1] = numpy.nan
    # A closed shell of solid cells around 2 x 2 x 1 fluid cells.
    pockets = numpy.zeros((8, 8, 8), dtype="i4")
    pockets[2:5, 2:6, 2:6] = 1
    pockets[3, 3:5, 3:5] = 0
    # Ten pockets of two cells, more than a null space holds, and a single enclosed cell.
    many = numpy.zeros((16, 16, 16), dtype="i4")
    many[0:12, 0:12, 0:4] = 1
    for n in range(10):
        z, y = 1 + 3 * (n % 4), 1 + 3 * (n // 4)
        many[z, y, 1:3] = 0
    many[10, 10, 2] = 0
    with h5py.File(path, "w") as file:
        file["kappa"], file["negative"], file["nan"] = kappa, negative, nan
        file["small"] = numpy.ones((4, 4, 4))
        file["pockets"], file["many_pockets"] = pockets, many


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    write_fields("fields.h5")
    with open("fields.h5", "rb") as whole, open("truncated.h5", "wb") as part:
        data = whole.read()
        part.write(data[: len(data) // 2])
    with open("text.h5", "w", encoding="ascii") as file:
        file.write("kappa = 1\n" * 100)
    os.makedirs("folder", exist_ok=True)
    with open("blocker", "w", encoding="ascii") as file:
        file.write("a file where a folder is wanted\n")
    # Files of a deck lie beside it, those of the same name in the working directory go first.
    os.makedirs("decks", exist_ok=True)
    with h5py.File("decks/beside.h5", "w") as file:
        file["kappa"], file["face"] = numpy.full((8, 8, 8), 4.0), numpy.full((8, 8), 3.0)
        file["solid"] = numpy.zeros((8, 8, 8))
        file["solid"][2:4, 2:4, 2:4] = 1
    with open("decks/fields.h5", "w", encoding="ascii") as file:
        file.write("not the one that is wanted\n")
    with open("decks/beside.yaml", "w", encoding="ascii") as file:
        file.write("diffusion:\n  medium: file\n  medium_file: beside.h5:/kappa\n  source: beside.h5:/kappa\n"
                   "  bc_x_lo: dirichlet\n  bc_x_lo_value: beside.h5:/face\n"
                   "  obstacles: \"mask:beside.h5,solid mask:fields.h5,pockets\"\n")
    with open("decks/absent.yaml", "w", encoding="ascii") as file:
        file.write("diffusion:\n  obstacles: mask:absent.h5,solid\n")
    with open("malformed.yaml", "w", encoding="ascii") as file:
        file.write("diffusion:\n  dim: 3\n\tgrid: [8, 8, 8]\n")
    with open("misspelt.yaml", "w", encoding="ascii") as file:
        file.write("diffusion:\n  contrats: 10\n")


if __name__ == "__main__":
    main()
