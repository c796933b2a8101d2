// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// AIJ matrices of diffusion problems on a DMDA, filled by PETSc alone.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/core/types.hpp>

#include <petscdmda.h>

#include <functional>

namespace linnet::test {

struct DiffusionCase {
  int dimension = 3;
  core::Index3 points{8, 8, 8};
  std::array<bool, 3> periodic{};
  bool dirichlet = true; ///< couplings across the boundary stay in the diagonal; else Neumann
  /// Coefficient of a cell by its global index; 0: solid, an identity row behind no-flux walls.
  std::function<double(int, int, int)> kappa = [](int, int, int) { return 1.0; };
  /// Rotated anisotropy in 2-D: couplings (1,1) and (1,-1) of the 9-point stencil, by cell.
  std::function<double(int, int)> diagonal_coupling;
  double scale = 1.0;
  core::Real3 ratios{1.0, 1.0, 1.0}; ///< grid-aligned anisotropy: factors of the couplings
  /// Takes the place of the face mean, where given: coupling along direction d between the cell p
  /// and its neighbour q, which may lie one cell outside. Symmetric in p and q.
  std::function<double(std::size_t, const core::Index3&, const core::Index3&)> coupling{};
};

/// A DMDA that suits @p c on @p comm. The caller destroys it.
DM make_da(MPI_Comm comm, const DiffusionCase& c);
/// The matrix of harmonic face means; a Dirichlet face counts the cell's own coefficient (node at
/// the distance of one cell). The caller destroys it.
Mat make_matrix(DM da, const DiffusionCase& c);
/// Values that depend on @p seed and the grid point alone.
Vec make_vector(DM da, std::uint64_t seed);
/// 10^(random exponent between 0 and log10(contrast)), by cell.
std::function<double(int, int, int)> random_kappa(double contrast, std::uint64_t seed);
/// Blocks of @p size cells with coefficient 1 or @p contrast.
std::function<double(int, int, int)> block_kappa(double contrast, int size, std::uint64_t seed);

/// CG (or @p method) with `boxmg`, true relative residual @p rtol; options go to the PC with the
/// prefix of the default database. Returns iterations, or -1 if it did not converge, and checks the
/// residual.
int solve(Mat matrix, DM da, Vec b, double rtol, const std::function<void(PC)>& configure = {},
          const char* method = KSPCG);

} // namespace linnet::test
