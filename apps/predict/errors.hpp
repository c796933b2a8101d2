// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Errors of predictions.
#pragma once

#include <linnet/nn/fields/field_loss.hpp>

#include <map>
#include <span>
#include <string>
#include <vector>

namespace app {

/// Errors relative to the true field, each in its norm, of all predictions so far. On one rank.
class PredictionErrors {
public:
  PredictionErrors(const linnet::core::Index3& points, bool periodic);

  /// One more prediction @p p of the whole field @p y, the first one of a sample or the next step.
  void add(std::span<const double> p, std::span<const double> y, bool is_first);
  [[nodiscard]] bool empty() const { return l2_.empty(); }

  /// Of each prediction.
  [[nodiscard]] const std::vector<double>& l2() const { return l2_; }
  [[nodiscard]] const std::vector<double>& h1_spectral() const { return h1_spectral_; }
  [[nodiscard]] const std::vector<double>& h1_semi() const { return h1_semi_; }
  /// Their means; and "roll_out", the mean over samples of the error of all steps together in L2,
  /// where there were several.
  [[nodiscard]] std::map<std::string, double> means() const;

private:
  linnet::nn::FieldLoss l2_loss_, h1_spectral_loss_, h1_semi_loss_;
  std::vector<double> l2_, h1_spectral_, h1_semi_;
  std::vector<double> squares_, sizes_; ///< by sample: of errors, and of true fields
};

} // namespace app
