// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Advection s_t + s_x = 0 of discontinuous waves with the period 1, from s(x,0) to s(x,t), exact
/// (Lu, Meng, Cai, Mao, Goswami, Zhang and Karniadakis, Comput. Methods Appl. Mech. Eng. 393 (2022)
/// 114778):
///   square_wave           height h where |x - c| <= w/2; h uniform in (1,2), w in (0.3,0.6), c in
///                         (0.3,0.7)
///   square_and_ellipse    the same with h in (0.5,2), w in (0.1,0.2), c in (0.2,0.3), plus
///                         sqrt(max(0, H^2 - (a (x - C))^2)) with H in (0.5,2), a in (5,10), C in
///                         (0.7,0.8)
#pragma once

#include <linnet/problems/operators/operator_sampler.hpp>

namespace linnet::problems {

class SquareWaveOperator final : public OperatorSampler {
public:
  /// The input's values are at the @p sensors points i / (sensors - 1).
  SquareWaveOperator(bool with_ellipse, std::uint64_t seed, int sensors, int grid, double horizon);
  [[nodiscard]] int sensors() const override { return sensors_; }
  [[nodiscard]] const std::vector<PointAxis>& axes() const override { return axes_; }
  bool draw(std::uint64_t number, std::span<double> input) override;
  void evaluate(std::span<const double> points, std::span<double> values) override;
  [[nodiscard]] std::string recipe() const override;

private:
  [[nodiscard]] double start(double x) const;

  bool with_ellipse_;
  int sensors_;
  std::vector<PointAxis> axes_;
  struct {
    double height = 0.0, width = 0.0, centre = 0.0;
  } square_;
  struct {
    double height = 0.0, slope = 0.0, centre = 0.0; ///< slope: a / H
  } ellipse_;
};

} // namespace linnet::problems
