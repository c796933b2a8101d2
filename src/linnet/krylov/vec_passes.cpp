// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/cg_passes.hpp>

#include <linnet/core/petsc.hpp>

namespace linnet::krylov {
namespace {

class VecPasses final : public CgPasses {
public:
  explicit VecPasses(KSP ksp)
      : ksp_(ksp), r_(ksp->work[0]), p_(ksp->work[1]), w_(ksp->work[2]), z_(ksp->work[3]) {
    LINNET_CHECK(PCGetOperators(ksp->pc, &a_, nullptr));
  }

  void start(bool from_zero) override { form_residual(ksp_, from_zero, r_); }
  double r_dot_r() override { return squared_norm(r_); }
  void precondition() override { LINNET_CHECK(KSP_PCApply(ksp_, r_, z_)); }
  double z_dot_r() override { return dot(z_, r_); }
  double z_dot_w() override { return dot(z_, w_); }
  double z_dot_z() override { return dot(z_, z_); }

  double turn(double beta) override {
    if (beta == 0.0)
      LINNET_CHECK(VecCopy(z_, p_));
    else
      LINNET_CHECK(VecAYPX(p_, beta, z_));
    LINNET_CHECK(KSP_MatMult(ksp_, a_, p_, w_));
    return dot(p_, w_);
  }

  double update(double alpha, Vec x) override {
    LINNET_CHECK(VecAXPY(x, alpha, p_));
    LINNET_CHECK(VecAXPY(r_, -alpha, w_));
    return squared_norm(r_);
  }

private:
  static double dot(Vec x, Vec y) {
    PetscScalar result;
    LINNET_CHECK(VecTDot(x, y, &result));
    return result;
  }

  KSP ksp_;
  Mat a_ = nullptr;
  Vec r_, p_, w_, z_; // borrowed from the KSP
};

} // namespace

void form_residual(KSP ksp, bool from_zero, Vec r) {
  if (from_zero) {
    LINNET_CHECK(VecCopy(ksp->vec_rhs, r));
    return;
  }
  Mat a;
  LINNET_CHECK(PCGetOperators(ksp->pc, &a, nullptr));
  LINNET_CHECK(KSP_MatMult(ksp, a, ksp->vec_sol, r));
  LINNET_CHECK(VecAYPX(r, -1.0, ksp->vec_rhs));
}

double squared_norm(Vec v) {
  PetscReal norm;
  LINNET_CHECK(VecNorm(v, NORM_2, &norm));
  return norm * norm;
}

std::unique_ptr<CgPasses> make_vec_passes(KSP ksp) { return std::make_unique<VecPasses>(ksp); }

} // namespace linnet::krylov
