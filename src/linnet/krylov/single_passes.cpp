// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Fields hold values over powers of two: r over 2^e, w over 2^e, p and z over 2^e times the factor
// of the preconditioner, whose operator is A times that factor. So they stay near one in the range
// of fp32 while the residual falls.
#include <linnet/krylov/field_passes.hpp>

#include <linnet/core/log.hpp>
#include <linnet/grid/field_view.hpp>
#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/stencil/cg_kernels.hpp>
#include <linnet/kernels/stencil/planes.hpp>
#include <linnet/kernels/stencil/single_cg_kernels.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace linnet::krylov {
namespace {

using grid::Access;
using grid::FieldView;
using kernels::Field;
using kernels::Range;

// A renewal that changes the residual by more than this share costs conjugacy, and so iterations.
constexpr double most_drift = 3e-3, least_fall = 1e-4, most_fall = 1e-1;

// How far the residual may fall before it is formed anew, for a drift of so much of its largest
// norm.
double fall_for(double drift) { return std::clamp(drift / most_drift, least_fall, most_fall); }

// Before it has been measured. Differences of a smooth p are so many times their sum in A p as
// there are points in a direction; the 32nd part of it was measured on 128^3 and 2048^2 points.
// (What one solve learnt from another would be lost at a restart, and with it the bits.)
double expected_drift(const core::Index3& points) {
  return 6e-8 / 32.0 * std::max({points[0], points[1], points[2]});
}

// Powers of two between the size of a residual and the one it was rounded for.
constexpr int most_shift = 40;

// A renewed residual twice the updated one is mostly drift. Where it has fallen so far all the
// same, single precision goes on from there; where not, it leads nowhere.
constexpr double most_growth = 2.0, least_gain = 1e-3;

class SinglePasses final : public FieldPasses, public ResidualRenewal {
public:
  SinglePasses(const FieldProblem& problem, SingleStorage& storage)
      : FieldPasses(problem), product_(*storage.product),
        r_(b_.keeps_input() ? b_.input() : storage.residual),
        fall_(fall_for(expected_drift(problem.data->partition.points()))) {}
  ~SinglePasses() override { product_.forget_operator(); }
  SinglePasses(const SinglePasses&) = delete;
  SinglePasses& operator=(const SinglePasses&) = delete;

  // The norm of b tells how large the residual may be.
  void start(bool from_zero) override {
    aim_at(squared_norm(ksp_->vec_rhs));
    if (from_zero) {
      take_right_hand_side();
      return;
    }
    form_residual();
    // A guess may be so far off, or b so small, that single precision has no place for it.
    if (std::abs(exponent_ - next_exponent_) > most_shift) form_residual();
  }
  double r_dot_r() override { return last_rr_; }
  ResidualRenewal* renewal() override { return this; }

  double z_dot_r() override {
    keep_z();
    return z_scale() * std::ldexp(z_dot(marched(r_)), exponent_);
  }
  double z_dot_w() override {
    keep_z();
    return z_scale() * std::ldexp(z_dot(product_.w()), p_exponent_);
  }

  double turn(double beta) override {
    keep_z();
    LINNET_CHECK(PetscLogEventBegin(core::events().stencil_mult, a_, nullptr, nullptr, nullptr));
    // The first one makes p and w zero where the others leave them so.
    const double pw =
        product_.turn_and_multiply(b_.output(), std::ldexp(beta, p_exponent_ - exponent_),
                                   has_turned_ ? spans_ : kernels::RowSpans());
    const double total = z_scale() * std::ldexp(sum(pw), exponent_);
    LINNET_CHECK(PetscLogEventEnd(core::events().stencil_mult, a_, nullptr, nullptr, nullptr));
    has_turned_ = true;
    p_exponent_ = exponent_;
    return total;
  }

  double update(double alpha, Vec x) override {
    FieldView solution(x, extent_, Access::read_write);
    const double mine = kernels::update_single(
        product_.p(), product_.w(), marched(solution.field()), alpha * z_scale(), marched(r_),
        alpha, std::ldexp(1.0, exponent_ - next_exponent_), marched(b_.input()), spans_);
    solution.restore();
    exponent_ = next_exponent_;
    has_input_ = true;
    is_fresh_ = false;
    claim_fields();
    const double rr = std::ldexp(sum(mine), 2 * exponent_);
    aim_at(rr);
    largest_rr_ = std::max(largest_rr_, rr);
    last_rr_ = rr;
    return rr;
  }

  // To turn and multiply: z 4, p 8, couplings, row sum 8, w 8; to update: p 4, w 4, x 16, r 8; for
  // z.r: 8. A preconditioner that changes its input gets a copy of r.
  [[nodiscard]] int bytes() const override {
    return 28 + product_.coupling_bytes() + 32 + 8 + copy_bytes() + mean_bytes();
  }

