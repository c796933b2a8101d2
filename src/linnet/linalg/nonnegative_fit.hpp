// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Nonnegative least squares with columns that come one after the other: the x >= 0 that makes
/// |b - A x| smallest (Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23), with
/// QR factors that are updated.
#pragma once

#include <linnet/linalg/updated_qr.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace linnet::linalg {

/// The columns with x > 0 are kept, each with a label; x is the least-squares solution with them.
/// Local to the process.
class NonnegativeFit {
public:
  explicit NonnegativeFit(std::span<const double> b);

  /// Takes in columns (one after the other in @p columns) with positive x, and makes x the
  /// solution, of which columns may drop out. Those that depend on others are left out.
  void start(std::span<const double> columns, std::span<const double> x,
             std::span<const std::int64_t> labels);
  /// Takes in a column, which should have a positive product with the residual; others may drop
  /// out. False, and nothing changes, where it depends on those here or its x would not be
  /// positive.
  bool add(std::span<const double> column, std::int64_t label);

  [[nodiscard]] std::size_t size() const { return x_.size(); }
  [[nodiscard]] std::span<const double> x() const { return x_; }
  [[nodiscard]] std::span<const std::int64_t> labels() const { return labels_; }
  /// b - A x.
  [[nodiscard]] std::span<const double> residual() const { return residual_; }
  /// Columns that dropped out so far.
  [[nodiscard]] int removed() const { return removed_; }
  [[nodiscard]] const UpdatedQr& factors() const { return qr_; }

private:
  bool insert(std::span<const double> column, double x, std::int64_t label);
  void remove(std::size_t j);
  void step_towards(std::span<const double> solution);
  void settle(std::vector<double> solution);
  void update_residual();

  std::vector<double> b_, residual_, x_;
  std::vector<std::vector<double>> columns_;
  std::vector<std::int64_t> labels_;
  UpdatedQr qr_;
  int removed_ = 0;
};

} // namespace linnet::linalg
