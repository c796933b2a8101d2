// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a user can choose about the BoxMG cycle; the fields are the options `-pc_boxmg_<name>`.
#pragma once

#include <cstdint>

namespace linnet::multigrid {

/// Precision of the cycle. The Krylov method around it always works in fp64.
enum class Precision { fp64, fp32 };

/// The smoother S of the cycle: G^T G with a sparse lower triangular G, or a weighted diagonal,
/// which is cheaper to set up and weaker.
enum class Smoother { factored, jacobi };

/// What new values of the matrix do: `never` reuses the hierarchy of the old ones, `automatic` as
/// long as that pays (reuse_rule.hpp).
enum class Reuse { never, automatic };

/// Coarse operators: `automatic` takes stars where the coefficients vary mildly (mild_cycle.hpp) or
/// are constant around obstacles (obstacle_cycle.hpp), `galerkin` the operator-dependent ones of
/// black-box multigrid always.
enum class CoarseOperators { automatic, galerkin };

struct BoxmgOptions {
  Smoother smoother = Smoother::factored;
  Precision precision = Precision::fp32;
  Reuse reuse = Reuse::never;
  CoarseOperators coarse = CoarseOperators::automatic;
  int levels = 30;           ///< most levels, the finest included
  int smooth = 1;            ///< smoothing steps before and after the coarse correction
  int coarse_limit = 400;    ///< at most this many unknowns are solved directly
  bool skip_empty = true;    ///< leave out rows of points without unknowns where that is known
  int agglomerate_limit = 0; ///< fewer points per rank than this are moved to fewer ranks; 0: 24^3
                             ///< in 3-D, 64^2 in 2-D
};

} // namespace linnet::multigrid
