// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Samples of nonlinear diffusion for networks of nonlinear solves (nonlinear/state_network.hpp),
/// on the cells of the unit square with u = 0 on its boundary, solved by Newton's method.
///
/// kappa is log-normal (problems/diffusion/medium.hpp), the source a sum of one to three Gaussian
/// bumps with random centres in [0.15, 0.85]^2, widths in [0.08, 0.25] and strengths of a half to
/// the whole largest one. The pairs are, of u* with F(u*) = 0,
///  - solution:    (log kappa, source) -> u*
///  - correction:  (-F(u) / rms, log kappa, u) -> (u* - u) / rms,  rms the root mean square of F(u)
/// where u = 0 in a quarter of the samples and u = u* - e in the others: J e = r with the Jacobian
/// J of Newton's last step and a random field r, from nearly white to smooth, and |e| from 0.0005
/// to 0.5 |u*|, so that residuals of all kinds are met.
#pragma once

#include <linnet/problems/diffusion/diffusion.hpp>
#include <linnet/problems/diffusion/nonlinear_law.hpp>
#include <linnet/problems/operators/field_sampler.hpp>

#include <memory>

namespace linnet::nonlinear {

enum class NonlinearPairs { solution, correction };

struct NonlinearSampleOptions {
  problems::NonlinearLaw law;
  int cells = 64; ///< per direction
  NonlinearPairs pairs = NonlinearPairs::solution;
  double strength = 40.0;        ///< largest one of a bump of the source
  double deviation = 0.5;        ///< of log kappa
  double alpha = 3.0, tau = 7.0; ///< of its random field (problems/random/random_field.hpp)
  std::uint64_t seed = 0;
};

class NonlinearSamples final : public problems::FieldSampler {
public:
  /// Of |F| / |F(0)|.
  static constexpr double tolerance = 1e-10;

  /// @throws core::Error (usage) for options out of their range.
  explicit NonlinearSamples(const NonlinearSampleOptions& options);
  ~NonlinearSamples() override;
  /// "coefficient", with the channels of input_names(), and "solution".
  [[nodiscard]] std::vector<problems::SampledField> fields() const override;
  [[nodiscard]] core::Index3 points() const override;
  [[nodiscard]] std::string recipe() const override;
  [[nodiscard]] std::string input_names() const override;
  void make(std::uint64_t number, problems::FieldValues& values) override;

private:
  struct Solver;
  void fill_source(std::uint64_t number) const;
  void solve(std::uint64_t number) const;
  void leave_solution(std::uint64_t number) const;

  NonlinearSampleOptions options_;
  std::unique_ptr<Solver> solver_;
};

} // namespace linnet::nonlinear
