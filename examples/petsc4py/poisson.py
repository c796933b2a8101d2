#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Poisson's equation on the unit square, assembled in Python and preconditioned by Linnet.

mpirun -n 2 python3 poisson.py -pc_type boxmg -dll_append PREFIX/lib/linnet/liblinnet.so
"""
import sys

import petsc4py

# PETSc loads plug-ins once, while it starts: the option must be among the arguments given here.
petsc4py.init(sys.argv)
from petsc4py import PETSc  # noqa: E402


def assemble(grid):
    """The 5-point stencil on cells, times h^2, zero on the boundary; source 1."""
    matrix = grid.createMatrix()
    row, column = PETSc.Mat.Stencil(), PETSc.Mat.Stencil()
    width, height = grid.sizes
    (x0, x1), (y0, y1) = grid.ranges
    for j in range(y0, y1):
        for i in range(x0, x1):
            row.index = (i, j)
            diagonal = 0.0
            for ii, jj in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
                inside = 0 <= ii < width and 0 <= jj < height
                diagonal += 1.0 if inside else 2.0
                if inside:
                    column.index = (ii, jj)
                    matrix.setValueStencil(row, column, -1.0)
            matrix.setValueStencil(row, row, diagonal)
    matrix.assemble()
    source = grid.createGlobalVec()
    source.set(1.0 / (width * width))
    return matrix, source


def main():
    grid = PETSc.DMDA().create([64, 64], stencil_type=PETSc.DMDA.StencilType.STAR, stencil_width=1, setup=False)
    grid.setFromOptions()
    grid.setUp()
    matrix, source = assemble(grid)
    solution = source.duplicate()

    ksp = PETSc.KSP().create()
    ksp.setDM(grid)
    ksp.setDMActive(False)
    ksp.setOperators(matrix)
    ksp.setType("cg")
    ksp.setTolerances(rtol=1e-8)
    ksp.setErrorIfNotConverged(True)
    ksp.setFromOptions()
    ksp.solve(source, solution)
    PETSc.Sys.Print(f"iterations {ksp.getIterationNumber()}, largest value {solution.max()[1]:.4f}")


if __name__ == "__main__":
    main()
