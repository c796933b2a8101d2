#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Levy flights: the mean time in which they leave the interval (0,1), from every starting point.

It solves (-Laplace)^(alpha/2) u = 1 in (0,1), u = 0 outside, and is known: (x(1-x))^(alpha/2) / Gamma(alpha+1).

mpirun -n 2 python3 riesz.py -mat_riesz_n 1024 -pc_type tau -dll_append PREFIX/lib/linnet/liblinnet.so
"""
import math
import sys

import petsc4py

# PETSc loads plug-ins once, while it starts: the option must be among the arguments given here.
petsc4py.init(sys.argv)
from petsc4py import PETSc  # noqa: E402


def riesz_matrix(prefix=None):
    """As -mat_riesz_... (or -PREFIXmat_riesz_...) say."""
    matrix = PETSc.Mat().create()
    matrix.setType("riesz")
    matrix.setOptionsPrefix(prefix)
    matrix.setFromOptions()
    matrix.setUp()
    return matrix


def mass_matrix():
    """The same splines, without the operator: from coefficients to values at the Greville points."""
    options = PETSc.Options()
    for name in ("mat_riesz_dim", "mat_riesz_n", "mat_riesz_degree", "mat_riesz_length"):
        if options.hasName(name):
            options["mass_" + name] = options.getString(name)
    options["mass_mat_riesz_coefficient"] = 0.0
    options["mass_mat_riesz_reaction"] = 1.0
    return riesz_matrix("mass_")


def main():
    options = PETSc.Options()
    matrix = riesz_matrix()
    source, solution = matrix.createVecLeft(), matrix.createVecRight()
    source.set(1.0)

    ksp = PETSc.KSP().create()
    ksp.setOperators(matrix)
    ksp.setType("gmres")
    ksp.setPCSide(PETSc.PC.Side.RIGHT)  # then its norm is that of the residual
    ksp.setTolerances(rtol=1e-10)
    ksp.setErrorIfNotConverged(True)
    ksp.setFromOptions()
    ksp.solve(source, solution)

    values = source.duplicate()
    mass_matrix().mult(solution, values)
    PETSc.Sys.Print(f"iterations {ksp.getIterationNumber()}, largest value {values.max()[1]:.6f}")
    if options.getInt("mat_riesz_dim", 1) == 1 and not options.hasName("mat_riesz_reaction"):
        alpha = options.getReal("mat_riesz_alpha", 1.5)
        half = 0.5 * options.getReal("mat_riesz_length", 1.0)
        exact = half ** alpha / math.gamma(alpha + 1.0) / options.getReal("mat_riesz_coefficient", 1.0)
        PETSc.Sys.Print(f"exactly {exact:.6f}")


if __name__ == "__main__":
    main()
