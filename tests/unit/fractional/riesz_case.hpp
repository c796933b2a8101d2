// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the tests of Mat "riesz" and PC "tau" share.
#pragma once

#include <linnet/fractional/mat_riesz.hpp>
#include <linnet/fractional/pc_tau.hpp>

#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

namespace linnet::test {

inline Mat make_riesz(MPI_Comm comm, const fractional::RieszOptions& options) {
  Mat a;
  LINNET_CHECK(MatCreate(comm, &a));
  LINNET_CHECK(MatSetType(a, MATRIESZ));
  LINNET_CHECK(fractional::MatRieszSetOptions(a, options));
  LINNET_CHECK(MatSetUp(a));
  return a;
}

/// A vector with the value f(global index).
inline Vec make_vector(Mat a, const std::function<double(PetscInt)>& f) {
  Vec v;
  PetscInt begin, end;
  LINNET_CHECK(MatCreateVecs(a, &v, nullptr));
  LINNET_CHECK(VecGetOwnershipRange(v, &begin, &end));
  for (PetscInt i = begin; i < end; ++i) LINNET_CHECK(VecSetValue(v, i, f(i), INSERT_VALUES));
  LINNET_CHECK(VecAssemblyBegin(v));
  LINNET_CHECK(VecAssemblyEnd(v));
  return v;
}

/// Numbers without pattern.
inline double scatter(PetscInt i) {
  const auto x = static_cast<double>(i);
  return std::cos(x * x);
}

/// Iterations of GMRES, preconditioned from the right by tau with the settings of @p set, to
/// @p rtol; -1 without convergence.
inline int solve(
    Mat a, Vec b, Vec x, double rtol, const std::function<void(PC)>& set = [](PC) {}) {
  KSP ksp;
  PC pc;
  PetscInt iterations;
  KSPConvergedReason reason;
  LINNET_CHECK(KSPCreate(PetscObjectComm(reinterpret_cast<PetscObject>(a)), &ksp));
  LINNET_CHECK(KSPSetOperators(ksp, a, a));
  LINNET_CHECK(KSPSetType(ksp, KSPGMRES));
  LINNET_CHECK(KSPGMRESSetRestart(ksp, 100));
  LINNET_CHECK(KSPSetPCSide(ksp, PC_RIGHT));
  LINNET_CHECK(KSPSetTolerances(ksp, rtol, 0.0, PETSC_DEFAULT, 60));
  LINNET_CHECK(KSPGetPC(ksp, &pc));
  LINNET_CHECK(PCSetType(pc, PCTAU));
  set(pc);
  LINNET_CHECK(KSPSolve(ksp, b, x));
  LINNET_CHECK(KSPGetIterationNumber(ksp, &iterations));
  LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
  LINNET_CHECK(KSPDestroy(&ksp));
  return reason > 0 ? static_cast<int>(iterations) : -1;
}

/// (-Laplace)^(alpha/2) of x^q (1-x)^q on (0,1), by the power rule.
inline double riesz_of_bump(int q, double alpha, double x) {
  const auto one_side = [&](double y) {
    double sum = 0.0, binomial = 1.0;
    for (int m = 0; m <= q; ++m) {
      const double power = q + m - alpha;
      sum += binomial * std::tgamma(q + m + 1.0) / std::tgamma(power + 1.0) * std::pow(y, power);
      binomial *= -static_cast<double>(q - m) / (m + 1);
    }
    return sum;
  };
  return (one_side(x) + one_side(1.0 - x)) / (2.0 * std::cos(0.5 * std::numbers::pi * alpha));
}

/// Largest error of the solution of A u = s for a function with the known image s, over 2001
/// points.
inline double largest_error(const fractional::RieszOptions& options, double rtol,
                            const std::function<double(double)>& image,
                            const std::function<double(double)>& exact) {
  Mat a = make_riesz(PETSC_COMM_WORLD, options);
  Vec points, b, x;
  LINNET_CHECK(MatCreateVecs(a, &points, &b));
  LINNET_CHECK(VecDuplicate(b, &x));
  LINNET_CHECK(fractional::MatRieszGetPoints(a, 0, points));
  PetscInt begin, end;
  LINNET_CHECK(VecGetOwnershipRange(points, &begin, &end));
  for (PetscInt i = begin; i < end; ++i) {
    PetscScalar at;
    LINNET_CHECK(VecGetValues(points, 1, &i, &at));
    LINNET_CHECK(VecSetValue(b, i, image(at), INSERT_VALUES));
  }
  LINNET_CHECK(VecAssemblyBegin(b));
  LINNET_CHECK(VecAssemblyEnd(b));
  solve(a, b, x, rtol); // down to rounding, where GMRES may stop short of rtol: the error decides
  double error = 0.0;
  std::vector<double> at, values(2001);
  for (int k = 0; k <= 2000; ++k) at.push_back(k / 2000.0);
  LINNET_CHECK(fractional::MatRieszEvaluate(a, x, 2001, at.data(), values.data()));
  for (std::size_t k = 0; k < at.size(); ++k)
    error = std::max(error, std::abs(values[k] - exact(at[k])));
  for (Vec* v : {&points, &b, &x}) LINNET_CHECK(VecDestroy(v));
  LINNET_CHECK(MatDestroy(&a));
  return error;
}

} // namespace linnet::test
