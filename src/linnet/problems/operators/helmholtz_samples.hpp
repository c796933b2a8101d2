// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Samples of waves in a square cavity: from the wave speed c to the wave field u of
/// -Laplace u - (omega/c)^2 u = 0 on the unit square, du/dn = 1 on a piece of the upper side and 0
/// elsewhere on the boundary (De Hoop, Huang, Qian and Stuart, J. Mach. Learn. 1 (2022) 299).
///
///   c(x) = speed + tanh(g(x)),   g = sum over l of theta_l (pi^2 |l|^2 + tau^2)^(-alpha/2)
///   phi_l(x)
/// over the first modes l != (0,0), ordered by |l|^2, with phi_l = prod_d c_{l_d} cos(pi l_d x_d),
/// c_0 = 1, c_l = sqrt(2), and theta_l independent standard normal. Nothing is lost, so that some
/// samples lie close to resonance and are large; all are kept.
#pragma once

#include <linnet/problems/operators/field_sampler.hpp>
#include <linnet/problems/operators/helmholtz_solver.hpp>

#include <array>

namespace linnet::problems {

/// The defaults are those of the published set.
struct HelmholtzOptions {
  int nodes = 101;           ///< per direction, boundary included
  int stride = 1;            ///< every how many-th node is kept
  double frequency = 1000.0; ///< omega
  double speed = 20.0;       ///< above 1, so that c is positive
  double alpha = 2.0;        ///< exponent of the covariance
  double tau = 3.0;          ///< inverse length
  int modes = 100;
  double flux_from = 0.35, flux_to = 0.65; ///< the piece of the upper side with du/dn = 1
  std::uint64_t seed = 0;
};

class HelmholtzSamples final : public FieldSampler {
public:
  /// @throws core::Error (usage) for options out of their range.
  explicit HelmholtzSamples(const HelmholtzOptions& options);

  /// Two fields of one channel, "coefficient" (c) and "solution" (u).
  [[nodiscard]] std::vector<SampledField> fields() const override;
  [[nodiscard]] core::Index3 points() const override;
  [[nodiscard]] std::string recipe() const override;
  void make(std::uint64_t number, FieldValues& values) override;

  /// c of sample @p number at all points (x,y) with x and y of @p coordinates, x fastest.
  [[nodiscard]] std::vector<double> speed(std::uint64_t number,
                                          const std::vector<double>& coordinates) const;

  /// The nodes of the grid that samples are solved on, and the matrix of sample @p number plus
  /// @p shift times k^2 phi_a phi_b: 0 for the equation itself, 1 for the Laplacian.
  [[nodiscard]] DM grid() const { return solver_.grid(); }
  [[nodiscard]] core::Owned<Mat> make_matrix(std::uint64_t number, double shift = 0.0) const;
  /// The right-hand side, the same for all samples: a value per node of that grid, x fastest.
  [[nodiscard]] const std::vector<double>& load() const { return load_; }

private:
  [[nodiscard]] std::vector<double> squared_wave_number(std::uint64_t number) const;

  HelmholtzOptions options_;
  std::vector<std::array<int, 2>> modes_;
  HelmholtzSolver solver_;
  std::vector<double> nodes_, load_;
};

} // namespace linnet::problems
