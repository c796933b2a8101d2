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

  Vec residual() override { return r_; }
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
    PetscReal norm;
    LINNET_CHECK(VecNorm(r_, NORM_2, &norm));
    return norm * norm;
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

std::unique_ptr<CgPasses> make_vec_passes(KSP ksp) { return std::make_unique<VecPasses>(ksp); }

} // namespace linnet::krylov
