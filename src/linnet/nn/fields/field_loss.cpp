// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/fields/field_loss.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::nn {

namespace {

ErrorNormType norm_of(FieldLossType type) {
  switch (type) {
  case FieldLossType::l2: break;
  case FieldLossType::h1_spectral: return ErrorNormType::h1_spectral;
  case FieldLossType::h1_semi: return ErrorNormType::h1_semi;
  case FieldLossType::h1_difference: return ErrorNormType::h1_difference;
  }
  return ErrorNormType::l2;
}

} // namespace

FieldLoss::FieldLoss(FieldLossType type, const core::Index3& points, bool periodic)
    : is_relative_(type != FieldLossType::h1_difference),
      norm_(make_error_norm(norm_of(type), points, periodic)) {}

// |e| has the gradient M e / |e|.
double FieldLoss::evaluate(std::span<const double> p, std::span<const double> y,
                           std::span<double> gradient) {
  error_.resize(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) error_[i] = p[i] - y[i];
  const double error = std::sqrt(norm_->square(error_, gradient));
  const double size = is_relative_ ? std::sqrt(norm_->square(y, {})) : 1.0;
  const double scale = size > 0.0 ? 1.0 / size : 1.0;
  const double factor = error > 0.0 ? scale / error : 0.0;
  for (double& g : gradient) g *= factor;
  return scale * error;
}

} // namespace linnet::nn
