// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Mat type "riesz": B-spline collocation of
///   D sum over d of kappa_d (-d2/dx_d2)^(alpha_d/2) + reaction
/// on an interval, rectangle or box, for functions that vanish outside of it, 1 < alpha_d < 2. In
/// every direction the operator is the integral (restricted) fractional Laplacian, with the Fourier
/// multiplier +|xi|^alpha on the whole line. D is a positive function, 1 by default.
///
/// The matrix acts on spline coefficients and gives values at the Greville points:
///   A = D sum over d of (M x .. kappa_d (n_d / length_d)^alpha_d A_d x .. M) + reaction (M x .. M)
/// with n_d knot spans, A_d and the mass matrices M of collocation_entries.hpp. It has the product
/// of n_d + p_d - 2 rows, x fastest. In 1-D any distribution will do, products cost
/// O(N log N + N p), and transforms are distributed, or, for less than 131072 rows, repeated on
/// every rank, which gathers the vector. In 2-D and 3-D each rank has whole planes
/// of the last direction, and lines of up to 1536 values are multiplied by dense blocks, longer
/// ones by Fourier transforms.
///
/// Options, under the prefix of the matrix; lists have one entry for all directions or one each:
///   -mat_riesz_dim (1), -mat_riesz_n (64), -mat_riesz_degree (3), -mat_riesz_alpha (1.5),
///   -mat_riesz_length (1), -mat_riesz_coefficient (1), -mat_riesz_reaction (0),
///   -mat_riesz_fft auto|replicated|distributed (auto)
#pragma once

#include <linnet/core/petsc.hpp>

#include <array>

#define MATRIESZ "riesz"

namespace linnet::fractional {

/// One direction.
struct RieszAxis {
  PetscInt spans = 64; ///< n, at least degree + 1
  PetscInt degree = 3; ///< p, 2 to 15
  PetscReal alpha = 1.5;
  PetscReal length = 1.0;      ///< of the interval
  PetscReal coefficient = 1.0; ///< kappa, not negative
};

/// How the transforms of one direction are spread over the ranks.
enum class RieszFft { automatic, replicated, distributed };

struct RieszOptions {
  PetscInt dim = 1;
  std::array<RieszAxis, 3> axis{}; ///< the first dim count
  PetscReal reaction = 0.0;        ///< not negative
  RieszFft fft = RieszFft::automatic;
};

/// Before MatSetUp. Sets the sizes as well, unless they were set. Logically collective.
PetscErrorCode MatRieszSetOptions(Mat A, const RieszOptions& options);
PetscErrorCode MatRieszGetOptions(Mat A, RieszOptions* options);
/// The variable coefficient D at the rows' points: positive and finite, same layout as the rows;
/// copied. Null for D = 1. Any time. Collective.
PetscErrorCode MatRieszSetCoefficientField(Mat A, Vec coefficient);
/// Null where there is none; belongs to the matrix.
PetscErrorCode MatRieszGetCoefficientField(Mat A, Vec* coefficient);
/// A new matrix on the same splines and layout: @p factor times the operator, with its variable
/// coefficient, and another reaction. (0, 1) gives the mass matrix, (theta dt, 1) a step in time.
/// Collective.
PetscErrorCode MatRieszCreateSimilar(Mat A, PetscReal factor, PetscReal reaction, Mat* B);
/// Another reaction for a matrix that is set up. Collective.
PetscErrorCode MatRieszSetReaction(Mat A, PetscReal reaction);
/// Coordinate @p direction, from 0 to length, of the Greville points of this rank's rows, in
/// @p points (same layout as the rows). Collective.
PetscErrorCode MatRieszGetPoints(Mat A, PetscInt direction, Vec points);
/// The values at @p count points of the function with the coefficients @p coefficients; 0 outside
/// of the box. @p x has dim coordinates per point. Every rank may ask for other points. Collective.
PetscErrorCode MatRieszEvaluate(Mat A, Vec coefficients, PetscInt count, const PetscReal x[],
                                PetscReal values[]);

/// Constructor for MatRegister.
PetscErrorCode MatCreate_Riesz(Mat A);

} // namespace linnet::fractional
