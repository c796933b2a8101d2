// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Values in kernel memory that a product works with: as many as a call needs, kept for the next.
#pragma once

#include <linnet/kernels/workspace.hpp>

#include <utility>

namespace linnet::fractional {

class WorkValues {
public:
  /// Unspecified values.
  double* resize(long count) {
    const auto n = static_cast<std::size_t>(count);
    most_ = n > most_ ? n : most_;
    return data_ = memory_.values(n);
  }
  [[nodiscard]] double* data() const { return data_; }
  /// Bytes held.
  [[nodiscard]] double memory() const { return static_cast<double>(sizeof(double) * most_); }
  void swap(WorkValues& other) { std::swap(*this, other); }

private:
  kernels::Workspace<double> memory_;
  double* data_ = nullptr;
  std::size_t most_ = 0;
};

} // namespace linnet::fractional
