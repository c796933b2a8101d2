// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Training samples in an HDF5 file, more than memory holds: written once by all ranks, read sample
/// by sample by whoever needs one.
///
///     /                attributes format = "linnet-samples", recipe: what the samples are,
///                      complete: how many are there, from the first on; fewer than all only under
///                      the temporary name
///     /geometry        (samples), int64: which matrix a sample belongs to; left out: one for all
///     /grid            (points, coordinates): the points of functions that all samples share; left
///                      out where samples are fields or have points of their own
///     /<name>          (samples, channels, z, y, x), float32
#pragma once

#include <linnet/core/types.hpp>
#include <linnet/grid/index_box.hpp>
#include <linnet/io/h5_file.hpp>

#include <optional>
#include <string>
#include <vector>

namespace linnet::nn {

/// The field that most kinds of samples have: what the right answer is.
inline constexpr const char* solution_field = "solution";

/// One of the fields of a sample: a component of a vector, or a time, is a channel.
struct SampleField {
  std::string name;
  int channels = 1;
  bool operator==(const SampleField&) const = default;
};

/// What a sample file holds.
struct SampleLayout {
  std::int64_t samples = 0;
  core::Index3 points{1, 1, 1};
  std::vector<SampleField> fields;         ///< e.g. "right_hand_side", "solution"
  std::string recipe;                      ///< tells one set of samples from another
  std::vector<std::int64_t> geometry = {}; ///< number of each sample's matrix; empty: all 0

  std::vector<double> grid = {}; ///< (point, coordinate) of points that all samples share, or none
  int coordinates = 0;           ///< of each of them

  [[nodiscard]] std::int64_t geometry_of(std::int64_t sample) const {
    return geometry.empty() ? 0 : geometry[static_cast<std::size_t>(sample)];
  }
  /// One more than the largest number.
  [[nodiscard]] std::int64_t geometries() const;
};

/// Writes samples under a temporary name and gives the file its own once all are there. A file of
/// the same layout that a stopped or killed writer left under the temporary name is gone on with.
class SampleWriter {
public:
  /// Collective on @p comm, as are all calls. @throws core::Error on all ranks.
  SampleWriter(MPI_Comm comm, const std::string& path, const SampleLayout& layout);
  /// Samples that an earlier writer marked, from the first on: they need not be written again.
  [[nodiscard]] std::int64_t complete() const { return complete_; }
  /// Writes values of @p field: sample number @p sample, points @p lo to @p hi - 1, all channels, x
  /// fastest, channels slowest. Ranks may write to different samples; with an empty box, nothing.
  void write(const std::string& field, std::int64_t sample, const core::Index3& lo,
             const core::Index3& hi, const double* values);
  /// Writes @p count whole samples of @p field, from number @p first on, one behind the other;
  /// ranks write to different ones, or nothing.
  void write_whole(const std::string& field, std::int64_t first, std::int64_t count,
                   const double* values);
  /// The first @p samples are written: they are kept whatever happens to this process.
  void mark_complete(std::int64_t samples);
  void close();

private:
  MPI_Comm comm_;
  std::string path_, temporary_;
  SampleLayout layout_;
  std::int64_t complete_ = 0;
  std::optional<io::H5File> file_;
};

/// Reads them. Not collective: each rank opens the file for itself.
class SampleReader {
public:
  /// @throws core::Error (data) naming what is wrong with the file.
  explicit SampleReader(const std::string& path);
  [[nodiscard]] const SampleLayout& layout() const { return layout_; }
  /// Samples that were there when it was written last.
  [[nodiscard]] std::int64_t complete() const { return complete_; }
  [[nodiscard]] bool has(const std::string& field) const { return channels(field) > 0; }
  /// 0: there is no such field.
  [[nodiscard]] int channels(const std::string& field) const;
  /// All points of one sample in @p count channels from number @p first on, x fastest.
  void read(const std::string& field, std::int64_t sample, double* values, int first = 0,
            int count = 1) const;
  /// The same of the points of @p box alone.
  void read_box(const std::string& field, std::int64_t sample, const grid::IndexBox& box,
                double* values, int first, int count) const;
  /// All channels and points of @p count samples from number @p first on, one behind the other.
  void read_whole(const std::string& field, std::int64_t first, std::int64_t count,
                  double* values) const;

private:
  io::H5File file_;
  SampleLayout layout_;
  std::int64_t complete_ = 0;
};

/// True if @p path is a complete file of @p layout. Collective. @throws core::Error (data) on all
/// ranks for a file of another kind, which no run of ours may write over.
bool holds_samples(MPI_Comm comm, const std::string& path, const SampleLayout& layout);

} // namespace linnet::nn
