// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Pairs of fields that a network from field to field learns from.
#pragma once

#include <linnet/nn/network/model.hpp>
#include <linnet/nn/training/sample_file.hpp>

#include <vector>

namespace linnet::nn {

/// Names of the fields of a sample file: an input, whose solution_field is to come of it; or the
/// frames of an evolution as channels.
inline constexpr const char* coefficient_field = "coefficient";
inline constexpr const char* evolution_field = "vorticity";

/// What a sample gives.
struct PairLayout {
  bool is_evolution = false;
  std::int64_t pairs = 1;
  int in = 1, out = 1; ///< channels of the two fields of a pair
};

/// That of samples of @p fields, with @p steps steps of an evolution. @throws core::Error (data)
/// that begins with @p name where they make no pairs.
PairLayout pair_layout(const std::vector<SampleField>& fields, std::int64_t steps,
                       const std::string& name);

struct FieldSamplesOptions {
  std::int64_t steps = 10;            ///< of an evolution: pairs of frames 0 and 1, ..., steps - 1
                                      ///< and steps
  std::int64_t cache_bytes = 1 << 30; ///< samples are kept in memory if all of them fit into it
};

/// Pairs from a sample file: "coefficient" and "solution" of a sample, or two frames of "vorticity"
/// behind each other, whose pairs follow each other sample by sample. Values are kept in single
/// precision, as in the file.
class FieldSamples {
public:
  /// @throws core::Error (data) for a file without these fields. Not collective.
  FieldSamples(const std::string& path, const FieldSamplesOptions& options);

  [[nodiscard]] const core::Index3& points() const { return reader_.layout().points; }
  [[nodiscard]] const PairLayout& layout() const { return layout_; }
  [[nodiscard]] std::int64_t pairs() const { return layout_.pairs * reader_.layout().samples; }
  /// True if what is read once stays in memory.
  [[nodiscard]] bool is_cached() const { return !cache_.empty(); }

  /// Fields of pair number @p pair, channels behind each other, x fastest in each. @throws
  /// core::Error (data) for a value that is not finite, naming file, field and sample.
  void read_input(std::int64_t pair, std::vector<double>& values);
  void read_output(std::int64_t pair, std::vector<double>& values);

  /// Reads all samples once, each on one rank, so that what is wrong with them is found now.
  /// Collective; @throws core::Error (data) on all ranks.
  void require_finite(MPI_Comm comm);

private:
  /// Channels of a sample, those of its input and of its output behind each other, or frames.
  struct Slice {
    std::int64_t sample;
    int first, count;
  };
  void read(const Slice& slice, std::vector<double>& values);
  void load(const Slice& slice, std::vector<double>& values) const;
  [[nodiscard]] int channels() const;

  std::string path_;
  SampleReader reader_;
  PairLayout layout_;
  std::vector<std::vector<float>> cache_; ///< by sample, empty until it is read; or none at all
};

/// Normalisations of the given kinds for the first @p pairs pairs. Every rank reads them all and
/// gets the same bits. Not collective.
Normalisation fit_normalisation(FieldSamples& samples, std::int64_t pairs, NormaliserKind input,
                                NormaliserKind output);

} // namespace linnet::nn
