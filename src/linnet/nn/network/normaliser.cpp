// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/normaliser.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace linnet::nn {

namespace {

// Of Li et al. (FNO), and of all networks that compare themselves with it.
constexpr double least_deviation = 1e-5;

std::string text_of(const core::Index3& n) {
  return std::to_string(n[0]) + " x " + std::to_string(n[1]) + " x " + std::to_string(n[2]);
}

double deviation(double squares, double count) {
  return count > 1.0 ? std::sqrt(squares / (count - 1.0)) : 0.0;
}

} // namespace

Normaliser::Normaliser(NormaliserKind kind, int channels, const core::Index3& points,
                       std::vector<double> means, std::vector<double> deviations)
    : kind_(kind) {
  if (kind == NormaliserKind::none) return;
  channels_ = channels;
  points_ = kind == NormaliserKind::point ? points : core::Index3{1, 1, 1};
  means_ = std::move(means);
  deviations_ = std::move(deviations);
  const auto count = static_cast<std::size_t>(core::volume(points_) * channels);
  if (means_.size() != count || deviations_.size() != count)
    core::throw_usage("normaliser: " + std::to_string(means_.size()) + " means and " +
                      std::to_string(deviations_.size()) + " deviations; give " +
                      std::to_string(count) + " of each");
  const auto is_finite = [](double v) { return std::isfinite(v); };
  if (!std::all_of(means_.begin(), means_.end(), is_finite) ||
      !std::all_of(deviations_.begin(), deviations_.end(),
                   [](double v) { return std::isfinite(v) && v >= 0.0; }))
    core::throw_usage("normaliser: means must be finite, and deviations 0 or more");
}

void Normaliser::require(int channels, const core::Index3& points, const char* what) const {
  if (kind_ == NormaliserKind::none) return;
  if (channels != channels_)
    core::throw_usage(std::string(what) + ": the normalisation is for " +
                      std::to_string(channels_) + " channel(s), and there are " +
                      std::to_string(channels));
  if (kind_ == NormaliserKind::point && points != points_)
    core::throw_usage(std::string(what) + ": the normalisation is for " + text_of(points_) +
                      " points, and there are " + text_of(points));
}

/// change(value, mean, divisor)
template <class Change>
void Normaliser::for_each(std::span<double> values, const grid::IndexBox& box,
                          const Change& change) const {
  if (kind_ == NormaliserKind::none) return;
  const bool is_pointwise = kind_ == NormaliserKind::point;
  std::size_t place = 0;
  for (int c = 0; c < channels_; ++c)
    for (int k = box.lo[2]; k < box.hi[2]; ++k)
      for (int j = box.lo[1]; j < box.hi[1]; ++j) {
        const std::int64_t row = ((std::int64_t{c} * points_[2] + k) * points_[1] + j) * points_[0];
        for (int i = box.lo[0]; i < box.hi[0]; ++i, ++place) {
          const auto at = static_cast<std::size_t>(is_pointwise ? row + i : c);
          change(values[place], means_[at], deviations_[at] + least_deviation);
        }
      }
}

void Normaliser::encode(std::span<double> values, const grid::IndexBox& box) const {
  for_each(values, box,
           [](double& value, double mean, double divisor) { value = (value - mean) / divisor; });
}

void Normaliser::decode(std::span<double> values, const grid::IndexBox& box) const {
  for_each(values, box,
           [](double& value, double mean, double divisor) { value = value * divisor + mean; });
}

void Normaliser::decode_adjoint(std::span<double> gradient, const grid::IndexBox& box) const {
  for_each(gradient, box, [](double& value, double, double divisor) { value *= divisor; });
}

NormaliserFit::NormaliserFit(NormaliserKind kind, int channels, const core::Index3& points)
    : kind_(kind), channels_(channels), points_(points) {
  if (kind == NormaliserKind::none) return;
  const auto count = static_cast<std::size_t>(core::volume(points) * channels);
  means_.assign(count, 0.0);
  squares_.assign(count, 0.0);
}

void NormaliserFit::add(std::span<const double> values) {
  count_ += 1.0;
  for (std::size_t i = 0; i < means_.size(); ++i) {
    const double difference = values[i] - means_[i];
    means_[i] += difference / count_;
    squares_[i] += difference * (values[i] - means_[i]);
  }
}

Normaliser NormaliserFit::result() const {
  if (kind_ == NormaliserKind::none) return {};
  if (count_ < 1.0) core::throw_usage("normaliser: there is no field to fit it to");
  std::vector<double> means, deviations;
  if (kind_ == NormaliserKind::point) {
    means = means_;
    for (const double squares : squares_) deviations.push_back(deviation(squares, count_));
    return {kind_, channels_, points_, std::move(means), std::move(deviations)};
  }
  const auto points = static_cast<std::size_t>(core::volume(points_));
  for (std::size_t c = 0; c < static_cast<std::size_t>(channels_); ++c) {
    const std::size_t first = c * points, last = first + points;
    double mean = 0.0, squares = 0.0;
    for (std::size_t i = first; i < last; ++i) mean += means_[i] / static_cast<double>(points);
    for (std::size_t i = first; i < last; ++i)
      squares += squares_[i] + count_ * (means_[i] - mean) * (means_[i] - mean);
    means.push_back(mean);
    deviations.push_back(deviation(squares, count_ * static_cast<double>(points)));
  }
  return {kind_, channels_, points_, std::move(means), std::move(deviations)};
}

} // namespace linnet::nn
