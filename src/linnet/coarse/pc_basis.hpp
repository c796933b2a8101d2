// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// PC type "basis": two levels, the coarse one spanned by given vectors Phi: modes of training
/// solutions (POD), the trunk of an operator network, sines, or vectors of the user. Subspace
/// correction as by Kopanicakova and Karniadakis, SIAM J. Sci. Comput. 47 (2025) C151, arXiv
/// 2401.02016; deflation as by Tang, Nabben, Vuik and Erlangga, J. Sci. Comput. 39 (2009) 340.
///
/// With A_0 = Phi^T A Phi, Q = Phi A_0^-1 Phi^T, W = A Phi and a smoother S, one application does
///  - multiplicative:  z = S r;  z += Q (r - A z);  z += S^T (r - A z)
///  - deflated:        z = P^T S P r + Q r with P = I - W A_0^-1 Phi^T, S symmetric; solves start
///                     from x + Q (b - A x)
///  - additive:        z = S r + Q r, S symmetric
/// For a symmetric positive definite A, which Cholesky's factor of A_0 shows on the coarse space,
/// all are symmetric positive definite, as CG needs. Any other A gets LU factors of A_0 and
/// S in place of S^T, for GMRES and its like; conjugate gradients are then refused.
///
/// The smoother is a PC with the prefix "basis_smoother_" (coarse/smoother.hpp): by default, Gauss-
/// Seidel forward and backward. A is the preconditioning matrix, or with `-pc_use_amat` the
/// system's. Phi is made orthonormal, dependent vectors are left out, and its rows without
/// couplings are zero.
///
/// Options:
///  - `-pc_basis_type pod|trunk|sine|file` (pod): functions tabulated in a model file
///    (linalg/tabulated_basis.hpp), interpolated to the grid of the PC's DMDA or of
///    `-pc_basis_grid`; the trunk of a DeepONet at the points of that grid, or its table where the
///    file has no trunk (modes of a POD); sines; a value for every row in an HDF5 file.
///  - `-pc_basis_file FILE.h5`: that file; with `file`, FILE.h5:/dataset for another than
///  /basis/phi.
///  - `-pc_basis_size p` (all there are, 64 sines): take the first p vectors; 0: the smoother
///  alone.
///  - `-pc_basis_points cell_centers|nodes|inner_nodes` (cell_centers): where grid points lie.
///  - `-pc_basis_grid nx,ny[,nz]`, `-pc_basis_periodic x,y[,z]`: of a naturally numbered matrix.
///  - `-pc_basis_blocks nx,ny[,nz]` (1): cut the vectors into so many parts of the grid.
///  - `-pc_basis_variant multiplicative|deflated|additive` (multiplicative).
///  - `-pc_basis_reuse` (yes): keep the vectors when the matrix changes; W and A_0 are made anew.
///  - `-pc_basis_near_null_space k` (0): give the preconditioning matrix the first k vectors, made
///    orthonormal, as its near-null space, before the smoother is set up; for gamg.
///  - `-pc_basis_smoother_damping w` (0: found).
#pragma once

#include <linnet/coarse/basis_vectors.hpp>

#include <petscpc.h>

#define PCBASIS "basis"

namespace linnet::coarse {

enum class BasisType { pod, trunk, sine, file };
enum class BasisVariant { multiplicative, deflated, additive };

/// Constructor for PCRegister.
PetscErrorCode PCCreate_Basis(PC pc);

/// Takes these vectors, a dense matrix with the rows of the PC's matrix, in place of
/// `-pc_basis_type`; null goes back to it. Referenced, and read at the next set-up; a later change
/// of its values is seen at the next set-up for a changed matrix. Logically collective.
PetscErrorCode PCBasisSetVectors(PC pc, Mat vectors);
/// Setters of the options above; they do nothing on a PC of another type. Logically collective. A
/// change takes effect at the next set-up.
PetscErrorCode PCBasisSetType(PC pc, BasisType type);
PetscErrorCode PCBasisSetFile(PC pc, const char file[]);
PetscErrorCode PCBasisSetSize(PC pc, PetscInt size); ///< or PETSC_DECIDE
PetscErrorCode PCBasisSetPoints(PC pc, GridPoints points);
/// @p dimension 2 or 3, @p points that many counts; @p periodic may be null.
PetscErrorCode PCBasisSetGrid(PC pc, PetscInt dimension, const PetscInt points[],
                              const PetscBool periodic[]);
/// @p dimension 1 to 3.
PetscErrorCode PCBasisSetBlocks(PC pc, PetscInt dimension, const PetscInt blocks[]);
PetscErrorCode PCBasisSetVariant(PC pc, BasisVariant variant);
PetscErrorCode PCBasisSetReuse(PC pc, PetscBool reuse);
PetscErrorCode PCBasisSetNearNullSpace(PC pc, PetscInt vectors);
PetscErrorCode PCBasisSetSmootherDamping(PC pc, PetscReal damping);
/// The smoother, to set its type and options; belongs to the PC. It has no type before the first
/// set-up unless one was set. Not collective.
PetscErrorCode PCBasisGetSmoother(PC pc, PC* smoother);

/// What a PC that is set up has.
struct BasisInfo {
  PetscInt size = 0;      ///< orthonormal vectors
  PetscInt dropped = 0;   ///< dependent ones that were left out
  PetscInt updates = 0;   ///< how often W and A_0 were made
  PetscInt spaces = 0;    ///< how often the vectors were made
  bool definite = false;  ///< A_0 has a Cholesky factor
  double condition = 0.0; ///< of A_0
  double damping = 1.0;   ///< of the smoother
};
/// Not collective.
PetscErrorCode PCBasisGetInfo(PC pc, BasisInfo* info);

} // namespace linnet::coarse
