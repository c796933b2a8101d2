// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Files of what a DeepONet predicts: fields where the points make up a grid, else tables.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/io/uniform_geometry.hpp>
#include <linnet/problems/operators/field_sampler.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace app {

/// What all samples have.
struct FunctionOutputLayout {
  std::int64_t samples = 0;
  int sensors = 0, outputs = 0, points = 0;
  bool has_truth = false;
  linnet::problems::SharedPoints shared; ///< points of all samples; none: each has its own
  int coordinates = 0;
  std::optional<linnet::io::UniformGrid> grid; ///< that the points make up
  bool input_is_field = false;                 ///< on the same grid
};

/// One sample; all ranks have all of it.
struct PredictedSample {
  std::int64_t number = 0;
  std::span<const double> input, points, prediction, truth; ///< as FunctionSample, (output, point)
};

/// All calls are collective. @throws core::Error on all ranks.
class FunctionOutput {
public:
  FunctionOutput() = default;
  virtual ~FunctionOutput() = default;
  FunctionOutput(const FunctionOutput&) = delete;
  FunctionOutput& operator=(const FunctionOutput&) = delete;
  FunctionOutput(FunctionOutput&&) = delete;
  FunctionOutput& operator=(FunctionOutput&&) = delete;

  virtual void write(const PredictedSample& sample) = 0;
  /// Gives the files their final names.
  virtual void close() = 0;
  [[nodiscard]] virtual std::vector<std::string> files() const = 0;
};

/// `<stem>.h5` and `<stem>.xdmf` with a step for each sample where @p layout has a grid; else
/// `<stem>.h5` with the datasets sample, points, input, prediction, reference and error.
std::unique_ptr<FunctionOutput> make_function_output(const linnet::core::AppContext& context,
                                                     const std::string& stem,
                                                     const FunctionOutputLayout& layout);

} // namespace app
