// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/field_passes.hpp>

#include <linnet/grid/field_view.hpp>
#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/stencil/cg_kernels.hpp>
#include <linnet/kernels/stencil/planes.hpp>

#include <cmath>

namespace linnet::krylov {
namespace {

using grid::Access;
using grid::FieldView;
using kernels::Range;

class DoublePasses final : public FieldPasses {
public:
  explicit DoublePasses(const FieldProblem& problem)
      : FieldPasses(problem), r_(ksp_->work[0]), p_(ksp_->work[1]), w_(ksp_->work[2]) {}

  void start(bool from_zero) override { form_residual(ksp_, from_zero, r_); }
  double r_dot_r() override { return squared_norm(r_); }
  double z_dot_r() override { return z_dot(r_); }
  double z_dot_w() override { return z_dot(w_); }

  double turn(double beta) override {
    keep_z();
    double pw = 0.0;
    // The first one makes p and w zero where the others leave them so.
    LINNET_CHECK(grid::MatStencilTurnAndMultiply(a_, b_.output(), z_scale(), beta, p_, w_,
                                                 has_turned_ ? spans_ : kernels::RowSpans(), &pw));
    has_turned_ = true;
    return pw;
  }

  double update(double alpha, Vec x) override {
    FieldView p(p_, extent_, Access::read), w(w_, extent_, Access::read);
    FieldView solution(x, extent_, Access::read_write), r(r_, extent_, Access::read_write);
    const double rr = kernels::update_and_cast(
        marched(p.field()), marched(w.field()), marched(solution.field()), marched(r.field()),
        alpha, marched(b_.input()), std::ldexp(1.0, -exponent_), spans_);
    r.restore();
    solution.restore();
    w.restore();
    p.restore();
    cast_exponent_ = exponent_;
    has_input_ = true;
    claim_fields();
    const double total = sum(rr);
    if (total > 0.0 && std::isfinite(total)) exponent_ = std::ilogb(std::sqrt(total));
    return total;
  }

  // To turn and multiply: z 4, p 16, couplings and row sum, w 16 with its line fetched first; to
  // update: p 8, w 8, x 16, r 16, input 8; for z.r: 12.
  [[nodiscard]] int bytes() const override {
    return 36 + 8 * (couplings_ + 1) + 56 + 12 + mean_bytes();
  }

private:
  // Powers of two keep r within the range of fp32; the norm of the residual before is near enough.
  void refill_input() override {
    PetscReal norm;
    LINNET_CHECK(VecNorm(r_, NORM_2, &norm));
    exponent_ = cast_exponent_ = norm > 0.0 && std::isfinite(norm) ? std::ilogb(norm) : 0;
    FieldView r(r_, extent_, Access::read);
    kernels::copy_scaled(r.field(), b_.input(), Range::box(b_.input().layout.n),
                         std::ldexp(1.0, -exponent_));
    r.restore();
  }
  [[nodiscard]] bool is_zero_outside(const kernels::RowSpans& spans) override {
    FieldView r(r_, extent_, Access::read);
    const bool is_zero = kernels::is_zero_outside(marched(r.field()), spans);
    r.restore();
    return is_zero;
  }
  [[nodiscard]] double z_scale() const override {
    return std::ldexp(b_.output_factor(), cast_exponent_);
  }
  [[nodiscard]] double z_dot(Vec y) {
    keep_z();
    FieldView view(y, extent_, Access::read);
    const double result =
        kernels::dot_with_single(marched(b_.output()), marched(view.field()), spans_);
    view.restore();
    return z_scale() * sum(result);
  }

  Vec r_, p_, w_;    // borrowed from the KSP
  int exponent_ = 0; // of |r|, for the next cast
  int cast_exponent_ = 0;
};

} // namespace

std::unique_ptr<CgPasses> make_double_passes(const FieldProblem& problem) {
  return std::make_unique<DoublePasses>(problem);
}

} // namespace linnet::krylov
