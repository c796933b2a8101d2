// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A diffusion matrix on a DMDA, a PC of type basis for it, vectors by natural index, and solves.
#pragma once

#include "unit/io/scratch.hpp"
#include "unit/multigrid/diffusion_matrix.hpp"

#include <linnet/coarse/pc_basis.hpp>
#include <linnet/core/owned.hpp>
#include <linnet/core/random.hpp>
#include <linnet/linalg/dense_columns.hpp>

#include <gtest/gtest.h>
#include <petscksp.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <string>

namespace linnet::test {

using core::Owned;
using linalg::LocalColumns;

/// value(i, j, column).
using ColumnFunction = std::function<double(int, int, int)>;

inline double noise_at(int i, int j, int column) {
  return core::RandomStream(11, static_cast<std::uint64_t>(column))
             .uniform(static_cast<std::uint64_t>(i + 1000 * j)) -
         0.5;
}

class BasisCase {
public:
  explicit BasisCase(const DiffusionCase& c, MPI_Comm comm = PETSC_COMM_WORLD)
      : da_(make_da(comm, c)), matrix_(make_matrix(da_.get(), c)) {
    LINNET_CHECK(KSPCreate(comm, &ksp_));
    LINNET_CHECK(KSPSetOperators(ksp_, matrix_.get(), matrix_.get()));
    LINNET_CHECK(KSPSetType(ksp_, KSPCG));
    LINNET_CHECK(KSPSetNormType(ksp_, KSP_NORM_UNPRECONDITIONED));
    LINNET_CHECK(KSPSetTolerances(ksp_, 1e-8, 1e-300, PETSC_DEFAULT, 1000));
    PC p = nullptr;
    LINNET_CHECK(KSPGetPC(ksp_, &p));
    LINNET_CHECK(PCSetType(p, PCBASIS));
    LINNET_CHECK(PCSetDM(p, da_.get()));
  }
  ~BasisCase() { KSPDestroy(&ksp_); }
  BasisCase(const BasisCase&) = delete;
  BasisCase& operator=(const BasisCase&) = delete;

  [[nodiscard]] KSP ksp() const { return ksp_; }
  [[nodiscard]] Mat matrix() const { return matrix_.get(); }
  [[nodiscard]] DM da() const { return da_.get(); }
  [[nodiscard]] PC pc() const {
    PC p = nullptr;
    LINNET_CHECK(KSPGetPC(ksp_, &p));
    return p;
  }
  void set_smoother(const char* type) const {
    PC smoother = nullptr;
    LINNET_CHECK(coarse::PCBasisGetSmoother(pc(), &smoother));
    LINNET_CHECK(PCSetType(smoother, type));
  }
  /// Sines from the PC itself, on inner nodes.
  void use_sines(PetscInt size) const {
    LINNET_CHECK(coarse::PCBasisSetType(pc(), coarse::BasisType::sine));
    LINNET_CHECK(coarse::PCBasisSetPoints(pc(), coarse::GridPoints::inner_nodes));
    LINNET_CHECK(coarse::PCBasisSetSize(pc(), size));
  }

