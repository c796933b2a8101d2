// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A field of training samples that lies in datasets of another program's file.
#pragma once

#include <linnet/core/types.hpp>
#include <linnet/io/numeric_array.hpp>

#include <array>
#include <string>
#include <vector>

namespace linnet::nn {

/// What a direction of an array stands for. Times are channels.
enum class ArrayAxis { sample, channel, z, y, x };

/// The axis that @p word names: sample, channel, time, x, y or z. @throws core::Error (usage).
ArrayAxis array_axis(const std::string& word);

/// Samples from datasets whose channels follow each other.
class ImportedField {
public:
  /// @p datasets of the file @p path with the directions @p axes, in the order of the program that
  /// wrote the file (io::NumericArray::shape()). A dataset with a direction less than @p axes has
  /// one channel and no direction for it; without y and z, points lie on a line, and without x,
  /// too, there is one. Of the points, every @p stride-th is kept in each direction. @throws
  /// core::Error (data, usage). Not collective.
  ImportedField(const std::string& path, const std::vector<std::string>& datasets,
                const std::vector<ArrayAxis>& axes, int stride);

  [[nodiscard]] std::int64_t samples() const { return samples_; }
  [[nodiscard]] int channels() const { return channels_; }
  /// After what is left out.
  [[nodiscard]] const core::Index3& points() const { return points_; }
  /// Of each dataset its name and what its directions are: "coeff (sample 1024, y 421, x 421)".
  [[nodiscard]] std::vector<std::string> extents_text() const;
  /// Bytes that reading a sample takes.
  [[nodiscard]] std::int64_t bytes_per_sample() const;
  /// @p count samples from number @p first on, one behind the other: x fastest, channels slowest.
  void read(std::int64_t first, std::int64_t count, std::vector<double>& values) const;

private:
  /// One of the datasets.
  struct Part {
    io::NumericArray array;
    std::string dataset;
    std::vector<ArrayAxis> axes;         ///< of array.shape()
    std::array<std::int64_t, 5> extents; ///< by ArrayAxis
    [[nodiscard]] std::int64_t sample_bytes() const;
    /// @p count samples as they lie in the file.
    void read(std::int64_t first, std::int64_t count, std::vector<double>& values) const;
    /// Distance in them of neighbours along each ArrayAxis.
    [[nodiscard]] std::array<std::int64_t, 5> pitches(std::int64_t count) const;
  };
  void add(const std::string& path, const std::string& dataset, const std::vector<ArrayAxis>& axes);
  [[nodiscard]] std::int64_t kept(std::int64_t extent) const { return (extent - 1) / stride_ + 1; }

  std::vector<Part> parts_;
  int stride_;
  std::int64_t samples_ = 0;
  int channels_ = 0;
  core::Index3 points_{1, 1, 1};
};

} // namespace linnet::nn
