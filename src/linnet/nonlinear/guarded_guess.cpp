// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nonlinear/guarded_guess.hpp>

#include <linnet/core/owned.hpp>

#include <cmath>
#include <limits>

namespace linnet::nonlinear {
namespace {

/// Trials on the line beside the guess itself.
constexpr int points_to_zero = 2, points_to_start = 3;

core::Owned<Vec> like(Vec u) {
  Vec v = nullptr;
  LINNET_CHECK(VecDuplicate(u, &v));
  return core::Owned<Vec>(v);
}

/// Each point is half as far from @p start as the one before.
GuardedGuess first_better(SNES snes, Vec start, Vec u, int points) {
  GuardedGuess result;
  result.at_start = residual_norm(snes, start);
  for (int trial = 0; trial <= points; ++trial, result.factor *= 0.5) {
    if (trial > 0) LINNET_CHECK(VecAXPBY(u, 0.5, 0.5, start));
    result.residual = residual_norm(snes, u);
    if (result.residual < result.at_start) return result;
  }
  LINNET_CHECK(VecCopy(start, u));
  result.residual = result.at_start;
  result.factor = 0.0;
  return result;
}

} // namespace

double residual_norm(SNES snes, Vec u) {
  const core::Owned<Vec> owner = like(u);
  Vec f = owner.get();
  PetscReal size = 0.0, norm = 0.0;
  PetscBool outside = PETSC_FALSE;
  LINNET_CHECK(VecNorm(u, NORM_2, &size));
  if (!std::isfinite(size)) return std::numeric_limits<double>::infinity();
  LINNET_CHECK(SNESComputeFunction(snes, u, f));
  LINNET_CHECK(SNESGetFunctionDomainError(snes, &outside));
  if (outside) return std::numeric_limits<double>::infinity();
  LINNET_CHECK(VecNorm(f, NORM_2, &norm));
  return std::isfinite(norm) ? norm : std::numeric_limits<double>::infinity();
}

GuardedGuess guard_guess(SNES snes, Vec u) {
  const core::Owned<Vec> zero = like(u);
  LINNET_CHECK(VecZeroEntries(zero.get()));
  return first_better(snes, zero.get(), u, points_to_zero);
}

GuardedGuess guard_guess(SNES snes, Vec start, Vec u) {
  return first_better(snes, start, u, points_to_start);
}

} // namespace linnet::nonlinear