  [[nodiscard]] Owned<Vec> vector(const ColumnFunction& value, int column = 0) const {
    Vec v = nullptr;
    LINNET_CHECK(DMCreateGlobalVector(da_.get(), &v));
    Owned<Vec> owner(v);
    PetscScalar* values = nullptr;
    LINNET_CHECK(VecGetArray(v, &values));
    fill(value, column, values);
    LINNET_CHECK(VecRestoreArray(v, &values));
    return owner;
  }
  [[nodiscard]] Owned<Mat> columns(int count, const ColumnFunction& value) const {
    PetscInt rows = 0;
    LINNET_CHECK(MatGetLocalSize(matrix_.get(), &rows, nullptr));
    Owned<Mat> m =
        linalg::make_columns(PetscObjectComm(reinterpret_cast<PetscObject>(ksp_)), rows, count);
    const LocalColumns to(m.get(), LocalColumns::Access::write);
    for (int j = 0; j < count; ++j) fill(value, j, to.column(j));
    return m;
  }
  /// x . M^-1 y
  [[nodiscard]] double product(Vec x, Vec y) const {
    Vec z = nullptr;
    LINNET_CHECK(VecDuplicate(y, &z));
    const Owned<Vec> owner(z);
    LINNET_CHECK(PCApply(pc(), y, z));
    PetscScalar value = 0.0;
    LINNET_CHECK(VecDot(x, z, &value));
    return value;
  }
  [[nodiscard]] coarse::BasisInfo info() const {
    coarse::BasisInfo i;
    LINNET_CHECK(coarse::PCBasisGetInfo(pc(), &i));
    return i;
  }
  /// Iterations, or -1.
  [[nodiscard]] int solve(Vec b) const {
    Vec x = nullptr;
    LINNET_CHECK(VecDuplicate(b, &x));
    const Owned<Vec> owner(x);
    LINNET_CHECK(KSPSolve(ksp_, b, x));
    KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
    PetscInt iterations = 0;
    LINNET_CHECK(KSPGetConvergedReason(ksp_, &reason));
    LINNET_CHECK(KSPGetIterationNumber(ksp_, &iterations));
    return reason > 0 ? static_cast<int>(iterations) : -1;
  }

private:
  void fill(const ColumnFunction& value, int column, double* to) const {
    DMDALocalInfo info;
    LINNET_CHECK(DMDAGetLocalInfo(da_.get(), &info));
    for (int j = info.ys; j < info.ys + info.ym; ++j)
      for (int i = info.xs; i < info.xs + info.xm; ++i) *to++ = value(i, j, column);
  }

  Owned<DM> da_;
  Owned<Mat> matrix_;
  KSP ksp_ = nullptr;
};

/// 2-D, harmonic means of a log-normal coefficient without correlation, u = 0 around.
inline DiffusionCase rough_case(int nx, int ny) {
  DiffusionCase c;
  c.dimension = 2;
  c.points = {nx, ny, 1};
  c.kappa = [](int i, int j, int) { return std::exp(3.0 * noise_at(i, j, 77)); };
  return c;
}

inline constexpr coarse::BasisVariant variants[] = {coarse::BasisVariant::multiplicative,
                                                    coarse::BasisVariant::deflated,
                                                    coarse::BasisVariant::additive};

inline void expect_symmetric_positive(const BasisCase& c, const std::string& what) {
  const auto x = c.vector(noise_at, 1), y = c.vector(noise_at, 2);
  const double xx = c.product(x.get(), x.get()), yy = c.product(y.get(), y.get());
  EXPECT_GT(xx, 0.0) << what;
  EXPECT_GT(yy, 0.0) << what;
  EXPECT_NEAR(c.product(x.get(), y.get()), c.product(y.get(), x.get()), 1e-12 * std::sqrt(xx * yy))
      << what;
}

/// A power of the Laplacian on n^2 points, for which few smoothers contract as they are.
class PowerCase : public BasisCase {
public:
  PowerCase(int n, int doublings) : BasisCase(laplacian(n)) {
    LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(matrix())));
    power_.reset(matrix());
    for (int i = 0; i < doublings; ++i) {
      Mat square = nullptr;
      LINNET_CHECK(
          MatMatMult(power_.get(), power_.get(), MAT_INITIAL_MATRIX, PETSC_DEFAULT, &square));
      power_.reset(square);
    }
    LINNET_CHECK(KSPSetOperators(ksp(), power_.get(), power_.get()));
    use_sines(9);
  }
  [[nodiscard]] Mat power() const { return power_.get(); }

private:
  static DiffusionCase laplacian(int n) {
    DiffusionCase c;
    c.dimension = 2;
    c.points = {n, n, 1};
    return c;
  }
  Owned<Mat> power_;
};

} // namespace linnet::test
