// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The operator from the first to the second field of a family of samples on the unit square
/// (field_sampler.hpp), such as that of Darcy flow.
#pragma once

#include <linnet/problems/operators/field_sampler.hpp>
#include <linnet/problems/operators/operator_sampler.hpp>

namespace linnet::problems {

class FieldOperator final : public OperatorSampler {
public:
  /// Two fields of one channel. The values of the first one are the input, x fastest; the second
  /// one is known at their points, which include the boundary. @p seed of random_points().
  FieldOperator(std::unique_ptr<FieldSampler> fields, std::uint64_t seed);
  [[nodiscard]] int sensors() const override;
  [[nodiscard]] const std::vector<PointAxis>& axes() const override { return axes_; }
  bool draw(std::uint64_t number, std::span<double> input) override;
  void evaluate(std::span<const double> points, std::span<double> values) override;
  [[nodiscard]] std::string recipe() const override { return fields_->recipe(); }

private:
  std::unique_ptr<FieldSampler> fields_;
  std::vector<PointAxis> axes_;
  FieldValues values_;
};

/// Darcy flow through two phases (two_phase_darcy.hpp), a = 12 or 3, on a grid of some 421 points
/// per direction times @p refinement of which @p kept are kept, 29 in Lu, Meng, Cai, Mao, Goswami,
/// Zhang and Karniadakis, Comput. Methods Appl. Mech. Eng. 393 (2022) 114778. (Texts have 12 or 4;
/// the published file has 12 and 3.) Needs LinnetInitialize (registry/register.hpp).
std::unique_ptr<OperatorSampler> darcy_operator(std::uint64_t seed, int kept, int refinement);

} // namespace linnet::problems
