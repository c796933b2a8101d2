// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Pairs of fields, or histories of a field, that a neural operator learns from: each made by
/// solving a PDE whose data are drawn at random.
#pragma once

#include <linnet/core/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace linnet::problems {

/// One of the fields of a sample.
struct SampledField {
  std::string name;
  int channels = 1;
};

/// Points that all samples share, where fields are values at these and not on a grid.
struct SharedPoints {
  int coordinates = 0;
  std::vector<double> values; ///< (point, coordinate)
};

/// Values of all fields of a sample, in the order of FieldSampler::fields(): x fastest, channels
/// slowest.
using FieldValues = std::vector<std::vector<double>>;

/// A family of samples by number. A sample depends on the options of its family and on its number
/// alone, so that any rank can make any of them.
class FieldSampler {
public:
  FieldSampler() = default;
  FieldSampler(const FieldSampler&) = delete;
  FieldSampler& operator=(const FieldSampler&) = delete;
  virtual ~FieldSampler() = default;

  [[nodiscard]] virtual std::vector<SampledField> fields() const = 0;
  /// Points of every field, after what is left out.
  [[nodiscard]] virtual core::Index3 points() const = 0;
  /// What is needed to make the samples anew, in words and numbers: equation, domain, conditions,
  /// random data, solver, tolerance, grid.
  [[nodiscard]] virtual std::string recipe() const = 0;
  /// What the channels of the field "coefficient" are, as nonlinear/input_channels.hpp reads it;
  /// empty where there is nothing to tell.
  [[nodiscard]] virtual std::string input_names() const { return {}; }
  /// How many samples there are; nothing: as many as are asked for.
  [[nodiscard]] virtual std::optional<std::int64_t> count() const { return std::nullopt; }
  /// None where samples are fields, or functions with points of their own.
  [[nodiscard]] virtual SharedPoints shared_points() const { return {}; }
  /// Makes sample @p number on this rank alone. @throws core::Error (not_converged).
  virtual void make(std::uint64_t number, FieldValues& values) = 0;
};

/// Points that are left of @p n along a direction when every @p stride-th is kept, the first one
/// included.
constexpr int kept_points(int n, int stride) { return (n - 1) / stride + 1; }

/// Every @p stride-th point in both directions of a square field of @p n x @p n values.
std::vector<double> keep_every(const std::vector<double>& values, int n, int stride);

/// @throws core::Error (usage) unless @p n is at least @p least and 1 <= stride < n.
void require_sampling(const std::string& what, int n, int least, int stride);

} // namespace linnet::problems
