// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Samples of an operator between functions in the form that sample files have.
#pragma once

#include <linnet/problems/operators/field_sampler.hpp>
#include <linnet/problems/operators/operator_sampler.hpp>

#include <memory>

namespace linnet::problems {

struct OperatorFieldsOptions {
  int points = 1;         ///< random ones of each function; 0: those of a grid that all share
  bool with_code = false; ///< the numbers of the operator behind the values at sensors
  /// (point, coordinate) in the unit box: points that all share in place of those of a grid.
  std::vector<double> given = {};
};

/// Fields of one point each: "sensors", the values of u; "points", coordinates in the unit box that
/// the problem's axes make up, of one point behind the other, unless all samples share them; and
/// "solution", (output, point). A draw without a solution is left out: sample k is the first of the
/// draws k, k + s, k + 2 s, ... that has one, s being the largest multiple of the number of
/// operators up to 2^40.
class OperatorFields final : public FieldSampler {
public:
  /// @throws core::Error (usage) for a code where the operators have none, and for given points
  /// beyond the unit box or beside random ones.
  OperatorFields(std::unique_ptr<OperatorSampler> sampler, const OperatorFieldsOptions& options);
  [[nodiscard]] std::vector<SampledField> fields() const override;
  [[nodiscard]] core::Index3 points() const override { return {1, 1, 1}; }
  [[nodiscard]] std::string recipe() const override;
  void make(std::uint64_t number, FieldValues& values) override;

  [[nodiscard]] bool shares_points() const { return options_.points == 0; }
  [[nodiscard]] int sensors() const;
  [[nodiscard]] int coordinates() const { return sampler_->dimension(); }
  [[nodiscard]] int outputs() const { return sampler_->outputs(); }
  /// Of a sample.
  [[nodiscard]] int point_count() const;
  /// Sample k belongs to operator k mod so many.
  [[nodiscard]] int operator_count() const { return sampler_->operator_count(); }
  /// The codes of all operators behind each other; none where the problem has no codes.
  [[nodiscard]] std::vector<double> codes() const;
  /// The points that all samples share, in the unit box.
  [[nodiscard]] std::vector<double> grid() const { return in_unit_box(grid_); }
  [[nodiscard]] SharedPoints shared_points() const override;

private:
  [[nodiscard]] std::vector<double> in_unit_box(std::vector<double> points) const;
  [[nodiscard]] std::vector<double> given_points() const;

  std::unique_ptr<OperatorSampler> sampler_;
  OperatorFieldsOptions options_;
  std::vector<double> grid_; ///< in the coordinates of the problem
};

} // namespace linnet::problems
