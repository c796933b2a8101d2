// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Fields of mean 0 and deviation 1: what networks that map fields to fields take and give.
#pragma once

#include <linnet/grid/index_box.hpp>

#include <span>
#include <vector>

namespace linnet::nn {

/// What has a mean and a deviation of its own: nothing, fields stay as they are; each channel; or
/// each point of each channel, which fixes the grid.
enum class NormaliserKind { none, channel, point };

/// encoded = (value - mean) / (deviation + 1e-5), and back. Values are those of a box of the grid,
/// x fastest, channels slowest. Nothing is collective.
class Normaliser {
public:
  /// Leaves fields as they are.
  Normaliser() = default;
  /// @p means and @p deviations: one number for each of @p channels, or as many for each as a grid
  /// of @p points has, x fastest. @throws core::Error (usage) for another number of them, for one
  /// that is not finite or a negative deviation.
  Normaliser(NormaliserKind kind, int channels, const core::Index3& points,
             std::vector<double> means, std::vector<double> deviations);

  [[nodiscard]] NormaliserKind kind() const { return kind_; }
  [[nodiscard]] int channels() const { return channels_; } ///< 0: any
  /// The grid that it is for; of the kind `point` only.
  [[nodiscard]] const core::Index3& points() const { return points_; }
  [[nodiscard]] const std::vector<double>& means() const { return means_; }
  [[nodiscard]] const std::vector<double>& deviations() const { return deviations_; }
  /// Refuses fields of other channels or on another grid. @throws core::Error (usage) that begins
  /// with @p what.
  void require(int channels, const core::Index3& points, const char* what) const;

  void encode(std::span<double> values, const grid::IndexBox& box) const;
  void decode(std::span<double> values, const grid::IndexBox& box) const;
  /// The adjoint of the linear part of decode(): from the gradient by decoded values to that by
  /// encoded ones.
  void decode_adjoint(std::span<double> gradient, const grid::IndexBox& box) const;

private:
  template <class Change>
  void for_each(std::span<double> values, const grid::IndexBox& box, const Change& change) const;

  NormaliserKind kind_ = NormaliserKind::none;
  int channels_ = 0;
  core::Index3 points_{0, 0, 0};
  std::vector<double> means_, deviations_;
};

/// Means and deviations of fields that come one by one (Welford, Technometrics 4 (1962) 419; Chan,
/// Golub and LeVeque, Am. Stat. 37 (1983) 242): of each point, and from these of each channel.
/// Deviations are those of a sample, over n - 1, as PyTorch's are.
class NormaliserFit {
public:
  NormaliserFit(NormaliserKind kind, int channels, const core::Index3& points);
  /// One more field of all channels and points.
  void add(std::span<const double> values);
  /// @throws core::Error (usage) where no field has come.
  [[nodiscard]] Normaliser result() const;

private:
  NormaliserKind kind_;
  int channels_;
  core::Index3 points_;
  double count_ = 0.0;
  std::vector<double> means_, squares_; ///< of each point; sums of squared differences to the mean
};

} // namespace linnet::nn
