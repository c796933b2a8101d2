// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Losses of directions: closed values, gradients against central differences, and that scaling a
// direction changes nothing.
#include <linnet/core/random.hpp>
#include <linnet/nn/directions/direction_loss.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace linnet;
using core::Owned;
using nn::DirectionLoss;
using nn::DirectionLossType;

namespace {

constexpr PetscInt n = 30;

/// The second difference with a varying reaction: symmetric, positive definite.
Owned<Mat> make_matrix() {
  Mat a = nullptr;
  LINNET_CHECK(MatCreateSeqAIJ(PETSC_COMM_SELF, n, n, 3, nullptr, &a));
  for (PetscInt i = 0; i < n; ++i) {
    LINNET_CHECK(MatSetValue(a, i, i, 2.0 + 0.01 * static_cast<double>(i), INSERT_VALUES));
    if (i > 0) LINNET_CHECK(MatSetValue(a, i, i - 1, -1.0, INSERT_VALUES));
    if (i < n - 1) LINNET_CHECK(MatSetValue(a, i, i + 1, -1.0, INSERT_VALUES));
  }
  LINNET_CHECK(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
  return Owned<Mat>(a);
}

Owned<Vec> make_vector(std::uint64_t seed) {
  Vec v = nullptr;
  LINNET_CHECK(VecCreateSeq(PETSC_COMM_SELF, n, &v));
  for (PetscInt i = 0; i < n; ++i)
    LINNET_CHECK(VecSetValue(
        v, i, core::RandomStream(seed, 0).normal(static_cast<std::uint64_t>(i)), INSERT_VALUES));
  LINNET_CHECK(VecAssemblyBegin(v));
  LINNET_CHECK(VecAssemblyEnd(v));
  return Owned<Vec>(v);
}

Owned<Vec> copy_of(Vec v) {
  Vec copy = nullptr;
  LINNET_CHECK(VecDuplicate(v, &copy));
  LINNET_CHECK(VecCopy(v, copy));
  return Owned<Vec>(copy);
}

double dot(Vec x, Vec y) {
  PetscScalar value = 0.0;
  LINNET_CHECK(VecDot(x, y, &value));
  return value;
}

class Losses : public testing::TestWithParam<DirectionLossType> {
protected:
  Owned<Mat> a_ = make_matrix();
  Owned<Vec> e_ = make_vector(1), d_ = make_vector(2), b_ = copy_of(e_.get());
  DirectionLoss loss_{GetParam(), a_.get()};
  void SetUp() override { LINNET_CHECK(MatMult(a_.get(), e_.get(), b_.get())); }
  double value(Vec d) { return loss_.evaluate(b_.get(), e_.get(), d, nullptr); }
};

} // namespace

TEST_P(Losses, TheErrorItselfIsPerfect) {
  EXPECT_NEAR(value(e_.get()), 0.0, GetParam() == DirectionLossType::residual ? 1e-15 : 1e-14);
}

TEST_P(Losses, ValueIsWhatItStandsFor) {
  // One step along d from x = 0, as the solver makes it.
  const Owned<Vec> image = copy_of(d_.get()), r = copy_of(b_.get());
  LINNET_CHECK(MatMult(a_.get(), d_.get(), image.get()));
  const double alpha = dot(d_.get(), b_.get()) / dot(d_.get(), image.get());
  double expected = 0.0;
  if (GetParam() == DirectionLossType::residual) {
    LINNET_CHECK(VecAXPY(r.get(), -1.0, image.get()));
    expected = std::sqrt(dot(r.get(), r.get()) / dot(b_.get(), b_.get()));
  } else if (GetParam() == DirectionLossType::line_search) {
    LINNET_CHECK(VecAXPY(r.get(), -alpha, image.get()));
    expected = dot(r.get(), r.get()) / dot(b_.get(), b_.get());
  } else if (GetParam() == DirectionLossType::minimal_residual) {
    const double best = dot(b_.get(), image.get()) / dot(image.get(), image.get());
    LINNET_CHECK(VecAXPY(r.get(), -best, image.get()));
    expected = dot(r.get(), r.get()) / dot(b_.get(), b_.get());
  } else {
    const Owned<Vec> error = copy_of(e_.get()), a_error = copy_of(e_.get());
    LINNET_CHECK(VecAXPY(error.get(), -alpha, d_.get()));
    LINNET_CHECK(MatMult(a_.get(), error.get(), a_error.get()));
    expected = dot(error.get(), a_error.get()) / dot(e_.get(), b_.get());
  }
  EXPECT_NEAR(value(d_.get()), expected, 1e-13);
}

TEST_P(Losses, GradientIsTheDerivative) {
  const Owned<Vec> gradient = copy_of(d_.get()), along = make_vector(3);
  loss_.evaluate(b_.get(), e_.get(), d_.get(), gradient.get());
  const double expected = dot(gradient.get(), along.get());
  double best = HUGE_VAL;
  for (const double step : {1e-3, 1e-4, 1e-5}) {
    const Owned<Vec> up = copy_of(d_.get()), down = copy_of(d_.get());
    LINNET_CHECK(VecAXPY(up.get(), step, along.get()));
    LINNET_CHECK(VecAXPY(down.get(), -step, along.get()));
    best =
        std::min(best, std::abs((value(up.get()) - value(down.get())) / (2.0 * step) - expected) /
                           std::abs(expected));
  }
  EXPECT_LE(best, 1e-7);
}

TEST_P(Losses, ScaleOfTheDirection) {
  if (GetParam() == DirectionLossType::residual) return;
  for (const double factor : {7.3, -0.01}) {
    const Owned<Vec> scaled = copy_of(d_.get());
    LINNET_CHECK(VecScale(scaled.get(), factor));
    EXPECT_NEAR(value(scaled.get()), value(d_.get()), 1e-13);
  }
}

TEST_P(Losses, ZeroTeachesNothing) {
  const Owned<Vec> zero = copy_of(d_.get()), gradient = copy_of(d_.get());
  LINNET_CHECK(VecSet(zero.get(), 0.0));
  EXPECT_EQ(loss_.evaluate(b_.get(), e_.get(), zero.get(), gradient.get()), 1.0);
  if (GetParam() != DirectionLossType::residual) {
    EXPECT_EQ(dot(gradient.get(), gradient.get()), 0.0);
  }
}

INSTANTIATE_TEST_SUITE_P(, Losses,
                         testing::Values(DirectionLossType::line_search, DirectionLossType::energy,
                                         DirectionLossType::residual,
                                         DirectionLossType::minimal_residual));
