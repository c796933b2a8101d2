// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// How far a predicted field is from the true one.
#pragma once

#include <linnet/nn/fields/error_norm.hpp>

#include <vector>

namespace linnet::nn {

/// Losses of a sample; that of a batch is their sum, or mean.
enum class FieldLossType {
  l2,            ///< |p - y| / |y|
  h1_spectral,   ///< the same in ErrorNormType::h1_spectral
  h1_semi,       ///< the same in ErrorNormType::h1_semi
  h1_difference, ///< |p - y| in ErrorNormType::h1_difference, not relative
};

/// A loss on one whole grid. Not collective.
class FieldLoss {
public:
  FieldLoss(FieldLossType type, const core::Index3& points, bool periodic);
  /// The loss of the prediction @p p of @p y, channels behind each other, x fastest in each;
  /// @p gradient gets the derivative by p unless it is empty. Where p = y the loss has none, and
  /// the gradient is zero. Of a field y without norm the error is not relative.
  double evaluate(std::span<const double> p, std::span<const double> y, std::span<double> gradient);

private:
  bool is_relative_;
  std::unique_ptr<ErrorNorm> norm_;
  std::vector<double> error_;
};

} // namespace linnet::nn
