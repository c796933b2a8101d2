// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a solid is given over time, as reference fields and their factors at the times of steps:
/// all that a reduced run needs, whether it comes from a deck or from a file.
#pragma once

#include <linnet/fem/loading/loading.hpp>
#include <linnet/fem/solid_model.hpp>
#include <linnet/linalg/column_store.hpp>

#include <span>
#include <vector>

namespace linnet::rom {

/// A sum of fields times factors.
struct LoadTerms {
  linalg::ColumnStore fields;  ///< a column for each term
  std::vector<double> factors; ///< times x terms, time after time

  [[nodiscard]] int terms() const { return static_cast<int>(fields.size()); }
  /// Factors of the terms at times[index].
  [[nodiscard]] std::span<const double> at(std::size_t index) const;
};

/// Steps lead from times[k-1] to times[k], k = 1 .. steps(). Between times factors are taken as
/// linear, as amplitudes are unless one bends within a step; that matters only to steps that are
/// divided because Newton's method fails.
class DecomposedLoading {
public:
  /// Copies the fields of @p loading and evaluates its factors at @p times (at least one,
  /// ascending). Memory: a field for each term. Collective.
  static DecomposedLoading of(const fem::Loading& loading, const fem::SolidModel& model,
                              std::span<const double> times);
  /// @p held_unknowns: 1 for each held unknown of this rank, 0 for the others. @throws core::Error
  /// (data) unless the factors fit the times and the terms.
  DecomposedLoading(std::vector<double> times, LoadTerms temperature, LoadTerms force,
                    LoadTerms held, std::vector<double> held_unknowns);

  [[nodiscard]] const std::vector<double>& times() const { return times_; }
  [[nodiscard]] int steps() const { return static_cast<int>(times_.size()) - 1; }
  /// Fields of this rank's points.
  [[nodiscard]] const LoadTerms& temperature() const { return temperature_; }
  /// Fields of this rank's unknowns.
  [[nodiscard]] const LoadTerms& force() const { return force_; }
  /// Prescribed displacements as fields of the unknowns, zero where nothing is held; no terms where
  /// all are zero at all times.
  [[nodiscard]] const LoadTerms& held() const { return held_; }
  /// 1 for each held unknown of this rank, at 0 or elsewhere; 0 for the others.
  [[nodiscard]] const std::vector<double>& held_unknowns() const { return held_unknowns_; }
  /// T at times()[index] at this rank's points. Not collective.
  void temperature_at(std::size_t index, std::span<double> values) const;

private:
  std::vector<double> times_;
  LoadTerms temperature_, force_, held_;
  std::vector<double> held_unknowns_;
};

} // namespace linnet::rom
