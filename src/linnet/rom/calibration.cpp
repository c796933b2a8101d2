// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/calibration.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace linnet::rom {

namespace {

/// A normal deviate is below this many deviations with a probability of 95 %.
constexpr double band = 1.6448536269514722;
/// The table of a Gaussian process goes one decade beyond the pairs.
constexpr std::size_t table_places = 201;
constexpr double beyond = 1.0;

struct Logarithms {
  std::vector<double> x, y;
};

Logarithms logarithms(std::span<const IndicatorPair> pairs, const std::string& where) {
  Logarithms logs;
  for (const IndicatorPair& pair : pairs) {
    if (!(pair.indicator >= 0.0) || !(pair.error >= 0.0) || !std::isfinite(pair.indicator) ||
        !std::isfinite(pair.error))
      core::throw_data(where + ": a pair of indicator and error is " +
                       std::to_string(pair.indicator) + ", " + std::to_string(pair.error) +
                       "; both must be finite and at least 0");
    if (pair.indicator == 0.0 || pair.error == 0.0) continue;
    logs.x.push_back(std::log10(pair.indicator));
    logs.y.push_back(std::log10(pair.error));
  }
  return logs;
}

/// Least squares, with a slope of at least 0.
void fit_line(const Logarithms& logs, CalibrationData& data) {
  const auto n = static_cast<double>(logs.x.size());
  double mx = 0.0, my = 0.0, xx = 0.0, xy = 0.0, rest = 0.0;
  for (std::size_t i = 0; i < logs.x.size(); ++i) {
    mx += logs.x[i] / n;
    my += logs.y[i] / n;
  }
  for (std::size_t i = 0; i < logs.x.size(); ++i) {
    xx += (logs.x[i] - mx) * (logs.x[i] - mx);
    xy += (logs.x[i] - mx) * (logs.y[i] - my);
  }
  data.slope = std::max(xy / xx, 0.0);
  data.intercept = my - data.slope * mx;
  for (std::size_t i = 0; i < logs.x.size(); ++i)
    rest += std::pow(logs.y[i] - data.slope * logs.x[i] - data.intercept, 2);
  data.deviation = std::sqrt(rest / (n - 2.0));
}

void fit_process(const Logarithms& logs, Covariance covariance, CalibrationData& data) {
  std::vector<double> rest(logs.y);
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= data.slope * logs.x[i] + data.intercept;
  const GaussianProcess process(logs.x, rest, covariance);
  const auto [low, high] = std::minmax_element(logs.x.begin(), logs.x.end());
  const double step = (*high + beyond - *low) / static_cast<double>(table_places - 1);
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < table_places; ++i) {
    const double x = *low + step * static_cast<double>(i);
    const GaussianProcess::Prediction p = process.predict(x);
    largest = std::max(largest, data.slope * x + data.intercept + p.mean + band * p.deviation);
    data.table_indicator.push_back(x);
    data.table_estimate.push_back(largest);
  }
}

bool is_ascending(const std::vector<double>& values, bool strictly) {
  for (std::size_t i = 1; i < values.size(); ++i)
    if (strictly ? !(values[i] > values[i - 1]) : !(values[i] >= values[i - 1])) return false;
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

} // namespace

Calibration::Calibration() : Calibration(CalibrationData{}) {}

Calibration::Calibration(CalibrationData data) : data_(std::move(data)) {
  lowest_ = std::numeric_limits<double>::infinity();
  for (const IndicatorPair& pair : data_.pairs)
    if (pair.indicator > 0.0 && pair.error > 0.0)
      lowest_ = std::min(lowest_, std::log10(pair.indicator));
}

Calibration Calibration::fit(std::span<const IndicatorPair> pairs,
                             const CalibrationOptions& options) {
  CalibrationData data;
  data.kind = options.kind;
  data.pairs.assign(pairs.begin(), pairs.end());
  const Logarithms logs = logarithms(pairs, "calibration");
  if (options.kind == CalibrationKind::identity) return Calibration(std::move(data));
  const std::size_t least = std::max<std::size_t>(options.least_pairs, 3);
  if (logs.x.size() < least)
    core::throw_usage("calibration: " + std::to_string(logs.x.size()) +
                      " pairs of indicator and error above 0 are too few, " +
                      std::to_string(least) +
                      " are needed; give more runs or take -rom_calibration identity");
  const auto [low, high] = std::minmax_element(logs.x.begin(), logs.x.end());
  if (!(*high > *low))
    core::throw_usage("calibration: all pairs have the same indicator; give runs of models of "
                      "different quality or take -rom_calibration identity");
  fit_line(logs, data);
  if (options.kind == CalibrationKind::gp) fit_process(logs, options.covariance, data);
  return Calibration(std::move(data));
}

Calibration Calibration::from(CalibrationData data, const std::string& where) {
  const Logarithms logs = logarithms(data.pairs, where);
  if (data.kind == CalibrationKind::identity) return Calibration(std::move(data));
  if (logs.x.empty())
    core::throw_data(where + ": the calibration has no pairs; make the model anew");
  if (!(data.slope >= 0.0) || !std::isfinite(data.slope) || !std::isfinite(data.intercept) ||
      !(data.deviation >= 0.0) || !std::isfinite(data.deviation))
    core::throw_data(where + ": slope, intercept or deviation of the calibration are wrong; make "
                             "the model anew");
  if (data.kind == CalibrationKind::gp &&
      (data.table_indicator.size() < 2 ||
       data.table_indicator.size() != data.table_estimate.size() ||
       !is_ascending(data.table_indicator, true) || !is_ascending(data.table_estimate, false)))
    core::throw_data(where + ": the table of the calibration is no ascending one; make the model "
                             "anew");
  return Calibration(std::move(data));
}

double Calibration::estimate(double indicator) const {
  if (data_.kind == CalibrationKind::identity) return indicator;
  const double x = indicator > 0.0 ? std::max(std::log10(indicator), lowest_) : lowest_;
  const double line = data_.slope * x + data_.intercept + band * data_.deviation;
  if (data_.kind == CalibrationKind::loglinear) return std::pow(10.0, line);
  const std::vector<double>&places = data_.table_indicator, &values = data_.table_estimate;
  if (x >= places.back()) return std::pow(10.0, values.back() + data_.slope * (x - places.back()));
  if (x <= places.front()) return std::pow(10.0, values.front());
  const auto right =
      static_cast<std::size_t>(std::upper_bound(places.begin(), places.end(), x) - places.begin());
  const double part = (x - places[right - 1]) / (places[right] - places[right - 1]);
  return std::pow(10.0, (1.0 - part) * values[right - 1] + part * values[right]);
}

CalibrationQuality Calibration::quality(std::span<const IndicatorPair> pairs) const {
  CalibrationQuality quality{spearman(pairs), log_pearson(pairs), 0.0};
  if (pairs.empty()) return quality;
  for (const IndicatorPair& pair : pairs)
    if (pair.error <= estimate(pair.indicator))
      quality.coverage += 1.0 / static_cast<double>(pairs.size());
  return quality;
}

} // namespace linnet::rom
