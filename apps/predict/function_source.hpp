// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where the functions come from that a DeepONet is applied to, and the values that it is to
/// predict.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/nn/network/model.hpp>
#include <linnet/problems/operators/field_sampler.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace app {

/// What the samples have in common.
struct FunctionShape {
  int sensors = 0; ///< values of an input
  /// Points of an input that is a field, (x, y, z); zeros where sensors are not the points of a
  /// grid.
  linnet::core::Index3 sensor_grid{0, 0, 0};
  /// Values that are to be predicted of a sample, all outputs and points together; 0: that is not
  /// known.
  int values = 0;
  /// Points of a sample where samples have points of their own; 0: they have not.
  int own_points = 0;
  /// Points that all samples share, in the unit box; or none.
  linnet::problems::SharedPoints shared;
};

struct FunctionSample {
  std::vector<double> input;  ///< values at sensors: (channel, z, y, x) of a field
  std::vector<double> points; ///< (point, coordinate), of a sample's own points
  std::vector<double> truth;  ///< (output, point)
};

/// Samples by number.
class FunctionSource {
public:
  FunctionSource() = default;
  virtual ~FunctionSource() = default;
  FunctionSource(const FunctionSource&) = delete;
  FunctionSource& operator=(const FunctionSource&) = delete;
  FunctionSource(FunctionSource&&) = delete;
  FunctionSource& operator=(FunctionSource&&) = delete;

  [[nodiscard]] virtual const FunctionShape& shape() const = 0;
  [[nodiscard]] virtual std::string recipe() const = 0;
  /// Samples that there are; nothing: as many as are asked for.
  [[nodiscard]] virtual std::optional<std::int64_t> count() const = 0;
  /// True where a sample is solved for, which takes time.
  [[nodiscard]] virtual bool is_made() const = 0;
  /// Sample @p number, on this rank alone. @throws core::Error.
  virtual void read(std::int64_t number, FunctionSample& sample) = 0;
};

/// As -predict_data says, for a model whose points have @p coordinates coordinates. @p given:
/// points of -predict_points, which a problem's solution is known at; or none. Collective. @throws
/// core::Error on all ranks.
std::unique_ptr<FunctionSource> make_function_source(const linnet::core::AppContext& context,
                                                     int coordinates,
                                                     const linnet::problems::SharedPoints& given);

} // namespace app
