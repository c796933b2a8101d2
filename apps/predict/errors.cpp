// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "errors.hpp"

#include <cmath>
#include <numeric>

namespace app {

using linnet::nn::FieldLossType;

namespace {

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

} // namespace

PredictionErrors::PredictionErrors(const linnet::core::Index3& points, bool periodic)
    : l2_loss_(FieldLossType::l2, points, periodic),
      h1_spectral_loss_(FieldLossType::h1_spectral, points, periodic),
      h1_semi_loss_(FieldLossType::h1_semi, points, periodic) {}

void PredictionErrors::add(std::span<const double> p, std::span<const double> y, bool is_first) {
  l2_.push_back(l2_loss_.evaluate(p, y, {}));
  h1_spectral_.push_back(h1_spectral_loss_.evaluate(p, y, {}));
  h1_semi_.push_back(h1_semi_loss_.evaluate(p, y, {}));
  if (is_first) {
    squares_.push_back(0.0);
    sizes_.push_back(0.0);
  }
  for (std::size_t i = 0; i < y.size(); ++i) {
    squares_.back() += (p[i] - y[i]) * (p[i] - y[i]);
    sizes_.back() += y[i] * y[i];
  }
}

std::map<std::string, double> PredictionErrors::means() const {
  if (empty()) return {};
  std::map<std::string, double> errors{
      {"l2", mean(l2_)}, {"h1_spectral", mean(h1_spectral_)}, {"h1_semi", mean(h1_semi_)}};
  if (l2_.size() == squares_.size()) return errors;
  double sum = 0.0;
  for (std::size_t s = 0; s < squares_.size(); ++s)
    sum += std::sqrt(sizes_[s] > 0.0 ? squares_[s] / sizes_[s] : squares_[s]);
  errors["roll_out"] = sum / static_cast<double>(squares_.size());
  return errors;
}

} // namespace app
