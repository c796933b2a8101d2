// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// From the value I of an indicator to an estimate of the error E, learnt from pairs of both.
///
/// - loglinear: log10 E = a log10 I + b + N(0, s^2) by least squares; the estimate is the one-sided
///   95 % band 10^(a log10 I + b + 1.645 s). A slope below 0 becomes 0.
/// - gp: a Gaussian process in the logarithms over that line, with a squared exponential or a
/// Matern
///   5/2 covariance and white noise, whose parameters have the largest likelihood (Rasmussen and
///   Williams, Gaussian Processes for Machine Learning, 2006, chapters 2 and 5); mean + 1.645
///   standard deviations of a new value, made monotone by the running maximum.
/// - identity: E = I, without pairs.
///
/// Beyond the pairs: below the smallest I the estimate is that of the smallest I. Above the largest
/// the line goes on, and so does the process, whose mean returns to the line with the full
/// deviation. Estimates are not bounded by 1. They are no bounds of the error: a share of about 5 %
/// lies above.
#pragma once

#include <linnet/rom/gaussian_process.hpp>

#include <span>
#include <string>
#include <vector>

namespace linnet::rom {

struct IndicatorPair {
  double indicator, error;
};

/// In the order of the choices of `-rom_calibration loglinear|identity|gp`.
enum class CalibrationKind { loglinear, identity, gp };

struct CalibrationOptions {
  CalibrationKind kind = CalibrationKind::loglinear;
  Covariance covariance = Covariance::matern;
  std::size_t least_pairs = 20; ///< fewer are refused
};

/// How a calibration fits its pairs.
struct CalibrationQuality {
  double spearman = 0.0; ///< rank correlation of I and E
  double pearson = 0.0;  ///< correlation of their logarithms
  double coverage = 0.0; ///< share of pairs with E <= estimate
};

/// All numbers of a calibration, for files.
struct CalibrationData {
  CalibrationKind kind = CalibrationKind::identity;
  std::vector<IndicatorPair> pairs;                     ///< as given, those with zeros too
  double slope = 1.0, intercept = 0.0, deviation = 0.0; ///< a, b, s
  /// gp: log10 of indicators, ascending at equal distances, and of estimates there.
  std::vector<double> table_indicator, table_estimate;
};

/// Local to the process; the same on all ranks where the pairs are.
class Calibration {
public:
  /// The identity.
  Calibration();
  /// @throws core::Error (data) for pairs that are negative or not finite, (usage) for fewer than
  /// least_pairs with both numbers above 0, or all with the same indicator.
  static Calibration fit(std::span<const IndicatorPair> pairs, const CalibrationOptions& options);
  /// From numbers that data() gave. @throws core::Error (data), beginning with @p where, for
  /// numbers that no calibration has.
  static Calibration from(CalibrationData data, const std::string& where);

  /// Estimate of the error; 0 for 0 by the identity. @p indicator is at least 0.
  [[nodiscard]] double estimate(double indicator) const;
  /// On other pairs than those of the fit, too.
  [[nodiscard]] CalibrationQuality quality(std::span<const IndicatorPair> pairs) const;
  [[nodiscard]] const CalibrationData& data() const { return data_; }

private:
  explicit Calibration(CalibrationData data);
  CalibrationData data_;
  double lowest_ = 0.0; // log10 of the smallest indicator of the pairs
};

/// Rank correlation with mean ranks for ties; 0 where one side is constant.
double spearman(std::span<const IndicatorPair> pairs);
/// Correlation of the logarithms of the pairs above 0.
double log_pearson(std::span<const IndicatorPair> pairs);

} // namespace linnet::rom
