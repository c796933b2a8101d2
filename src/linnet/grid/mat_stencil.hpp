// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Mat type "stencil": a matrix-free fp64 operator on a DMDA of one unknown per point.
///
/// It comes from `-dm_mat_type stencil` through DMCreateMatrix, or from MatCreate, MatSetDM,
/// MatSetType. It has two modes:
///  - symmetric: couplings and row sum (kernels/stencil/stencil_pattern.hpp), set by
///  MatStencilSetCouplings;
///  - general: full rows, maybe nonsymmetric, filled by MatSetValues, MatSetValuesLocal or
///    MatSetValuesStencil, also for rows of other ranks. The first such call on a symmetric matrix
///    makes it general.
///
/// Memory traffic of MatMult in bytes per point, x and y included, besides AIJ with 32-bit indices:
///   5-point 40 | 56 | 84,  9-point 56 | 88 | 132,  7-point 48 | 72 | 108,  27-point 128 | 232 |
///   348
/// (symmetric | general | AIJ).
///
/// What needs rows (factorisations, relaxation, algebraic multigrid, sub-matrices, products) runs
/// on an AIJ copy that is made when first asked for and renewed after the values changed.
///
/// Points beyond a non-periodic boundary take no part: a NaN or an infinity in x reaches only the
/// rows of its neighbours within the pattern, as with an AIJ matrix that stores the full pattern.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/grid/partition.hpp>
#include <linnet/kernels/row_spans.hpp>
#include <linnet/kernels/stencil/stencil_pattern.hpp>

#include <optional>
#include <vector>

#define MATSTENCIL "stencil"

namespace linnet::grid {

/// Coefficients of the symmetric mode on this rank's box.
struct StencilData {
  kernels::StencilPattern pattern = kernels::StencilPattern::star2d;
  Partition partition;
  /// One field per offset of the upper half, one layer of ghosts (none along z in 2-D) that holds
  /// the neighbours' values, zero beyond the boundary.
  std::vector<kernels::Field<double>> couplings;
  kernels::Field<double> row_sum; ///< laid out like the couplings; its ghosts are zero
  /// The largest magnitude of a coupling or row sum of any rank, where it is known.
  std::optional<double> largest_magnitude;
};

/// Sets the symmetric mode: @p couplings holds `coupling_count(pattern)` global Vecs of the DMDA,
/// @p row_sum one. Values are copied; couplings across a non-periodic boundary are taken as zero.
/// Leaves the matrix assembled, with MAT_SYMMETRIC set, and MAT_SPD when no coupling and no row sum
/// is negative and some row sum is positive. Collective. Errors: PETSC_ERR_USER_INPUT for a value
/// that is not finite, PETSC_ERR_ARG_INCOMP for a pattern of another dimension.
PetscErrorCode MatStencilSetCouplings(Mat A, kernels::StencilPattern pattern, const Vec couplings[],
                                      Vec row_sum);

/// The coefficients of a matrix in symmetric mode, nullptr in general mode. They belong to the
/// matrix and live until it is changed. Not collective.
PetscErrorCode MatStencilGetData(Mat A, const StencilData** data);

/// One step of conjugate gradients for a matrix in symmetric mode: p = scale z + beta p (p = scale
/// z for beta = 0), w = A p, @p pw = p.w over all ranks. @p z lies on this rank's box. Points
/// outside of @p spans, by marched directions (kernels/stencil/planes.hpp), are left out; z, p and
/// w must be zero there. Collective.
PetscErrorCode MatStencilTurnAndMultiply(Mat A, const kernels::Field<float>& z, double scale,
                                         double beta, Vec p, Vec w, const kernels::RowSpans& spans,
                                         double* pw);

/// The residual of a matrix in symmetric mode in double precision, rounded: r = scale (b - A x);
/// @p f becomes r, too, unless it is r itself. r and f lie on this rank's box, of one layout.
/// @p squares is the sum of (b - A x)^2 over all ranks, @p drift that of (scale_before (b - A x) -
/// r)^2 for the r that was there. Collective.
PetscErrorCode MatStencilRenewResidual(Mat A, Vec b, Vec x, double scale, double scale_before,
                                       const kernels::Field<float>& r,
                                       const kernels::Field<float>& f, double* squares,
                                       double* drift);

/// The pattern of the matrix in either mode. Not collective.
PetscErrorCode MatStencilGetPattern(Mat A, kernels::StencilPattern* pattern);

/// Lets MatGetFactor find the factorisations of AIJ, of PETSc and of the packages it was built
/// with, for this type. Once after PetscInitialize().
PetscErrorCode register_stencil_factorisations();

/// Constructor for MatRegister. A matrix whose sizes say that it is rectangular becomes AIJ.
PetscErrorCode MatCreate_Stencil(Mat A);

} // namespace linnet::grid
