// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What the families of samples of Darcy flow have in common: from the coefficient a to the
/// solution of -div(a grad u) = 1 on a square with u = 0 on its boundary.
#pragma once

#include <linnet/problems/operators/darcy_solver.hpp>
#include <linnet/problems/operators/field_sampler.hpp>

namespace linnet::problems {

class DarcySampler : public FieldSampler {
public:
  /// Two fields of one channel, "coefficient" and "solution".
  [[nodiscard]] std::vector<SampledField> fields() const override;
  [[nodiscard]] core::Index3 points() const override;
  void make(std::uint64_t number, FieldValues& values) override;
  /// The coefficient of sample @p number at all nodes, x fastest.
  [[nodiscard]] virtual std::vector<double> coefficient(std::uint64_t number) const = 0;

protected:
  /// @p nodes per direction, boundary included, of which every @p stride-th is kept. @throws
  /// core::Error (usage).
  DarcySampler(int nodes, int stride, double side);
  /// Grid, discretisation and solver in words, for recipe().
  [[nodiscard]] std::string method() const;

private:
  int nodes_, stride_;
  DarcySolver solver_;
  std::vector<double> source_;
};

} // namespace linnet::problems
