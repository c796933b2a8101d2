// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nonlinear/guarded_guess.hpp>

#include <linnet/core/owned.hpp>

#include <cmath>
#include <limits>

namespace linnet::nonlinear {
namespace {

constexpr int trials = 3;

core::Owned<Vec> like(Vec u) {
  Vec v = nullptr;
  LINNET_CHECK(VecDuplicate(u, &v));
  return core::Owned<Vec>(v);
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
  GuardedGuess result;
  result.at_zero = residual_norm(snes, zero.get());
  for (int trial = 0; trial < trials; ++trial, result.factor *= 0.5) {
    if (trial > 0) LINNET_CHECK(VecScale(u, 0.5));
    result.residual = residual_norm(snes, u);
    if (result.residual < result.at_zero) return result;
  }
  LINNET_CHECK(VecZeroEntries(u));
  result.residual = result.at_zero;
  result.factor = 0.0;
  return result;
}

} // namespace linnet::nonlinear
