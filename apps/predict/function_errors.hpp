// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Errors of a DeepONet's predictions.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

namespace app {

/// Of all samples so far, each with the same number of values.
class FunctionErrors {
public:
  /// The values @p p that are predicted of a sample, and the true ones.
  void add(std::span<const double> p, std::span<const double> y);
  [[nodiscard]] bool empty() const { return relative_l2_.empty(); }

  /// Of each sample: of all its values together, relative to their size; and the largest one.
  [[nodiscard]] const std::vector<double>& relative_l2() const { return relative_l2_; }
  [[nodiscard]] const std::vector<double>& largest() const { return largest_; }
  /// "relative_l2", the mean over samples or, of samples with one value each, of all of them
  /// together; "mean_square" over all values; "largest".
  [[nodiscard]] std::map<std::string, double> summary() const;

private:
  std::vector<double> relative_l2_, largest_;
  double squares_ = 0.0, sizes_ = 0.0;
  std::size_t values_ = 0;
};

} // namespace app
