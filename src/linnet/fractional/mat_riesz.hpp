// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Mat type "riesz": B-spline collocation of kappa (-Laplace)^(alpha/2) + reaction on an interval,
/// for functions that vanish outside of it, 1 < alpha < 2. The operator is the integral
/// (restricted) fractional Laplacian, with the Fourier multiplier +|xi|^alpha on the whole line.
///
/// The matrix acts on spline coefficients and gives values at the Greville points:
///   A = kappa (n / length)^alpha A_scaled + reaction M,
/// with n knot spans, A_scaled and the mass matrix M of collocation_entries.hpp. It has n + p - 2
/// rows and is not symmetric, but centrosymmetric. Products cost O(N log N + N p) and gather the
/// vector on every rank.
///
/// Options, under the prefix of the matrix:
///   -mat_riesz_n (64), -mat_riesz_degree (3), -mat_riesz_alpha (1.5), -mat_riesz_length (1),
///   -mat_riesz_coefficient (1), -mat_riesz_reaction (0)
#pragma once

#include <linnet/core/petsc.hpp>

#define MATRIESZ "riesz"

namespace linnet::fractional {

struct RieszOptions {
  PetscInt spans = 64; ///< n, at least degree + 1
  PetscInt degree = 3; ///< p, 2 to 15
  PetscReal alpha = 1.5;
  PetscReal length = 1.0;      ///< of the interval
  PetscReal coefficient = 1.0; ///< kappa, not negative
  PetscReal reaction = 0.0;    ///< not negative
};

/// Before MatSetUp. Sets the sizes as well, unless they were set. Logically collective.
PetscErrorCode MatRieszSetOptions(Mat A, const RieszOptions& options);
PetscErrorCode MatRieszGetOptions(Mat A, RieszOptions* options);
/// A new matrix on the same splines and layout with other factors: (0, 1) gives the mass matrix,
/// (theta dt kappa, 1) a step in time. Collective.
PetscErrorCode MatRieszCreateSimilar(Mat A, PetscReal coefficient, PetscReal reaction, Mat* B);
/// The Greville points of this rank's rows, from 0 to length, in @p points (same layout as the
/// rows). Collective.
PetscErrorCode MatRieszGetPoints(Mat A, Vec points);
/// The values at @p count points @p x of the function with the coefficients @p coefficients, on all
/// ranks; 0 outside of [0, length]. Collective.
PetscErrorCode MatRieszEvaluate(Mat A, Vec coefficients, PetscInt count, const PetscReal x[],
                                PetscReal values[]);

/// Constructor for MatRegister.
PetscErrorCode MatCreate_Riesz(Mat A);

} // namespace linnet::fractional