  [[nodiscard]] bool is_fresh() const override { return is_fresh_; }
  [[nodiscard]] bool is_due(double rr) const override {
    return !is_fresh_ && rr < fall_ * fall_ * largest_rr_;
  }
  [[nodiscard]] bool has_drifted() const override { return has_drifted_; }
  // x 8, couplings and row sum, b 8; r, the old one and the new, 8.
  [[nodiscard]] int renewal_bytes() const override {
    return 24 + 8 * (couplings_ + 1) + copy_bytes();
  }
  double renew() override {
    const bool had_residual = !b_.keeps_input() || (has_input_ && !was_used_elsewhere());
    const double old_rr = last_rr_, old_largest_rr = largest_rr_;
    const double drift = form_residual();
    if (had_residual) adapt_to_drift(std::sqrt(drift / old_largest_rr));
    has_drifted_ = last_rr_ > most_growth * most_growth * old_rr &&
                   last_rr_ > least_gain * least_gain * old_largest_rr;
    return last_rr_;
  }

private:
  [[nodiscard]] int copy_bytes() const { return b_.keeps_input() ? 0 : 8; }

  // By how far r has come from b - A x, of its largest norm meanwhile.
  void adapt_to_drift(double drift) {
    if (std::isfinite(drift)) fall_ = fall_for(drift);
  }

  // Of the residual that is here, or else of the solution.
  void refill_input() override {
    if (b_.keeps_input())
      renew();
    else
      kernels::copy_scaled(r_, b_.input(), Range::box(r_.layout.n), 1.0F);
  }

  // The power of two for residuals to come.
  void aim_at(double rr) {
    if (rr > 0.0 && std::isfinite(rr)) next_exponent_ = std::ilogb(std::sqrt(rr));
  }

  // r = b - A x, by the power of two that the norm before suggests. Returns the squared distance
  // from the r that was there.
  double form_residual() {
    const int old_exponent = std::exchange(exponent_, next_exponent_);
    double rr = 0.0, drift = 0.0;
    LINNET_CHECK(
        grid::MatStencilRenewResidual(a_, ksp_->vec_rhs, ksp_->vec_sol, std::ldexp(1.0, -exponent_),
                                      std::ldexp(1.0, -old_exponent), r_, b_.input(), &rr, &drift));
    take_fresh(rr);
    return std::ldexp(drift, 2 * old_exponent);
  }

  // The residual of a solution that is zero.
  void take_right_hand_side() {
    exponent_ = next_exponent_;
    FieldView b(ksp_->vec_rhs, extent_, Access::read);
    const double mine = kernels::round_residual(marched(b.field()), std::ldexp(1.0, -exponent_),
                                                marched(r_), marched(b_.input()));
    b.restore();
    take_fresh(sum(mine));
  }

  void take_fresh(double rr) {
    largest_rr_ = last_rr_ = rr;
    aim_at(rr);
    has_input_ = is_fresh_ = true;
    claim_fields();
  }

  [[nodiscard]] double z_scale() const override {
    return std::ldexp(b_.output_factor(), exponent_);
  }
  [[nodiscard]] bool is_zero_outside(const kernels::RowSpans& spans) override {
    return kernels::is_zero_outside(marched(r_), spans);
  }
  [[nodiscard]] double z_dot(const Field<float>& y) {
    return sum(kernels::dot_with_single(marched(b_.output()), y, spans_));
  }

  grid::SingleProduct& product_;
  Field<float> r_;   // input() itself, where the preconditioner keeps it
  int exponent_ = 0; // e of r, z and w
  int next_exponent_ = 0;
  int p_exponent_ = 0;
  bool is_fresh_ = true;
  double fall_; // of the residual until it is formed anew
  double last_rr_ = 0.0;
  double largest_rr_ = 0.0; // since the last renewal
  bool has_drifted_ = false;
};

} // namespace

std::unique_ptr<CgPasses> make_single_passes(const FieldProblem& problem, SingleStorage& storage) {
  grid::FieldPreconditioner& b = *problem.preconditioner;
  if (!b.is_set_up_for(problem.a)) return nullptr;
  const grid::StencilData& a = *problem.data;
  const auto couplings = b.couplings();
  const kernels::CodedStar<float>* coded = b.coded_star();
  if (couplings.size() != a.couplings.size() && !coded) return nullptr;
  if (!storage.product || storage.product->pattern() != a.pattern ||
      !(storage.product->partition() == a.partition))
    storage = {std::make_unique<grid::SingleProduct>(problem.comm, a.partition, a.pattern), {}};
  if (coded)
    storage.product->set_operator(*coded, a.row_sum, b.output_factor());
  else
    storage.product->set_operator(couplings, a.row_sum, b.output_factor());
  if (b.keeps_input())
    storage.residual = {};
  else if (storage.residual.layout != b.input().layout)
    storage.residual = Field<float>("linnet::krylov::residual", b.input().layout);
  return std::make_unique<SinglePasses>(problem, storage);
}

} // namespace linnet::krylov
