# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""A petsc4py program that knows nothing of Linnet: Poisson's equation on a DMDA, zero on the boundary.

-host_dof N       unknowns per point, each with its own Poisson problem
-host_late FILE   what a user does who loads a plug-in after PETSc has started: the C function LinnetInitialize of FILE
-host_twice       do that two times
"""
import ctypes
import sys

import petsc4py

petsc4py.init(sys.argv)
from petsc4py import PETSc  # noqa: E402


def assemble(grid, dof):
    matrix = grid.createMatrix()
    row, column = PETSc.Mat.Stencil(), PETSc.Mat.Stencil()
    width, height = grid.sizes
    (x0, x1), (y0, y1) = grid.ranges
    for i, j, c in ((i, j, c) for j in range(y0, y1) for i in range(x0, x1) for c in range(dof)):
        row.index, row.field = (i, j), c
        faces_inside = (i > 0) + (i < width - 1) + (j > 0) + (j < height - 1)
        matrix.setValueStencil(row, row, 8.0 - faces_inside)
        for ii, jj in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
            if 0 <= ii < width and 0 <= jj < height:
                column.index, column.field = (ii, jj), c
                matrix.setValueStencil(row, column, -1.0)
    matrix.assemble()
    return matrix


def load_late(options):
    library = options.getString("host_late", "")
    for _ in range(0 if not library else 2 if options.hasName("host_twice") else 1):
        error = ctypes.CDLL(library, ctypes.RTLD_GLOBAL).LinnetInitialize()
        if error:
            raise PETSc.Error(error)


def main():
    options = PETSc.Options()
    load_late(options)
    dof = options.getInt("host_dof", 1)
    grid = PETSc.DMDA().create([32, 32], dof=dof, stencil_type=PETSc.DMDA.StencilType.STAR, stencil_width=1,
                               setup=False)
    grid.setFromOptions()
    grid.setUp()
    matrix = assemble(grid, dof)
    source = grid.createGlobalVec()
    source.set(1.0)

    ksp = PETSc.KSP().create()
    ksp.setDM(grid)
    ksp.setDMActive(False)
    ksp.setOperators(matrix)
    ksp.setType("cg")
    ksp.setFromOptions()
    ksp.solve(source, source.duplicate())


if __name__ == "__main__":
    main()
